"""The search of a workspace: what the company deals with, straight to the thing by its number, and nothing of others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.models import Paper
from identity.actors import Member
from identity.states import Role
from orders.models import Order
from tests import factories as people
from tests.around import for_the_module
from tests.catalog import factories as goods
from tests.disputes.factories import a_case
from tests.documents.factories import deliver
from tests.financing.factories import a_banker, an_offer_on_its_own
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db


def a_deal() -> Order:
    """Bo's order from Alice under way, with its papers."""
    nuts = goods.a_product(seller=people.alice(), sku="NUT-77", name_en="Brass nuts", name_zh="黄铜螺母")
    order = deals.a_confirmed_order(nuts, po_number="PO 4711")
    deals.a_despatch(order)
    deliver()
    return order


deal_of_module = for_the_module(a_deal)


@pytest.fixture
def deal(deal_of_module: Order, db: None) -> Order:
    return Order.objects.get(pk=deal_of_module.pk)


def asked(client: Client, of: Member, words: str) -> Any:
    if of.user.language != "en":
        of.user.language = "en"
        of.user.save(update_fields=["language"])
    people.sign_in(client, of)
    return client.get(reverse("find", args=[of.company.slug]), {"q": words})


def hits(client: Client, of: Member, words: str) -> dict[str, list[str]]:
    response = asked(client, of, words)
    assert response.status_code == 200
    return {str(group.title): [hit.label for hit in group.hits] for group in response.context["groups"]}


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("who", ["alice", "bo"])
def test_a_whole_reference_leads_to_the_order(client: Client, deal: Order, who: str, short: bool) -> None:
    member = getattr(people, who)()
    words = deal.reference.removeprefix("SH-").lower() if short else deal.reference
    answer = asked(client, member, f"  {words} ")
    assert answer.headers["Location"] == reverse("order", args=[member.company.slug, deal.public_id])


@pytest.mark.parametrize("words", ["po 4711", "PO 47", "sac 7781"])
def test_orders_are_found_by_the_numbers_people_have(client: Client, deal: Order, words: str) -> None:
    assert hits(client, people.bo(), words) == {"Orders": [deal.reference]}
    assert hits(client, people.alice(), words) == {"Orders": [deal.reference]}


def test_cases_are_found_by_those_who_deal_with_them(client: Client, deal: Order) -> None:
    case = a_case(deal)
    bo, alice = people.bo(), people.alice()
    for of in (bo, alice):
        address = reverse("case", args=[of.company.slug, case.public_id])
        assert asked(client, of, case.number.lower()).headers["Location"] == address
        other = alice if of is bo else bo
        for words in (case.number[:6], other.company.legal_name[:8]):
            assert hits(client, of, words)["Cases"] == [case.number]
    for nobody in (people.charlie(), people.a_colleague(bo, "logistics")):
        assert "Cases" not in hits(client, nobody, case.number[:6])
        assert "Cases" not in hits(client, nobody, case.number), "not even by its whole number"


def test_offers_of_money_are_found_by_those_who_deal_with_money(client: Client) -> None:
    offer = an_offer_on_its_own()
    reference, number = offer.order.reference, offer.paper.printed_number
    alice, bank = people.alice(), a_banker()
    for of in (alice, bank):
        assert hits(client, of, reference[:6])["Invoice finance"] == [number]
    assert asked(client, alice, reference).headers["Location"].endswith(f"/orders/{offer.order.public_id}/")
    file = reverse("financing_file", args=[bank.company.slug, offer.public_id])
    assert asked(client, bank, reference.lower()).headers["Location"] == file
    for nobody in (people.bo(), people.charlie(), a_banker(2), people.a_colleague(alice, Role.LOGISTICS)):
        assert "Invoice finance" not in hits(client, nobody, reference[:6])
    assert hits(client, a_banker(2), reference) == {}, "not even by its whole number"


@pytest.mark.parametrize("who", ["alice", "bo"])
def test_a_paper_s_number_leads_to_it(client: Client, deal: Order, who: str) -> None:
    member = getattr(people, who)()
    paper = Paper.objects.get(order=deal, kind="commercial_invoice")
    answer = asked(client, member, paper.printed_number.lower())
    assert answer.headers["Location"] == reverse("paper", args=[member.company.slug, paper.public_id])


