"""Orders in several states, each told as a story of acts: `accept|pay|despatch:half`.

Acts: accept, refuse:REASON, cancel:REASON, freight:AMOUNT, agree, pay, pay:half, despatch, despatch:half, despatch:rest,
receive, receive:damaged. An act takes its usual time after the one before it, or as many days as it says (`pay@20`), and
happens in office hours. An order with no story waits for its seller; one that has waited for longer than 72 hours lapses by
the product's own timer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db import transaction
from django.utils import timezone

from catalog.models import Product
from identity.actors import Member
from identity.models import Address
from kernel.money import round_money
from orders import services
from orders.models import Order
from orders.services import DespatchedLine, OrderRequest, ReceivedLine, WantedLine
from sme_hub.demo.loading.moments import days_before, later_at_work, number
from sme_hub.demo.loading.past import live_until, read_what_came

#: hours from one act to the next
HOURS = {
    "accept": 3,
    "freight": 4,
    "refuse": 5,
    "cancel": 5,
    "agree": 6,
    "pay": 20,
    "despatch": 22,
    "receive": 140,
}
#: what people were told within this time lies unread
UNREAD_FOR = timedelta(days=2)
CARRIERS = {"SG": "Straits Container Line", "CN": "鹏城快运"}

Row = Mapping[str, str]


@dataclass
class Deal:
    """An order with who tells its story; `order` is its public id once it is placed."""

    row: Row
    buyer: Member
    seller: Member
    order: str = ""

    def fetch(self) -> Order:
        order: Order = Order.objects.fetch(self.order)
        return order


@dataclass(frozen=True)
class Scene:
    """One act of a deal, and when it happens."""

    at: datetime
    deal: Deal
    act: str
    detail: str = ""

    def play(self) -> None:
        ACTS[self.act](self.deal, self.detail, self.at)


def tell_season(rows: Iterable[Row], *, buyers: Mapping[str, Member], seller: Member, now: datetime) -> int:
    """Tell these orders of one seller, act by act in the order of time. Returns how many; those known are left alone.

    One transaction: the papers' numbers follow their dates, and nobody meets an order half-way. Deadlines of the past are
    due at once, so a worker that saw one would let it lapse.
    """
    deals = [Deal(row, buyers[row["buyer"]], seller) for row in rows]
    with transaction.atomic():
        deals = [deal for deal in deals if not _is_told(deal)]
        scenes = sorted((scene for deal in deals for scene in scenes_of(deal, now)), key=lambda it: it.at)
        lately = now - UNREAD_FOR
        if deals:
            _play([scene for scene in scenes if scene.at < lately], until=lately)
            read_what_came({deal.buyer.company_id for deal in deals} | {seller.company_id}, before=lately)
            _play([scene for scene in scenes if scene.at >= lately], until=now)
    return len(deals)


def _play(scenes: Iterable[Scene], *, until: datetime) -> None:
    for scene in scenes:
        live_until(scene.at)
        scene.play()
    live_until(until)


def scenes_of(deal: Deal, now: datetime) -> list[Scene]:
    """The placing and what follows it, each after the one before, none in the future."""
    po_number = deal.row["po_number"]
    at = days_before(now, float(deal.row["days_ago"]), po_number)
    scenes = [Scene(at, deal, "place")]
    for place, told in enumerate(filter(None, deal.row["story"].split("|"))):
        named, _, detail = told.partition(":")
        act, _, days = named.partition("@")
        pause = timedelta(days=float(days)) if days else timedelta(hours=HOURS[act])
        at = min(later_at_work(at, pause, f"{po_number} {place}"), now)
        scenes.append(Scene(at, deal, act, detail))
    return scenes


def _is_told(deal: Deal) -> bool:
    known = Order.objects.filter(buyer=deal.buyer.company, po_number=deal.row["po_number"])
    return known.exists()


# --- the acts ------------------------------------------------------------------------------------------------------


def _place(deal: Deal, _: str, now: datetime) -> None:
    request = request_of(deal.row, deal.buyer, deal.seller)
    deal.order = services.place_order(actor=deal.buyer, request=request, now=now).public_id


def request_of(row: Row, buyer: Member, seller: Member) -> OrderRequest:
    """What a row of orders.csv, or of approvals.csv, wants."""
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


def _accept(deal: Deal, _: str, now: datetime) -> None:
    services.accept_order(actor=deal.seller, order=deal.order, now=now)


def _refuse(deal: Deal, reason: str, now: datetime) -> None:
    services.refuse_order(actor=deal.seller, order=deal.order, reason=reason, now=now)


def _cancel(deal: Deal, reason: str, now: datetime) -> None:
    services.cancel_order(actor=deal.buyer, order=deal.order, reason=reason, now=now)


def _freight(deal: Deal, amount: str, now: datetime) -> None:
    services.offer_freight(actor=deal.seller, order=deal.order, freight=Decimal(amount), now=now)


def _agree(deal: Deal, _: str, now: datetime) -> None:
    services.agree_freight(actor=deal.buyer, order=deal.order, now=now)


def _pay(deal: Deal, part: str, now: datetime) -> None:
    """What is outstanding, or half of it."""
    order = deal.fetch()
    amount = round_money(order.outstanding / 2, order.currency) if part == "half" else order.outstanding
    received_on = timezone.localdate(now)
    services.record_payment(
        actor=deal.seller, order=deal.order, amount=amount, received_on=received_on, now=now
    )


def _despatch(deal: Deal, part: str, now: datetime) -> None:
    """What has not left yet: all of it, or the first half of the lines, rounded up."""
    lines = [line for line in deal.fetch().lines.order_by("number") if line.despatched < line.quantity]
    if part == "half":
        lines = lines[: int((Decimal(len(lines)) / 2).to_integral_value(ROUND_CEILING))]
    services.despatch(
        actor=deal.seller,
        order=deal.order,
        carrier=CARRIERS[deal.seller.company.country],
        tracking_number=f"DEMO{number(deal.order + part, 10**8):08}",
        despatched_on=timezone.localdate(now),
        eta=timezone.localdate(now + timedelta(days=6)),
        lines=[DespatchedLine(line=line.number, quantity=line.quantity) for line in lines],
        now=now,
    )


def _receive(deal: Deal, what: str, now: datetime) -> None:
    """The oldest shipment that nobody has counted yet; a sixth of its first line may be damaged."""
    sent = deal.fetch().despatches.filter(receipts=None).earliest("number")
    services.receive(
        actor=deal.buyer,
        order=deal.order,
        despatch=sent.public_id,
        lines=[
            ReceivedLine(
                line=line.order_line.number,
                quantity=line.quantity,
                damaged=line.quantity // 6 if what == "damaged" and place == 0 else Decimal(0),
            )
            for place, line in enumerate(sent.lines.select_related("order_line").order_by("pk"))
        ],
        received_on=timezone.localdate(now),
        note="两箱外包装压坏，部分货品受潮，已拍照。" if what == "damaged" else "",
        now=now,
    )


ACTS: dict[str, Callable[[Deal, str, datetime], None]] = {
    "place": _place,
    "accept": _accept,
    "refuse": _refuse,
    "cancel": _cancel,
    "freight": _freight,
    "agree": _agree,
    "pay": _pay,
    "despatch": _despatch,
    "receive": _receive,
}
