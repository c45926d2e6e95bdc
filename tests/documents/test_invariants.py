"""`manage.py check_invariants` finds what is broken, and nothing where nothing is."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from catalog.models import Stock
from documents.models import NumberSeries, Rendition
from kernel.models import Delivery
from orders import services as orders
from orders.models import Order
from sme_hub.invariants import check
from tests import factories as people
from tests.around import for_the_module
from tests.documents.factories import deliver
from tests.orders.factories import NOW, a_confirmed_order, a_despatch, a_payment, an_order

pytestmark = pytest.mark.django_db


def a_trade() -> Order:
    """Orders in many states, everything delivered."""
    order = a_confirmed_order()
    a_payment(order)
    a_despatch(order)
    an_order()
    refused = an_order()
    orders.refuse_order(actor=people.alice(), order=refused.public_id, reason="None left", now=NOW)
    deliver()
    return order


trade_of_module = for_the_module(a_trade)


@pytest.fixture
def trade(trade_of_module: Order, db: None) -> Order:
    return Order.objects.get(pk=trade_of_module.pk)


def broken() -> set[str]:
    return {finding.invariant for finding in check() if not finding.holds}


def test_a_sound_house_passes(trade):
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert "BROKEN" not in out.getvalue()
    assert out.getvalue().count("ok  ") == len(check())


def test_while_work_is_under_way_only_what_always_holds_is_asked(trade):
    an_order()
    call_command("check_invariants", "--busy", stdout=StringIO())


@pytest.mark.parametrize(
    ("breaks", "named"),
    [
        (lambda order: Stock.objects.update(available=1), "stock is the sum of its movements"),
        (
            lambda order: Order.objects.update(state="cancelled"),
            "an order holds the stock of its lines while it lives, and none after",
        ),
        (
            lambda order: Order.objects.filter(pk=order.pk).update(total=1),
            "totals are sums of rounded lines, freight and tax",
        ),
        (
            lambda order: Order.objects.filter(pk=order.pk).update(amount_paid=1),
            "what is paid is the sum of payments",
        ),
        (
            lambda order: order.lines.update(despatched=0),
            "what is shipped is the sum of shipments, and no more than was ordered",
        ),
        (
            lambda order: NumberSeries.objects.update(last_number=9),
            "numbers of papers run from 1 without gaps",
        ),
        (
            lambda order: Order.objects.filter(confirmed_at=None).update(confirmed_at=NOW),
            "every confirmed order has exactly one commercial invoice, and no other has one",
        ),
        (
            lambda order: Rendition.objects.first().delete(),
            "every version of a paper is rendered in three languages",
        ),
        (
            lambda order: default_storage.delete(Rendition.objects.first().file.name),
            "every rendered file lies in the store",
        ),
        (lambda order: Delivery.objects.filter(lane="fast").update(done_at=None), "nothing waits"),
        (
            lambda order: Delivery.objects.filter(lane="slow").update(done_at=None, parked_at=NOW),
            "nothing is parked",
        ),
        (lambda order: an_order(), "every order has its confirmation, every shipment its packing list"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_broken_is_named(trade, breaks, named):
    breaks(trade)
    assert named in broken()
    with pytest.raises(CommandError):
        call_command("check_invariants", stdout=StringIO())
