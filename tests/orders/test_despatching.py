"""Sending and receiving by line, in parts, until everything has arrived."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kernel.errors import NotFound, Refused
from kernel.models import Event
from kernel.states import IllegalMove
from orders import services
from orders.models import Despatch, Order, Receipt
from orders.services import DespatchedLine, ReceivedLine, despatching
from orders.states import OrderState, PaymentTerms
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders.factories import (
    NOW,
    a_confirmed_order,
    a_despatch,
    a_payment,
    a_receipt,
    an_order,
    stock_of,
)

pytestmark = pytest.mark.django_db


def two_lines() -> Order:
    """Ten of each of two products, confirmed."""
    alice = people.alice()
    return a_confirmed_order(a_product(seller=alice), a_product(seller=alice))


def test_an_order_travels_in_parts_and_is_complete_when_all_has_arrived() -> None:
    order = two_lines()
    first = a_despatch(order, {1: 10, 2: 4})
    order.refresh_from_db()
    assert order.state == OrderState.PART_DESPATCHED
    second = a_despatch(order, {2: 6})
    order.refresh_from_db()
    assert (order.state, first.number, second.number) == (OrderState.DESPATCHED, 1, 2)
    a_receipt(second)
    a_receipt(first, {1: 9, 2: 4})
    order.refresh_from_db()
    assert order.state == OrderState.DESPATCHED
    a_receipt(first, {1: 1})
    order.refresh_from_db()
    assert order.state == OrderState.COMPLETED
    assert order.closed_at == NOW
    names = list(Event.objects.about(order.uid).values_list("name", flat=True))
    assert names.count("GoodsDespatched") == 2
    assert names.count("GoodsReceived") == 3
    assert names[-1] == "OrderCompleted"


def test_what_is_sold_stays_sold() -> None:
    product = a_product(seller=people.alice(), stock=100)
    order = a_confirmed_order(product, quantity=40)
    a_receipt(a_despatch(order))
    assert stock_of(product) == 60


def test_a_third_part_may_go_while_parts_are_missing() -> None:
    order = two_lines()
    for part in ({1: 1}, {1: 1}, {2: 1}):
        a_despatch(order, part)
    order.refresh_from_db()
    assert order.state == OrderState.PART_DESPATCHED


def test_damaged_pieces_are_part_of_what_arrived() -> None:
    sent = a_despatch(a_confirmed_order())
    receipt = services.receive(
        actor=people.bo(),
        order=sent.order.public_id,
        despatch=sent.public_id,
        lines=[ReceivedLine(line=1, quantity=Decimal(10), damaged=Decimal(2))],
        received_on=timezone.localdate(NOW),
        note="Two boxes wet",
        now=NOW,
    )
    assert receipt.lines.get().damaged == 2
    assert Order.objects.get().state == OrderState.COMPLETED


@pytest.mark.parametrize(
    ("quantities", "line"),
    [({1: 11}, 1), ({1: 10, 2: 11}, 2), ({3: 1}, 3), ({1: -1}, 1), ({1: "0.5"}, 1), ({1: "NaN"}, 1)],
)
def test_no_more_is_sent_than_was_ordered(quantities: dict, line: int) -> None:
    order = two_lines()
    with pytest.raises(despatching.NotThatMany) as refused:
        a_despatch(order, quantities)
    assert [each["line"] for each in refused.value.lines] == [line]
    assert not Despatch.objects.exists()


def test_a_shipment_of_nothing_is_none() -> None:
    with pytest.raises(despatching.NothingSent):
        a_despatch(two_lines(), {1: 0, 2: 0})


def test_no_more_arrives_than_was_sent() -> None:
    order = two_lines()
    sent = a_despatch(order, {1: 4})
    with pytest.raises(despatching.NotThatMany):
        a_receipt(sent, {1: 5})
    with pytest.raises(despatching.NotThatMany):
        a_receipt(sent, {2: 1})
    a_receipt(sent)
    with pytest.raises(despatching.NotThatMany):
        a_receipt(sent)
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("damaged", ["-1", "5", "NaN"])
def test_no_more_is_damaged_than_arrived(damaged: str) -> None:
    sent = a_despatch(a_confirmed_order())
    with pytest.raises(despatching.NotThatMany):
        services.receive(
            actor=people.bo(),
            order=sent.order.public_id,
            despatch=sent.public_id,
            lines=[ReceivedLine(line=1, quantity=Decimal(4), damaged=Decimal(damaged))],
            received_on=timezone.localdate(NOW),
            now=NOW,
        )
    assert not Receipt.objects.exists()


def test_a_prepaid_order_leaves_when_it_is_paid() -> None:
    order = a_confirmed_order(payment_terms=PaymentTerms.PREPAID)
    a_payment(order, "100.00")
    with pytest.raises(despatching.NotPaidYet) as refused:
        a_despatch(order)
    assert "25.00 SGD" in str(refused.value)
    assert not Despatch.objects.exists()
    a_payment(order)
    assert a_despatch(order).number == 1


def test_an_unconfirmed_order_does_not_travel() -> None:
    with pytest.raises(IllegalMove):
        a_despatch(an_order())


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"carrier": " "}, despatching.CarrierMissing),
        ({"despatched_on": timezone.localdate(NOW) + timedelta(days=1)}, despatching.NotADay),
        ({"despatched_on": timezone.localdate(NOW) - timedelta(days=1)}, despatching.NotADay),
        ({"eta": timezone.localdate(NOW) - timedelta(days=1)}, despatching.EtaBeforeDespatch),
    ],
)
def test_a_journey_has_a_carrier_and_days_that_follow_each_other(
    changes: dict, refusal: type[Refused]
) -> None:
    journey = {
        "actor": people.alice(),
        "order": a_confirmed_order().public_id,
        "carrier": "Straits Air Cargo",
        "tracking_number": "",
        "despatched_on": timezone.localdate(NOW),
        "eta": None,
        "lines": [DespatchedLine(line=1, quantity=Decimal(1))],
        "now": NOW,
    }
    with pytest.raises(refusal):
        services.despatch(**(journey | changes))
    assert not Despatch.objects.exists()


def test_the_same_key_sends_once() -> None:
    order = a_confirmed_order()
    journey = {
        "actor": people.alice(),
        "order": order.public_id,
        "carrier": "Straits Air Cargo",
        "tracking_number": "",
        "despatched_on": timezone.localdate(NOW),
        "eta": None,
        "lines": [DespatchedLine(line=1, quantity=Decimal(4))],
        "key": "k1",
        "now": NOW,
    }
    assert services.despatch_once(**journey) == services.despatch_once(**journey)
    assert order.lines.get().despatched == 4


def test_another_companys_shipment_is_not_found() -> None:
    sent = a_despatch(a_confirmed_order())
    with pytest.raises(NotFound):
        services.receive(
            actor=people.charlie(),
            order=sent.order.public_id,
            despatch=sent.public_id,
            lines=[ReceivedLine(line=1, quantity=Decimal(1))],
            received_on=timezone.localdate(NOW),
            now=NOW,
        )


def test_the_shipment_of_another_order_is_not_found_in_this_one() -> None:
    order, other = a_confirmed_order(), a_confirmed_order()
    sent = a_despatch(other)
    with pytest.raises(NotFound):
        services.receive(
            actor=people.bo(),
            order=order.public_id,
            despatch=sent.public_id,
            lines=[ReceivedLine(line=1, quantity=Decimal(1))],
            received_on=timezone.localdate(NOW),
            now=NOW,
        )
