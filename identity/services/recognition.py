"""Whose identities are recognised: issuers are added and suspended, policies drafted, approved by two officers, and ended.

A policy is never edited. A mistake is ended and drafted anew, so that any past day can be told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import GOVERN, Actor, Staff, System
from identity.events import (
    FrameworkReinstated,
    FrameworkSuspended,
    IssuerAdded,
    IssuerReinstated,
    IssuerSuspended,
    PolicyApproved,
    PolicyDrafted,
    PolicyEnded,
)
from identity.models import (
    AssuranceLevel,
    Issuer,
    PolicyDecision,
    RecognitionPolicy,
    Suspension,
    TrustFramework,
)
from identity.models.recognition import APPROVALS, HIGHEST_RANK, LOWEST_RANK
from identity.queries.recognition import day_of
from identity.rules.profiles import USUAL
from identity.states import (
    ISSUER_MOVES,
    IssuerProfile,
    IssuerState,
    Jurisdiction,
    PolicyDecisionKind,
    Purpose,
    SubjectKind,
)
from kernel.errors import Conflict, Forbidden, Refused
from kernel.services import record
from kernel.states import check_move


class UnknownProfile(Refused):
    code = "issuer.unknown_profile"
    message = _("There is no such profile.")
    field = "profile"


class UnknownFramework(Refused):
    code = "issuer.unknown_framework"
    message = _("There is no such framework.")
    field = "framework"


class IssuerKnown(Conflict):
    code = "issuer.known"
    message = _("There is an issuer with this code or this “iss” already.")
    field = "code"


class AddressNotSafe(Refused):
    code = "issuer.address_not_safe"
    message = _("The addresses of an issuer begin with https://.")
    field = "discovery_url"


class UnknownLevel(Refused):
    code = "issuer.unknown_level"
    message = _("The level map names a level that the framework does not have: %(level)s.")
    field = "level_map"


class AlgorithmMissing(Refused):
    code = "issuer.algorithm_missing"
    message = _("Name the algorithms that are accepted; “none” and shared secrets are not among them.")
    field = "id_token_algs"


class ReasonNeeded(Refused):
    code = "recognition.reason_missing"
    message = _("Say why: it is kept with the decision.")
    field = "reason"


class FrameworkResting(Refused):
    code = "issuer.framework_suspended"
    message = _("The framework of this issuer is suspended. Reinstate the framework first.")
    status = 409


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


@dataclass(frozen=True, kw_only=True)
class IssuerDetails:
    """What an operator says of a new issuer; what is left empty is as its profile usually is (`rules.profiles`)."""

    code: str
    profile: str
    iss: str
    discovery_url: str
    client_id: str
    name_en: str = ""
    name_zh: str = ""
    framework: str = ""
    scope: str = ""
    acr_values: str = ""
    claim_map: dict[str, str] = field(default_factory=dict)
    level_map: dict[str, str] = field(default_factory=dict)
    id_token_algs: tuple[str, ...] = ()
    id_token_enc: tuple[str, ...] = ()
    subject_kind: str = ""
    assertion_key: str = ""
    simulated: bool = False


@transaction.atomic
def add_issuer(*, actor: Actor, details: IssuerDetails, now: datetime) -> Issuer:
    """People may be sent there from now on. It counts for nothing until a policy recognises it."""
    _check_governs(actor)
    if details.profile not in IssuerProfile.values:
        raise UnknownProfile
    usual = USUAL[details.profile]
    framework = TrustFramework.objects.filter(code=details.framework or usual.framework).first()
    if framework is None:
        raise UnknownFramework
    if _locked_framework(framework).state != IssuerState.ACTIVE:
        raise FrameworkResting
    algs = list(details.id_token_algs or usual.algs)
    _check_details(details, framework, algs)
    issuer = Issuer(
        framework=framework,
        code=details.code,
        name_en=details.name_en or framework.name_en,
        name_zh=details.name_zh or details.name_en or framework.name_zh,
        iss=details.iss,
        discovery_url=details.discovery_url,
        client_id=details.client_id,
        profile=details.profile,
        scope=details.scope or usual.scope,
        acr_values=details.acr_values or usual.acr_values,
        claim_map=details.claim_map,
        level_map=details.level_map,
        id_token_algs=algs,
        id_token_enc=list(details.id_token_enc or usual.enc),
        subject_kind=details.subject_kind or usual.subject_kind,
        assertion_key=details.assertion_key,
        simulated=details.simulated,
        added_at=now,
    )
    try:
        with transaction.atomic():
            issuer.save()
    except IntegrityError as error:
        raise IssuerKnown from error
    record(IssuerAdded(issuer_id=issuer.pk), actor=actor, now=now, subject=issuer)
    return issuer


@transaction.atomic
def suspend_issuer(*, actor: Actor, issuer: Issuer, reason: str, now: datetime) -> Issuer:
    """From now on no new act rests on it. What was signed keeps its evidence."""
    officer, locked = _officer(actor, reason), _locked(issuer)
    check_move(ISSUER_MOVES, locked.state, IssuerState.SUSPENDED)
    why = reason.strip()[:500]
    locked.state, locked.suspended_at, locked.suspended_reason = IssuerState.SUSPENDED, now, why
    locked.save(update_fields=["state", "suspended_at", "suspended_reason"])
    Suspension.objects.create(issuer=locked, since=now, reason=why, suspended_by=officer.user)
    record(IssuerSuspended(issuer_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


@transaction.atomic
def reinstate_issuer(*, actor: Actor, issuer: Issuer, reason: str, now: datetime) -> Issuer:
    """It is recognised again as the policies of the day say."""
    officer, framework = _officer(actor, reason), _locked_framework(issuer.framework)
    locked = _locked(issuer)
    check_move(ISSUER_MOVES, locked.state, IssuerState.ACTIVE)
    if framework.state != IssuerState.ACTIVE:
        raise FrameworkResting
    locked.state, locked.suspended_at, locked.suspended_reason = IssuerState.ACTIVE, None, ""
    locked.save(update_fields=["state", "suspended_at", "suspended_reason"])
    Suspension.objects.filter(issuer=locked, until__isnull=True).update(
        until=now, lifted_by=officer.user, lifted_reason=reason.strip()[:500]
    )
    record(IssuerReinstated(issuer_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


@transaction.atomic
def suspend_framework(
    *, actor: Actor, framework: TrustFramework, reason: str, now: datetime
) -> TrustFramework:
    """With every issuer of it that still stood."""
    officer, locked = _officer(actor, reason), _locked_framework(framework)
    check_move(ISSUER_MOVES, locked.state, IssuerState.SUSPENDED)
    locked.state = IssuerState.SUSPENDED
    locked.save(update_fields=["state"])
    standing = Issuer.objects.select_for_update(no_key=True).filter(
        framework=locked, state=IssuerState.ACTIVE
    )
    for issuer in standing.order_by("pk"):
        suspend_issuer(actor=officer, issuer=issuer, reason=reason, now=now)
    record(FrameworkSuspended(framework_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


@transaction.atomic
def reinstate_framework(
    *, actor: Actor, framework: TrustFramework, reason: str, now: datetime
) -> TrustFramework:
    """Its issuers stay suspended until each is reinstated."""
    officer, locked = _officer(actor, reason), _locked_framework(framework)
    check_move(ISSUER_MOVES, locked.state, IssuerState.ACTIVE)
    locked.state = IssuerState.ACTIVE
    locked.save(update_fields=["state"])
    record(FrameworkReinstated(framework_id=locked.pk), actor=officer, now=now, subject=locked)
    return locked


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
    officer = _governing(actor)
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
    officer, locked = _governing(actor), _locked_policy(policy)
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
    officer, locked = _officer(actor, reason), _locked_policy(policy)
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


def _check_governs(actor: Actor) -> None:
    """Officers with the permission, and whoever has the command line of the installation."""
    if not isinstance(actor, System):
        _governing(actor)


def _governing(actor: Actor) -> Staff:
    if not isinstance(actor, Staff) or not actor.has(GOVERN):
        raise Forbidden
    return actor


def _officer(actor: Actor, reason: str) -> Staff:
    officer = _governing(actor)
    if not reason.strip():
        raise ReasonNeeded
    return officer


def _check_details(details: IssuerDetails, framework: TrustFramework, algs: list[str]) -> None:
    safe = ("https",) if settings.HTTPS else ("https", "http")
    if any(urlsplit(address).scheme not in safe for address in (details.iss, details.discovery_url)):
        raise AddressNotSafe
    known = set(framework.levels.values_list("code", flat=True))
    for level in details.level_map.values():
        if level not in known:
            raise UnknownLevel(level=level)
    if not algs or any(alg == "none" or alg.startswith("HS") for alg in algs):
        raise AlgorithmMissing
    if details.subject_kind and details.subject_kind not in SubjectKind.values:
        raise UnknownProfile(field="subject_kind")


def _is_past(policy: RecognitionPolicy, now: datetime) -> bool:
    return policy.valid_to is not None and policy.valid_to <= day_of(now)


def _locked(issuer: Issuer) -> Any:
    return Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)


def _locked_framework(framework: TrustFramework) -> Any:
    """Before any of its issuers, by whoever locks both."""
    return TrustFramework.objects.select_for_update(no_key=True).get(pk=framework.pk)


def _locked_policy(policy: RecognitionPolicy) -> Any:
    """Its row is append-only and may not be locked by the application: the issuer's is the lock."""
    Issuer.objects.select_for_update(no_key=True).get(pk=policy.issuer_id)
    return RecognitionPolicy.objects.select_related("issuer").get(pk=policy.pk)
