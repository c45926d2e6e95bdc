"""Doing a thing once: the same key returns the first answer, refusals too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import Json

from kernel.errors import Refused
from kernel.models import IdempotencyKey
from kernel.services.recording import Actor

Answer = dict[str, Any]

#: how long a key is remembered
KEY_LIFE = timedelta(days=30)
#: the status of what was refused for being too much at once
TOO_SOON = 429


class KeyReused(Refused):
    code = "idempotency.key_reused"
    message = _("This request key was already used for another request.")
    status = 409


class KeyMissing(Refused):
    code = "idempotency.key_missing"
    message = _("Send an Idempotency-Key header of up to 200 characters with this request.")
    status = 400


class AnsweredBefore(Refused):
    """A refusal given before, given again word for word."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(lines=answer.get("lines"), field=answer.get("field"))
        self.code = answer["code"]  # type: ignore[misc]  # the stored refusal's own code
        self.status = answer["status"]  # type: ignore[misc]
        self._words = answer["detail"]

    def __str__(self) -> str:
        return str(self._words)


def once(*, actor: Actor, verb: str, key: str, body: Any, now: datetime, act: Callable[[], Answer]) -> Answer:
    """Run `act` unless this actor has used `key` for `verb` before; return its JSON-ready answer either way.

    Opens the outermost transaction: the answer and the change commit together. The key is the first lock taken. A
    refusal is rolled back, stored and raised, now and at every repetition; one of haste (429) is not stored: a minute later
    the same is welcome. Raises `KeyReused` when the key was used with
    another body, `KeyMissing` when it is empty or too long.
    """
    if not key or len(key) > 200:
        raise KeyMissing
    refusal: Refused | None = None
    with transaction.atomic():
        entry = _lock(actor, verb, key, _digest(body), now)
        if entry.answer is not None:
            return _repeat(entry.answer)
        try:
            with transaction.atomic():
                answer = act()
            entry.answer = {"ok": answer}
        except Refused as refused:
            refusal = refused
            entry.answer = None if refused.status == TOO_SOON else {"refused": _kept(refused)}
        if entry.answer is not None:
            _keep(entry)
    if refusal is not None:
        raise refusal
    return answer


def forget_old_keys(*, now: datetime) -> None:
    """Drop keys that nobody repeats any more."""
    IdempotencyKey.objects.filter(created_at__lt=now - KEY_LIFE).delete()


def _lock(actor: Actor, verb: str, key: str, body_hash: str, now: datetime) -> IdempotencyKey:
    """Our entry, locked: a new one by its insertion, which waits for a running twin; an older one by its row lock."""
    identity = {"company_id": actor.company_id or 0, "principal": actor.key, "verb": verb, "key": key}
    new = IdempotencyKey(**identity, body_hash=body_hash, created_at=now)
    inserted = _insert(new)
    if inserted is not None:
        new.pk = inserted
        return new
    entry = IdempotencyKey.objects.select_for_update().get(**identity)
    if entry.body_hash != body_hash:
        raise KeyReused
    return entry


def _insert(entry: IdempotencyKey) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_idempotencykey (company_id, principal, verb, key, body_hash, created_at) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
            [entry.company_id, entry.principal, entry.verb, entry.key, entry.body_hash, entry.created_at],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _keep(entry: IdempotencyKey) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_idempotencykey SET answer = %s WHERE id = %s", [Json(entry.answer), entry.pk]
        )


def _digest(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def _kept(refused: Refused) -> Answer:
    return {
        "code": refused.code,
        "status": refused.status,
        "detail": str(refused),
        "field": refused.field,
        "lines": json.loads(json.dumps(refused.lines, default=str)),
    }


def _repeat(stored: Answer) -> Answer:
    if "refused" in stored:
        raise AnsweredBefore(stored["refused"])
    ok: Answer = stored["ok"]
    return ok
