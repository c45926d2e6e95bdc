"""The home of a workspace: what waits for whom, how things stand, what is left to set up."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from catalog import services as catalog
from catalog.models import Product
from identity.actors import Member
from identity.states import Role
from orders import services as orders
from orders.states import PaymentTerms
from tests import factories as people
from tests.catalog import factories as goods
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db


def home_of(client: Client, member: Member) -> Any:
    response = people.sign_in(client, member).get(reverse("workspace", args=[member.company.slug]))
    assert response.status_code == 200
    return response


def tasks_of(client: Client, member: Member) -> list[tuple[str, str]]:
    return [(str(task.words), task.url) for task in home_of(client, member).context["tasks"]]


def words_of(client: Client, member: Member) -> list[str]:
    """In English, whoever reads."""
    member.user.language = "en"
    member.user.save(update_fields=["language"])
    return [words for words, _url in tasks_of(client, member)]


def address_of(member: Member, order: Any) -> str:
    return reverse("order", args=[member.company.slug, order.public_id])


@pytest.fixture
def nuts() -> Product:
    return goods.a_product(seller=people.alice())


def test_a_new_order_waits_for_the_seller_with_its_deadline(client: Client, nuts: Product) -> None:
    order = deals.an_order(nuts, now=timezone.now())
    response = home_of(client, people.alice())
    [task] = response.context["tasks"]
    assert (str(task.words), task.url) == ("1 order to accept or refuse", address_of(people.alice(), order))
    assert task.by == order.respond_by
    assert words_of(client, people.bo()) == []


def test_several_of_a_kind_lead_to_their_list(client: Client, nuts: Product) -> None:
    for _ in range(2):
        deals.an_order(nuts, now=timezone.now())
    listed = reverse("orders", args=[people.alice().company.slug]) + "?side=selling&state=placed"
    assert tasks_of(client, people.alice()) == [("2 orders to accept or refuse", listed)]


def test_the_list_holds_what_the_line_counts(client: Client, nuts: Product) -> None:
    """Of each kind two or four, beside an order of which all has arrived and is paid; from the list one may go on to all."""
    now = timezone.now()
    for _ in range(2):
        deals.a_confirmed_order(nuts, now=now)
        deals.a_despatch(deals.a_confirmed_order(nuts, now=now), now=now)
    done = deals.a_confirmed_order(nuts, now=now)
    deals.a_receipt(deals.a_despatch(done, now=now), now=now)
    deals.a_payment(done, now=now)
    counted = {}
    for member in (people.alice(), people.bo()):
        words_of(client, member)
        for words, url in tasks_of(client, member):
            page = client.get(url)
            listed = listed_on(page)
            assert len(listed) == int(words.split()[0]) and done.public_id not in listed, words
            chip = (
                f'<a class="chip" href="{escape(page.context["without_waits"])}">{page.context["waits_for"]}'
            )
            assert chip in page.content.decode()
            everything = client.get(url.partition("?")[0] + page.context["without_waits"])
            assert listed < listed_on(everything) and done.public_id in listed_on(everything)
            assert 'class="chip"' not in everything.content.decode()
            counted[url.partition("waits=")[2]] = len(listed)
    assert counted == {"send": 2, "note_payment": 4, "receive": 2, "pay": 4}
    # what is no work of this side, or no kind of work, narrows nothing
    for wrong in (url.replace("waits=pay", "waits=send"), url.replace("waits=pay", "waits=nonsense")):
        page = client.get(wrong)
        assert not page.context["waits_for"] and len(listed_on(page)) == 5


def listed_on(page: Any) -> set[str]:
    return set(re.findall(r"/orders/(ord_[^/\"]+)/", page.content.decode()))


def test_what_nobody_answered_in_time_waits_for_nobody(client: Client, nuts: Product) -> None:
    deals.an_order(nuts, now=timezone.now() - timedelta(days=4))
    assert words_of(client, people.alice()) == []


def test_each_step_of_an_order_waits_for_the_side_that_acts(client: Client, nuts: Product) -> None:
    now = timezone.now()
    order = deals.an_order(nuts, now=now, incoterm="CIF", payment_terms=PaymentTerms.PREPAID)
    orders.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(90), now=now)
    assert words_of(client, people.bo()) == ["1 offer of freight to answer"]

    order.refresh_from_db()
    orders.agree_freight(actor=people.bo(), order=order.public_id, freight_seen=order.freight, now=now)
    assert words_of(client, people.bo()) == ["1 order to pay"]
    assert words_of(client, people.alice()) == ["1 payment to look for on your account"]

    deals.a_payment(order, now=now)
    assert words_of(client, people.alice()) == ["1 order to ship"]

    sent = deals.a_despatch(order, now=now)
    assert words_of(client, people.bo()) == ["1 delivery to count"]

    deals.a_receipt(sent, now=now)
    assert words_of(client, people.bo()) == words_of(client, people.alice()) == []


def test_a_colleague_is_shown_what_the_role_can_do(client: Client, nuts: Product) -> None:
    deals.an_order(nuts, now=timezone.now())
    for role, expected in {Role.LOGISTICS: [], Role.SELLER: ["1 order to accept or refuse"]}.items():
        assert words_of(client, people.a_colleague(people.alice(), role)) == expected


def test_drafts_and_scarce_stock_wait_for_the_seller(client: Client, nuts: Product) -> None:
    goods.a_product(seller=people.alice(), published=False)
    catalog.count_stock(actor=people.alice(), product=nuts, counted=Decimal(0), now=timezone.now())
    orders.count_figures(now=timezone.now())  # for sellers without a first order as well
    assert words_of(client, people.alice()) == [
        "1 draft to publish",
        "1 listing with less in stock than its minimum order",
    ]


def test_a_new_seller_is_led_through_setting_up(client: Client) -> None:
    charlie = people.charlie()
    assert [(str(step.words), step.done) for step in home_of(client, charlie).context["steps"]] == [
        ("Ask for a check of your registration", False),
        ("Add an address", False),
        ("Say where you are paid", False),
        ("Publish your first listing", False),
        ("Invite a colleague", False),
    ]


def test_a_buyer_is_led_to_the_first_order(client: Client, nuts: Product) -> None:
    bo = people.bo()
    assert [step.done for step in home_of(client, bo).context["steps"]] == [False, True, False, False]
    deals.an_order(nuts, now=timezone.now())
    assert [step.done for step in home_of(client, bo).context["steps"]] == [False, True, True, False]


def test_nothing_is_shown_of_others(client: Client, nuts: Product) -> None:
    deals.an_order(nuts, now=timezone.now())
    shown = home_of(client, people.charlie())
    assert shown.context["newest"] == shown.context["tasks"] == []
    assert [number for number, _label, _url in shown.context["figures"]] == [0, 0, 0]


@pytest.mark.parametrize("many", [1, 8])
def test_it_costs_the_same_whatever_there_is(
    client: Client, django_assert_num_queries: Any, nuts: Product, many: int
) -> None:
    for _ in range(many):
        goods.a_product(seller=people.alice(), published=False)
        deals.an_order(nuts, now=timezone.now())
    home = reverse("workspace", args=[people.alice().company.slug])
    home_of(client, people.alice())
    with django_assert_num_queries(3 + 6):
        client.get(home)


def test_a_chinese_reader_reads_chinese(client: Client, nuts: Product) -> None:
    deals.an_order(nuts, now=timezone.now())
    html = home_of(client, people.bo()).content.decode()
    assert "待您处理" in html and "进行中的采购订单" in html
