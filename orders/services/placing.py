"""Placing an order: everything is checked again at the door, and stock is reserved."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from catalog.services import reserve_stock
from identity.actors import Actor, CompanyActor, require
from identity.queries import party_snapshots
from identity.services import Assured, check_not_held, guard
from identity.states import Purpose, Role, ScreenedAct
from kernel.ids import new_uuid
from kernel.services import once, record
from orders.events import OrderPlaced
from orders.models import Order, OrderLine, OrderTax
from orders.queries.offers import Offer
from orders.rules import RESPONSE_TIME, new_reference
from orders.services.carting import take_out_of_cart
from orders.services.checking import Ready, checked
from orders.services.limiting import check_limit
from orders.services.requests import OrderRequest
from tariffs.queries import Worth

Answer = dict[str, Any]


def place_once(*, actor: Actor, request: OrderRequest, key: str, now: datetime) -> Answer:
    """`place_order`, repeatable under the key of a form or an API call. Returns what the buyer is told of the order."""

    def act() -> Answer:
        return _told(_place(actor, request, now))

    body = dataclasses.asdict(request)
    return once(actor=actor, verb="place_order", key=key, body=body, now=now, act=act)


def _told(order: Order) -> Answer:
    """JSON-ready, and kept under the key: a repeated request reads nothing else."""
    assert order.respond_by is not None  # it has just been placed
    return {
        "id": order.public_id,
        "reference": order.reference,
        "state": order.state,
        "currency": order.currency,
        "lines_total": f"{order.lines_total:f}",
        "tax_total": f"{order.tax_total:f}",
        "total": f"{order.total:f}",
        "respond_by": order.respond_by.isoformat(),
    }


@transaction.atomic
def place_order(*, actor: Actor, request: OrderRequest, now: datetime) -> Order:
    """A binding offer to one seller, who has 72 hours to answer. Reserves the stock.

    Raises a `Refused` that names each line which cannot be ordered as asked, and `ApprovalNeeded` over the company's own
    limit; then nothing is changed.
    """
    return _place(actor, request, now)


def _place(actor: Actor, request: OrderRequest, now: datetime) -> Order:
    """Inside the transaction of whoever calls."""
    buyer = require(actor, Role.BUYER)
    ready = checked(request, buyer, now)
    check_limit(buyer, ready.totals.total, request.currency, now)
    assured = guard_order(buyer, ready, request.currency, now)
    return write_order(ready, request, by=buyer, placed_by=buyer.user_id, assured=assured, now=now)


def guard_order(by: CompanyActor, ready: Ready, currency: str, now: datetime) -> Assured:
    """Whoever commits the company to this much is known as surely as it asks, and may; neither party is held."""
    check_not_held(act=ScreenedAct.ORDER, company_id=by.company_id, others=[ready.seller.pk], now=now)
    worth = Worth(ready.totals.total, currency, timezone.localdate(now))
    return guard(actor=by, purpose=Purpose.ORDER, worth=worth, now=now)


def write_order(
    ready: Ready,
    request: OrderRequest,
    *,
    by: CompanyActor,
    placed_by: int,
    assured: Assured,
    now: datetime,
    uid: UUID | None = None,
) -> Order:
    """The order of a request that was just checked, and the stock reserved for it.

    `by` commits the company; `placed_by` is the person whose order it is. Stock comes last, so that its rows are locked
    for a moment only.
    """
    totals, seller = ready.totals, ready.seller
    buyer_party, seller_party = party_snapshots(by.company, seller)
    order = Order.objects.create(
        uid=uid or new_uuid(),
        reference=new_reference(),
        buyer_id=by.company_id,
        seller=seller,
        currency=request.currency,
        incoterm=request.incoterm,
        incoterm_place=request.place.strip(),
        po_number=request.po_number.strip(),
        requested_date=request.requested_date,
        payment_terms=request.payment_terms,
        note=request.note.strip(),
        bill_to=ready.bill_to.snapshot(),
        ship_to=ready.ship_to.snapshot(),
        buyer_party=buyer_party,
        seller_party=seller_party,
        lines_total=totals.lines,
        tax_total=totals.tax,
        total=totals.total,
        placed_at=now,
        placed_by_id=placed_by,
        respond_by=now + RESPONSE_TIME,
    )
    OrderLine.objects.bulk_create(
        _line(order, number, offer) for number, offer in enumerate(ready.offers, start=1)
    )
    if tax := ready.tax:
        OrderTax.objects.create(
            order=order,
            code=tax.code,
            category=tax.category,
            percent=tax.percent,
            base=totals.tax_base,
            amount=totals.tax,
            source=tax.source,
        )
    if request.from_cart:
        take_out_of_cart(by, ready.offers)
    wanted = {offer.product.pk: offer.quantity for offer in ready.offers}
    reserve_stock(actor=by, wanted=wanted, reference=order.uid, now=now)
    placed = OrderPlaced(order_id=order.pk, respond_by=now + RESPONSE_TIME, assurance=assured.evidence)
    record(placed, actor=by, now=now, subject=order, about=order, audience=order.parties)
    return order


def _line(order: Order, number: int, offer: Offer) -> OrderLine:
    """The snapshot of what is agreed about one product."""
    product: Any = offer.product
    quote = offer.quote
    assert quote is not None and offer.total is not None  # a line without a price was refused
    return OrderLine(
        order=order,
        number=number,
        product=product,
        sku=product.sku,
        name_en=product.name_en,
        name_zh=product.name_zh,
        hs6=product.hs6,
        hs_sg8=product.hs_sg8,
        hs_cn10=product.hs_cn10,
        origin=product.origin,
        unit=product.unit,
        step=product.step,
        packs=product.pack_rows,
        net_kg=product.net_kg,
        quantity=offer.quantity,
        tier_min_quantity=quote.tier_min_quantity,
        unit_price=quote.unit_price,
        conversion=_conversion(quote.conversion),
        line_total=offer.total,
    )


def _conversion(conversion: Any) -> dict[str, str]:
    """The stored, dated rate behind a price that the seller did not set in the order's currency."""
    if conversion is None:
        return {}
    return {"rate": str(conversion.rate), "on": conversion.on.isoformat(), "source": conversion.source}
