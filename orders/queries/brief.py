"""An order in brief, for whoever has to say something about it: one statement, written out, since every order is told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from kernel.ids import public_id
from kernel.prepared import fetch_prepared
from orders.models import Order
from orders.queries.turns import TO_PAY, TO_RECEIVE, TO_SEND


def _names(side: str) -> str:
    return ", ".join(
        f"orders_order.{side}_party ->> '{name}'" for name in ("name_en", "name_zh", "legal_name")
    )


_BRIEF = f"""
SELECT orders_order.uid, orders_order.reference, orders_order.state, orders_order.currency, orders_order.total,
       orders_order.respond_by, orders_order.payment_due_on, {TO_PAY}, {TO_SEND}, {TO_RECEIVE},
       orders_order.buyer_id, buyer.slug, {_names("buyer")}, orders_order.seller_id, seller.slug, {_names("seller")}
FROM orders_order
JOIN identity_company buyer ON buyer.id = orders_order.buyer_id
JOIN identity_company seller ON seller.id = orders_order.seller_id
WHERE orders_order.id = %s
"""
#: the first columns, by the names of their fields
_FACTS = (
    *("uid", "reference", "state", "currency", "total", "respond_by", "payment_due_on"),
    *("is_to_pay", "is_to_send", "is_to_receive"),
)


@dataclass(frozen=True)
class PartyInBrief:
    company_id: int
    slug: str
    #: of the order's own snapshot
    name_en: str
    name_zh: str
    legal_name: str

    @property
    def names(self) -> dict[str, str]:
        """The name in both languages, each falling back to the registered one."""
        english, chinese = self.name_en, self.name_zh
        return {
            "en": english or chinese or self.legal_name,
            "zh": chinese or english or self.legal_name,
        }


@dataclass(frozen=True)
class OrderInBrief:
    uid: UUID
    reference: str
    state: str
    currency: str
    total: Decimal
    respond_by: datetime | None
    payment_due_on: date | None
    #: whose turn it is, as `orders.queries.turns` says for counts and lists as well
    is_to_pay: bool
    is_to_send: bool
    is_to_receive: bool
    buyer: PartyInBrief
    seller: PartyInBrief

    @property
    def public_id(self) -> str:
        return public_id(Order.PREFIX, self.uid)

    @property
    def pay_by(self) -> datetime | None:
        """The end of the day on which it is due; None for what is paid in advance."""
        if self.payment_due_on is None:
            return None
        return datetime.combine(self.payment_due_on, time.max, timezone.get_default_timezone())

    def awaits_answer(self, state: str, now: datetime) -> bool:
        """Whether it waits in this state for an answer that still counts."""
        return self.state == state and self.respond_by is not None and now < self.respond_by


def order_in_brief(order_id: int) -> OrderInBrief:
    """The order as it is now, for a handler. No actor: the caller decides who is told what."""
    row = fetch_prepared(_BRIEF, [order_id])[0]
    facts: dict[str, Any] = dict(zip(_FACTS, row, strict=False))
    facts |= {"buyer": PartyInBrief(*row[10:15]), "seller": PartyInBrief(*row[15:20])}
    return OrderInBrief(**facts)
