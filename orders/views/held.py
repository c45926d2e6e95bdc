"""What waits because a company is under review is said on the page, before anybody presses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from identity.actors import Member
from identity.services import refusals_of
from identity.states import ScreenedAct
from kernel.errors import Refused
from orders.models import Order
from orders.queries import SellerGroup


def say_what_is_held(groups: Sequence[SellerGroup], *, buyer: Member, now: datetime) -> None:
    """In the words that placing the order would be refused with. One statement where nothing is held."""
    sellers = [group.seller.pk for group in groups]
    held = refusals_of(act=ScreenedAct.ORDER, company_id=buyer.company_id, others=sellers, now=now)
    for group in groups:
        group.held = held.get(group.seller.pk)


def held_shipment(order: Order, *, now: datetime) -> Refused | None:
    """Why nothing can be sent to this buyer now, in the words that recording it would be refused with."""
    held = refusals_of(act=ScreenedAct.DESPATCH, company_id=order.seller_id, others=[order.buyer_id], now=now)
    return held.get(order.buyer_id)
