"""Many at once: nothing is sold twice, nothing is placed twice. These tests commit, in threads of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from catalog.services import edit_product
from identity.states import Role
from kernel.errors import Refused
from kernel.models import Event
from orders import services
from orders.models import Order, OrderLine
from orders.states import OrderState
from tests import factories as people
from tests.catalog.factories import a_draft, a_product
from tests.orders.factories import NOW, a_request, an_approval, an_order, stock_of

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(acts: Iterable[Callable[[], Any]], threads: int = 8) -> Counter[str]:
    """Run all acts in threads; how each ended: `done`, or the refusal's code."""

    def run(act: Callable[[], Any]) -> str:
        try:
            act()
            return "done"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        ends = Counter(pool.map(run, acts))
    connections["default"].ensure_connection()
    return ends


def test_two_hundred_buyers_of_a_hundred_pieces_get_a_hundred() -> None:
    product = a_product(seller=people.alice(), stock=100, moq=Decimal(1), multiple=Decimal(1))
    bo = people.bo()
    request = a_request(product, quantity=1)
    ends = at_once(lambda: services.place_order(actor=bo, request=request, now=NOW) for _ in range(200))
    assert ends["done"] == 100
    assert sum(ends.values()) == 200
    assert stock_of(product) == 0
    assert Order.objects.count() == OrderLine.objects.count() == 100
    assert Event.objects.filter(name="OrderPlaced").count() == 100


def test_orders_of_the_same_products_in_another_order_do_not_lock_each_other_out() -> None:
    alice, bo = people.alice(), people.bo()
    products = [a_product(seller=alice, stock=1000) for _ in range(4)]
    there = a_request(*products)
    back = a_request(*reversed(products))
    ends = at_once(
        lambda request=request: services.place_order(actor=bo, request=request, now=NOW)
        for request in [there, back] * 20
    )
    assert ends == {"done": 40}
    assert [stock_of(product) for product in products] == [600] * 4


def test_an_order_and_an_edit_of_its_listing_do_not_lock_each_other_out() -> None:
    """The order holds the stock when it commits, the edit holds the listing when it asks for the stock."""
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice, stock=1000, sku="EDITED")
    request = a_request(product)

    def edit(days: int) -> None:
        draft = a_draft(sku="EDITED", lead_time_days=days)
        edit_product(actor=alice, product=product, draft=draft, now=NOW)

    orders = [lambda: services.place_order(actor=bo, request=request, now=NOW)] * 40
    edits = [lambda days=days: edit(days) for days in range(1, 41)]
    ends = at_once(act for pair in zip(orders, edits, strict=True) for act in pair)
    assert ends == {"done": 80}
    assert stock_of(product) == 600


def test_one_key_sent_many_times_at_once_places_one_order() -> None:
    product = a_product(seller=people.alice(), stock=100)
    bo = people.bo()
    request = a_request(product)
    told: list[str] = []
    ends = at_once(
        lambda: told.append(services.place_once(actor=bo, request=request, key="one", now=NOW)["reference"])
        for _ in range(12)
    )
    assert ends == {"done": 12}
    assert len(set(told)) == 1
    assert Order.objects.count() == 1
    assert stock_of(product) == 90


def test_of_accepting_cancelling_and_lapsing_at_once_one_wins() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice, stock=100)
    for _ in range(5):
        order = an_order(product)
        ends = at_once(
            [
                lambda order=order: services.accept_order(actor=alice, order=order.public_id, now=NOW),
                lambda order=order: services.cancel_order(
                    actor=bo, order=order.public_id, reason="No", now=NOW
                ),
                lambda order=order: services.refuse_order(
                    actor=alice, order=order.public_id, reason="No", now=NOW
                ),
            ],
            threads=3,
        )
        assert ends["done"] == 1
    confirmed = Order.objects.filter(state=OrderState.CONFIRMED).count()
    assert stock_of(product) == 100 - 10 * confirmed


def test_payments_at_once_add_up_and_never_exceed_the_total() -> None:
    alice = people.alice()
    order = services.accept_order(actor=alice, order=an_order().public_id, now=NOW)
    ends = at_once(
        lambda: services.record_payment(
            actor=alice,
            order=order.public_id,
            amount=Decimal("50.00"),
            received_on=timezone.localdate(NOW),
            now=NOW,
        )
        for _ in range(6)
    )
    assert ends["done"] == 2
    order.refresh_from_db()
    assert order.amount_paid == Decimal("100.00")
    assert sum(order.payments.values_list("amount", flat=True)) == order.amount_paid


def test_approvers_at_once_make_one_order() -> None:
    product = a_product(seller=people.alice())
    asked, approvers = an_approval(product), [people.a_colleague(people.bo(), Role.APPROVER), people.bo()]
    ends = at_once(
        lambda approver=approver: services.give_approval(
            actor=approver, approval=asked.public_id, now=timezone.now()
        )
        for approver in approvers * 4
    )
    assert ends == {"done": 8}
    assert Order.objects.count() == 1 and stock_of(product) == 990
    assert Event.objects.filter(name__in=["ApprovalGiven", "OrderPlaced"]).count() == 2
