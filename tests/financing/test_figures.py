"""A bank's home: what became of its offers week by week, and when the money that is out comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from financing import services
from financing.models import FileFigures, Offer
from identity.actors import Member
from identity.states import Role
from kernel.services import drain
from kernel.templatetags.look import format_amount
from tests import factories as people
from tests.financing.factories import a_banker, accepted, an_offer

pytestmark = pytest.mark.django_db
#: of any home
STATEMENTS = 6 + 3


def home(client: Client, of: Member) -> Any:
    people.sign_in(client, of)
    return client.get(reverse("workspace", args=[of.company.slug]))


def told(answer: Any) -> dict[str, Any]:
    return {panel.key: panel for panel in answer.context["panels"]}


def paid_out(offer: Offer) -> Offer:
    services.instruct_bank(actor=a_banker(), offer=offer.public_id, ask="disburse", now=timezone.now())
    drain("outside")
    offer.refresh_from_db()
    return offer


def test_figures_and_plots_are_of_the_banks_own_files(client: Client, bank: Any) -> None:
    before = home(client, a_banker())
    assert [panel.is_empty for panel in told(before).values()] == [True, True, True]
    assert "the first count is still to come" in before.content.decode()
    an_offer(now=timezone.now())
    offer = paid_out(accepted(an_offer(now=timezone.now())))
    services.count_files(now=timezone.now())
    answer = home(client, a_banker())
    html, panels = answer.content.decode(), told(answer)
    assert "Offers made by week: 2 in twelve weeks, 2 of them in this one." in html
    assert panels["offers"].plots[0].bars[-1].cells == ["1", "1", "0", "2"]
    amount = format_amount(offer.advance_amount, offer.currency)
    [back] = panels["due"].plots
    assert sum(bar.total for bar in back.bars) == offer.advance_amount and amount in back.summary
    assert panels["out"].facts == [(offer.currency, f"{amount} · 1 file")]
    services.count_files(now=timezone.now() + timedelta(days=200))
    late = told(home(client, a_banker()))["out"].facts
    assert late[1] == (f"{offer.currency}, past the day", f"{amount} · 1 file")


def test_it_costs_no_more_however_much_was_offered(client: Client, bank: Any) -> None:
    banker = a_banker()
    address = reverse("workspace", args=[banker.company.slug])
    services.count_files(now=timezone.now())
    home(client, banker)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    an_offer(now=timezone.now())
    services.count_files(now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many) <= STATEMENTS
    assert FileFigures.objects.count() == 1


def test_no_other_company_and_nobody_without_a_hand_in_money_sees_them(client: Client, bank: Any) -> None:
    an_offer(now=timezone.now())
    services.count_files(now=timezone.now())
    assert "offers" not in told(home(client, people.alice()))
    assert told(home(client, people.a_colleague(a_banker(), Role.LOGISTICS))) == {}
