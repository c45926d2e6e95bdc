"""More time for a mediation: only when both sides ask for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disputes.events import DeadlineMoved, LongerAsked
from disputes.models import Case
from disputes.services.fetching import await_until, expect, party_case, tell
from disputes.states import CaseState
from identity.actors import Actor


@transaction.atomic
def ask_longer(*, actor: Actor, case: str, now: datetime) -> Case:
    """One side asks; with the other's the mediation has its full time again, counted from now. Never earlier than before."""
    found, member, side = party_case(actor, case)
    expect(found, CaseState.MEDIATING, CaseState.DRAFTING, now=now)
    if found.longer_asked_by == side:
        return found
    if not found.longer_asked_by:
        found.longer_asked_by = side
        found.save(update_fields=["longer_asked_by"])
        tell(found, LongerAsked(case_id=found.pk, side=side), actor=member, now=now)
        return found
    found.longer_asked_by = ""
    until = await_until(found, "mediate", actor=member, now=now)
    found.save(update_fields=["longer_asked_by", "respond_by"])
    event = DeadlineMoved(case_id=found.pk, code="mediate", respond_by=until)
    tell(found, event, actor=member, now=now)
    return found
