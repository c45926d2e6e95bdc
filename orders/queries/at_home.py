"""Short lists for the homes of those who look after money and goods: what is to be paid first, what is on its way."""

from __future__ import annotations

from datetime import date

from identity.actors import CompanyActor
from orders.models import Order
from orders.queries.rows import SHOWN, orders_by
from orders.queries.turns import TO_PAY, TO_RECEIVE, TO_SEND
from orders.states import OrderState

#: rows of a list on a home
FEW = 8


_OWED_TO_OR_BY = f"""
(SELECT {SHOWN} FROM orders_order WHERE {{mine}} AND {TO_PAY}
    ORDER BY payment_due_on, id LIMIT {FEW})"""
_OWED = " UNION ALL ".join(
    _OWED_TO_OR_BY.format(mine=mine) for mine in ("seller_id = %(company)s", "buyer_id = %(company)s")
)
#: state by state, so that each part walks the index of its state and stops
_ON_THEIR_WAY = " UNION ALL ".join(
    f"(SELECT {SHOWN} FROM orders_order WHERE buyer_id = %(company)s AND state = '{state}' AND {TO_RECEIVE}"
    f" ORDER BY id LIMIT {FEW})"
    for state in (OrderState.PART_DESPATCHED, OrderState.DESPATCHED)
)
_SENT_NEXT = f"""
(SELECT {SHOWN} FROM orders_order WHERE seller_id = %(company)s AND {TO_SEND}
    ORDER BY requested_date, id LIMIT {FEW})"""


def owed_first(actor: CompanyActor) -> list[Order]:
    """What is to be paid by and to the company, the earliest day first. One statement that walks two short indexes."""
    found = orders_by(_OWED, {"company": actor.company_id})
    return sorted(found, key=lambda order: (order.payment_due_on or date.max, order.pk))[:FEW]


def moving(actor: CompanyActor) -> list[Order]:
    """Sales to send, by the day that was asked for, and purchases on their way, the longest under way first. One statement."""
    found = orders_by(f"{_SENT_NEXT} UNION ALL {_ON_THEIR_WAY}", {"company": actor.company_id})
    to_send = [order for order in found if order.seller_id == actor.company_id]
    on_their_way = [order for order in found if order.seller_id != actor.company_id]
    return to_send + sorted(on_their_way, key=lambda order: order.pk)[:FEW]
