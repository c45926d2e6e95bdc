"""An official's own work: what waits for them, and the figures of their cases. Nobody else's is counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from disputes.models import Official, Session
from disputes.queries.lines import DeskLine, Named, desk_line
from disputes.rules.deadlines import BOTH, day_of
from disputes.states import (
    ENDED,
    LIVE_APPOINTMENTS,
    SETTLED,
    UNTAKEN,
    AppointmentState,
    CaseState,
    FilingState,
    OfficeKind,
)
from kernel.prepared import fetch_prepared

MOST = 25
MONTHS = 12
#: a deadline is near
SOON = timedelta(days=3)

_WORKED_ON_BY_MEDIATORS = (CaseState.MEDIATING, CaseState.DRAFTING)
_WAITS_FOR_MANAGERS = (CaseState.REQUESTED, CaseState.NOMINATING)

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
    lines = [desk_line(values) for values in fetch_prepared(_statement(_WORK, seat), {"seat": seat.pk})]
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
    asked = {"seat": seat.pk, "begins": begins, "since": begins[0], "now": now, "soon": now + SOON}
    groups = fetch_prepared(_statement(_FIGURES, seat), asked)
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


def _filings_by_month(begins: list[datetime]) -> dict[int | None, Counter[str]]:
    months: dict[int | None, Counter[str]] = defaultdict(Counter)
    for state, filed, answered, number in fetch_prepared(_FILINGS, {"begins": begins, "since": begins[0]}):
        months[filed]["filed"] += number
        if state in _ANSWERS:
            months[answered][_ANSWERS[state]] += number
    return months


def _first_days(today: date) -> list[date]:
    """Of the last twelve months, this one last."""
    ends = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(ends - MONTHS + 1, ends + 1)]


# Written out, since composing them costs the home more than their answers. A month is known by its number among those
# that begin at `begins`: 1 is the first of them, 0 lies before.


def _among(states: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{state}'" for state in sorted(states)) + ")"


#: the cases of a seat, as `CaseQuerySet.of_seat` says
_OWN = {
    OfficeKind.MANAGER: f"(disputes_case.manager_id = %(seat)s"
    f" OR disputes_case.manager_id IS NULL AND disputes_case.state IN {_among(UNTAKEN)})",
    OfficeKind.MEDIATOR: "EXISTS (SELECT FROM disputes_appointment AS live WHERE live.case_id = disputes_case.id"
    f" AND live.mediator_id = %(seat)s AND live.state IN {_among(LIVE_APPOINTMENTS)})",
    OfficeKind.SCIA: "EXISTS (SELECT FROM disputes_filing AS filed WHERE filed.case_id = disputes_case.id)",
}
#: whether it is the seat's turn
_MINE = {
    OfficeKind.MANAGER: f"(disputes_case.state IN {_among(_WAITS_FOR_MANAGERS)}"
    " OR disputes_case.manager_id IS NULL)",
    OfficeKind.MEDIATOR: "(EXISTS (SELECT FROM disputes_appointment AS asked"
    " WHERE asked.case_id = disputes_case.id AND asked.mediator_id = %(seat)s"
    f" AND asked.state = '{AppointmentState.ASKED}')"
    " OR disputes_case.mediator_id IS NOT DISTINCT FROM %(seat)s"
    f" AND disputes_case.state IN {_among(_WORKED_ON_BY_MEDIATORS)})",
    OfficeKind.SCIA: f"disputes_case.state = '{CaseState.SCIA_FILED}'",
}
_NAMES = ", ".join(f"{party}.{name}" for party in ("claimant", "respondent") for name in Named._fields)
_OPEN = f"disputes_case.state NOT IN {_among(ENDED)}"

_WORK = f"""
SELECT disputes_case.uid, disputes_case.number, disputes_case.state, disputes_case.respond_by,
    {{mine}} AS mine, {_NAMES}
FROM disputes_case
JOIN identity_company AS claimant ON claimant.id = disputes_case.claimant_id
JOIN identity_company AS respondent ON respondent.id = disputes_case.respondent_id
WHERE {{own}} AND {_OPEN}
ORDER BY mine DESC, disputes_case.respond_by NULLS LAST, disputes_case.id DESC LIMIT {MOST * 2}
"""
_FIGURES = f"""
SELECT disputes_case.state, width_bucket(opened_at, %(begins)s), width_bucket(settled_at, %(begins)s),
    width_bucket(ended_at, %(begins)s), count(*),
    count(*) FILTER (WHERE respond_by BETWEEN %(now)s AND %(soon)s), count(*) FILTER (WHERE {{mine}})
FROM disputes_case
WHERE {{own}} AND ({_OPEN} OR opened_at >= %(since)s OR settled_at >= %(since)s OR ended_at >= %(since)s)
GROUP BY 1, 2, 3, 4
"""
_FILINGS = """
SELECT state, width_bucket(filed_at, %(begins)s), width_bucket(answered_at, %(begins)s), count(*)
FROM disputes_filing WHERE filed_at >= %(since)s OR answered_at >= %(since)s GROUP BY 1, 2, 3
"""


def _statement(text: str, seat: Official) -> str:
    kind = OfficeKind(seat.kind)
    return text.format(own=_OWN[kind], mine=_MINE[kind])
