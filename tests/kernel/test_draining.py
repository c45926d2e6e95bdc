"""Draining: once per handler, whatever dies on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Conflict
from kernel.models import Delivery
from kernel.models.deliveries import Lane
from kernel.services import drain
from kernel.services.claiming import HANDFUL, claim, is_left_alone, lease, wanted_processes
from kernel.services.draining import MAX_ATTEMPTS
from kernel.subscriptions import fast, slow, when
from tests.kernel.bells import ring

pytestmark = pytest.mark.django_db


def test_a_delivery_is_made_once(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    ring(clock(), tone="e")
    assert drain("fast", clock=clock) == 1
    assert drain("fast", clock=clock) == 0
    assert notebook.tones == ["e"]
    assert Delivery.objects.get().done_at == clock()


def test_a_handler_is_told_who_when_and_under_which_key(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    rung_at = clock()
    ring(rung_at)
    clock.pass_(seconds=3)
    drain("fast", clock=clock)
    [(_tone, occurrence)] = notebook.heard
    assert (occurrence.actor, occurrence.company_id, occurrence.audience) == ("member:7", 7, (7, 9))
    assert (occurrence.at, occurrence.now) == (rung_at, clock())
    assert occurrence.idempotency_key == f"delivery-{Delivery.objects.get().pk}"


def test_lanes_are_drained_apart(clock, subscribe, notebook):
    subscribe(fast(notebook.listen), slow(notebook.engrave))
    ring(clock())
    assert drain("slow", clock=clock) == 1
    assert Delivery.objects.get(lane="fast").done_at is None


def test_a_timer_is_not_delivered_before_its_time(clock, subscribe, notebook):
    subscribe(when("answer_by", fast(notebook.listen)))
    ring(clock(), answer_by=clock() + timedelta(hours=48))
    assert drain("fast", clock=clock) == 0
    clock.pass_(hours=48)
    assert drain("fast", clock=clock) == 1


def test_more_than_a_handful_is_drained_in_one_go(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    tones = [str(number) for number in range(HANDFUL[Lane.FAST] + 5)]
    for tone in tones:
        ring(clock(), tone=tone)
        clock.pass_(milliseconds=1)
    assert drain("fast", clock=clock) == len(tones)
    assert notebook.tones == tones


def test_a_failure_is_kept_and_tried_again_after_a_growing_pause(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    notebook.failures = [OSError("out of bells"), OSError("again")]
    ring(clock())
    drain("fast", clock=clock)
    assert Delivery.objects.get().error == "OSError: out of bells"
    assert drain("fast", clock=clock) == 0
    clock.pass_(seconds=1)
    drain("fast", clock=clock)
    clock.pass_(seconds=1.5)
    assert drain("fast", clock=clock) == 0
    clock.pass_(seconds=0.5)
    assert drain("fast", clock=clock) == 1
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.error, delivery.done_at) == (3, "", clock())


def test_after_the_last_attempt_it_is_parked(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    notebook.failures = [OSError("no")] * (MAX_ATTEMPTS + 1)
    ring(clock())
    for _ in range(MAX_ATTEMPTS + 3):
        drain("fast", clock=clock)
        clock.pass_(hours=1)
    delivery = Delivery.objects.get()
    assert len(notebook.heard) == delivery.attempts == MAX_ATTEMPTS
    assert delivery.parked_at is not None
    assert delivery.done_at is None


def test_a_failing_delivery_does_not_hold_up_its_neighbours(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    notebook.failures = [OSError("no")]
    ring(clock(), tone="bad")
    clock.pass_(milliseconds=1)
    ring(clock(), tone="good")
    drain("fast", clock=clock)
    assert notebook.tones == ["bad", "good"]
    assert Delivery.objects.filter(done_at__isnull=False).count() == 1


def test_an_unknown_handler_is_kept_for_whoever_knows_it(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    ring(clock())
    subscribe()
    drain("fast", clock=clock)
    assert "tests.listen" in Delivery.objects.get().error
    subscribe(fast(notebook.listen))
    clock.pass_(seconds=1)
    assert drain("fast", clock=clock) == 1
    assert notebook.heard


def test_a_refusal_is_an_answer(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    notebook.failures = [Conflict()]
    ring(clock())
    drain("fast", clock=clock)
    delivery = Delivery.objects.get()
    assert (delivery.error, delivery.done_at) == ("refused: conflict", clock())
    clock.pass_(hours=1)
    assert drain("fast", clock=clock) == 0


def test_what_a_refused_effect_wrote_is_rolled_back(clock, subscribe, notebook):
    def changes_its_mind(event, occurrence):
        ring(clock(), tone="never heard")
        raise Conflict

    subscribe(fast(changes_its_mind))
    ring(clock())
    drain("fast", clock=clock)
    assert Delivery.objects.count() == 1


class TestADeadProcess:
    def test_leaves_a_lease_that_runs_out(self, clock, subscribe, notebook):
        subscribe(fast(notebook.listen))
        ring(clock())
        claim(Lane.FAST, now=clock())
        clock.pass_(seconds=lease(Lane.FAST).total_seconds() - 1)
        assert drain("fast", clock=clock) == 0
        clock.pass_(seconds=2)
        assert drain("fast", clock=clock) == 1
        assert Delivery.objects.get().attempts == 2

    def test_a_late_finisher_writes_nothing(self, clock, subscribe, notebook):
        """It slept through its lease; another has taken the delivery and finished it."""

        def oversleeps(event, occurrence):
            clock.pass_(minutes=2)
            if not notebook.heard:
                notebook.listen(event, occurrence)
                assert drain("slow", clock=clock) == 1
                return lambda: notebook.written.append("late")
            return lambda: notebook.written.append("in time")

        subscribe(slow(oversleeps))
        ring(clock())
        drain("slow", clock=clock)
        assert notebook.written == ["in time"]
        assert Delivery.objects.get().attempts == 2

    def test_a_late_failure_does_not_postpone_what_is_done(self, clock, subscribe, notebook):
        def oversleeps(event, occurrence):
            clock.pass_(minutes=2)
            if not notebook.heard:
                notebook.listen(event, occurrence)
                drain("slow", clock=clock)
                raise OSError("too late")
            return lambda: notebook.written.append("in time")

        subscribe(slow(oversleeps))
        ring(clock())
        drain("slow", clock=clock)
        delivery = Delivery.objects.get()
        assert (delivery.error, notebook.written) == ("", ["in time"])
        assert delivery.done_at is not None

    def test_what_was_lost_is_tried_again_one_by_one_and_after_the_others(self, clock, subscribe, notebook):
        subscribe(fast(notebook.listen))
        for tone in ("lost", "lost too"):
            ring(clock(), tone=tone)
        assert len(claim(Lane.FAST, now=clock())) == 2
        clock.pass_(minutes=1)
        ring(clock(), tone="new")
        assert [delivery.attempts for delivery in claim(Lane.FAST, now=clock())] == [1, 2]


class TestHowManyProcessesAreWanted:
    def test_none_when_nothing_is_due(self, clock, subscribe, notebook):
        subscribe(when("answer_by", fast(notebook.listen)))
        ring(clock(), answer_by=clock() + timedelta(hours=1))
        assert wanted_processes({Lane.FAST: 4}, now=clock()) == {Lane.FAST: 0}

    def test_as_many_as_wait_or_are_idle(self, clock, subscribe, notebook):
        subscribe(slow(notebook.engrave))
        for _ in range(3):
            ring(clock())
        assert wanted_processes({Lane.SLOW: 2}, now=clock()) == {Lane.SLOW: 2}
        claim(Lane.SLOW, now=clock())
        assert wanted_processes({Lane.SLOW: 2}, now=clock()) == {Lane.SLOW: 1}
        assert wanted_processes({Lane.SLOW: 4}, now=clock()) == {Lane.SLOW: 2}

    def test_a_lane_is_left_alone_while_nobody_holds_anything_of_it(self, clock, subscribe, notebook):
        subscribe(slow(notebook.engrave))
        assert not is_left_alone(Lane.SLOW, clock())
        ring(clock())
        ring(clock())
        assert is_left_alone(Lane.SLOW, clock())
        claim(Lane.SLOW, now=clock())
        assert not is_left_alone(Lane.SLOW, clock())


def test_a_grace_leaves_fresh_work_to_the_lanes_own_worker(clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    ring(clock())
    clock.pass_(seconds=1)
    assert drain("fast", grace=timedelta(seconds=2), clock=clock) == 0
    clock.pass_(seconds=1)
    assert drain("fast", grace=timedelta(seconds=2), clock=clock) == 1


@pytest.mark.django_db(transaction=True)
def test_fast_work_shares_the_deliverys_transaction_and_slow_work_has_none_open(
    committed_db, clock, subscribe, notebook
):
    subscribe(fast(notebook.listen), slow(notebook.engrave))
    ring(clock())
    drain("fast", clock=clock)
    drain("slow", clock=clock)
    assert notebook.in_transaction == [True, False]


@pytest.mark.django_db
def test_what_a_delivery_costs_in_statements(clock, subscribe, notebook, django_assert_max_num_queries):
    """The fast lane must keep up with ordering on the same two cores."""
    subscribe(fast(notebook.listen))
    for _ in range(20):
        ring(clock())
    with django_assert_max_num_queries(20 * 3 + 3):  # savepoint, update, release each; two claims, the events
        drain("fast", clock=clock)
