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

    def is_for(self, side: str) -> bool:
        return self.who in (side, "both")


_WITHDRAW = _("The claimant can withdraw the case at any time before mediation begins.")
_LEAVE = _("Either side can leave the mediation at any time, without giving a reason.")
_BOUND = _("Both sides are bound by what they signed.")
_OVER = _("There is nothing left to stop.")

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
    CaseState.AWAITING_ANSWER: Step("b", _("The respondent answers: take part, or decline."), _WITHDRAW),
    CaseState.NOMINATING: Step(
        "office",
        _("The case manager asks a mediator. If none is asked in time, the case ends without prejudice."),
        _WITHDRAW,
    ),
    CaseState.CONFLICT_CHECK: Step(
        "mediator",
        _("The mediator says what the parties should know; then both may accept or object."),
        _WITHDRAW,
    ),
    CaseState.CONSENT_PENDING: Step(
        "both", _("A signatory of each side reads and agrees, point by point."), _LEAVE
    ),
    CaseState.MEDIATING: Step("mediator", _("The mediator works with both sides on a settlement."), _LEAVE),
    CaseState.DRAFTING: Step("mediator", _("The mediator finishes the terms and locks them."), _LEAVE),
    CaseState.SIGNING: Step("both", _("A signatory of each side reads and signs the terms."), _LEAVE),
    CaseState.MSA_SIGNED: Step(
        "both", _("Pass the settlement on to become an award, or perform it as it is."), _BOUND
    ),
    CaseState.SCIA_FILED: Step(
        "desk", _("The arbitration desk (simulated) looks at the settlement."), _BOUND
    ),
    CaseState.RETURNED: Step(
        "both", _("The desk returned the settlement: pass it on again, or perform it as it is."), _BOUND
    ),
    CaseState.AWARD_ISSUED: Step("both", _("The award is here: begin with what was agreed."), _BOUND),
    CaseState.PERFORMING: Step("both", _("What was agreed is performed, payment by payment."), _BOUND),
    CaseState.DEFAULTED: Step(
        "both", _("A payment is late: it is made up for, or the case is closed."), _BOUND
    ),
}
_TO_CLOSE = Step("a", _("There is no settlement. The claimant closes the case."), _OVER)
_ENDED = Step("", _("The case has ended."), _OVER)


def step_of(state: str) -> Step:
    return _ENDED if state in ENDED else _STEPS.get(state, _TO_CLOSE)


def next_step(case: Case) -> Step:
    return step_of(case.state)


def waits_for(case: Case, side: str) -> bool:
    """Whether the step is this side's."""
    return next_step(case).is_for(side)


def other(side: str) -> str:
    return Side.B if side == Side.A else Side.A
