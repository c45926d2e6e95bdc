"""Counting provisional deadlines anew once a year is announced. What was notified never moves earlier; history stays.

And giving a deadline to cases that wait since before the rules named one.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disputes import queries
from disputes.events import DeadlineMoved
from disputes.models import Case, Deadline
from disputes.rules.deadlines import Calendars, count, rule_in
from disputes.services.fetching import await_by_rule, tell, wind
from disputes.services.performing import await_performance
from disputes.states import GIVEN_LATER, CaseState
from identity.actors import System

CALENDAR = System(reason="calendar")
RULES = System(reason="rules of cases")


def recount_provisional(*, now: datetime) -> int:
    """Every open deadline that stood on a year not yet announced; returns how many moved later."""
    calendars = queries.calendars()
    waiting = Case.objects.filter(respond_by__gt=now).values_list("pk", flat=True)
    return sum(_recount(case_id, calendars, now) for case_id in waiting)


@transaction.atomic
def _recount(case_id: int, calendars: Calendars, now: datetime) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    last = case.deadlines.order_by("-pk").first()
    if last is None or case.respond_by is None or last.ends_at != case.respond_by or not last.provisional:
        return False
    counted = count(rule_in(last.rule), start=last.counted_from, calendars=calendars)
    if counted.calendar == last.calendar:
        return False
    ends_at = max(counted.ends_at, last.ends_at)
    Deadline.objects.create(
        case=case,
        code=last.code,
        rule=counted.rule,
        counted_from=last.counted_from,
        nominal=counted.nominal,
        rolled=max(counted.rolled, last.rolled),
        ends_at=ends_at,
        calendar=counted.calendar,
        provisional=counted.provisional,
        set_at=now,
    )
    if ends_at == case.respond_by:
        return False
    wind(case, last.code, ends_at, actor=CALENDAR, now=now)
    case.save(update_fields=["respond_by"])
    event = DeadlineMoved(case_id=case.pk, code=last.code, respond_by=ends_at)
    tell(case, event, actor=CALENDAR, now=now)
    return True


def wind_up_what_waits(*, now: datetime) -> int:
    """Every case that waits with no end, since the rules it was opened under named none; returns how many have one now.

    Counted from today by the rules of today, and told to whoever acts; repeatable. Payment of an order is held by no case
    for ever.
    """
    waiting = Case.objects.filter(state__in=sorted(GIVEN_LATER), respond_by=None).order_by("pk")
    return sum(_wind_up(case_id, now) for case_id in waiting.values_list("pk", flat=True))


@transaction.atomic
def _wind_up(case_id: int, now: datetime) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state not in GIVEN_LATER or case.respond_by is not None:
        return False
    awaits = await_performance if case.state == CaseState.PERFORMING else await_by_rule
    until = awaits(case, actor=RULES, now=now)
    if until is None:
        return False
    case.save(update_fields=["respond_by"])
    event = DeadlineMoved(case_id=case.pk, code=GIVEN_LATER[case.state], respond_by=until)
    tell(case, event, actor=RULES, now=now)
    return True
