"""The end of a case: payment of the order is free again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disputes import queries
from disputes.events import CaseClosed, MediationFailed
from disputes.models import Case
from disputes.services.fetching import OtherSides, await_end, move, own_mediation, party_case, set_state, tell
from disputes.services.meeting import call_off_what_is_ahead
from disputes.states import CaseState, Side
from financing.services import release_from_dispute
from identity.actors import Actor
from kernel.events import BusinessEvent
from orders.services import release_hold


def end(case: Case, event: BusinessEvent, *, actor: Actor, now: datetime) -> Case:
    """Save a case that was moved to an end, release the hold and say so."""
    case.ended_at = now
    case.save(update_fields=["state", "respond_by", "changed_at", "ended_at"])
    release_hold(actor=actor, order_id=case.order_id, by=case.uid, now=now)
    release_from_dispute(order_id=case.order_id, actor=actor, now=now)
    tell(case, event, actor=actor, now=now)
    return case


@transaction.atomic
def leave_mediation(*, actor: Actor, case: str, now: datetime) -> Case:
    """Either party stops. No reason is asked for, and the certificate gives none."""
    found, member, side = party_case(actor, case)
    return _fail(found, str(side), actor=member, now=now)


@transaction.atomic
def end_mediation(*, actor: Actor, case: str, now: datetime) -> Case:
    """The mediator ends it without a settlement."""
    found, _mediator = own_mediation(actor, case)
    return _fail(found, "mediator", actor=actor, now=now)


@transaction.atomic
def close_case(*, actor: Actor, case: str, now: datetime) -> Case:
    """The claimant closes what ended without a settlement; to whom something late is owed gives it up to the courts.

    Closing releases the hold on the order, so who is late does not close.
    """
    found, member, side = party_case(actor, case)
    if found.state == CaseState.DEFAULTED:
        is_theirs = side not in queries.sides_in_default(found, now)
    else:
        is_theirs = side == Side.A
    if not is_theirs:
        raise OtherSides
    move(found, CaseState.CLOSED, now=now)
    return end(found, CaseClosed(case_id=found.pk), actor=member, now=now)


def close_by_itself(case: Case, *, actor: Actor, now: datetime) -> Case:
    """The time to go another way is over; of a default as well: holding payment of the order brings in nothing that is owed."""
    set_state(case, CaseState.CLOSED, now=now)
    return end(case, CaseClosed(case_id=case.pk), actor=actor, now=now)


def _fail(case: Case, by: str, *, actor: Actor, now: datetime) -> Case:
    move(case, CaseState.FAILED, now=now)
    case.failed_by = by
    await_end(case, actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at", "failed_by", "unsettled_at"])
    call_off_what_is_ahead(case, actor=actor, now=now)
    tell(case, MediationFailed(case_id=case.pk, by_side=by), actor=actor, now=now)
    return case
