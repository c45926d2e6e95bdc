"""Parked deliveries: the operator sees the error and replays, on the admin's page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from identity.models import Notice, User
from kernel.models import Delivery
from kernel.services import drain, replay
from kernel.services.draining import MAX_ATTEMPTS
from kernel.subscriptions import fast, register
from sme_hub.subscriptions import SUBSCRIPTIONS
from tests.kernel.bells import BellRang, ring

pytestmark = pytest.mark.django_db
LIST = reverse("admin:kernel_delivery_changelist")
EVENTS = reverse("admin:kernel_event_changelist")


@pytest.fixture
def parked(clock, subscribe, notebook) -> Delivery:
    subscribe(fast(notebook.listen))
    return a_parked_one(clock, notebook)


def a_parked_one(clock, notebook) -> Delivery:
    notebook.failures = [OSError("the bell is cracked")] * MAX_ATTEMPTS
    ring(clock())
    for _ in range(MAX_ATTEMPTS):
        drain("fast", clock=clock)
        clock.pass_(hours=1)
    return Delivery.objects.get(parked_at__isnull=False)


@pytest.fixture
def operator(client):
    client.force_login(User.objects.create_superuser("operator@hub.example", "long enough 9"))
    return client


def test_the_operator_sees_what_is_parked_and_why(operator, parked):
    page = operator.get(LIST, {"state": "parked"}).content.decode()
    assert "the bell is cracked" in page
    assert "tests.listen" in page


def test_the_operator_sees_each_lane_at_a_glance(operator, parked):
    ring(parked.due_at, tone="waiting")
    lanes = {state.lane: (state.due, state.parked) for state in operator.get(LIST).context["lanes"]}
    assert lanes == {"fast": (1, 1), "slow": (0, 0), "outside": (0, 0)}


def test_the_lists_read_no_further_than_they_show(operator, parked):
    """Names to filter by are the code's own, and counting ends: a year has millions of rows."""
    for page, query, choice in (
        (LIST, {"handler": "tests.listen"}, "tests.listen"),
        (EVENTS, {"name": "BellRang"}, "OrderPlaced"),
    ):
        with CaptureQueriesContext(connection) as asked:
            answer = operator.get(page, query)
        assert answer.context["cl"].result_count == 1
        said = [each["sql"] for each in asked if "kernel_" in each["sql"]]
        assert not any("DISTINCT" in sql for sql in said)
        assert any("COUNT(*)" in sql and "LIMIT 5000" in sql for sql in said)
        assert any(choice in dict(spec.lookup_choices) for spec in answer.context["cl"].filter_specs[-1:])


def test_the_operator_replays_from_the_first_attempt(operator, parked, notebook):
    before = timezone.now()
    answer = operator.post(LIST, {"action": "replay_parked", "_selected_action": [parked.pk]}, follow=True)
    assert "Started again: 1" in answer.content.decode()
    parked.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)
    assert parked.due_at >= before
    assert drain("fast") == 1
    assert notebook.heard[-1][0] == "c"


def test_what_is_not_parked_is_not_replayed(operator, clock, subscribe, notebook):
    subscribe(fast(notebook.listen))
    ring(clock())
    drain("fast", clock=clock)
    done = Delivery.objects.get()
    answer = operator.post(LIST, {"action": "replay_parked", "_selected_action": [done.pk]}, follow=True)
    assert "Started again: 0" in answer.content.decode()
    assert drain("fast", clock=clock) == 0


@pytest.mark.parametrize("model", ["event", "delivery"])
def test_history_cannot_be_edited_in_the_admin(operator, parked, model):
    row = parked.pk if model == "delivery" else parked.event_id
    change = reverse(f"admin:kernel_{model}_change", args=[row])
    assert operator.get(change).status_code == 200
    assert operator.post(change, {"error": "nothing happened"}).status_code == 403
    assert operator.get(reverse(f"admin:kernel_{model}_add")).status_code == 403
    assert operator.post(reverse(f"admin:kernel_{model}_delete", args=[row])).status_code == 403


def test_others_do_not_come_in(client, parked):
    client.force_login(User.objects.create_user("somebody@else.example", "long enough 9"))
    assert client.get(LIST).status_code == 302
    client.post(LIST, {"action": "replay_parked", "_selected_action": [parked.pk]})
    parked.refresh_from_db()
    assert parked.parked_at is not None


def test_operators_are_told_until_it_is_replayed(operator, subscribe, clock, notebook):
    """One line, however much is parked; replayed, it waits no longer."""
    subscribe()  # what it did is undone afterwards
    register({**SUBSCRIPTIONS, BellRang: [fast(notebook.listen)]})
    parked = a_parked_one(clock, notebook)

    def waiting() -> list[tuple[str, str]]:
        while drain("fast", clock=clock):
            pass
        lines = Notice.objects.waiting().filter(code="delivery.parked")
        return list(lines.values_list("user__email", "path"))

    assert waiting() == [("operator@hub.example", f"{LIST}?state=parked")]
    assert replay([parked.pk], now=clock()) == 1
    assert waiting() == []
    assert Delivery.objects.get(pk=parked.pk).done_at is not None
