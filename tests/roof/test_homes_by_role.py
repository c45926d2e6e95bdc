"""Each role's home opens on its own work, with figures and plots of real rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from identity.actors import Member
from identity.states import Role
from orders import services as orders
from tests import factories as people
from tests.around import for_the_module
from tests.catalog import factories as goods
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db

#: a page, and what signing in adds: session, person, acting member
PAGE, SIGNED_IN = 6, 3


def a_trade() -> None:
    """A waiting, a confirmed and a sent order between Alice and Bo, counted by the clock; one more waits for an approver."""
    now = timezone.now()
    nuts = goods.a_product(seller=people.alice())
    deals.an_approval(nuts)
    deals.an_order(nuts, now=now)
    deals.a_confirmed_order(nuts, now=now, requested_date=timezone.localdate())
    deals.a_despatch(deals.a_confirmed_order(nuts, now=now))
    orders.count_figures(now=now)


trade_of_module = for_the_module(a_trade)


@pytest.fixture
def traded(trade_of_module: None, db: None) -> None: ...


def home(client: Client, member: Member, **query: str) -> Any:
    people.sign_in(client, member)
    response = client.get(reverse("workspace", args=[member.company.slug]), query)
    assert response.status_code == 200
    return response


def opened(response: Any) -> str:
    return response.context["home"].code if response.context["home"] else ""


def titles(response: Any) -> list[str]:
    return [str(panel.title) for panel in response.context["panels"]]


@pytest.mark.parametrize(
    ("role", "code", "first"),
    [
        (Role.SELLER, "selling", "Orders in twelve weeks"),
        (Role.FINANCE, "money", "To be paid to us"),
        (Role.LOGISTICS, "goods", "Shipped on time"),
    ],
)
def test_a_seller_company_s_people_open_their_own_work(
    client: Client, traded: None, role: str, code: str, first: str
) -> None:
    response = home(client, people.a_colleague(people.alice(), role))
    assert (opened(response), titles(response)[0]) == (code, first)
    assert response.context["homes"] == [(response.context["home"].label, f"?home={code}", True)]


@pytest.mark.parametrize(
    ("role", "code"), [(Role.BUYER, "buying"), (Role.APPROVER, "spending"), (Role.FINANCE, "money")]
)
def test_a_buyer_company_s_people_open_their_own_work(
    client: Client, traded: None, role: str, code: str
) -> None:
    response = home(client, people.a_colleague(people.bo(), role))
    assert opened(response) == code
    assert not any(panel.is_empty for panel in response.context["panels"])


def test_an_owner_may_open_each(client: Client, traded: None) -> None:
    found = [str(label) for label, _url, _on in home(client, people.alice()).context["homes"]]
    assert found == ["Selling", "Buying", "Money", "Goods"]
    assert opened(home(client, people.alice(), home="money")) == "money"
    assert opened(home(client, people.alice(), home="spending")) == "selling"
    assert opened(home(client, people.alice(), home="\0")) == "selling"


def test_a_role_opens_no_home_of_another(client: Client, traded: None) -> None:
    assert opened(home(client, people.a_colleague(people.bo(), Role.BUYER), home="money")) == "buying"


def test_figures_are_of_real_rows(client: Client, traded: None) -> None:
    html = home(client, people.alice()).content.decode()
    assert "Orders received by week: 3 in twelve weeks, 3 of them in this one." in html
    assert "plot-waiting" in html and "plot-confirmed" in html and "plot-sent" in html
    assert " style=" not in html


def test_each_plot_has_a_table(client: Client, traded: None) -> None:
    response = home(client, people.alice())
    plots = [plot for panel in response.context["panels"] for plot in panel.plots]
    assert len(plots) == 2
    assert response.content.decode().count('class="plot-table"') == len(plots)


def test_a_new_company_is_told_what_will_stand_here(client: Client) -> None:
    response = home(client, people.charlie())
    assert all(panel.is_empty and panel.empty for panel in response.context["panels"])
    assert "the first count is still to come" in response.content.decode()


def test_nothing_of_others_is_in_a_stranger_s_home(client: Client, traded: None) -> None:
    html = home(client, people.charlie()).content.decode()
    assert people.alice().company.legal_name not in html and "GLV-" not in html


@pytest.mark.parametrize("which", ["selling", "buying", "money", "goods"])
def test_every_home_costs_a_handful_of_statements(client: Client, traded: None, which: str) -> None:
    address = reverse("workspace", args=[people.alice().company.slug]) + f"?home={which}"
    people.sign_in(client, people.alice())
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(5):
        deals.a_confirmed_order(now=timezone.now())
    orders.count_figures(now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(few) == len(many) <= PAGE + SIGNED_IN


def test_a_chinese_reader_reads_chinese(client: Client, traded: None) -> None:
    html = home(client, people.bo()).content.decode()
    assert "十二个月采购额" in html and "月</li>" in html
