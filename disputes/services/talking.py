"""Saying something in a zone. Where one may not write, there is nothing to be found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.events import MessageLeft
from disputes.models import Case, Message
from disputes.rules.zones import may_write
from disputes.services.fetching import NotNow, audience_of, tell
from disputes.services.uploads import Upload, keep_files
from disputes.states import CaseState, Zone
from identity.actors import Actor, Member
from kernel.errors import Conflict, NotFound, Refused

MOST_WORDS = 6000
#: the rooms are open while a mediator is at work
ROOMS = (Zone.JOINT, Zone.CAUCUS_A, Zone.CAUCUS_B, Zone.MEDIATOR)
ROOMS_OPEN_IN = frozenset({CaseState.MEDIATING, CaseState.DRAFTING, CaseState.SIGNING})


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


@transaction.atomic
def leave_message(
    *,
    actor: Actor,
    case: str,
    zone: str,
    words: str,
    meant_for: str,
    files: Sequence[Upload] = (),
    now: datetime,
) -> Message:
    """Write in a zone. `meant_for` is the zone that the composer named when it said who would read it."""
    found: Case = Case.objects.visible_to(actor).select_for_update(of=("self",)).fetch(case)
    if zone not in Zone.values or not may_write(zone, queries.viewer_of(found, actor)):
        raise NotFound
    if meant_for != zone:
        raise WrongRoom
    if found.has_ended or (zone in ROOMS and found.state not in ROOMS_OPEN_IN):
        raise NotNow(state=found.get_state_display())
    if not 0 < len(words.strip()) <= MOST_WORDS:
        raise NothingSaid
    writer = actor.user_id
    if writer is None:
        raise NotFound
    member = actor if isinstance(actor, Member) else None
    official = None if member else queries.official_of(actor.user_id)
    message = Message(
        case=found,
        zone=zone,
        company_id=member.company_id if member else None,
        official=official,
        author_id=writer,
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
