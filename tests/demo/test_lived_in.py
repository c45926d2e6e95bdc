"""What people do in the demo beside ordering: they talk, quarrel and ask for money."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Favourite, SavedSearch
from disputes.models import Case, Message, Session
from disputes.states import CaseState
from identity.actors import Member
from identity.models import Message as Letter
from identity.models import Notice, Thread
from kernel.models import Delivery
from kernel.models.deliveries import Lane
from kernel.services import drain
from simulators.scia.server import Server
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import money, offices, people, quarrels, saving, shelves, talks
from sme_hub.demo.loading.cast import load_cast
from sme_hub.demo.loading.everything import load_orders
from tests import factories as people_of_tests
from tests.around import undone_after_the_module
from tests.demo.test_loading import quiet, row_of

pytestmark = pytest.mark.django_db

SELLERS = ("tuas-safety", "jurong-solvents", "novena-gloves")
REACHED = {
    "DEMO-044": CaseState.NOMINATING,
    "DEMO-025": CaseState.MEDIATING,
    "DEMO-037": CaseState.MSA_SIGNED,
    "DEMO-023": CaseState.SCIA_FILED,
    "DEMO-021": CaseState.SCIA_FILED,
}


@pytest.fixture(scope="module")
def owners(
    django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Member]]:
    """Sellers with their orders told, and their customers."""
    with undone_after_the_module(django_db_blocker):
        load_cast(tmp_path_factory.mktemp("state") / "accounts.json")
        yield owners_with_orders()


def owners_with_orders() -> dict[str, Member]:
    now = timezone.now()
    sellers = {code: people.seller_company(row_of("sellers.csv", code), now=now) for code in SELLERS}
    for owner in sellers.values():
        shelves.stock_shelves(owner, tell=quiet)
    named = {row["buyer"] for row in rows_of(DATA / "orders.csv") if row["seller"] in SELLERS}
    buyers = {code: people.buyer_company(row_of("buyers.csv", code), now=now) for code in named}
    load_orders(sellers, buyers, tell=quiet)
    return sellers | buyers


def test_five_disputes_stand_where_their_stories_end(owners: dict[str, Member], scia_desk: Server) -> None:
    now = timezone.now()
    office = offices.officials(now)
    seats = {"manager": office[offices.MANAGER], "mediator": office[offices.MEDIATOR]}
    assert quarrels.tell_quarrels(owners, **seats) == 5
    found = {case.order.po_number: case for case in Case.objects.select_related("order")}
    assert {number: case.state for number, case in found.items()} == REACHED
    for case in found.values():
        assert case.opened_at < case.changed_at <= timezone.now()
        assert case.order.held_since is not None, "payment is held meanwhile"
        if case.state != CaseState.SCIA_FILED:
            assert case.respond_by is not None
            assert case.respond_by > now, "there is time still"
    assert Session.objects.filter(case=found["DEMO-025"], starts_at__gt=now).exists()
    assert Message.objects.filter(case=found["DEMO-025"]).count() == 5
    old = Notice.objects.filter(code__startswith="case.", at__lt=now - quarrels.UNREAD_FOR)
    assert old.exists() and not old.unread().exists()
    assert quarrels.tell_quarrels(owners, **seats) == 0
    # the desk's worker brings over its wire what the desk decides by itself, and its registrar finds the other
    Delivery.objects.exclude(handler__startswith="disputes.").update(done_at=now)
    for minute in range(5):
        drain(Lane.OUTSIDE, clock=functools.partial(timezone.localtime, now + timedelta(minutes=minute)))
    states = {number: Case.objects.get(pk=case.pk).state for number, case in found.items()}
    assert states == REACHED | {"DEMO-023": CaseState.AWARD_ISSUED}
    desk = people_of_tests.sign_in(Client(), office[offices.REGISTRAR]).get(reverse("mediation:index"))
    assert [row.number for row in desk.context["waiting"]] == [found["DEMO-021"].number]


def test_conversations_are_held_once(owners: dict[str, Member]) -> None:
    held = talks.hold_talks(owners)
    assert held >= 3
    assert Thread.objects.count() == held
    said = Letter.objects.count()
    assert talks.hold_talks(owners) == 0
    assert Letter.objects.count() == said
    assert not Letter.objects.filter(at__gt=timezone.now()).exists()


def test_buyers_have_kept_goods_sellers_and_searches_to_come_back_to(owners: dict[str, Member]) -> None:
    """Searches find something on the shelf; what is kept once is left alone."""
    assert saving.keep_for_later(owners) == 2
    before = (Favourite.objects.count(), SavedSearch.objects.count())
    assert before == (8, 3)
    for search in SavedSearch.objects.all():
        assert "/en/products/prd_" in Client().get(f"/en/search/?{search.query}").content.decode(), (
            search.name
        )
    assert saving.keep_for_later(owners) == 0
    assert (Favourite.objects.count(), SavedSearch.objects.count()) == before


def test_without_a_bank_the_demo_goes_on(settings: pytest.FixtureRequest) -> None:
    settings.BANKS = {}  # type: ignore[attr-defined]
    assert not money.open_bank(offices.banker(timezone.now()))
