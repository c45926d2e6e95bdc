"""What a party's own ended cases about an order leave room for. The other party's cases bar nothing.

Payment is held while a case is open: a party that could open the next one as soon as the last has ended would hold it for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from disputes.models import Case
from disputes.models.cases import CaseQuerySet
from disputes.queries.calendars import calendars
from disputes.queries.performance import rule_of
from disputes.rules.deadlines import NoCalendar, count
from disputes.states import ENDED, AppointmentState
from orders.models import Order


@dataclass(frozen=True)
class Wait:
    """Before the claimant of case `number` opens another one about the same order."""

    number: str
    until: datetime


def wait_before_again(company_id: int, order: Order, now: datetime) -> Wait | None:
    """None where the company may open a case at once, as far as its last one is concerned."""
    last = _ended(company_id, order).order_by("-ended_at", "-pk").first()
    rule = rule_before_again(last, now) if last else None
    if last is None or last.ended_at is None or rule is None:
        return None
    try:
        until = count(rule, start=last.ended_at, calendars=calendars()).ends_at
    except NoCalendar:  # the days to negotiate, which lead further, are what is refused then
        return None
    return Wait(last.number, until) if now <= until else None


def rule_before_again(case: Case, now: datetime) -> dict[str, Any] | None:
    """How long the claimant of a case waits for another; None where that is not asked of them."""
    return None if found_no_mediator(case) else rule_of(case, "again", now)


def found_no_mediator(case: Case) -> bool:
    """Whether it ended because the office found nobody, which is not the claimant's doing; nobody was objected to."""
    nobody = case.takes_part is True and case.mediator_id is None and case.unsettled_at is not None
    return nobody and not case.appointments.filter(state=AppointmentState.OBJECTED).exists()


def settled_before(company_id: int, order: Order, kind: str) -> Case | None:
    """The case that settled the company's claim of this kind, signed by both."""
    settled = _ended(company_id, order).filter(kind=kind, settled_at__isnull=False)
    found: Case | None = settled.order_by("-pk").first()
    return found


def _ended(company_id: int, order: Order) -> CaseQuerySet:
    return Case.objects.filter(order=order, claimant_id=company_id, state__in=sorted(ENDED))
