"""An officer says whether a company is the one on a list, and why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import DECIDE_CANDIDATE, Actor, Staff
from identity.events import CandidateDecided
from identity.models import Candidate, Membership
from identity.states import CANDIDATE_MOVES, CandidateState
from kernel.errors import Conflict, Forbidden, Refused
from kernel.services import record
from kernel.states import check_move


class DecisionReasonMissing(Refused):
    code = "candidate.reason_missing"
    message = _("Say what you compared, and with what result.")
    field = "reason"


class OwnCompanysCandidate(Refused):
    code = "candidate.own"
    message = _("You act for this company yourself. Another officer has to decide.")
    status = 403


class CandidateChanged(Conflict):
    code = "candidate.changed"
    message = _("The entry or the company has changed meanwhile. Look at it again.")


@transaction.atomic
def decide_candidate(
    *, actor: Actor, candidate: Candidate, confirmed: bool, reason: str, seen: str = "", now: datetime
) -> Candidate:
    """The same (`confirmed`), or somebody else. Holds for the entry in later copies, as long as nothing changes.

    `seen` is what the officer looked at: `CandidateChanged` when it is something else by now.
    """
    locked = Candidate.objects.select_for_update().get(pk=candidate.pk)
    officer = _officer(actor, locked, now)
    if not reason.strip():
        raise DecisionReasonMissing
    if locked.ended_at is not None or seen and seen != locked.seen:
        raise CandidateChanged
    state = CandidateState.CONFIRMED if confirmed else CandidateState.CLEARED
    check_move(CANDIDATE_MOVES, locked.state, state)
    locked.state, locked.reason = state, reason.strip()[:500]
    locked.decided_by, locked.decided_at = officer.user, now
    locked.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    record(CandidateDecided(candidate_id=locked.pk, state=state), actor=officer, now=now, subject=locked)
    return locked


def _officer(actor: Actor, candidate: Candidate, now: datetime) -> Staff:
    if not isinstance(actor, Staff) or not actor.has(DECIDE_CANDIDATE):
        raise Forbidden
    if Membership.objects.active(now).filter(company_id=candidate.company_id, user_id=actor.user_id).exists():
        raise OwnCompanysCandidate
    return actor
