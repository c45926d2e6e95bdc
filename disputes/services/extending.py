"""More time for a mediation: only when both sides ask for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disputes.models import Case
from disputes.services.fetching import await_until, expect, party_case
from disputes.states import CaseState
from identity.actors import Actor


@transaction.atomic
def ask_longer(*, actor: Actor, case: str, now: datetime) -> Case:
    """One side asks; with the other's the mediation has its full time again, counted from now. Never earlier than before."""
    found, member, side = party_case(actor, case)
    expect(found, CaseState.MEDIATING, CaseState.DRAFTING, now=now)
    if found.longer_asked_by in ("", side):
        found.longer_asked_by = side
        found.save(update_fields=["longer_asked_by"])
        return found
    found.longer_asked_by = ""
    await_until(found, "mediate", actor=member, now=now)
    found.save(update_fields=["longer_asked_by", "respond_by"])
    return found
