"""The demo as it stands after its first minute: every account opens on something to do, every step leads to a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from orders.models import Order
from orders.states import OrderState
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import people, shelves
from sme_hub.demo.loading.everything import load_life_of_the_cast, load_orders
from sme_hub.demo.parts import FIRST_SELLER, all_parts
from tests.around import undone_after_the_module
from tests.demo.test_entering import enter
from tests.demo.test_loading import quiet, row_of
from tests.financing.bank import running

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def lived_in(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demo as it stands after its first minute, with a bank that answers."""
    state = tmp_path_factory.mktemp("state")
    with undone_after_the_module(django_db_blocker), override_settings(STATE_DIR=state):
        call_command("load_demo", "--basics")
        with running(state):
            load_life_of_the_cast(tell=quiet)
        load_the_strangers_life()
        yield


def load_the_strangers_life() -> None:
    """What comes with the other catalogues: here one seller's."""
    now, code = timezone.now(), "one-north-reagents"
    seller = people.seller_company(row_of("sellers.csv", code), now=now)
    shelves.stock_shelves(seller, tell=quiet)
    named = {row["buyer"] for row in rows_of(DATA / "orders.csv") if row["seller"] == code}
    buyers = {buyer: people.buyer_company(row_of("buyers.csv", buyer), now=now) for buyer in named}
    load_orders({code: seller}, buyers, tell=quiet)


def test_every_account_opens_on_something_to_do(client: Client, lived_in: None) -> None:
    """Its home shows something that waits, and each link of it works."""
    idle = []
    for part in all_parts():
        if part.code in ("manager", "mediator", "registrar") and not has_case_office():
            continue
        enter(client, part.code)
        home = client.get(reverse("desk"), follow=True)
        links = waiting_links(home.content.decode())
        if not links:
            idle.append(part.code)
        for link in links:
            page = client.get(link, follow=True)
            assert page.status_code == 200, (part.code, link)
    assert not idle


def has_case_office() -> bool:
    try:
        return bool(reverse("mediation:index"))
    except NoReverseMatch:
        return False


def waiting_links(html: str) -> list[str]:
    """Where the lines below “waiting” lead; in the case office the other cases too, as few companies have few cases."""
    found = re.search(r'<section[^>]*aria-labelledby="waiting".*?</section>', html, re.DOTALL)
    links = re.findall(r'<a [^>]*?href="([^"]+)"', found[0]) if found else []
    links += re.findall(r'href="(/mediation/cases/[^"]+)"', html)
    return [link.replace("&amp;", "&") for link in links]


def test_each_step_leads_to_a_page_of_the_lived_in_demo(client: Client, lived_in: None) -> None:
    for number in range(8):
        enter(client, "seller")
        page = client.get(reverse("try_it"))
        step = page.context["steps"][number]
        assert enter(client, step.part.code, next=step.url) == step.url
        answer = client.get(step.url)
        assert answer.status_code == 200, (number, step.url)
    assert Order.objects.filter(state=OrderState.PLACED, seller__slug=FIRST_SELLER).exists()