def test_listings_are_found_by_their_seller(client: Client, deal: Order) -> None:
    alice = people.alice()
    draft = goods.a_product(seller=alice, sku="NUT-88", name_en="Brass nuts, long", published=False)
    assert hits(client, alice, "brass")["Your listings"] == ["Brass nuts", "Brass nuts, long"]
    assert hits(client, alice, "黄铜")["Your listings"] == ["Brass nuts"]
    assert hits(client, alice, "nut-")["Your listings"] == ["Brass nuts", "Brass nuts, long"]
    found = asked(client, alice, "nut-88").headers["Location"]
    assert found == reverse("listing", args=[alice.company.slug, draft.public_id])


def test_who_may_not_keep_listings_finds_none(client: Client, deal: Order) -> None:
    assert hits(client, people.a_colleague(people.alice(), Role.FINANCE), "brass") == {}


def test_companies_one_deals_with(client: Client, deal: Order) -> None:
    assert hits(client, people.bo(), "tanjong") == {"Companies you deal with": ["Tanjong Bolts Pte. Ltd."]}
    [group] = asked(client, people.alice(), "南山").context["groups"]
    slug = people.bo().company.slug
    assert group.hits[0].url.endswith(f"?side=selling&with={slug}")
    rows = client.get(group.hits[0].url).context["rows"]
    assert rows.count("<tr>") == 1 and deal.reference in rows
    other = client.get(group.hits[0].url.replace(slug, people.charlie().company.slug))
    assert other.context["rows"] == ""


def test_a_stranger_finds_nothing_not_even_a_count(client: Client, deal: Order) -> None:
    charlie = people.charlie()
    paper = Paper.objects.get(order=deal, kind="commercial_invoice")
    nothing = asked(client, charlie, "zzzzzz").content.decode()
    for words in (
        deal.reference,
        "PO 4711",
        "SAC 7781",
        paper.printed_number,
        "Tanjong",
        "Nanshan",
        people.bo().company.registration_number,
        "NUT-77",
        "brass",
    ):
        answer = asked(client, charlie, words)
        assert answer.status_code == 200 and answer.context["groups"] == [], words
        assert len(answer.content.decode()) - len(nothing) <= 40 * len(words), words
    assert client.get(reverse("find", args=[people.bo().company.slug]), {"q": "PO"}).status_code == 404


@pytest.mark.parametrize("words", ["", "x", "%", "_", "%%%", "\0", "' OR 1=1", "&|!:*", "手" * 500])
def test_odd_words_find_nothing_and_break_nothing(client: Client, deal: Order, words: str) -> None:
    assert hits(client, people.alice(), words) == {}


@pytest.mark.parametrize("words", ["brass", "PO 4711", "INV-2026-99999", "zzz"])
def test_it_asks_a_handful_of_statements(client: Client, deal: Order, words: str) -> None:
    asked(client, people.alice(), words)
    address = reverse("find", args=[people.alice().company.slug])
    with CaptureQueriesContext(connection) as few:
        client.get(address, {"q": words})
    for _ in range(9):
        deals.an_order(goods.a_product(seller=people.alice(), name_en="Brass"), po_number="PO 4711")
    with CaptureQueriesContext(connection) as many:
        response = client.get(address, {"q": words})
    assert len(few) == len(many) <= 5 + 2 + 3
    assert all(len(group.hits) <= 6 for group in response.context["groups"])


def test_the_box_stands_on_every_page_of_a_workspace_and_works_without_scripts(
    client: Client, deal: Order
) -> None:
    people.sign_in(client, people.bo())
    page = client.get(reverse("papers", args=[people.bo().company.slug])).content.decode()
    assert f'action="{reverse("find", args=[people.bo().company.slug])}"' in page
    assert "data-slash" in page


def test_a_chinese_reader_reads_chinese(client: Client, deal: Order) -> None:
    people.sign_in(client, people.bo())
    page = client.get(reverse("find", args=[people.bo().company.slug]), {"q": "PO 47"}).content.decode()
    assert "订单" in page and "在全部在售商品中查找" in page


def test_amounts_are_words_and_no_markup(client: Client, deal: Order) -> None:
    page = (
        asked(client, people.bo(), "brass").content.decode()
        + asked(client, people.bo(), "SH-").content.decode()
    )
    assert deal.currency in page and "&lt;" not in page
