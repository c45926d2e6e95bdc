"""What the parties of a case are told once both have signed: the award, the payments, the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from disputes.events import (
    AwardIssued,
    CaseClosed,
    DeadlineMoved,
    FilingReturned,
    InstalmentReceived,
    InstalmentWatched,
    PerformanceBegan,
    PerformanceContested,
    PerformanceReported,
    SettlementDefaulted,
    SettlementFiled,
    SettlementPerformed,
    SettlementSigned,
)
from disputes.queries.brief import InstalmentInBrief
from disputes.states import CaseState
from identity.rules.notices import DUE_BY, TIME_UNTIL
from kernel.events import BusinessEvent, Occurrence
from sme_hub.telling.case_matters import SIDES, case_of, for_each, matter_of, row, stands
from sme_hub.telling.rows import Matter, Row

#: people are told of an instalment in the morning of its day
AT: dict[type[BusinessEvent], str] = {InstalmentWatched: "due_at"}
#: after which nothing of a settlement waits
PERFORMED = (SettlementPerformed, CaseClosed)


def performance_of(event: Any, occurrence: Occurrence) -> Matter:
    """The case, told of when the instalment falls due where the event is the clock's."""
    matter = matter_of(event, occurrence, users=())
    if not isinstance(event, InstalmentWatched):
        return matter
    return Matter(**{**vars(matter), "at": event.due_at})


def _to_pay(matter: Matter, letter: str) -> list[InstalmentInBrief]:
    """What this side has to pay still, the earliest first; what is late is told of as such."""
    if matter.row.state != CaseState.PERFORMING:
        return []
    return [each for each in matter.row.instalments if each.payer == letter]


def _to_note(matter: Matter, letter: str) -> list[InstalmentInBrief]:
    """What is due to this side and has not been noted as received."""
    if matter.row.state != CaseState.PERFORMING:
        return []
    return [each for each in matter.row.instalments if each.payer != letter and each.due_at <= matter.now]


def _to_do(matter: Matter, *, said: bool) -> bool:
    """Whether nothing is to be paid, and the respondent has said, or not, that all was done."""
    performing = matter.row.state == CaseState.PERFORMING and not matter.row.instalments
    return performing and matter.row.says_performed is said


def _by_time(matter: Matter) -> bool:
    """Whether nobody said that it is performed: it counts as such, since nobody said otherwise."""
    return bool(getattr(matter.event, "by_time", False))


def _is_contested(matter: Matter) -> bool:
    return matter.row.state == CaseState.DEFAULTED and not matter.row.instalments


def _is_late(matter: Matter, letter: str) -> bool:
    return matter.row.state == CaseState.DEFAULTED and bool(matter.row.instalments)


def _pay_by(letter: str) -> Any:
    def until(matter: Matter) -> datetime | None:
        owed = _to_pay(matter, letter)
        return owed[0].due_by if owed else None

    return until


def _note_by(letter: str) -> Any:
    def until(matter: Matter) -> datetime | None:
        due = _to_note(matter, letter)
        return due[0].late_after if due else None

    return until


