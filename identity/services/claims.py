"""Claims: a company states, with evidence; a programme officer verifies or refuses, one by one, until a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import IO

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import DECIDE, Actor, Member, Staff, System, require_person
from identity.events import ClaimDecided, ClaimExpiryWatched, ClaimSubmitted, ClaimWithdrawn
from identity.models import Claim, Company, Membership
from identity.services.evidence import checked_evidence
from identity.services.locking import lock_company
from identity.services.screening.comparing import names_of
from identity.services.screening.holding import check_may_be_verified
from identity.states import CLAIM_MOVES, ClaimKind, ClaimState, Role
from kernel.errors import Conflict, Forbidden, Refused
from kernel.models import Event
from kernel.services import record
from kernel.states import check_move

#: so long before a check ends its company is told
TOLD_BEFORE = timedelta(days=30)
#: so many that nobody watched are taken up by one run of the clock
WATCHED_AT_ONCE = 500

_DECIDED = (
    "state",
    "source",
    "scope",
    "reason",
    "verifier",
    "checked_on",
    "expires_on",
    "names_checked",
)


class UnknownClaim(Refused):
    code = "claim.unknown_kind"
    message = _("Choose what is to be checked.")
    field = "kind"


class EvidenceMissing(Refused):
    code = "claim.evidence_missing"
    message = _("Add the document that shows it.")
    field = "evidence"


class SourceMissing(Refused):
    code = "claim.source_missing"
    message = _("Say what you checked it against.")
    field = "source"


class ReasonMissing(Refused):
    code = "claim.reason_missing"
    message = _("Say why, so that the company can mend it.")
    field = "reason"


class ExpiryMissing(Refused):
    code = "claim.expiry_missing"
    message = _("A check expires on a date after today.")
    field = "expires_on"


class OwnClaim(Refused):
    code = "claim.own"
    message = _("You act for this company yourself. Another officer has to decide.")
    status = 403


class ClaimSentAgain(Conflict):
    code = "claim.sent_again"
    message = _("The company has sent other evidence meanwhile. Look at it, then decide.")


@transaction.atomic
def submit_claim(
    *,
    actor: Actor,
    kind: str,
    statement: str,
    evidence: IO[bytes] | None,
    evidence_name: str = "",
    now: datetime,
) -> Claim:
    """Ask for a check, the first time, after a refusal, or again before the last check expires."""
    owner = require_person(actor, Role.OWNER)
    if kind not in ClaimKind.values:
        raise UnknownClaim
    if not evidence:
        raise EvidenceMissing
    file, shown = checked_evidence(evidence, evidence_name)
    company = lock_company(owner)
    claim = Claim.objects.filter(company=company, kind=kind).first()
    if claim is None:
        claim = Claim(company=company, kind=kind)
    else:
        check_move(CLAIM_MOVES, claim.state, ClaimState.SUBMITTED)
    claim.state = ClaimState.SUBMITTED
    claim.statement, claim.reason, claim.submitted_at = statement, "", now
    claim.evidence, claim.evidence_name = file, shown
    claim.save()
    event = ClaimSubmitted(claim_id=claim.pk)
    record(event, actor=owner, now=now, subject=claim, audience=[company.pk])
    return claim


@transaction.atomic
def decide_claim(
    *,
    actor: Actor,
    claim: Claim,
    verified: bool,
    source: str,
    expires_on: date | None,
    reason: str = "",
    scope: str = "",
    submitted_at: datetime | None = None,
    now: datetime,
) -> Claim:
    """An officer's decision, made today. Verifying needs a source and an expiry; refusing, or taking back, a reason.

    `scope` says what the check covers where that is less than usual. Raises `CandidateFirst` while the company may be on a
    list, `ListsOutOfDate` where the lists are too old to verify anything by.

    `submitted_at` is that of the claim which the officer looked at: `ClaimSentAgain` when other evidence came since.
    """
    officer = _officer(actor, claim, now)
    company = Company.objects.select_for_update().get(pk=claim.company_id)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if submitted_at is not None and submitted_at != claim.submitted_at:
        raise ClaimSentAgain
    state = ClaimState.VERIFIED if verified else ClaimState.REFUSED
    check_move(CLAIM_MOVES, claim.state, state)
    today = timezone.localdate(now)
    _check_decision(verified, source, expires_on, reason, today)
    if verified:
        check_may_be_verified(company.pk, now)
    claim.state, claim.source, claim.reason = state, source.strip(), reason.strip()
    claim.verifier, claim.checked_on = officer.user, today
    claim.expires_on = expires_on if verified else None
    claim.scope = scope.strip() if verified else ""
    claim.names_checked = list(names_of(company)) if verified else []
    claim.save(update_fields=_DECIDED)
    keep_badge(company, claim)
    event = ClaimDecided(claim_id=claim.pk, state=state)
    record(event, actor=officer, now=now, subject=claim, audience=[company.pk])
    _watch(claim, officer, now)
    return claim


def watch_claims(*, now: datetime) -> int:
    """Claims verified before anybody watched their end are watched from now on; a claim is watched once for each check.

    A badge decays by itself, since its last day is asked at each reading: this is so that its company hears of it. Returns
    how many; the clock comes again for the rest.
    """
    missed = _unwatched(now).order_by("pk").values_list("pk", flat=True)[:WATCHED_AT_ONCE]
    return sum(_watch_missed(pk, now) for pk in list(missed))


def _unwatched(now: datetime) -> QuerySet[Claim]:
    watched = Event.objects.filter(
        name=ClaimExpiryWatched.__name__, subject_id=OuterRef("uid"), at__date__gte=OuterRef("checked_on")
    )
    today = timezone.localdate(now)
    standing = Claim.objects.filter(
        state=ClaimState.VERIFIED, expires_on__gte=today, checked_on__isnull=False
    )
    return standing.exclude(Exists(watched))


@transaction.atomic
def _watch_missed(pk: int, now: datetime) -> bool:
    """Locked first, and asked again: two clocks may have come by."""
    claim = Claim.objects.select_for_update().get(pk=pk)
    if not _unwatched(now).filter(pk=pk).exists():
        return False
    _watch(claim, System(reason="watch claims"), now)
    return True


def _watch(claim: Claim, actor: Staff | System, now: datetime) -> None:
    if claim.expires_on is None:
        return
    told_at = _tell_at(claim.expires_on, now)
    watched = ClaimExpiryWatched(claim_id=claim.pk, expires_on=claim.expires_on, tell_at=told_at)
    record(watched, actor=actor, now=now, subject=claim)


@transaction.atomic
def withdraw_claim(*, actor: Actor, claim: Claim, now: datetime) -> None:
    """The company no longer says so."""
    owner = require_person(actor, Role.OWNER)
    company = lock_company(owner)
    _withdraw(Claim.objects.visible_to(owner).fetch(claim.public_id), company, owner, now)


def withdraw_claims(*, company: Company, kinds: Iterable[str], actor: Member, now: datetime) -> None:
    """Take back what hung on a fact that has changed. `company` is locked."""
    hanging = [ClaimState.SUBMITTED, ClaimState.VERIFIED]
    for claim in Claim.objects.filter(company=company, kind__in=list(kinds), state__in=hanging):
        _withdraw(claim, company, actor, now)


def _withdraw(claim: Claim, company: Company, owner: Member, now: datetime) -> None:
    check_move(CLAIM_MOVES, claim.state, ClaimState.WITHDRAWN)
    claim.state = ClaimState.WITHDRAWN
    claim.save(update_fields=["state"])
    keep_badge(company, claim)
    event = ClaimWithdrawn(claim_id=claim.pk)
    record(event, actor=owner, now=now, subject=claim, audience=[company.pk])


def _officer(actor: Actor, claim: Claim, now: datetime) -> Staff:
    if not isinstance(actor, Staff) or not actor.has(DECIDE):
        raise Forbidden
    if Membership.objects.active(now).filter(company_id=claim.company_id, user_id=actor.user_id).exists():
        raise OwnClaim
    return actor


def _check_decision(verified: bool, source: str, expires_on: date | None, reason: str, today: date) -> None:
    if not verified:
        if not reason.strip():
            raise ReasonMissing
        return
    if not source.strip():
        raise SourceMissing
    if expires_on is None or expires_on <= today:
        raise ExpiryMissing


def _tell_at(expires_on: date, now: datetime) -> datetime:
    """A month before, in the morning; half way where the check holds for less than two."""
    zone = timezone.get_default_timezone()
    a_month_before = datetime.combine(expires_on - TOLD_BEFORE, time(8), zone)
    half_way = now + (datetime.combine(expires_on, time.max, zone) - now) / 2
    return max(a_month_before, half_way)


def keep_badge(company: Company, claim: Claim) -> None:
    """What lists show of the registration check, beside the company."""
    if claim.kind != ClaimKind.REGISTRATION:
        return
    holds = claim.state == ClaimState.VERIFIED
    company.registration_checked_on = claim.checked_on if holds else None
    company.registration_check_expires_on = claim.expires_on if holds else None
    company.save(update_fields=["registration_checked_on", "registration_check_expires_on"])
