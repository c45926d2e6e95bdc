"""Whose identities are recognised for what: policies are drafted, approved by two officers, and ended.

A policy is never edited. A mistake is ended and drafted anew, so that any past day can be told.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, Staff
from identity.events import (
    PolicyApproved,
    PolicyDrafted,
    PolicyEnded,
)
from identity.models import (
    AssuranceLevel,
    Issuer,
    PolicyDecision,
    RecognitionPolicy,
)
from identity.models.recognition import APPROVALS, HIGHEST_RANK, LOWEST_RANK
from identity.queries.recognition import day_of
from identity.services.governing import governing, governing_with
from identity.states import (
    Jurisdiction,
    PolicyDecisionKind,
    Purpose,
)
from kernel.errors import Conflict, Refused
from kernel.services import record


class LevelOfAnother(Refused):
    code = "policy.level_of_another"
    message = _("This level belongs to another framework than the issuer.")
    field = "min_level"


class RankTooHigh(Refused):
    code = "policy.rank_too_high"
    message = _("A policy recognises a level for what it is (rank %(rank)s) or for less, never for more.")
    field = "recognised_rank"


class PolicyInThePast(Refused):
    code = "policy.in_the_past"
    message = _("A policy holds from today or later: what was is not rewritten.")
    field = "valid_from"


class DatesOutOfOrder(Refused):
    code = "policy.dates_out_of_order"
    message = _("It has to hold for at least a day.")
    field = "valid_to"


class NoteMissing(Refused):
    code = "policy.note_missing"
    message = _("Say on what law or agreement this rests.")
    field = "legal_note"


class ApprovedAlready(Conflict):
    code = "policy.approved_already"
    message = _("You have approved this policy already. Another officer has to.")


class PolicyOver(Conflict):
    code = "policy.over"
    message = _("This policy has ended. Draft another.")


class EndInThePast(Refused):
    code = "policy.end_in_the_past"
    message = _("A policy ends today or later: what was is not rewritten.")
    field = "effective_on"


@transaction.atomic
def draft_policy(
    *,
    actor: Actor,
    issuer: Issuer,
    min_level: AssuranceLevel,
    recognised_rank: int,
    relying_jurisdiction: str,
    purpose: str,
    valid_from: date,
    valid_to: date | None,
    legal_note: str,
    now: datetime,
) -> RecognitionPolicy:
    """Write down what is to be recognised. It has no force until two officers approve; the drafter may be one of them."""
    officer = governing(actor)
    if min_level.framework_id != issuer.framework_id:
        raise LevelOfAnother
    if not LOWEST_RANK <= recognised_rank <= min(min_level.rank, HIGHEST_RANK):
        raise RankTooHigh(rank=min_level.rank)
    if valid_from < day_of(now):
        raise PolicyInThePast
    if valid_to is not None and valid_to <= valid_from:
        raise DatesOutOfOrder
    if not legal_note.strip():
        raise NoteMissing
    policy = RecognitionPolicy.objects.create(
        issuer=issuer,
        min_level=min_level,
        recognised_rank=recognised_rank,
        relying_jurisdiction=Jurisdiction(relying_jurisdiction),
        purpose=Purpose(purpose),
        valid_from=valid_from,
        valid_to=valid_to,
        legal_note=legal_note.strip()[:500],
        drafted_by=officer.user,
        drafted_at=now,
    )
    record(PolicyDrafted(policy_id=policy.pk), actor=officer, now=now, subject=policy)
    return policy


@transaction.atomic
def approve_policy(*, actor: Actor, policy: RecognitionPolicy, now: datetime) -> PolicyDecision:
    """One officer's approval. With that of a second, other one the policy holds, from its first day on."""
    officer, locked = governing(actor), _locked_policy(policy)
    decisions = list(locked.decisions.all())
    if any(decision.kind == PolicyDecisionKind.END for decision in decisions) or _is_past(locked, now):
        raise PolicyOver
    if any(decision.officer_id == officer.user_id for decision in decisions):
        raise ApprovedAlready
    decision = _decide(locked, PolicyDecisionKind.APPROVE, officer, day_of(now), "", now)
    event = PolicyApproved(policy_id=locked.pk, in_force=len(decisions) + 1 == APPROVALS)
    record(event, actor=officer, now=now, subject=locked)
    return decision


@transaction.atomic
def end_policy(
    *,
    actor: Actor,
    policy: RecognitionPolicy,
    reason: str,
    effective_on: date | None = None,
    now: datetime,
) -> PolicyDecision:
    """From `effective_on` (today where none is said) on it recognises nothing. One officer is enough: the door shuts easily."""
    officer, locked = governing_with(actor, reason), _locked_policy(policy)
    today = day_of(now)
    day = effective_on or today
    if day < today:
        raise EndInThePast
    ended = PolicyDecisionKind.END
    if _is_past(locked, now) or locked.decisions.filter(kind=ended, effective_on__lte=day).exists():
        raise PolicyOver
    decision = _decide(locked, ended, officer, day, reason.strip()[:500], now)
    record(PolicyEnded(policy_id=locked.pk, effective_on=day), actor=officer, now=now, subject=locked)
    return decision


def _decide(
    policy: RecognitionPolicy, kind: str, officer: Staff, day: date, reason: str, now: datetime
) -> PolicyDecision:
    return PolicyDecision.objects.create(
        policy=policy, kind=kind, officer=officer.user, at=now, effective_on=day, reason=reason
    )


def _is_past(policy: RecognitionPolicy, now: datetime) -> bool:
    return policy.valid_to is not None and policy.valid_to <= day_of(now)


def _locked_policy(policy: RecognitionPolicy) -> Any:
    """Its row is append-only and may not be locked by the application: the issuer's is the lock."""
    Issuer.objects.select_for_update(no_key=True).get(pk=policy.issuer_id)
    return RecognitionPolicy.objects.select_related("issuer").get(pk=policy.pk)
