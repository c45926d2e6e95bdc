"""Sessions: set, moved and called off by the mediator."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from disputes.events import SessionCancelled, SessionSet
from disputes.models import Case, Session
from disputes.services.fetching import audience_of, expect, own_mediation, tell
from disputes.states import WITH_ROOMS, SessionMode, Zone
from identity.actors import Actor
from kernel.errors import Conflict, Refused

MEETING_ZONES = (Zone.JOINT, Zone.CAUCUS_A, Zone.CAUCUS_B)
LONGEST = timedelta(hours=12)


class NotASession(Refused):
    code = "session.not_possible"
    message = _("A session begins after now, lasts up to 12 hours, and says where it is.")
    field = "starts_at"


class CalledOff(Conflict):
    code = "session.called_off"
    message = _("This session was called off.")


class TookPlace(Conflict):
    code = "session.took_place"
    message = _("This session has begun already. Set another one.")


@transaction.atomic
def set_session(
    *,
    actor: Actor,
    case: str,
    zone: str,
    mode: str,
    starts_at: datetime,
    minutes: int,
    place: str,
    now: datetime,
    session: str = "",
) -> Session:
    """A new session, or with `session` (`ses_…`) the same one moved: its UID stays, its sequence rises."""
    found, _mediator = own_mediation(actor, case)
    expect(found, *WITH_ROOMS, now=now)
    length = timedelta(minutes=minutes)
    known = zone in MEETING_ZONES and mode in SessionMode.values
    if not known or starts_at <= now or not timedelta(0) < length <= LONGEST or not place.strip():
        raise NotASession
    details = {
        "mode": mode,
        "starts_at": starts_at,
        "ends_at": starts_at + length,
        "place": place.strip()[:200],
        "set_at": now,
    }
    if session:
        meeting = _standing(found, session, now)
        for name, value in details.items():
            setattr(meeting, name, value)
        meeting.sequence += 1
        meeting.save()
    else:
        meeting = Session.objects.create(case=found, zone=zone, **details)
    event = SessionSet(
        case_id=found.pk, session_id=meeting.pk, starts_at=starts_at, sequence=meeting.sequence
    )
    tell(found, event, actor=actor, now=now, subject=meeting, audience=audience_of(found, meeting.zone))
    return meeting


@transaction.atomic
def cancel_session(*, actor: Actor, case: str, session: str, now: datetime) -> Session:
    found, _mediator = own_mediation(actor, case)
    meeting = _standing(found, session, now)
    _call_off(found, meeting, actor=actor, now=now)
    return meeting


def call_off_what_is_ahead(case: Case, *, actor: Actor, now: datetime) -> None:
    """The mediation, or the mediator's part in it, has ended: nobody is to come to a session of it."""
    for meeting in case.sessions.select_for_update().filter(cancelled_at=None, starts_at__gt=now):
        _call_off(case, meeting, actor=actor, now=now)


def _call_off(case: Case, meeting: Session, *, actor: Actor, now: datetime) -> None:
    meeting.cancelled_at, meeting.sequence = now, meeting.sequence + 1
    meeting.save(update_fields=["cancelled_at", "sequence"])
    event = SessionCancelled(case_id=case.pk, session_id=meeting.pk, sequence=meeting.sequence)
    tell(case, event, actor=actor, now=now, subject=meeting, audience=audience_of(case, meeting.zone))


def _standing(case: Case, session: str, now: datetime) -> Session:
    meeting: Session = case.sessions.select_for_update().fetch(session)
    if meeting.cancelled_at is not None:
        raise CalledOff
    if meeting.starts_at <= now:
        raise TookPlace
    return meeting
