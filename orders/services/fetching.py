"""Fetching an order to change it: locked, seen by the actor, and in the hands of the right party."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, CompanyActor, require
from kernel.errors import Conflict, Forbidden
from kernel.states import check_move
from orders.models import Order
from orders.rules.roles import PERMISSIONS, Act, side_of
from orders.states import ORDER_MOVES


class OtherPartys(Forbidden):
    code = "order.other_partys"
    message = _("Only the other party of this order can do this.")


class TooLate(Conflict):
    """The deadline decides, not the timer that closes the order."""

    code = "order.too_late"
    message = _("The time to answer has passed. The order closes by itself and its stock is released.")


def fetch_for(act: Act, *, order: str, actor: Actor) -> tuple[Order, CompanyActor]:
    """The order, locked, and the actor as one who may do `act` to it.

    Raises `NotFound` for strangers, `OtherPartys` on the wrong side, `Forbidden` without the role.
    """
    found: Order = Order.objects.visible_to(actor).select_for_update().fetch(order)
    permission = PERMISSIONS[act]
    if side_of(found, actor) != permission.side:
        raise OtherPartys
    return found, require(actor, *permission.roles)


def move(order: Order, target: str, *, now: datetime) -> None:
    """Set the state (the caller saves) if it may follow the present one and the answer is in time."""
    check_move(ORDER_MOVES, order.state, target)
    if order.answer_is_late(now):
        raise TooLate
    order.state = target
