"""Orders in several states, each told as a story of acts: `accept|pay|despatch:half`.

Acts: accept, refuse:REASON, cancel:REASON, freight:AMOUNT, agree, pay, despatch, despatch:half, receive. An order with no
story waits for its seller; one that has waited for longer than 72 hours lapses by the product's own timer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db import transaction
from django.utils import timezone

from catalog.models import Product
from identity.actors import Member
from identity.models import Address
from orders import services
from orders.models import Order
from orders.services import DespatchedLine, OrderRequest, ReceivedLine, WantedLine

#: hours after placing at which each act happens
HOURS = {
    "accept": 5,
    "freight": 6,
    "refuse": 8,
    "cancel": 8,
    "agree": 22,
    "pay": 30,
    "despatch": 52,
    "receive": 190,
}
CARRIERS = {"SG": "Straits Container Line", "CN": "鹏城快运"}

Row = Mapping[str, str]


@dataclass(frozen=True)
class Deal:
    """An order with who tells its story, and when it was placed."""

    order: str
    buyer: Member
    seller: Member
    placed_at: datetime

    def moment(self, act: str) -> datetime:
        """When the act happens: some hours after placing, but not in the future."""
        return min(self.placed_at + timedelta(hours=HOURS[act]), timezone.now())

    def fetch(self) -> Order:
        order: Order = Order.objects.fetch(self.order)
        return order


@transaction.atomic
def trade(row: Row, *, buyer: Member, seller: Member, now: datetime) -> bool:
    """Place the row's order and tell its story. False when it was placed before.

    Seen by others only when it is told to its end: deadlines of the past are due at once, and a worker that met the order
    half-way would let it lapse.
    """
    if Order.objects.filter(buyer=buyer.company, po_number=row["po_number"]).exists():
        return False
    placed_at = now - timedelta(days=float(row["days_ago"]))
    order = services.place_order(actor=buyer, request=_request(row, buyer, seller), now=placed_at)
    deal = Deal(order.public_id, buyer, seller, placed_at)
    for act in filter(None, row["story"].split("|")):
        name, _, rest = act.partition(":")
        ACTS[name](deal, rest)
    return True


def _request(row: Row, buyer: Member, seller: Member) -> OrderRequest:
    address = Address.objects.filter(company=buyer.company, ended_at=None).earliest("pk").public_id
    return OrderRequest(
        seller=seller.company.slug,
        lines=tuple(_wanted(line, seller) for line in row["lines"].split("|")),
        currency=row["currency"],
        incoterm=row["incoterm"],
        place=row["place"],
        bill_to=address,
        ship_to=address,
        payment_terms=row["payment_terms"],
        po_number=row["po_number"],
    )


def _wanted(line: str, seller: Member) -> WantedLine:
    sku, _, quantity = line.partition("*")
    product = Product.objects.get(company=seller.company, sku=sku)
    return WantedLine(product=product.public_id, quantity=Decimal(quantity))


def _accept(deal: Deal, _: str) -> None:
    services.accept_order(actor=deal.seller, order=deal.order, now=deal.moment("accept"))


def _refuse(deal: Deal, reason: str) -> None:
    services.refuse_order(actor=deal.seller, order=deal.order, reason=reason, now=deal.moment("refuse"))


def _cancel(deal: Deal, reason: str) -> None:
    services.cancel_order(actor=deal.buyer, order=deal.order, reason=reason, now=deal.moment("cancel"))


def _freight(deal: Deal, amount: str) -> None:
    services.offer_freight(
        actor=deal.seller, order=deal.order, freight=Decimal(amount), now=deal.moment("freight")
    )


def _agree(deal: Deal, _: str) -> None:
    services.agree_freight(actor=deal.buyer, order=deal.order, now=deal.moment("agree"))


def _pay(deal: Deal, _: str) -> None:
    now = deal.moment("pay")
    services.record_payment(
        actor=deal.seller,
        order=deal.order,
        amount=deal.fetch().outstanding,
        received_on=timezone.localdate(now),
        now=now,
    )


def _despatch(deal: Deal, part: str) -> None:
    """All of it, or the first half of the lines, rounded up."""
    now = deal.moment("despatch")
    lines = list(deal.fetch().lines.order_by("number"))
    if part == "half":
        lines = lines[: int((Decimal(len(lines)) / 2).to_integral_value(ROUND_CEILING))]
    services.despatch(
        actor=deal.seller,
        order=deal.order,
        carrier=CARRIERS[deal.seller.company.country],
        tracking_number=f"DEMO{deal.order[-8:].upper()}",
        despatched_on=timezone.localdate(now),
        eta=timezone.localdate(now + timedelta(days=6)),
        lines=[DespatchedLine(line=line.number, quantity=line.quantity) for line in lines],
        now=now,
    )


def _receive(deal: Deal, _: str) -> None:
    now = deal.moment("receive")
    sent = deal.fetch().despatches.earliest("number")
    services.receive(
        actor=deal.buyer,
        order=deal.order,
        despatch=sent.public_id,
        lines=[
            ReceivedLine(line=line.order_line.number, quantity=line.quantity)
            for line in sent.lines.select_related("order_line")
        ],
        received_on=timezone.localdate(now),
        now=now,
    )


ACTS: dict[str, Callable[[Deal, str], None]] = {
    "accept": _accept,
    "refuse": _refuse,
    "cancel": _cancel,
    "freight": _freight,
    "agree": _agree,
    "pay": _pay,
    "despatch": _despatch,
    "receive": _receive,
}
