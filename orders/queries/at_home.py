"""Short lists for the homes of those who look after money and goods: what is to be paid first, what is on its way."""

from __future__ import annotations

from datetime import date

from identity.actors import CompanyActor
from orders.models import Order
from orders.queries.rows import SHOWN, quoted
from orders.states import BINDING

#: rows of a list on a home
FEW = 8


_TO_PAY = f"""
(SELECT {SHOWN} FROM orders_order WHERE {{mine}} AND amount_paid < total AND state IN ({quoted(BINDING)})
    ORDER BY payment_due_on, id LIMIT {FEW})"""
_OWED = " UNION ALL ".join(
    _TO_PAY.format(mine=mine) for mine in ("seller_id = %(company)s", "buyer_id = %(company)s")
)
_MOVING = f"""
(SELECT {SHOWN} FROM orders_order
    WHERE seller_id = %(company)s AND state IN ('confirmed', 'part_despatched')
    ORDER BY requested_date, id LIMIT {FEW})
UNION ALL
(SELECT {SHOWN} FROM orders_order
    WHERE buyer_id = %(company)s AND state IN ('part_despatched', 'despatched') ORDER BY id LIMIT {FEW})"""


def owed_first(actor: CompanyActor) -> list[Order]:
    """What is to be paid by and to the company, the earliest day first. One statement that walks two short indexes."""
    found = list(Order.objects.raw(_OWED, {"company": actor.company_id}))
    return sorted(found, key=lambda order: (order.payment_due_on or date.max, order.pk))[:FEW]


def moving(actor: CompanyActor) -> list[Order]:
    """Sales to send, by the day that was asked for, and purchases on their way, the longest under way first. One statement."""
    return list(Order.objects.raw(_MOVING, {"company": actor.company_id}))
