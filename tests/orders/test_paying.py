"""Payments that the seller saw arrive. No money moves through the product."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kernel.models import Event
from orders import services
from orders.models import Payment
from orders.services import paying
from tests import factories as people
from tests.orders.factories import NOW, a_confirmed_order, a_payment, an_order

pytestmark = pytest.mark.django_db


def test_parts_add_up_until_the_order_is_paid() -> None:
    order = a_confirmed_order()
    a_payment(order, "25.00")
    order.refresh_from_db()
    assert (order.amount_paid, order.outstanding, order.paid_at) == (Decimal(25), Decimal(100), None)
    a_payment(order)
    order.refresh_from_db()
    assert order.is_paid
    assert order.paid_at == NOW
    assert [event.payload["amount"] for event in Event.objects.filter(name="PaymentReceived")] == [
        "25.00",
        "100.0000",
    ]


def test_more_than_outstanding_is_a_mistake() -> None:
    order = a_confirmed_order()
    with pytest.raises(paying.MoreThanOutstanding):
        a_payment(order, "125.01")
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity"])
def test_absurd_amounts_are_refused(amount: str) -> None:
    order = a_confirmed_order()
    with pytest.raises(paying.NotAPayment):
        a_payment(order, amount)
    assert not Payment.objects.exists()


def test_only_a_binding_order_is_paid() -> None:
    with pytest.raises(paying.NotBinding):
        a_payment(an_order())


@pytest.mark.parametrize("days", [-1, 1])
def test_money_arrives_between_the_order_and_today(days: int) -> None:
    order = a_confirmed_order()
    with pytest.raises(paying.NotADayOfPayment):
        services.record_payment(
            actor=people.alice(),
            order=order.public_id,
            amount=Decimal(1),
            received_on=timezone.localdate(NOW) + timedelta(days=days),
            now=NOW,
        )


def test_the_same_key_records_one_payment() -> None:
    order = a_confirmed_order()
    entry = {
        "actor": people.alice(),
        "order": order.public_id,
        "amount": Decimal("10.00"),
        "received_on": timezone.localdate(NOW),
        "key": "k1",
        "now": NOW,
    }
    assert services.record_payment_once(**entry) == services.record_payment_once(**entry)
    order.refresh_from_db()
    assert order.amount_paid == Decimal(10)
