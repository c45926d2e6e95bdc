"""What a party can do to a case now: pages show it, verbs refuse the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from disputes.rules.roles import SIGNATORIES
from disputes.states import ENDED, WITHOUT_SETTLEMENT, CaseState, Side

if TYPE_CHECKING:
    from identity.actors import Member

_S = CaseState

#: act → the states in which it is open
_IN: dict[str, frozenset[str]] = {
    "settled": frozenset({_S.NEGOTIATING}),
    "request": frozenset({_S.NEGOTIATING}),
    "withdraw": frozenset(
        {
            *(_S.NEGOTIATING, _S.REQUESTED, _S.AWAITING_ANSWER, _S.NOMINATING),
            *(_S.CONFLICT_CHECK, _S.CONSENT_PENDING),
        }
    ),
    "answer": frozenset({_S.AWAITING_ANSWER}),
    "accept_mediator": frozenset({_S.CONFLICT_CHECK}),
    "object": frozenset({_S.CONFLICT_CHECK}),
    "consent": frozenset({_S.CONSENT_PENDING}),
    "leave": frozenset({_S.CONSENT_PENDING, _S.MEDIATING, _S.DRAFTING, _S.SIGNING}),
    "longer": frozenset({_S.MEDIATING, _S.DRAFTING}),
    "message": frozenset(_S.values) - ENDED,
    "sign": frozenset({_S.SIGNING}),
    "file": frozenset({_S.MSA_SIGNED, _S.RETURNED}),
    "perform": frozenset({_S.MSA_SIGNED, _S.RETURNED}),
    "note_award": frozenset({_S.AWARD_ISSUED}),
    "receive": frozenset({_S.PERFORMING, _S.DEFAULTED}),
    # where nothing is to be paid: one side’s word, and the other’s
    "report": frozenset({_S.PERFORMING}),
    "contest": frozenset({_S.PERFORMING}),
    "confirm": frozenset({_S.PERFORMING, _S.DEFAULTED}),
    "close": frozenset({*WITHOUT_SETTLEMENT, _S.DEFAULTED}),
}
_SIGNED_FOR = frozenset({"consent", "sign", "file", "perform"})
_CLAIMANTS = frozenset({"withdraw", "confirm", "contest"})
_RESPONDENTS = frozenset({"answer", "report"})


def acts_open_to(member: Member, side: str, state: str, *, late: bool) -> set[str]:
    """The acts of this member in this state; where the time has passed, none but to go on talking."""
    if late:
        return set() if state in ENDED else {"message"}
    found = {act for act, states in _IN.items() if state in states}
    if side == Side.A:
        found -= _RESPONDENTS
    else:
        found -= _CLAIMANTS
        if state in WITHOUT_SETTLEMENT:
            found -= {"close"}
    return found if member.may(*SIGNATORIES) else found - _SIGNED_FOR