ROWS: tuple[Row, ...] = (
    *for_each(
        "settled",
        _("Both sides signed the settlement of case %(case)s: pass it to arbitration, or perform it"),
        "signature",
        on=(SettlementSigned, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.MSA_SIGNED),
        until=(SettlementFiled, PerformanceBegan),
        may_move=True,
    ),
    *for_each(
        "filed",
        _("The settlement of case %(case)s is passed to arbitration: the award is awaited"),
        "send",
        on=(SettlementFiled,),
    ),
    *for_each(
        "awarded",
        _("The award in case %(case)s is here (simulated): read it, and perform what was settled"),
        "landmark",
        on=(AwardIssued, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.AWARD_ISSUED),
        until=(PerformanceBegan,),
        may_move=True,
    ),
    *for_each(
        "returned",
        _("The settlement of case %(case)s was returned: pass it on again, or perform it"),
        "rotate-ccw",
        on=(FilingReturned, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=stands(CaseState.RETURNED),
        until=(SettlementFiled, PerformanceBegan),
        may_move=True,
    ),
    # --- being performed ------------------------------------------------------------------------------------------------
    *for_each(
        "performing",
        _("What was settled in case %(case)s is to be performed now"),
        "play",
        on=(PerformanceBegan,),
    ),
    *(
        each
        for side, letter in SIDES.items()
        for each in (
            row(
                f"to_pay_{side}",
                _("A payment of the settlement in case %(case)s is to be made by you"),
                "landmark",
                to=side,
                on=(PerformanceBegan, InstalmentReceived),
                until_when=DUE_BY,
                waits=True,
                when=lambda matter, letter=letter: bool(_to_pay(matter, letter)),
                until=(InstalmentReceived, SettlementDefaulted, *PERFORMED),
                respond_by=_pay_by(letter),
                may_move=True,
            ),
            row(
                f"due_{side}",
                _("Your payment of the settlement in case %(case)s is due today"),
                "calendar-clock",
                to=side,
                reader=performance_of,
                on=(InstalmentWatched,),
                when=lambda matter, letter=letter: any(
                    each.due_at <= matter.now for each in _to_pay(matter, letter)
                ),
            ),
            row(
                f"to_note_{side}",
                _("A payment of the settlement in case %(case)s is due to you: note it once it is here"),
                "banknote",
                to=side,
                reader=performance_of,
                on=(InstalmentWatched, InstalmentReceived),
                until_when=TIME_UNTIL,
                waits=True,
                when=lambda matter, letter=letter: bool(_to_note(matter, letter)),
                until=(InstalmentReceived, SettlementDefaulted, *PERFORMED),
                respond_by=_note_by(letter),
                may_move=True,
            ),
            row(
                f"paid_{side}",
                _("%(party)s received your payment of the settlement in case %(case)s"),
                "banknote",
                to=side,
                reader=case_of,
                on=(InstalmentReceived,),
                when=lambda matter, letter=letter: matter.event.payer == letter,
            ),
        )
    ),
    row(
        "to_confirm",
        _("Nothing is to be paid under the settlement of case %(case)s: confirm once all is done"),
        "check",
        to="claimant",
        on=(PerformanceBegan, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=lambda matter: _to_do(matter, said=False),
        until=(PerformanceReported, PerformanceContested, *PERFORMED),
        may_move=True,
    ),
    row(
        "to_report",
        _("Nothing is to be paid under the settlement of case %(case)s: do what was agreed, and say so"),
        "check",
        to="respondent",
        on=(PerformanceBegan, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=lambda matter: _to_do(matter, said=False),
        until=(PerformanceReported, PerformanceContested, *PERFORMED),
        may_move=True,
    ),
    row(
        "to_contest",
        _("%(party)s says that all was done in case %(case)s: confirm it, or say that it was not"),
        "check",
        to="claimant",
        on=(PerformanceReported, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=lambda matter: _to_do(matter, said=True),
        until=(PerformanceContested, *PERFORMED),
        may_move=True,
    ),
    *for_each(
        "late",
        _("A payment of the settlement in case %(case)s is late"),
        "triangle-alert",
        on=(SettlementDefaulted, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=_is_late,
        until=(InstalmentReceived, CaseClosed),
        may_move=True,
    ),
    row(
        "contested_claimant",
        _(
            "You said that what was settled in case %(case)s was not done: confirm it once it is, or close the case"
        ),
        "triangle-alert",
        to="claimant",
        on=(PerformanceContested, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=_is_contested,
        until=PERFORMED,
        may_move=True,
    ),
    row(
        "contested_respondent",
        _("%(party)s says that what was settled in case %(case)s was not done: make up for it"),
        "triangle-alert",
        to="respondent",
        on=(PerformanceContested, DeadlineMoved),
        until_when=TIME_UNTIL,
        waits=True,
        when=_is_contested,
        until=PERFORMED,
        may_move=True,
    ),
    *for_each(
        "performed",
        _("The settlement of case %(case)s is performed: payment of %(order)s is free again"),
        "circle-check",
        on=(SettlementPerformed,),
        when=lambda matter, letter: not _by_time(matter),
    ),
    *for_each(
        "performed_by_time",
        _(
            "Nobody said otherwise: the settlement of case %(case)s counts as performed, payment of %(order)s is free"
        ),
        "circle-check",
        on=(SettlementPerformed,),
        when=lambda matter, letter: _by_time(matter),
    ),
)
