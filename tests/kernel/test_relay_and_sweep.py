"""The relay says only that a lane has work; the sweep needs nobody."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from kernel.management.commands import relay, sweep
from kernel.models import Delivery
from kernel.subscriptions import fast, slow
from kernel.tasks import drain as drain_task
from tests.kernel.bells import ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[dict]:
    wakes: list[dict] = []
    monkeypatch.setattr(drain_task, "apply_async", lambda **told: wakes.append(told))
    return wakes


def test_a_wake_up_carries_no_data(sent, subscribe, notebook):
    subscribe(fast(notebook.listen))
    ring(timezone.now(), tone="secret")
    relay.wake_lanes()
    [wake] = sent
    assert (wake["args"], wake["queue"], wake["retry"]) == (["fast"], "fast", False)
    assert "secret" not in str(wake)


def test_a_process_that_hangs_is_ended_after_its_lease(sent, subscribe, notebook):
    subscribe(slow(notebook.engrave))
    ring(timezone.now())
    relay.wake_lanes()
    assert sent[0]["time_limit"] == 45 + 3


def test_no_more_wake_ups_than_processes(sent, settings, subscribe, notebook):
    settings.LANE_PROCESSES = {"fast": 1, "slow": 2, "outside": 1}
    subscribe(slow(notebook.engrave))
    for _ in range(5):
        ring(timezone.now())
    relay.wake_lanes()
    assert [wake["queue"] for wake in sent] == ["slow", "slow"]


def test_nothing_is_sent_for_an_idle_house(sent):
    relay.wake_lanes()
    assert sent == []


def test_wake_ups_ack_early_and_expire():
    assert (drain_task.acks_late, drain_task.expires, drain_task.ignore_result) == (False, 10, True)


def test_the_relay_outlives_the_broker(monkeypatch, subscribe, notebook):
    def down(**told):
        raise BrokerDown("gone")

    monkeypatch.setattr(drain_task, "apply_async", down)
    monkeypatch.setattr(relay, "BROKER_PAUSE_SECONDS", 0)
    subscribe(fast(notebook.listen))
    ring(timezone.now())
    relay.wake_lanes()
    assert Delivery.objects.get().attempts == 0


def test_the_sweep_drains_what_nobody_took(subscribe, notebook):
    """It looks at PostgreSQL only: no Redis is asked."""
    subscribe(fast(notebook.listen), slow(notebook.engrave))
    ring(timezone.now() - max(sweep.GRACE.values()), tone="forgotten")
    call_command("sweep", "--once")
    assert notebook.tones == ["forgotten", "forgotten"]
    assert notebook.written == ["forgotten"]


def test_the_sweep_leaves_fresh_work_to_the_worker(subscribe, notebook):
    subscribe(fast(notebook.listen))
    ring(timezone.now())
    call_command("sweep", "--once")
    assert notebook.heard == []
