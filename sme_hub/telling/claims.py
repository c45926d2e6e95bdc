"""What people are told of checks: officers that one is asked for, owners what became of it and that it is about to end."""

from __future__ import annotations

from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.events import ClaimDecided, ClaimExpiryWatched, ClaimSubmitted, ClaimWithdrawn
from identity.models import Claim
from identity.queries import officers_who_decide
from identity.rules.notices import TIME_UNTIL
from identity.services.claims import TOLD_BEFORE
from identity.states import ClaimState
from kernel.events import BusinessEvent, Occurrence
from sme_hub.telling.company_matters import OWNERS, matter_about, page, row
from sme_hub.telling.rows import Matter

#: people are told that a check is about to end when its end is near, not when it is given
AT: dict[type[BusinessEvent], str] = {ClaimExpiryWatched: "tell_at"}


def claim_of(event: ClaimSubmitted | ClaimDecided | ClaimWithdrawn, occurrence: Occurrence) -> Matter:
    claim = Claim.objects.select_related("company").get(pk=event.claim_id)
    kinds = {"kind": claim.kind}
    return matter_about(claim, event, occurrence, claim.company, params=kinds, users=officers_who_decide())


def ending_claim_of(
    event: ClaimExpiryWatched | ClaimSubmitted | ClaimDecided | ClaimWithdrawn, occurrence: Occurrence
) -> Matter:
    """The claim, for its company, until the end of the last day on which it holds."""
    claim = Claim.objects.select_related("company").get(pk=event.claim_id)
    return matter_about(
        claim,
        event,
        occurrence,
        claim.company,
        respond_by=_end_of(claim),
        at=event.tell_at if isinstance(event, ClaimExpiryWatched) else None,
    )


def _end_of(claim: Claim) -> datetime | None:
    if claim.expires_on is None:
        return None
    return datetime.combine(claim.expires_on, time.max, timezone.get_default_timezone())


def _ends_soon(matter: Matter) -> bool:
    """Asked of the claim as it stands: a later check has a later day."""
    claim: Claim = matter.row
    if claim.state != ClaimState.VERIFIED or claim.expires_on is None:
        return False
    return claim.expires_on - TOLD_BEFORE <= timezone.localdate(matter.now)


ROWS = (
    row(
        "claim.to_decide",
        _("%(company)s asks for a check: look at its evidence"),
        "shield-check",
        group="office",
        reader=claim_of,
        path=lambda matter, side: reverse("admin:identity_claim_decide", args=[matter.row.pk]),
        on=(ClaimSubmitted,),
        to="staff",
        waits=True,
        when=lambda matter: matter.row.state == ClaimState.SUBMITTED,
        until=(ClaimDecided, ClaimWithdrawn),
    ),
    # some have letters of their own, which say more
    row(
        "claim.verified",
        _("The programme’s office has verified a statement of %(company)s"),
        "badge-check",
        mail=False,
        reader=claim_of,
        path=page("claims"),
        on=(ClaimDecided,),
        when=lambda matter: matter.event.state == ClaimState.VERIFIED,
        **OWNERS,
    ),
    row(
        "claim.refused",
        _("The programme’s office could not accept a statement of %(company)s: read why and send it again"),
        "circle-alert",
        mail=False,
        reader=claim_of,
        path=page("claims"),
        on=(ClaimDecided,),
        when=lambda matter: matter.event.state == ClaimState.REFUSED,
        **OWNERS,
    ),
    row(
        "claim.to_renew",
        _("A check of %(company)s is about to expire: send its evidence again"),
        "calendar-clock",
        until_when=TIME_UNTIL,
        reader=ending_claim_of,
        path=page("claims"),
        on=(ClaimExpiryWatched,),
        waits=True,
        when=_ends_soon,
        until=(ClaimSubmitted, ClaimDecided, ClaimWithdrawn),
        may_move=True,
        **OWNERS,
    ),
)
