"""Killing what works on papers, and what wakes it: every confirmed order still ends with exactly one numbered invoice.

kill -9 keeps the page cache: this is about processes that vanish, not about power that fails.
"""

from __future__ import annotations

import itertools
import os
import signal
import time
from collections.abc import Iterator

import pytest
from django.utils import timezone

from catalog.models import Product
from documents.models import Paper, PaperVersion, Rendition
from documents.states import PaperKind
from kernel.models import Delivery
from orders import services
from orders.models import Order
from sme_hub.invariants import check, waiting
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders.factories import a_request
from tests.stack import Stack

#: leases are cut short, so that what a dead worker held is soon taken again
LEASE_SECONDS = "5"
#: who renders papers: the worker, and the sweep when it finds some left alone
RENDERERS = ("slow", "sweep")
#: orders at a time: enough that a worker is busy when it is killed
WAVE = 5
#: about 20 s on two idle cores; what renders is niced and gives way to everything else
PATIENCE = 150


class Market:
    """Bo orders, Alice accepts, by the product's own verbs in this process: neither talks to Redis."""

    def __init__(self) -> None:
        self.alice, self.bo = people.alice(), people.bo()
        self.products: Iterator[Product] = itertools.cycle(
            [a_product(seller=self.alice, stock=100_000) for _ in range(4)]
        )

    def trade(self, count: int = WAVE) -> None:
        for _ in range(count):
            now = timezone.now()
            wanted = [next(self.products) for _ in range(3)]
            order = services.place_order(actor=self.bo, request=a_request(*wanted, buyer=self.bo), now=now)
            services.accept_order(actor=self.alice, order=order.public_id, now=now)


@pytest.fixture(scope="module")
def short_leases(stack: Stack) -> Stack:
    stack.env |= {"FAST_LEASE_SECONDS": LEASE_SECONDS, "SLOW_LEASE_SECONDS": LEASE_SECONDS}
    stack.kill("relay", "fast", "slow", "sweep")
    stack.start("relay", "fast", "slow", "sweep")
    return stack


def something_is_being_rendered() -> bool:
    now = timezone.now()
    return Delivery.objects.filter(lane="slow", done_at=None, leased_until__gt=now).exists()


def kill_while_rendering(stack: Stack) -> None:
    """The worker, and the sweep, which stands in for a slow one, are stopped in their tracks first: where both had just
    finished they are let go on, and the next moment is taken."""

    def is_caught_at_work() -> bool:
        if not something_is_being_rendered():
            return False
        freeze(stack, signal.SIGSTOP)
        time.sleep(0.5)  # a commit on its way arrives
        if something_is_being_rendered():
            return True
        freeze(stack, signal.SIGCONT)
        return False

    stack.wait_until(is_caught_at_work, seconds=PATIENCE, what="papers are being rendered")
    stack.kill(*RENDERERS)
    stack.start(*RENDERERS)


def freeze(stack: Stack, how: signal.Signals) -> None:
    """SIGSTOP or SIGCONT for those who render and what they have started."""
    for name in RENDERERS:
        process = stack.pid(name)
        assert process is not None
        os.killpg(process, how)


def test_papers_survive_kills_of_everything(short_leases: Stack):
    stack, market = short_leases, Market()

    market.trade()
    for _ in range(3):
        kill_while_rendering(stack)
        market.trade(2)

    stack.empty_redis()
    market.trade()  # nobody is woken any more
    stack.kill("fast")
    stack.start_redis()
    stack.start("fast")

    stack.kill("relay")
    market.trade()  # nobody listens
    kill_while_rendering(stack)
    stack.start("relay")

    stack.wait_until(lambda: waiting() == 0, seconds=PATIENCE, what="everything is delivered")
    broken = [finding for finding in check() if not finding.holds]
    assert broken == []
    orders = Order.objects.filter(confirmed_at__isnull=False).count()
    assert orders == 3 * WAVE + 6
    invoices = Paper.objects.filter(kind=PaperKind.COMMERCIAL_INVOICE).order_by("number")
    assert list(invoices.values_list("number", flat=True)) == list(range(1, orders + 1))
    assert Rendition.objects.count() == 3 * PaperVersion.objects.count() == 3 * 3 * orders
    # the kills did hit somebody at work: what was held was taken again
    assert Delivery.objects.filter(lane="slow", attempts__gt=1).exists()
    assert not Delivery.objects.exclude(error="").exists()


def test_without_redis_and_relay_papers_still_come(short_leases: Stack):
    stack, market = short_leases, Market()
    stack.stop_redis()
    stack.kill("relay", "fast", "slow")
    before = Rendition.objects.count()
    try:
        market.trade(2)
        stack.wait_until(lambda: waiting() == 0, seconds=PATIENCE, what="the sweep has delivered everything")
    finally:
        stack.start_redis()
        stack.start("relay", "fast", "slow")
    assert Rendition.objects.count() == before + 2 * 3 * 3
    assert [finding for finding in check() if not finding.holds] == []


def test_a_lost_delivery_would_be_noticed(short_leases: Stack):
    """The control: where work hangs on a message that is lost, as with a queue alone, the same check fails."""
    stack, market = short_leases, Market()
    stack.kill("relay", "fast", "slow", "sweep")
    market.trade(1)
    Delivery.objects.filter(done_at=None, due_at__lte=timezone.now()).delete()
    try:
        broken = {finding.invariant for finding in check() if not finding.holds}
    finally:
        stack.start("relay", "fast", "slow", "sweep")
    assert "every confirmed order has exactly one commercial invoice, and no other has one" in broken
