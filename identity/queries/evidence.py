"""What an act rested on, as its event keeps it: read from the proofs themselves, whatever has become of the identities since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from identity.models import Issuer, Proof


@dataclass(frozen=True)
class ShownFor:
    """Who vouched for whoever did it, as what it counted then, and when they had shown it. No name and no subject."""

    issuer: Issuer
    rank: int
    at: datetime


def shown_for(kept: Mapping[str, Any] | None) -> ShownFor | None:
    """Of the evidence in an event (`services.assurance.Evidence`); None where nothing was asked. One statement."""
    if not kept or not kept.get("proofs"):
        return None
    proofs = Proof.objects.filter(pk__in=kept["proofs"]).select_related("identity__issuer")
    newest = proofs.order_by("-auth_time", "-pk").first()
    return ShownFor(newest.identity.issuer, kept["rank"], newest.auth_time) if newest else None
