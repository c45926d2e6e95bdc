"""A register that calls a company no longer live: what rested on being registered proves nothing from now on.

The register is public, so the company is told why. It asks for a new check when it stands again; an officer who has looked
at it (a cleared candidate) is not overruled by the next copy that says the same.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from identity.actors import System
from identity.events import ClaimDecided, EntityUnbound
from identity.models import Candidate, Claim, Company, EntityBinding, ListSnapshot
from identity.services.claims import keep_badge
from identity.states import CLAIM_MOVES, CandidateState, ClaimKind, ClaimState, EntityStatus
from kernel.services import record
from kernel.states import check_move

#: how the difference is called in `Candidate.why`
NOT_LIVE = "status"
REGISTER = System(reason="struck off")


def strike_companies(snapshot: ListSnapshot, companies: Collection[int], *, now: datetime) -> int:
    """Those of these companies that the copy calls no longer live. Joins the caller's transaction; returns how many."""
    if not snapshot.source.is_register:
        return 0
    standing = Candidate.objects.standing().filter(source_id=snapshot.source_id, company_id__in=companies)
    struck = standing.exclude(state=CandidateState.CLEARED).filter(why__differs__contains=NOT_LIVE)
    keys = sorted(set(struck.values_list("company_id", flat=True)))
    for key in keys:
        _unbind(key, now)
        _take_back(key, snapshot, now)
    return len(keys)


def _unbind(company_id: int, now: datetime) -> None:
    """Signed acts keep their evidence; the next ones find no standing binding."""
    bindings = EntityBinding.objects.select_for_update().filter(
        company_id=company_id, entity_status=EntityStatus.REGISTERED, ended_at__isnull=True
    )
    for binding in bindings.order_by("pk"):
        binding.entity_status = EntityStatus.DEREGISTERED
        binding.save(update_fields=["entity_status"])
        event = EntityUnbound(binding_id=binding.pk)
        record(event, actor=REGISTER, now=now, subject=binding, audience=[company_id])


def _take_back(company_id: int, snapshot: ListSnapshot, now: datetime) -> None:
    """The check of the registration, where one holds."""
    verified = Claim.objects.filter(
        company_id=company_id, kind=ClaimKind.REGISTRATION, state=ClaimState.VERIFIED
    )
    if not verified.exists():
        return
    company = Company.objects.select_for_update().get(pk=company_id)
    claim = verified.first()
    if claim is None:  # taken back meanwhile
        return
    check_move(CLAIM_MOVES, claim.state, ClaimState.REFUSED)
    claim.state, claim.checked_on, claim.expires_on = ClaimState.REFUSED, timezone.localdate(now), None
    claim.reason = _reason(snapshot)
    claim.save(update_fields=["state", "checked_on", "expires_on", "reason"])
    keep_badge(company, claim)
    event = ClaimDecided(claim_id=claim.pk, state=claim.state)
    record(event, actor=REGISTER, now=now, subject=claim, audience=[company_id])


def _reason(snapshot: ListSnapshot) -> str:
    """In both languages: it is kept as it is, like an officer's words."""
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words = _("By its register's data of %(day)s the company is no longer live.")
            said.append(words % {"day": snapshot.as_of.isoformat()})
    return " ".join(said)
