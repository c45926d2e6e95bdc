"""Recording: an event and its deliveries belong to the transaction of the change."""

from __future__ import annotations

import select
from contextlib import closing
from decimal import Decimal

import psycopg2
import pytest
from django.conf import settings
from django.db import transaction

from kernel.models import Delivery, Event
from kernel.services import record
from kernel.services.recording import CHANNEL
from kernel.subscriptions import fast, slow, when
from tests.kernel.bells import BellRang, Ringer, ring


def test_recording_outside_a_transaction_fails(committed_db, clock):
    with pytest.raises(RuntimeError):
        record(BellRang(), actor=Ringer(), now=clock())
    assert not Event.objects.exists()


def test_an_event_goes_with_its_change(committed_db, clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(BellRang(), actor=Ringer(), now=clock())
        raise ZeroDivisionError
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_each_handler_gets_one_delivery_in_its_lane(clock, subscribe, notebook):
    subscribe(fast(notebook.listen), slow(notebook.engrave))
    ring(clock())
    event = Event.objects.get()
    assert set(Delivery.objects.values_list("event_id", "handler", "lane")) == {
        (event.pk, "tests.listen", "fast"),
        (event.pk, "tests.engrave", "slow"),
    }


@pytest.mark.django_db
def test_an_event_says_who_when_and_who_may_read_it(clock, subscribe):
    subscribe()
    ring(clock(), tone="g", answer_by=clock(), weight=Decimal("1.50"))
    event = Event.objects.get()
    assert (event.name, event.actor, event.company_id, event.at) == ("BellRang", "member:7", 7, clock())
    assert event.audience == [7, 9]
    assert BellRang.from_payload(event.payload) == BellRang(
        tone="g", answer_by=clock(), weight=Decimal("1.50")
    )


def test_fields_of_a_later_schema_are_left_out():
    assert BellRang.from_payload({"tone": "d", "colour": "red"}) == BellRang(tone="d")


@pytest.mark.django_db
def test_a_timer_is_a_delivery_due_later(clock, subscribe, notebook):
    subscribe(when("answer_by", fast(notebook.listen)))
    due = clock()
    clock.pass_(hours=-48)
    ring(clock(), answer_by=due)
    assert Delivery.objects.get().due_at == due


@pytest.mark.django_db
def test_an_event_without_that_moment_has_no_timer(clock, subscribe, notebook):
    subscribe(when("answer_by", fast(notebook.listen)))
    ring(clock())
    assert not Delivery.objects.exists()


def test_a_commit_wakes_the_listener_and_names_the_lane_only(committed_db, clock, subscribe, notebook):
    subscribe(fast(notebook.listen), slow(notebook.engrave))
    with closing(psycopg2.connect(settings.DATABASE_DIRECT_URL)) as listener:
        listener.autocommit = True
        listener.cursor().execute(f"LISTEN {CHANNEL}")
        ring(clock(), tone="secret")
        assert select.select([listener], [], [], 5)[0]
        listener.poll()
        assert {notice.payload for notice in listener.notifies} == {"fast", "slow"}
