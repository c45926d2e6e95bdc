"""How a case ended that brought no settlement, and which ways are open then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from disputes.states import WITHOUT_SETTLEMENT, CaseState

if TYPE_CHECKING:
    from disputes.models import Case


@dataclass(frozen=True)
class Unsettled:
    """What the record says: facts and dates, no reasons, and nothing of the rooms."""

    #: no_answer, declined, failed or expired
    how: CaseState
    at: datetime
    #: since when both sides have agreed to arbitration; None where they have not
    arbitration_since: datetime | None
    #: until when payment is held at the latest; None where it is free, or waits for the claimant
    held_until: datetime | None
    held: bool


def unsettled(case: Case) -> Unsettled | None:
    """None for a case that is open, was settled, or was withdrawn."""
    how = _how(case)
    if how is None:
        return None
    agreed = [consent.at for consent in case.consents.all() if consent.arbitration]
    return Unsettled(
        how=how,
        at=case.unsettled_at or case.ended_at or case.changed_at,
        arbitration_since=max(agreed) if len(agreed) == 2 else None,
        held_until=case.respond_by,
        held=not case.has_ended,
    )


def _how(case: Case) -> CaseState | None:
    if case.state in WITHOUT_SETTLEMENT:
        return CaseState(case.state)
    if case.state != CaseState.CLOSED or case.settled_at is not None:
        return None
    if case.failed_by:
        return CaseState.FAILED
    if case.answered_at is None:
        return CaseState.NO_ANSWER
    return CaseState.EXPIRED if case.takes_part else CaseState.DECLINED
