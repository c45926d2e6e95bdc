"""Saying something in a zone. Where one may not write, there is nothing to be found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.events import MessageLeft
from disputes.models import Case, Message, ReadMark
from disputes.rules.zones import is_open, may_see, may_write, room_uid
from disputes.services.fetching import NotNow, audience_of, tell
from disputes.services.uploads import Upload, keep_files
from disputes.states import Zone
from identity.actors import Actor, Member
from identity.rules.phrases import phrases_for
from identity.services import settle_notices
from identity.states import MatterKind
from kernel.errors import Conflict, NotFound, Refused
from kernel.services import once
from kernel.services.idempotency import Answer

MOST_WORDS = 6000
MOST_PHRASES = 5
#: how much one person, and one company, may write in its cases: a conversation, not a mailing
MOST_A_MINUTE = 10
MOST_AN_HOUR = 300


class NothingSaid(Refused):
    code = "case.nothing_said"
    message = _("Write something, in up to 6,000 characters.")
    field = "words"


class WrongRoom(Conflict):
    """A guard against the slip of writing to one room what was meant for another."""

    code = "case.wrong_room"
    message = _(
        "This page showed another room than the one this was sent to. Nothing was sent. Choose the room again."
    )


class TooManyMessages(Refused):
    code = "case.too_many_messages"
    message = _("That is a lot at once. Wait a minute, then send it again; nothing is lost.")
    field = "words"
    status = 429


def leave_message_once(
    *,
    actor: Actor,
    case: str,
    zone: str,
    words: str,
    meant_for: str,
    phrases: Sequence[str] = (),
    files: Sequence[Upload] = (),
    key: str,
    now: datetime,
) -> Answer:
    """`leave_message`, repeatable under the key of a form."""
    said: dict[str, Any] = {"case": case, "zone": zone, "words": words, "meant_for": meant_for}

    def act() -> Answer:
        left = leave_message(actor=actor, **said, phrases=phrases, files=files, now=now)
        return {"message": left.public_id}

    body = said | {"phrases": list(phrases), "files": [_digest(content) for content, _name in files]}
    return once(actor=actor, verb="leave_message", key=key, body=body, now=now, act=act)


@transaction.atomic
def leave_message(
    *,
    actor: Actor,
    case: str,
    zone: str,
    words: str,
    meant_for: str,
    phrases: Sequence[str] = (),
    files: Sequence[Upload] = (),
    now: datetime,
) -> Message:
    """Write in a zone. `meant_for` is the zone that the composer named when it said who would read it.

    `phrases` are codes of ready phrases, which a party may say in the joint room.
    """
    _make_way(actor, now)
    found: Case = Case.objects.visible_to(actor).select_for_update(of=("self",)).fetch(case)
    if zone not in Zone.values or not may_write(zone, queries.viewer_of(found, actor)):
        raise NotFound
    if meant_for != zone:
        raise WrongRoom
    if not is_open(zone, found.state):
        raise NotNow(state=found.get_state_display())
    member = actor if isinstance(actor, Member) else None
    said = list(dict.fromkeys(phrases))[:MOST_PHRASES] if member and zone == Zone.JOINT else []
    if not set(said) <= phrases_of(found, member):
        raise NothingSaid
    if len(words.strip()) > MOST_WORDS or not (words.strip() or said):
        raise NothingSaid
    writer = actor.user_id
    if writer is None:
        raise NotFound
    official = None if member else queries.official_of(actor.user_id)
    message = Message(
        case=found,
        zone=zone,
        company_id=member.company_id if member else None,
        official=official,
        author_id=writer,
        phrases=said,
        at=now,
    )
    message.say(words.strip())
    message.save()
    keep_files(found, files, zone=zone, member=member, official=official, message=message, now=now)
    heard = audience_of(found, zone)
    if heard:
        event = MessageLeft(case_id=found.pk, zone=zone)
        tell(found, event, actor=actor, now=now, subject=message, audience=heard)
    return message


def phrases_of(case: Case, member: Member | None) -> set[str]:
    """Codes of what this party can say with one press."""
    if member is None:
        return set()
    side = "seller" if case.order.seller_id == member.company_id else "buyer"
    return {phrase.code for phrase in phrases_for(side, MatterKind.CASE)}


@transaction.atomic
def mark_read(*, actor: Actor, case: str, read_to: Mapping[str, int], now: datetime) -> None:
    """The actor has seen the rooms as far as these messages (zone → key): their lines about them wait no longer. Going back is
    no change.
    """
    found: Case = Case.objects.visible_to(actor).fetch(case)
    viewer, reader = queries.viewer_of(found, actor), actor.user_id
    if reader is None:
        raise NotFound
    known = dict(ReadMark.objects.filter(case=found, user_id=reader).values_list("zone", "read_to"))
    for zone, key in read_to.items():
        if key > known.get(zone, 0) and may_see(zone, viewer):
            ReadMark.objects.update_or_create(
                case=found,
                zone=zone,
                user_id=reader,
                defaults={"company_id": actor.company_id, "read_to": key, "at": now},
            )
            settle_notices(about=room_uid(found.uid, zone), user_id=reader, now=now)


# --- inside --------------------------------------------------------------------------------------------------------


def _make_way(writer: Actor, now: datetime) -> None:
    """Counted in the database, so that the limit holds whatever else is gone.

    What the writer's own side wrote is counted, and nothing else: a refusal tells nothing of other people's rooms.
    """
    minute, hour = now - timedelta(minutes=1), now - timedelta(hours=1)
    own = Message.objects.filter(author_id=writer.user_id, at__lte=now)
    ours = (
        own
        if writer.company_id is None
        else Message.objects.filter(company_id=writer.company_id, at__lte=now)
    )
    if own.filter(at__gt=minute).count() >= MOST_A_MINUTE or ours.filter(at__gt=hour).count() >= MOST_AN_HOUR:
        raise TooManyMessages


def _digest(content: IO[bytes]) -> str:
    found = hashlib.sha256(content.read()).hexdigest()
    content.seek(0)
    return found
