"""Counting provisional deadlines anew once a year is announced. What was notified never moves earlier; history stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disputes import queries
from disputes.events import DeadlineMoved
from disputes.models import Case, Deadline
from disputes.rules.deadlines import Calendars, count
from disputes.services.fetching import tell, wind
from identity.actors import System

CALENDAR = System(reason="calendar")


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
    counted = count(case.rules["rules"][last.code], start=last.counted_from, calendars=calendars)
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
