"""Whose turn it is with an order, as conditions of SQL on `orders_order`: counts, lists and what people are told ask the same.

Columns are named with their table, so that other tables may stand beside it.
"""

from __future__ import annotations

from orders.queries.rows import quoted
from orders.states import BINDING, OrderState, PaymentTerms

_OWED = "orders_order.amount_paid < orders_order.total"
_CONFIRMED_UNPAID = f"""(orders_order.state = '{OrderState.CONFIRMED}'
    AND orders_order.payment_terms = '{PaymentTerms.PREPAID}' AND {_OWED})"""

#: for the buyer to pay and the seller to look for; nothing is paid while payment is held
TO_PAY = f"(orders_order.state IN ({quoted(BINDING)}) AND {_OWED} AND orders_order.held_since IS NULL)"
#: for the seller to ship; of what is paid in advance nothing is shipped before
TO_SEND = f"""(orders_order.state IN ('{OrderState.CONFIRMED}', '{OrderState.PART_DESPATCHED}')
    AND NOT {_CONFIRMED_UNPAID})"""
#: for the buyer to count: what is sent in part may have arrived; of what is sent in full something is under way until the
#: order is complete
TO_RECEIVE = f"""(orders_order.state = '{OrderState.DESPATCHED}' OR orders_order.state = '{OrderState.PART_DESPATCHED}'
    AND EXISTS (SELECT 1 FROM orders_orderline AS line
                WHERE line.order_id = orders_order.id AND line.despatched > line.received))"""
