"""The conversation before an order binds: accept, offer freight, agree, refuse, cancel, lapse."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from kernel.errors import Refused
from kernel.models import Delivery, Event
from kernel.services import drain
from kernel.states import IllegalMove
from orders import services
from orders.models import Order
from orders.services import answering
from orders.services.fetching import TooLate
from orders.states import OrderState
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders.factories import NOW, a_confirmed_order, an_order, stock_of

pytestmark = pytest.mark.django_db

LATE = NOW + timedelta(hours=72, seconds=1)


def names_of(order: Order) -> list[str]:
    return list(Event.objects.about(order.uid).values_list("name", flat=True))


def test_the_seller_accepts_and_the_order_binds() -> None:
    order = a_confirmed_order()
    assert order.state == OrderState.CONFIRMED
    assert order.confirmed_at == NOW
    assert order.bank_instructions["reference"] == order.reference
    assert order.bank_instructions["beneficiary"] == "Tanjong Bolts Pte. Ltd."
    assert names_of(order) == ["OrderPlaced", "OrderConfirmed"]


def test_the_seller_offers_freight_and_the_buyer_agrees() -> None:
    bo = people.bo()
    depot = people.an_address(bo, label="Depot", country="SG", city="Singapore")
    order = an_order(incoterm="DAP", place="Tuas", ship_to=depot.public_id)
    later = NOW + timedelta(hours=10)
    offered = services.offer_freight(
        actor=people.alice(), order=order.public_id, freight=Decimal("25.00"), now=later
    )
    assert offered.state == OrderState.FREIGHT_OFFERED
    assert offered.respond_by == later + timedelta(hours=72)
    # 125.00 + 25.00, and 9 % GST on both
    assert (offered.tax_total, offered.total) == (Decimal("13.50"), Decimal("163.50"))
    assert offered.taxes.get().base == Decimal("150.00")
    agreed = services.agree_freight(actor=bo, order=order.public_id, freight_seen=Decimal("25.00"), now=later)
    assert agreed.state == OrderState.CONFIRMED


def test_freight_is_offered_only_where_the_seller_carries() -> None:
    order = an_order(incoterm="FCA")
    with pytest.raises(answering.FreightIsTheBuyers):
        services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(5), now=NOW)
    order.refresh_from_db()
    assert (order.state, order.freight) == (OrderState.PLACED, None)


@pytest.mark.parametrize("freight", ["-1", "0.001", "NaN", "Infinity", "1e20"])
def test_absurd_freight_is_refused(freight: str) -> None:
    order = an_order(incoterm="CIF", place="Yantian")
    with pytest.raises(answering.NotAnAmount):
        services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(freight), now=NOW)


def test_the_buyer_agrees_to_the_freight_that_was_seen_only() -> None:
    order = an_order(incoterm="DAP", place="Longgang")
    services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(90), now=NOW)
    with pytest.raises(answering.FreightChanged):
        services.agree_freight(actor=people.bo(), order=order.public_id, freight_seen=Decimal(80), now=NOW)
    order.refresh_from_db()
    assert order.state == OrderState.FREIGHT_OFFERED


def test_there_is_nothing_to_agree_to_before_an_offer_and_nothing_to_accept_after_one() -> None:
    order = an_order(incoterm="DAP", place="Longgang")
    with pytest.raises(IllegalMove):
        services.agree_freight(actor=people.bo(), order=order.public_id, now=NOW)
    services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(90), now=NOW)
    with pytest.raises(IllegalMove):
        services.accept_order(actor=people.alice(), order=order.public_id, now=NOW)


@pytest.mark.parametrize(
    "side", ["seller refuses", "buyer cancels", "buyer declines freight", "nobody answers"]
)
def test_an_order_that_does_not_come_about_gives_its_stock_back(side: str) -> None:
    product = a_product(seller=people.alice(), stock=100)
    order = an_order(product, quantity=30, incoterm="DAP", place="Longgang")
    assert stock_of(product) == 70
    if side == "seller refuses":
        services.refuse_order(actor=people.alice(), order=order.public_id, reason="Discontinued", now=NOW)
        expected = OrderState.REFUSED
    elif side == "buyer cancels":
        services.cancel_order(actor=people.bo(), order=order.public_id, reason="Too many", now=NOW)
        expected = OrderState.CANCELLED
    elif side == "buyer declines freight":
        services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(90), now=NOW)
        services.cancel_order(actor=people.bo(), order=order.public_id, reason="Too dear", now=NOW)
        expected = OrderState.CANCELLED
    else:
        services.lapse_order(order_id=order.pk, now=LATE)
        expected = OrderState.LAPSED
    order.refresh_from_db()
    assert order.state == expected
    assert order.closed_at is not None
    assert stock_of(product) == 100


def test_a_reason_is_given_to_the_other_party() -> None:
    order = an_order()
    with pytest.raises(answering.ReasonMissing):
        services.refuse_order(actor=people.alice(), order=order.public_id, reason="  ", now=NOW)
    services.refuse_order(actor=people.alice(), order=order.public_id, reason="Sold out", now=NOW)
    order.refresh_from_db()
    assert order.close_reason == "Sold out"
    refused = Event.objects.get(name="OrderRefused")
    assert (refused.schema, refused.payload) == (2, {"order_id": order.pk}), (
        "what people write stays out of history"
    )


def test_the_deadline_decides_even_where_the_timer_is_late() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice, stock=100)
    order = an_order(product, incoterm="DAP", place="Longgang").public_id
    late_acts = [
        lambda: services.accept_order(actor=alice, order=order, now=LATE),
        lambda: services.offer_freight(actor=alice, order=order, freight=Decimal(1), now=LATE),
        lambda: services.refuse_order(actor=alice, order=order, reason="No", now=LATE),
        lambda: services.cancel_order(actor=bo, order=order, reason="No", now=LATE),
    ]
    for act in late_acts:
        with pytest.raises(TooLate):
            act()
    assert Order.objects.get().state == OrderState.PLACED
    assert stock_of(product) == 90


def test_an_offer_of_freight_is_not_agreed_to_after_its_deadline() -> None:
    order = an_order(incoterm="DAP", place="Longgang")
    services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(90), now=NOW)
    with pytest.raises(TooLate):
        services.agree_freight(actor=people.bo(), order=order.public_id, now=LATE)


def test_an_answer_at_the_last_second_counts() -> None:
    order = an_order()
    accepted = services.accept_order(
        actor=people.alice(), order=order.public_id, now=NOW + timedelta(hours=72)
    )
    assert accepted.state == OrderState.CONFIRMED


def test_the_timer_closes_the_order_once_however_often_it_rings() -> None:
    product = a_product(seller=people.alice(), stock=100)
    order = an_order(product)
    drain("fast", clock=lambda: LATE)
    timers = Delivery.objects.filter(handler="orders.lapse")
    timers.update(done_at=None)
    drain("fast", clock=lambda: LATE)
    assert names_of(order).count("OrderLapsed") == 1
    assert stock_of(product) == 100
    assert not timers.filter(done_at=None).exists()


def test_the_first_timer_leaves_alone_an_order_whose_deadline_was_moved() -> None:
    order = an_order(incoterm="DAP", place="Longgang")
    later = NOW + timedelta(hours=71)
    services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(90), now=later)
    drain("fast", clock=lambda: LATE)
    order.refresh_from_db()
    assert order.state == OrderState.FREIGHT_OFFERED
    drain("fast", clock=lambda: later + timedelta(hours=72))
    order.refresh_from_db()
    assert order.state == OrderState.LAPSED


def test_the_timer_leaves_alone_what_was_answered() -> None:
    product = a_product(seller=people.alice(), stock=100)
    order = a_confirmed_order(product)
    assert services.lapse_order(order_id=order.pk, now=LATE) is False
    assert stock_of(product) == 90


def test_nothing_is_answered_twice() -> None:
    alice, bo = people.alice(), people.bo()
    order = a_confirmed_order().public_id
    for act in (
        lambda: services.accept_order(actor=alice, order=order, now=NOW),
        lambda: services.refuse_order(actor=alice, order=order, reason="No", now=NOW),
        lambda: services.cancel_order(actor=bo, order=order, reason="No", now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 409
