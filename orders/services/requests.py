"""What a buyer or seller asks for, in public ids only: the same for a form and for the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders.states import PaymentTerms


@dataclass(frozen=True, kw_only=True)
class WantedLine:
    #: public id, `prd_…`
    product: str
    #: base units
    quantity: Decimal
    #: the unit price that the buyer agreed to; where given, another price at the door is refused
    price_seen: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OrderRequest:
    """An order as the buyer wants it: one seller, one currency."""

    #: the seller's slug, as in its storefront's address
    seller: str
    lines: tuple[WantedLine, ...]
    #: ISO 4217
    currency: str
    #: Incoterms 2020
    incoterm: str
    place: str
    #: public ids of the buyer's addresses, `adr_…`
    bill_to: str
    ship_to: str
    payment_terms: str = PaymentTerms.PREPAID
    po_number: str = ""
    requested_date: date | None = None
    note: str = ""
    #: the total that the buyer agreed to; where given, another one is refused
    total_seen: Decimal | None = None
    #: take the ordered products out of the company's cart
    from_cart: bool = False


@dataclass(frozen=True, kw_only=True)
class DespatchedLine:
    #: the line's number in the order
    line: int
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class ReceivedLine:
    #: the line's number in the order
    line: int
    #: what arrived, damaged pieces included
    quantity: Decimal
    damaged: Decimal = Decimal(0)
