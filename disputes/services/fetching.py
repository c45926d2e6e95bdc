"""Fetching a case to change it: locked, seen by the actor, in time, and in the right hands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.events import DeadlineSet
from disputes.models import Case, Deadline, Official
from disputes.rules.deadlines import NoCalendar, count
from disputes.rules.roles import PARTY_ROLES
from disputes.states import CASE_MOVES, GIVEN_LATER, OfficeKind, Side, Zone
from identity.actors import Actor, Member, Staff, require_person
from kernel.errors import Conflict, Forbidden, NotFound, Refused
from kernel.events import BusinessEvent
from kernel.services import record
from kernel.states import check_move


class OtherSides(Forbidden):
    code = "case.other_sides"
    message = _("Only the other party of this case can do this.")


class NotNow(Conflict):
    code = "case.not_now"
    message = _("This cannot be done now: the case’s state is “%(state)s”.")


class TooLate(Conflict):
    """The deadline decides, not the timer that goes on with the case."""

    code = "case.too_late"
    message = _("The time for this has passed. The case goes on by itself.")


class CalendarMissing(Refused):
    """Days of a year that no notice describes are not guessed."""

    code = "case.calendar_missing"
    message = _(
        "The working days of the year this leads to are not known yet. The office has to load them first."
    )


def party_case(actor: Actor, case: str, *roles: str) -> tuple[Case, Member, Side]:
    """The case, locked, the member, and their side; a stranger finds nothing, a wrong role is told so."""
    found: Case = Case.objects.visible_to(actor).select_for_update(of=("self",)).fetch(case)
    member = require_person(actor, *(roles or PARTY_ROLES))
    return found, member, Side.A if found.claimant_id == member.company_id else Side.B


def office_case(actor: Actor, case: str, kind: OfficeKind) -> tuple[Case, Official]:
    """The case, locked, and the official as one of `kind` who may see it."""
    if not isinstance(actor, Staff):
        raise NotFound
    found: Case = Case.objects.visible_to(actor).select_for_update(of=("self",)).fetch(case)
    official = queries.official_of(actor.user_id)
    if official is None or official.kind != kind:
        raise Forbidden
    return found, official


def own_mediation(actor: Actor, case: str) -> tuple[Case, Official]:
    """The case, locked, for its appointed mediator."""
    found, official = office_case(actor, case, OfficeKind.MEDIATOR)
    if found.mediator_id != official.pk:
        raise Forbidden
    return found, official


def move(case: Case, target: str, *, now: datetime) -> None:
    """Set the state (the caller saves) if it may follow the present one and the act is in time."""
    if target not in CASE_MOVES[case.state]:
        raise NotNow(state=case.get_state_display())
    if case.is_late(now):
        raise TooLate
    set_state(case, target, now=now)


def set_state(case: Case, target: str, *, now: datetime) -> None:
    """For the clock, which comes after the deadline."""
    check_move(CASE_MOVES, case.state, target)
    case.state, case.respond_by, case.changed_at = target, None, now


def expect(case: Case, *states: str, now: datetime) -> None:
    """For acts that leave the state as it is."""
    if case.state not in states:
        raise NotNow(state=case.get_state_display())
    if case.is_late(now):
        raise TooLate


def await_until(case: Case, code: str, *, actor: Actor, now: datetime) -> datetime:
    """Count the deadline of rule `code` from now, keep how it was counted, and wind the timer. The caller saves."""
    return _count(case, code, case.rules["rules"][code], now, actor=actor, now=now)


def await_by_rule(
    case: Case, *, actor: Actor, now: datetime, code: str = "", since: datetime | None = None
) -> datetime | None:
    """What waits in this state, for the office or for anybody's word, waits no longer than the rules let it.

    A case opened under rules that name no such time takes that of the day: no notified date moves, since it had none. Where
    those name none either, it waits without one (`wind_up_what_waits` looks again). `code` where the rule is not the one of
    the state; `since` where the days are counted from another moment than now. The caller saves.
    """
    code = code or GIVEN_LATER[case.state]
    rule = queries.rule_of(case, code, now)
    return _count(case, code, rule, since or now, actor=actor, now=now) if rule else None


def await_end(case: Case, *, actor: Actor, now: datetime) -> None:
    """Ended without a settlement: the sides have a time to go another way, then the case closes by itself. The caller saves."""
    case.unsettled_at = now
    await_by_rule(case, actor=actor, now=now)


def _count(
    case: Case, code: str, rule: dict[str, Any], since: datetime, *, actor: Actor, now: datetime
) -> datetime:
    try:
        counted = count(rule, start=since, calendars=queries.calendars())
    except NoCalendar as error:
        raise CalendarMissing from error
    Deadline.objects.create(
        case=case,
        code=code,
        rule=counted.rule,
        counted_from=since,
        nominal=counted.nominal,
        rolled=counted.rolled,
        ends_at=counted.ends_at,
        calendar=counted.calendar,
        provisional=counted.provisional,
        set_at=now,
    )
    return wind(case, code, counted.ends_at, actor=actor, now=now)


def wind(case: Case, code: str, ends_at: datetime, *, actor: Actor, now: datetime) -> datetime:
    """The case waits until `ends_at`; the timer looks then."""
    case.respond_by = ends_at
    tell(case, DeadlineSet(case_id=case.pk, code=code, respond_by=ends_at), actor=actor, now=now)
    return ends_at


def tell(
    case: Case,
    event: BusinessEvent,
    *,
    actor: Actor,
    now: datetime,
    subject: Any = None,
    audience: Iterable[int] | None = None,
) -> None:
    """Record the event about the case, for both parties unless its zone is narrower."""
    heard_by = case.parties if audience is None else audience
    record(event, actor=actor, now=now, subject=subject or case, about=case, audience=heard_by)


def audience_of(case: Case, zone: str) -> tuple[int, ...]:
    """The companies that may know of something in `zone`."""
    match zone:
        case Zone.CAUCUS_A:
            return (case.claimant_id,)
        case Zone.CAUCUS_B:
            return (case.respondent_id,)
        case Zone.MEDIATOR | Zone.ADMIN:
            return ()
    return case.parties


def last_deadline(case: Case, code: str) -> Deadline | None:
    return case.deadlines.filter(code=code).order_by("-pk").first()
