"""The feed of events, read by cursor: nothing is skipped, whichever transaction commits first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from identity.actors import Member
from identity.services import issue_token
from identity.states import Role
from kernel.services import record
from orders.events import OrderCompleted
from tests import factories as people
from tests.orders.factories import NOW, an_order

pytestmark = pytest.mark.usefixtures("committed_db")


class Reader:
    """A program that reads the feed from where it stopped."""

    def __init__(self, actor: Member) -> None:
        now = timezone.now()
        _, secret = issue_token(
            actor=actor, name="feed", roles=[Role.OWNER], expires_at=now + timedelta(days=1), now=now
        )
        self.headers = {"authorization": f"Bearer {secret}"}
        self.after = ""
        self.read()

    def read(self) -> list[dict[str, Any]]:
        query = {"after": self.after} if self.after else {}
        page = Client().get("/api/v1/events/", query, headers=self.headers).json()
        self.after = page["next"]
        return [event for event in page["results"] if event["name"] == "OrderCompleted"]


class Slow:
    """A transaction of its own that does one step at a time, and commits when it is told to."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self._steps = steps
        self._go = [threading.Event() for _ in range(len(steps) + 1)]
        self._done = [threading.Event() for _ in range(len(steps) + 1)]
        self._next = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with transaction.atomic():
                for number, step in enumerate(self._steps):
                    self._go[number].wait(20)
                    step()
                    self._done[number].set()
                self._go[-1].wait(20)
        finally:
            connection.close()
        self._done[-1].set()

    def step(self) -> None:
        """The next step; after the last one, the commit."""
        self._go[self._next].set()
        assert self._done[self._next].wait(20)
        self._next += 1


def telling(actor: Member, number: int) -> Callable[[], object]:
    return lambda: record(OrderCompleted(order_id=number), actor=actor, now=NOW, audience=[actor.company_id])


def take_transaction_id() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")


def test_what_commits_late_is_waited_for() -> None:
    alice = people.alice()
    reader = Reader(alice)
    slow = Slow(telling(alice, 1))
    slow.step()
    with transaction.atomic():
        telling(alice, 2)()
    assert reader.read() == []
    slow.step()
    assert len(reader.read()) == 2
    assert reader.read() == []


def test_a_lower_number_of_a_later_transaction_is_not_skipped() -> None:
    alice = people.alice()
    reader = Reader(alice)
    first = Slow(take_transaction_id, telling(alice, 1))
    second = Slow(telling(alice, 2))
    first.step()
    second.step()  # the lower event number, the later transaction
    first.step()
    first.step()
    assert len(reader.read()) == 1
    second.step()
    assert len(reader.read()) == 1
    assert reader.read() == []


def test_the_feed_is_each_companys_own_and_shows_no_keys_of_rows() -> None:
    order = an_order()
    sellers, strangers = Reader(people.alice()), Reader(people.charlie())
    sellers.after = ""
    page = Client().get("/api/v1/events/", headers=sellers.headers).json()["results"]
    placed = [event for event in page if event["name"] == "OrderPlaced"]
    assert [event["order"] for event in placed] == [order.public_id]
    assert placed[0]["by"] == "them"
    assert set(placed[0]["data"]) == {"respond_by"}
    strange = Client().get("/api/v1/events/", headers=strangers.headers).json()["results"]
    assert not [event for event in strange if event["order"]]
