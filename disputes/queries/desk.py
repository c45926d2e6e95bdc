"""An official's own work: what waits for them, and the figures of their cases. Nobody else's is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import TruncMonth

from disputes.models import Appointment, Case, CaseQuerySet, Filing, Official, Session
from disputes.rules.deadlines import BOTH, day_of
from disputes.states import ENDED, SETTLED, AppointmentState, CaseState, FilingState, OfficeKind
from identity.actors import Staff

MOST = 25
MONTHS = 12
#: a deadline is near
SOON = timedelta(days=3)

_WORKED_ON_BY_MEDIATORS = (CaseState.MEDIATING, CaseState.DRAFTING)
_WAITS_FOR_MANAGERS = (CaseState.REQUESTED, CaseState.NOMINATING)

#: where a case stands → the states it is in there
STAGES: dict[str, frozenset[str]] = {
    "before": frozenset(
        {
            *(CaseState.REQUESTED, CaseState.AWAITING_ANSWER, CaseState.NOMINATING),
            *(CaseState.CONFLICT_CHECK, CaseState.CONSENT_PENDING),
        }
    ),
    "rooms": frozenset({CaseState.MEDIATING, CaseState.DRAFTING, CaseState.SIGNING}),
    "settled": frozenset(SETTLED - {CaseState.PERFORMING, CaseState.DEFAULTED, CaseState.COMPLETED}),
    "performed": frozenset({CaseState.PERFORMING, CaseState.DEFAULTED}),
    "without": frozenset({CaseState.NO_ANSWER, CaseState.DECLINED, CaseState.FAILED, CaseState.EXPIRED}),
}


@dataclass(frozen=True)
class DeskFigures:
    """Of the official's own cases."""

    waiting: int
    #: open, with a deadline that is near
    soon: int
    #: open cases by stage
    stages: Counter[str]
    #: first day of each of the last twelve months, and what happened in it by kind
    months: list[tuple[date, Counter[str]]]

    @property
    def under_way(self) -> int:
        return sum(self.stages.values())


@dataclass(frozen=True)
class Work:
    """Cases that wait for the official, the most urgent first, and those that wait for others."""

    waiting: list[Case]
    others: list[Case]


def work_of(actor: Staff, seat: Official) -> Work:
    """One statement: the open cases of the seat, its own turn first."""
    found = (
        _own(actor)
        .annotate(mine=_mine(seat))
        .select_related("claimant", "respondent")
        .defer("evidence", "statement", "answer", "rules")
        .order_by("-mine", F("respond_by").asc(nulls_last=True), "-pk")[: MOST * 2]
    )
    waiting = [case for case in found if case.mine]
    return Work(waiting[:MOST], [case for case in found if not case.mine][:MOST])


def sessions_ahead(seat: Official, now: datetime) -> list[Session]:
    """The mediator's next meetings. One statement."""
    ahead = Session.objects.filter(case__mediator=seat, cancelled_at=None, ends_at__gte=now)
    return list(ahead.select_related("case").order_by("starts_at")[:6])


def figures_of(actor: Staff, seat: Official, now: datetime) -> DeskFigures:
    """Two statements."""
    near = Q(respond_by__range=(now, now + SOON))
    rows = (
        _own(actor)
        .values("state")
        .annotate(number=Count("pk"), near=Count("pk", filter=near), mine=Count("pk", filter=Q(_mine(seat))))
        .order_by()
    )
    stages: Counter[str] = Counter()
    waiting = soon = 0
    for row in rows:
        waiting, soon = waiting + row["mine"], soon + row["near"]
        stages.update({stage: row["number"] for stage, states in STAGES.items() if row["state"] in states})
    return DeskFigures(waiting, soon, stages, _months(actor, seat, day_of(now)))


def _own(actor: Staff) -> CaseQuerySet:
    return Case.objects.visible_to(actor).exclude(state__in=sorted(ENDED))


def _mine(seat: Official) -> Any:
    """Whether it is this seat's turn."""
    match seat.kind:
        case OfficeKind.MANAGER:
            return Q(state__in=_WAITS_FOR_MANAGERS)
        case OfficeKind.MEDIATOR:
            asked = Appointment.objects.filter(
                case=OuterRef("pk"), mediator=seat, state=AppointmentState.ASKED
            )
            return Q(Exists(asked)) | Q(mediator=seat, state__in=_WORKED_ON_BY_MEDIATORS)
    return Q(state=CaseState.SCIA_FILED)


def _months(actor: Staff, seat: Official, today: date) -> list[tuple[date, Counter[str]]]:
    firsts = _first_days(today)
    since = datetime.combine(firsts[0], datetime.min.time(), BOTH)
    first, *others = _happened(actor, seat, since)
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for what, month, number in first.union(*others, all=True):
        found[day_of(month)][what] += number
    return [(month, found[month]) for month in firsts]


def _happened(actor: Staff, seat: Official, since: datetime) -> Iterable[QuerySet[Any]]:
    """What, first moment of the month, how often."""
    if seat.kind == OfficeKind.SCIA:
        filings = Filing.objects.all()
        yield _by_month(filings, "filed", "filed_at", since)
        yield _by_month(filings.filter(state=FilingState.AWARDED), "awarded", "answered_at", since)
        yield _by_month(filings.filter(state=FilingState.RETURNED), "returned", "answered_at", since)
        return
    cases = Case.objects.visible_to(actor)
    yield _by_month(cases, "opened", "opened_at", since)
    yield _by_month(cases.filter(settled_at__isnull=False), "settled", "settled_at", since)
    yield _by_month(cases.filter(settled_at__isnull=True), "unsettled", "ended_at", since)


def _by_month(rows: Any, what: str, field: str, since: datetime) -> QuerySet[Any]:
    found: QuerySet[Any] = (
        rows.filter(**{f"{field}__gte": since})
        .values(what=Value(what), month=TruncMonth(field, tzinfo=BOTH))
        .annotate(number=Count("pk"))
        .order_by()
        .values_list("what", "month", "number")
    )
    return found


def _first_days(today: date) -> list[date]:
    """Of the last twelve months, this one last."""
    ends = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(ends - MONTHS + 1, ends + 1)]
