"""Writing to the other company: one thread per matter and pair, opened by the first message."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, CompanyActor, require
from identity.events import MessageSent
from identity.models import Message, MessageFile, ReadMark, Thread
from identity.rules.phrases import is_phrase
from identity.services.evidence import checked_evidence
from identity.services.telling import settle_notices
from identity.states import Role
from kernel.errors import Forbidden, NotFound, Refused
from kernel.services import once, record
from kernel.services.idempotency import Answer

LONGEST = 4000
MOST_FILES = 5
#: how much one person, and one company, may post: a conversation, not a mailing
MOST_A_MINUTE = 10
MOST_AN_HOUR = 300
#: matters that a company begins to talk about in a day
MOST_NEW_A_DAY = 100


class EmptyMessage(Refused):
    code = "message.empty"
    message = _("Write something, choose a ready phrase or attach a file.")
    field = "body"


class MessageTooLong(Refused):
    code = "message.too_long"
    message = _("A message holds up to %(most)s characters; this one has %(length)s.")
    field = "body"


class UnknownPhrase(Refused):
    code = "message.unknown_phrase"
    message = _("Choose one of the phrases shown.")
    field = "phrases"


class TooManyFiles(Refused):
    code = "message.too_many_files"
    message = _("A message carries up to %(most)s files.")
    field = "attachments"


class TooManyMessages(Refused):
    code = "message.too_many"
    message = _("That is a lot at once. Wait a minute, then send it again; nothing is lost.")
    status = 429


class TooManyThreads(Refused):
    code = "thread.too_many"
    message = _("Your company has begun %(most)s conversations within a day. Go on tomorrow.")
    status = 429


@dataclass(frozen=True, kw_only=True)
class MatterFacts:
    """What a thread is about, as the room it belongs to knows it; whoever makes this has checked that the actor sees it."""

    kind: str
    uid: UUID
    public_id: str
    title_en: str
    title_zh: str
    buyer_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said: free words, ready phrases, files with what their sender calls them."""

    body: str = ""
    phrases: Sequence[str] = ()
    files: Sequence[tuple[IO[bytes], str]] = ()


def ask_once(*, actor: Actor, matter: MatterFacts, words: Words, key: str, now: datetime) -> Answer:
    """`ask`, repeatable under the key of a form or an API call."""
    checked = _checked(words)

    def act() -> Answer:
        _make_way(actor, now)
        return _answer(_ask(actor, matter, checked, now))

    body = {"matter": matter.public_id, **checked.digest()}
    return once(actor=actor, verb="ask", key=key, body=body, now=now, act=act)


def send_once(*, actor: Actor, thread: str, words: Words, key: str, now: datetime) -> Answer:
    """`send_message`, repeatable under the key of a form or an API call."""
    checked = _checked(words)

    def act() -> Answer:
        _make_way(actor, now)
        return _answer(_send(actor, thread, checked, now))

    body = {"thread": thread, **checked.digest()}
    return once(actor=actor, verb="send_message", key=key, body=body, now=now, act=act)


def ask(*, actor: Actor, matter: MatterFacts, words: Words, now: datetime) -> Message:
    """Write about a matter; the thread of this pair of companies is opened by its first message."""
    checked = _checked(words)
    _make_way(actor, now)
    return _ask(actor, matter, checked, now)


def send_message(*, actor: Actor, thread: str, words: Words, now: datetime) -> Message:
    """Write into `thread` (`thr_…`); `NotFound` where the actor's company is no party to it."""
    checked = _checked(words)
    _make_way(actor, now)
    return _send(actor, thread, checked, now)


@transaction.atomic(savepoint=False)
def mark_thread_read(*, actor: Actor, thread: Thread, now: datetime) -> None:
    """The person has seen the thread up to its last message: the other side reads so, and their line waits no longer."""
    reader = require(actor, *Role.values)
    if reader.company_id not in thread.parties:
        raise NotFound
    mark = ReadMark(
        thread=thread,
        user_id=reader.user_id,
        company_id=reader.company_id,
        message_key=thread.last_message_key,
        at=now,
    )
    ReadMark.objects.bulk_create(
        [mark],
        update_conflicts=True,
        unique_fields=["thread", "user", "company"],
        update_fields=["message_key", "at"],
    )
    settle_notices(about=thread.uid, company_id=reader.company_id, user_id=reader.user_id, now=now)


