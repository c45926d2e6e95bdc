"""An order in brief, for whoever has to say something about it: one statement, written out, since every order is told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.ids import public_id
from kernel.prepared import fetch_prepared
from orders.models import Order
from orders.states import OrderState, PaymentTerms

_BRIEF = """
SELECT o.uid, o.reference, o.state, o.currency, o.total, o.amount_paid, o.payment_terms, o.respond_by, o.payment_due_on,
       o.buyer_id, buyer.slug, {buyer}, o.seller_id, seller.slug, {seller},
       EXISTS (SELECT 1 FROM orders_orderline l WHERE l.order_id = o.id AND l.despatched > l.received)
FROM orders_order o
JOIN identity_company buyer ON buyer.id = o.buyer_id JOIN identity_company seller ON seller.id = o.seller_id
WHERE o.id = %s
"""
#: the first columns, by the names of their fields
_FACTS = (
    *("uid", "reference", "state", "currency", "total", "amount_paid"),
    *("payment_terms", "respond_by", "payment_due_on"),
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
    amount_paid: Decimal
    payment_terms: str
    respond_by: datetime | None
    payment_due_on: Any
    buyer: PartyInBrief
    seller: PartyInBrief
    is_on_the_way: bool

    @property
    def public_id(self) -> str:
        return public_id(Order.PREFIX, self.uid)

    @property
    def is_owed(self) -> bool:
        return self.amount_paid < self.total

    def awaits_answer(self, state: str, now: datetime) -> bool:
        """Whether it waits in this state for an answer that still counts."""
        return self.state == state and self.respond_by is not None and now < self.respond_by

    @property
    def is_to_send(self) -> bool:
        """Whether the seller has something to ship, as `orders.queries.waiting` counts it."""
        if self.state == OrderState.CONFIRMED:
            return self.payment_terms != PaymentTerms.PREPAID or not self.is_owed
        return self.state == OrderState.PART_DESPATCHED


def order_in_brief(order_id: int) -> OrderInBrief:
    """The order as it is now, for a handler. No actor: the caller decides who is told what."""
    row = fetch_prepared(_BRIEF.format(buyer=_names("buyer"), seller=_names("seller")), [order_id])[0]
    facts: dict[str, Any] = dict(zip(_FACTS, row, strict=False))
    facts |= {"buyer": PartyInBrief(*row[9:14]), "seller": PartyInBrief(*row[14:19])}
    return OrderInBrief(**facts, is_on_the_way=row[19])


def _names(side: str) -> str:
    return ", ".join(f"o.{side}_party ->> '{name}'" for name in ("name_en", "name_zh", "legal_name"))
