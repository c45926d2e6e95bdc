"""Order again: what is still on sale goes into the cart, what is not is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from identity.actors import Actor, require
from identity.states import Role
from orders.models import Order, OrderLine
from orders.queries.offers import by_public_id, products_on_sale
from orders.rules.roles import side_of
from orders.services.carting import fill_cart
from orders.services.fetching import OtherPartys


@dataclass(frozen=True)
class Again:
    """Lines of the old order that are in the cart now, and those that are no longer on sale."""

    added: list[OrderLine]
    missing: list[OrderLine]


@transaction.atomic
def order_again(*, actor: Actor, order: str, now: datetime) -> Again:
    """Fill the company's cart with the lines of an order that it once placed, at today's prices."""
    buyer = require(actor, Role.BUYER)
    old: Order = Order.objects.visible_to(actor).fetch(order)
    if side_of(old, actor) != "buyer":
        raise OtherPartys
    lines = list(old.lines.select_related("product").defer("product__attributes"))
    on_sale = by_public_id(products_on_sale(line.product.public_id for line in lines))
    again = Again(
        added=[line for line in lines if line.product.public_id in on_sale],
        missing=[line for line in lines if line.product.public_id not in on_sale],
    )
    wanted = {on_sale[line.product.public_id]: line.quantity for line in again.added}
    if wanted:
        fill_cart(buyer=buyer, wanted=wanted, now=now)
    return again
