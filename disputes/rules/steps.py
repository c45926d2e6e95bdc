"""What happens next in a case, by whom, and whether one can stop: the sentences at the top of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from disputes.states import ENDED, CaseState, Side

if TYPE_CHECKING:
    from disputes.models import Case


@dataclass(frozen=True)
class Step:
    """`who` is a side (`a`, `b`), `both`, `office`, `mediator`, `desk`, or empty where nobody needs to act."""

    who: str
    words: Any
    #: whether and how a party can stop now
    stop: Any
    #: what happens where nobody has done it in time; empty where the words say it
    then: Any = ""

    def is_for(self, side: str) -> bool:
        return self.who in (side, "both")


_WITHDRAW = _("The claimant can withdraw the case at any time before mediation begins.")
_LEAVE = _("Either side can leave the mediation at any time, without giving a reason.")
_BOUND = _("Both sides are bound by what they signed.")
_OVER = _("There is nothing left to stop.")
_UNSETTLED = _("After that the case has ended without a settlement.")
_AS_IT_IS = _("After that it is performed as it is, without an award.")
_COUNTS = _(
    "If nobody says otherwise by then, the settlement counts as performed, and payment of the order is free."
)
_CLOSES = _("After that the case closes by itself, and payment of the order is free.")

_STEPS: dict[str, Step] = {
    CaseState.NEGOTIATING: Step(
        "both", _("The parties talk and try to settle. Then the case goes to mediation by itself."), _WITHDRAW
    ),
    CaseState.REQUESTED: Step(
        "office",
        _(
            "A case manager serves the request on the other party. If nobody does in time, it goes out by itself."
        ),
        _WITHDRAW,
    ),
    CaseState.AWAITING_ANSWER: Step(
        "b", _("The respondent answers: take part, or decline."), _WITHDRAW, _UNSETTLED
    ),
    CaseState.NOMINATING: Step(
        "office",
        _("The case manager asks a mediator. If none is asked in time, the case ends without prejudice."),
        _WITHDRAW,
    ),
    CaseState.CONFLICT_CHECK: Step(
        "mediator",
        _("The mediator says what the parties should know; then both may accept or object."),
        _WITHDRAW,
        _(
            "A mediator who says nothing by then is followed by another; one to whom nobody objects is appointed."
        ),
    ),
    CaseState.CONSENT_PENDING: Step(
        "both", _("A signatory of each side reads and agrees, point by point."), _LEAVE, _UNSETTLED
    ),
    CaseState.MEDIATING: Step(
        "mediator", _("The mediator works with both sides on a settlement."), _LEAVE, _UNSETTLED
    ),
    CaseState.DRAFTING: Step(
        "mediator", _("The mediator finishes the terms and locks them."), _LEAVE, _UNSETTLED
    ),
    CaseState.SIGNING: Step(
        "both",
        _("A signatory of each side reads and signs the terms."),
        _LEAVE,
        _("Where a signature is missing then, the text is a draft again."),
    ),
    CaseState.MSA_SIGNED: Step(
        "both", _("Pass the settlement on to become an award, or perform it as it is."), _BOUND, _AS_IT_IS
    ),
    CaseState.SCIA_FILED: Step(
        "desk",
        _("The arbitration desk (simulated) looks at the settlement."),
        _BOUND,
        _("If it has said nothing by then, it is asked no more, and the settlement is the parties’ again."),
    ),
    CaseState.RETURNED: Step(
        "both",
        _("The desk returned the settlement: pass it on again, or perform it as it is."),
        _BOUND,
        _AS_IT_IS,
    ),
    CaseState.AWARD_ISSUED: Step(
        "both",
        _("The award is here: begin with what was agreed."),
        _BOUND,
        _("After that performance begins by itself."),
    ),
    CaseState.PERFORMING: Step(
        "both",
        _("What was agreed is performed, payment by payment."),
        _BOUND,
        _("A payment that is not noted as received by then counts as late."),
    ),
    CaseState.DEFAULTED: Step(
        "both", _("A payment is late: it is made up for, or the case is closed."), _BOUND, _CLOSES
    ),
}
#: where nothing is to be paid, so that only the sides’ word says how far it is
_TO_DO = Step(
    "both", _("Nothing is to be paid: the respondent does what was agreed, and says so."), _BOUND, _COUNTS
)
_SAID_DONE = Step(
    "a", _("The respondent says that all was done: confirm it, or say that it was not."), _BOUND, _COUNTS
)
_NOT_DONE = Step(
    "both",
    _("The claimant says that it was not done: it is made up for, or the case is closed."),
    _BOUND,
    _CLOSES,
)
_TO_CLOSE = Step("a", _("There is no settlement. The claimant closes the case."), _OVER, _CLOSES)
_ENDED = Step("", _("The case has ended."), _OVER)


def step_of(state: str) -> Step:
    return _ENDED if state in ENDED else _STEPS.get(state, _TO_CLOSE)


def next_step(case: Case, *, paid_for: bool = True) -> Step:
    """`paid_for` is false where the signed settlement asks for no payment that is still open."""
    if not paid_for and case.state == CaseState.DEFAULTED:
        return _NOT_DONE
    if not paid_for and case.state == CaseState.PERFORMING:
        return _SAID_DONE if case.performed_said_at else _TO_DO
    return step_of(case.state)


def other(side: str) -> str:
    return Side.B if side == Side.A else Side.A