# --- inside --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Checked:
    """Words that may be said."""

    body: str
    phrases: list[str]
    files: list[tuple[ContentFile[bytes], str]]

    def digest(self) -> dict[str, Any]:
        digests = [hashlib.sha256(_bytes(file)).hexdigest() for file, _name in self.files]
        return {"body": self.body, "phrases": self.phrases, "files": digests}


def _checked(words: Words) -> _Checked:
    body = _plain(words.body)
    if len(body) > LONGEST:
        raise MessageTooLong(most=LONGEST, length=len(body))
    phrases = list(dict.fromkeys(words.phrases))
    if not all(is_phrase(code) for code in phrases):
        raise UnknownPhrase
    if len(words.files) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    if not (body or phrases or words.files):
        raise EmptyMessage
    return _Checked(body, phrases, [_checked_file(file, name) for file, name in words.files])


def _checked_file(file: IO[bytes], name: str) -> tuple[ContentFile[bytes], str]:
    try:
        return checked_evidence(file, name)
    except Refused as refused:
        refused.field = "attachments"
        raise


def _plain(text: str) -> str:
    """Without what no keyboard writes: control characters, and marks that turn the direction of the words around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    turning = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}
    kept = (c for c in lines if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in turning))
    return "".join(kept).strip()


@transaction.atomic(savepoint=False)
def _ask(actor: Actor, matter: MatterFacts, words: _Checked, now: datetime) -> Message:
    writer = require(actor, *Role.values)
    if writer.company_id not in (matter.buyer_id, matter.seller_id):
        raise NotFound
    return _post(_thread_about(matter, writer, now), writer, words, now)


@transaction.atomic(savepoint=False)
def _send(actor: Actor, thread: str, words: _Checked, now: datetime) -> Message:
    writer = require(actor, *Role.values)
    return _post(Thread.objects.visible_to(writer).fetch(thread), writer, words, now)


def _thread_about(matter: MatterFacts, writer: CompanyActor, now: datetime) -> Thread:
    """The one thread of the matter and the pair, new where there is none; two at once find the same."""
    pair = {"matter": matter.uid, "buyer_id": matter.buyer_id, "seller_id": matter.seller_id}
    known = Thread.objects.filter(**pair).first()
    if known is None:
        begun = Thread.objects.visible_to(writer).filter(opened_at__gt=now - timedelta(days=1))
        if begun.filter(messages__company_id=writer.company_id).distinct().count() >= MOST_NEW_A_DAY:
            raise TooManyThreads(most=MOST_NEW_A_DAY)
        thread = Thread(
            **pair,
            kind=matter.kind,
            matter_id=matter.public_id,
            title_en=matter.title_en[:200],
            title_zh=matter.title_zh[:200],
            opened_at=now,
            last_at=now,
        )
        Thread.objects.bulk_create([thread], ignore_conflicts=True)
        known = Thread.objects.get(**pair)
    return known


def _post(thread: Thread, writer: CompanyActor, words: _Checked, now: datetime) -> Message:
    """Write the message and its files. The thread's row is the lock: messages of one thread follow one another."""
    thread = Thread.objects.select_for_update().get(pk=thread.pk)
    message = Message.objects.create(
        thread=thread,
        company_id=writer.company_id,
        author=writer.user,
        phrases=words.phrases,
        body=words.body,
        files_count=len(words.files),
        at=now,
    )
    for file, name in words.files:
        MessageFile.objects.create(message=message, file=file, name=name, size=file.size)
    thread.last_at, thread.last_message_key, thread.last_company_id = now, message.pk, writer.company_id
    thread.save(update_fields=["last_at", "last_message_key", "last_company"])
    mark_thread_read(actor=writer, thread=thread, now=now)
    event = MessageSent(thread_id=thread.pk, message_id=message.pk)
    record(event, actor=writer, now=now, subject=message, audience=thread.parties)
    return message


def _make_way(writer: Actor, now: datetime) -> None:
    """Counted in the database, so that the limit holds whatever else is gone."""
    minute, hour = now - timedelta(minutes=1), now - timedelta(hours=1)
    if writer.company_id is None:
        raise Forbidden
    by_person = Message.objects.filter(author_id=writer.user_id, at__gt=minute).count()
    if (
        by_person >= MOST_A_MINUTE
        or Message.objects.filter(company_id=writer.company_id, at__gt=hour).count() >= MOST_AN_HOUR
    ):
        raise TooManyMessages


def _answer(message: Message) -> Answer:
    return {"thread": message.thread.public_id, "message": message.public_id}


def _bytes(file: ContentFile[bytes]) -> bytes:
    content = file.read()
    file.seek(0)
    return content
