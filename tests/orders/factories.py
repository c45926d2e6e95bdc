"""Orders for tests, made through the product's own verbs: Alice sells, Bo buys.

order = factories.an_order()                       # placed, waiting for Alice
order = factories.a_confirmed_order()              # on 30 days' credit
sent = factories.a_despatch(order)                 # everything
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog.models import Product, Stock, StockMovement
from identity.actors import Member
from identity.models import Address, User
from identity.states import Role
from orders import services
from orders.models import Approval, Despatch, Order, Receipt, SpendingLimit
from orders.services import DespatchedLine, OrderRequest, ReceivedLine, WantedLine
from orders.states import PaymentTerms
from tests import factories as people
from tests.catalog.factories import a_product

#: when these stories begin: now, so that pages, which read the clock, can go on with them
NOW = timezone.now()


def a_request(
    *products: Product, buyer: Member | None = None, quantity: Decimal | int = 10, **changes: Any
) -> OrderRequest:
    """What Bo would order of these products: ten of each, free carrier Singapore, on 30 days' credit."""
    buyer = buyer or people.bo()
    products = products or (a_product(seller=people.alice()),)
    address = Address.objects.filter(company=buyer.company, ended_at=None).earliest("pk").public_id
    request: dict[str, Any] = {
        "seller": products[0].company.slug,
        "lines": tuple(
            WantedLine(product=product.public_id, quantity=Decimal(quantity)) for product in products
        ),
        "currency": "SGD",
        "incoterm": "FCA",
        "place": "Singapore",
        "bill_to": address,
        "ship_to": address,
        "payment_terms": PaymentTerms.NET_30,
    }
    return OrderRequest(**{**request, **changes})


def an_order(*products: Product, buyer: Member | None = None, now: datetime = NOW, **changes: Any) -> Order:
    """Placed by Bo, waiting for the seller."""
    buyer = buyer or people.bo()
    request = a_request(*products, buyer=buyer, **changes)
    return services.place_order(actor=buyer, request=request, now=now)


def a_confirmed_order(*products: Product, now: datetime = NOW, **changes: Any) -> Order:
    order = an_order(*products, now=now, **changes)
    return services.accept_order(actor=people.alice(), order=order.public_id, now=now)


def a_limit(amount: Decimal | str | None = "5", *, currency: str = "SGD", days: int = 3) -> SpendingLimit:
    """Buyers of Bo's company order no more than this alone."""
    return services.set_spending_limit(
        actor=people.bo(),
        amount=None if amount is None else Decimal(amount),
        currency=currency,
        days=days,
        now=NOW,
    )


def a_purchaser() -> Member:
    """Somebody of Bo's company who buys, and approves nothing."""
    bo = people.bo()
    user = User.objects.filter(email="buyer@longgang-safety.example").first()
    return (
        people.acting(user, bo.company)
        if user
        else people.a_colleague(bo, Role.BUYER, email="buyer@longgang-safety.example", name="Peng Purchaser")
    )


def an_approval(*products: Product, now: datetime = NOW, **changes: Any) -> Approval:
    """Asked for by Bo's purchaser, over a limit of five dollars."""
    a_limit()
    purchaser = a_purchaser()
    request = a_request(*products, buyer=purchaser, **changes)
    return services.ask_approval(actor=purchaser, request=request, now=now)


def a_despatch(
    order: Order, quantities: dict[int, Decimal | int] | None = None, now: datetime = NOW
) -> Despatch:
    """Sent by Alice: everything that is left, or these quantities by line number."""
    if quantities is None:
        quantities = {line.number: line.quantity - line.despatched for line in order.lines.all()}
    return services.despatch(
        actor=people.alice(),
        order=order.public_id,
        carrier="Straits Air Cargo",
        tracking_number="SAC 7781",
        despatched_on=timezone.localdate(now),
        eta=None,
        lines=_despatched(quantities),
        now=now,
    )


def a_receipt(
    despatch: Despatch, quantities: dict[int, Decimal | int] | None = None, now: datetime = NOW
) -> Receipt:
    """Counted by Bo: all of the despatch, or these quantities by line number."""
    if quantities is None:
        quantities = {
            line.order_line.number: line.quantity for line in despatch.lines.select_related("order_line")
        }
    return services.receive(
        actor=people.bo(),
        order=despatch.order.public_id,
        despatch=despatch.public_id,
        lines=[
            ReceivedLine(line=number, quantity=Decimal(quantity)) for number, quantity in quantities.items()
        ],
        received_on=timezone.localdate(now),
        now=now,
    )


def a_payment(order: Order, amount: Decimal | str | None = None, now: datetime = NOW) -> Any:
    """Seen by Alice on her account: all that is outstanding, or this much."""
    order.refresh_from_db()
    return services.record_payment(
        actor=people.alice(),
        order=order.public_id,
        amount=order.outstanding if amount is None else Decimal(amount),
        received_on=timezone.localdate(now),
        now=now,
    )


def stock_of(product: Product) -> Decimal:
    """What may still be ordered; asserts on the way that it is the sum of its movements."""
    available = Stock.objects.get(pk=product.pk).available
    moved = sum(StockMovement.objects.filter(product=product).values_list("quantity", flat=True), Decimal(0))
    assert available == moved, "stock is the sum of its movements"
    return available


def _despatched(quantities: dict[int, Any]) -> Iterable[DespatchedLine]:
    return [
        DespatchedLine(line=number, quantity=Decimal(quantity)) for number, quantity in quantities.items()
    ]
