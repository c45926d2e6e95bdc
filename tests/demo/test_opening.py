"""The demo as it stands after its first minute: every account opens on something to do, every step leads to a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from catalog.models import ImportJob, Stock
from catalog.states import ProductState
from documents.models import Paper
from documents.states import PaperKind
from financing.models import Offer
from financing.states import OfferState
from identity.models import Claim
from identity.states import ClaimState
from kernel.models.deliveries import Lane
from kernel.services import drain
from orders.models import Approval, CartLine, Order
from orders.states import BINDING, OrderState
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import desks, people, shelves
from sme_hub.demo.loading.cast import SELLERS
from sme_hub.demo.loading.everything import load_life_of_the_cast, load_orders
from sme_hub.demo.parts import FIRST_SELLER, all_parts
from tests.around import undone_after_the_module
from tests.demo.test_entering import enter
from tests.demo.test_loading import quiet, row_of
from tests.financing.bank import running

pytestmark = pytest.mark.django_db

#: whose shelves stand in this demo
STRANGERS_SELLER = "one-north-reagents"
HERE = (*SELLERS, STRANGERS_SELLER)


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
            drain(Lane.OUTSIDE, seconds=30)  # its worker asks about the other invoices
        load_the_strangers_life()
        yield


def load_the_strangers_life() -> None:
    """What comes with the other catalogues: here one seller's."""
    now, code = timezone.now(), STRANGERS_SELLER
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
    """Where the lines below “waiting” lead."""
    found = re.search(r'<section[^>]*aria-labelledby="waiting".*?</section>', html, re.DOTALL)
    links = re.findall(r'<a [^>]*?href="([^"]+)"', found[0]) if found else []
    return [link.replace("&amp;", "&") for link in links]


def test_as_much_lies_there_as_is_promised(lived_in: None) -> None:
    """Sixty orders and more, of which each that a loaded seller has is told; every state, with its papers; what waits."""
    rows = rows_of(DATA / "orders.csv")
    loaded = [row["po_number"] for row in rows if row["seller"] in HERE]
    told = Order.objects.filter(po_number__startswith="DEMO-")
    assert len(rows) >= 60 and len(loaded) > 30
    assert sorted(told.values_list("po_number", flat=True)) == sorted(loaded)
    assert set(told.values_list("state", flat=True)) == set(OrderState.values)
    bound = told.filter(state__in=BINDING)
    invoiced = Paper.objects.filter(order__in=bound, kind=PaperKind.COMMERCIAL_INVOICE)
    sent = bound.exclude(despatches=None)
    packed = Paper.objects.filter(order__in=sent, kind=PaperKind.PACKING_LIST)
    assert invoiced.count() == bound.count() > 20
    assert packed.values("order").distinct().count() == sent.distinct().count() > 15

    waiting = Claim.objects.filter(state=ClaimState.SUBMITTED)
    assert waiting.values("company").distinct().count() == waiting.count() == 6
    assert ImportJob.objects.filter(rows_refused__gt=0).count() == 1
    short = Stock.objects.filter(product__state=ProductState.PUBLISHED, available__lt=F("product__moq"))
    assert short.filter(product__company__slug__in=SELLERS).count() >= 3
    offers = set(Offer.objects.values_list("state", flat=True))
    assert OfferState.OFFERED in offers and offers & {OfferState.ACCEPTED, OfferState.RESERVED}
    assert Approval.objects.get().is_waiting


def test_carts_are_filled_once(lived_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the six carts, what comes from sellers who are there."""
    rows = rows_of(DATA / "carts.csv")
    assert len({row["company"] for row in rows}) == 6
    for row in rows:
        lines = row["lines"].split("|")
        row["lines"] = "|".join(line for line in lines if line.partition(":")[0] in HERE)
    rows = [row for row in rows if row["lines"]]
    monkeypatch.setattr(desks, "rows_of", lambda _path: rows)
    now, known = timezone.now(), {row["code"]: row for row in rows_of(DATA / "buyers.csv")}
    buyers = {row["company"]: people.buyer_company(known[row["company"]], now=now) for row in rows}
    assert [desks.fill_carts(buyers), desks.fill_carts(buyers)] == [2, 0]
    assert CartLine.objects.count() == sum(row["lines"].count("|") + 1 for row in rows) == 3


def test_each_step_leads_to_a_page_of_the_lived_in_demo(client: Client, lived_in: None) -> None:
    for number in range(8):
        enter(client, "seller")
        page = client.get(reverse("try_it"))
        step = page.context["steps"][number]
        assert enter(client, step.part.code, next=step.url) == step.url
        answer = client.get(step.url)
        assert answer.status_code == 200, (number, step.url)
    assert Order.objects.filter(state=OrderState.PLACED, seller__slug=FIRST_SELLER).exists()
