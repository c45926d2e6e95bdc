"""An official's own work: what waits for them, and the figures of their cases. Nobody else's is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, Exists, F, Func, IntegerField, OuterRef, Q, Value

from disputes.models import Appointment, Case, CaseQuerySet, Filing, Official, Session
from disputes.queries.lines import DESK_LINE, DeskLine, desk_line
from disputes.rules.deadlines import BOTH, day_of
from disputes.states import ENDED, SETTLED, AppointmentState, CaseState, FilingState, OfficeKind

MOST = 25
MONTHS = 12
#: a deadline is near
SOON = timedelta(days=3)

_WORKED_ON_BY_MEDIATORS = (CaseState.MEDIATING, CaseState.DRAFTING)
_WAITS_FOR_MANAGERS = (CaseState.REQUESTED, CaseState.NOMINATING)

_ENDED = Q(state__in=sorted(ENDED))
_ANSWERS = {FilingState.AWARDED: "awarded", FilingState.RETURNED: "returned"}

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

    waiting: list[DeskLine]
    others: list[DeskLine]


def work_of(seat: Official) -> Work:
    """One statement: the open cases of the seat, its own turn first."""
    found = (
        _open(seat)
        .annotate(mine=_mine(seat))
        .order_by("-mine", F("respond_by").asc(nulls_last=True), "-pk")
        .values_list(*DESK_LINE)[: MOST * 2]
    )
    lines = [desk_line(values) for values in found]
    waiting = [line for line in lines if line.mine]
    return Work(waiting[:MOST], [line for line in lines if not line.mine][:MOST])


def sessions_ahead(seat: Official, now: datetime) -> list[Session]:
    """The mediator's next meetings. One statement."""
    ahead = Session.objects.filter(case__mediator=seat, cancelled_at=None, ends_at__gte=now)
    return list(ahead.select_related("case").order_by("starts_at")[:6])


def figures_of(seat: Official, now: datetime) -> DeskFigures:
    """One statement, and for the desk a second of its filings: rows by state and months, counted by the database."""
    firsts = _first_days(day_of(now))
    begins = [datetime.combine(first, datetime.min.time(), BOTH) for first in firsts]
    since = Q(opened_at__gte=begins[0]) | Q(settled_at__gte=begins[0]) | Q(ended_at__gte=begins[0])
    groups = (
        Case.objects.of_seat(seat)
        .filter(since | ~_ENDED)
        .annotate(**{what: _month_of(f"{what}_at", begins) for what in ("opened", "settled", "ended")})
        .order_by()
        .values_list("state", "opened", "settled", "ended")
        .annotate(
            number=Count("pk"),
            near=Count("pk", filter=Q(respond_by__range=(now, now + SOON))),
            mine=Count("pk", filter=_mine(seat)),
        )
    )
    stages: Counter[str] = Counter()
    months: dict[int | None, Counter[str]] = defaultdict(Counter)
    waiting = soon = 0
    for state, opened, settled, ended, number, near, mine in groups:
        if state not in ENDED:
            waiting, soon = waiting + mine, soon + near
        stages.update({stage: number for stage, states in STAGES.items() if state in states})
        months[opened]["opened"] += number
        months[settled]["settled"] += number
        if settled is None:
            months[ended]["unsettled"] += number
    if seat.kind == OfficeKind.SCIA:
        months = _filings_by_month(begins)
    return DeskFigures(
        waiting, soon, stages, [(first, months[number]) for number, first in enumerate(firsts, 1)]
    )


def _open(seat: Official) -> CaseQuerySet:
    return Case.objects.of_seat(seat).exclude(_ENDED)


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


def _filings_by_month(begins: list[datetime]) -> dict[int | None, Counter[str]]:
    groups = (
        Filing.objects.filter(Q(filed_at__gte=begins[0]) | Q(answered_at__gte=begins[0]))
        .annotate(filed=_month_of("filed_at", begins), answered=_month_of("answered_at", begins))
        .order_by()
        .values_list("state", "filed", "answered")
        .annotate(number=Count("pk"))
    )
    months: dict[int | None, Counter[str]] = defaultdict(Counter)
    for state, filed, answered, number in groups:
        months[filed]["filed"] += number
        if state in _ANSWERS:
            months[answered][_ANSWERS[state]] += number
    return months


def _month_of(field: str, begins: list[datetime]) -> Func:
    """Which of the months that begin then: 1 is the first of them, 0 lies before."""
    moments = Value(begins, output_field=ArrayField(DateTimeField()))
    return Func(F(field), moments, function="width_bucket", output_field=IntegerField())


def _first_days(today: date) -> list[date]:
    """Of the last twelve months, this one last."""
    ends = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(ends - MONTHS + 1, ends + 1)]
