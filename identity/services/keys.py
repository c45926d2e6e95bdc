"""Making, changing and forgetting the platform's own keys."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from joserfc.jwk import ECKey

from identity.connectors.issuers import HubKeys
from identity.events import OwnKeysChanged
from identity.models import SigningKey
from identity.queries.keys import PURPOSE, is_complete, opened, standing_keys
from identity.states import KeyUse
from kernel import encryption
from kernel.services import record
from kernel.services.recording import Actor

#: a retired key stays published so long: issuers remember a key set for hours
KEEP = timedelta(days=7)
#: of `pg_advisory_xact_lock`: two processes make keys one after the other
_LOCK = 72_170_515
#: what issuers are told a key is for
ALGORITHMS: dict[str, str] = {KeyUse.SIGNING: "ES256", KeyUse.ENCRYPTION: "ECDH-ES+A256KW"}


def own_keys(*, now: datetime) -> list[SigningKey]:
    """All that stand, the newest first. The first ones are made when somebody asks for them."""
    keys = standing_keys(now)
    return keys if is_complete(keys) else _make_missing(now)


def hub_keys(*, now: datetime) -> HubKeys:
    """The pair that signs, and by `kid` those that open, former ones too while they are published."""
    keys = own_keys(now=now)
    pairs = {key.kid: (key, pair) for key in keys if (pair := opened(key)) is not None}
    signing = next(
        pair for key, pair in pairs.values() if key.use == KeyUse.SIGNING and key.retired_at is None
    )
    opening = {kid: pair for kid, (key, pair) in pairs.items() if key.use == KeyUse.ENCRYPTION}
    return HubKeys(signing=signing, opening=opening)


@transaction.atomic
def rotate_keys(*, actor: Actor, now: datetime, keep: timedelta = KEEP) -> list[SigningKey]:
    """New keys for every use; the former ones stay published for `keep`. Those whose time is over go. Returns the new."""
    _lock()
    for key in SigningKey.objects.filter(retired_at__isnull=True):
        _retire(key, now, keep)
    SigningKey.objects.filter(published_until__lte=now).delete()
    made = [_make(use, now) for use in KeyUse.values]
    record(OwnKeysChanged(kids=tuple(key.kid for key in made)), actor=actor, now=now)
    return made


@transaction.atomic
def _make_missing(now: datetime) -> list[SigningKey]:
    _lock()
    keys = standing_keys(now)
    for key in _unreadable(keys):
        _retire(key, now, timedelta(0))
    readable = {key.use for key in keys if key.retired_at is None}
    for use in KeyUse.values:
        if use not in readable:
            _make(use, now)
    return standing_keys(now)


def _unreadable(keys: Iterable[SigningKey]) -> list[SigningKey]:
    return [key for key in keys if key.retired_at is None and opened(key) is None]


def _retire(key: SigningKey, now: datetime, keep: timedelta) -> None:
    key.retired_at, key.published_until = now, now + keep
    key.save(update_fields=["retired_at", "published_until"])


def _make(use: str, now: datetime) -> SigningKey:
    pair = ECKey.generate_key("P-256", {"use": use, "alg": ALGORITHMS[use]}, private=True, auto_kid=True)
    sealed = encryption.encrypt(
        json.dumps(pair.as_dict(private=True)), key=settings.SECRET_KEY, purpose=PURPOSE
    )
    return SigningKey.objects.create(
        kid=str(pair.kid), use=use, public_part=pair.as_dict(private=False), sealed=sealed, made_at=now
    )


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
