"""Payment held while a case about the order is open. Who holds says why; here only the fact is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor
from kernel.errors import Conflict
from kernel.services import record
from orders.events import PaymentHeld, PaymentReleased
from orders.models import Order
from orders.services.paying import NotBinding
from orders.states import BINDING


class HeldAlready(Conflict):
    code = "payment.held_already"
    message = _("Payment of this order is held already.")


@transaction.atomic
def hold_payment(*, actor: Actor, order_id: int, by: UUID, now: datetime) -> Order:
    """Refuse payments of a binding order from now on, in the name of `by`; once held by it, nothing changes."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.held_by == by:
        return order
    if order.is_held:
        raise HeldAlready
    if order.state not in BINDING:
        raise NotBinding
    order.held_by, order.held_since = by, now
    order.save(update_fields=["held_by", "held_since"])
    event = PaymentHeld(order_id=order.pk)
    record(event, actor=actor, now=now, subject=order, about=order, audience=order.parties)
    return order


@transaction.atomic
def release_hold(*, actor: Actor, order_id: int, by: UUID, now: datetime) -> bool:
    """Let payments be recorded again. Repeatable; leaves the hold of somebody else alone and tells whether it released."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.held_by != by:
        return False
    order.held_by = order.held_since = None
    order.save(update_fields=["held_by", "held_since"])
    event = PaymentReleased(order_id=order.pk)
    record(event, actor=actor, now=now, subject=order, about=order, audience=order.parties)
    return True
