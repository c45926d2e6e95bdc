"""Favourites and saved searches: the company's, bounded, with the price and stock of now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog import services
from catalog.models import Favourite, Product, SavedSearch
from catalog.services import saving
from identity.actors import Member
from identity.states import Role
from tests import factories as people
from tests.catalog.factories import a_product, tiers

pytestmark = pytest.mark.django_db


@pytest.fixture
def gloves() -> Product:
    return a_product(seller=people.alice(), name_en="Nitrile gloves", stock=70, tiers=tiers(SGD={1: "12.50"}))


def at(name: str, of: Member, *more: str) -> str:
    return reverse(name, args=[of.company.slug, *more])


def as_bo(client: Client) -> Client:
    bo = people.bo()
    bo.user.language = "en"
    bo.user.save(update_fields=["language"])
    return people.sign_in(client, bo)


def press(client: Client, of: Member, product: Product, kept: str = "1", **headers: Any) -> Any:
    return client.post(at("saved_product", of, product.public_id), {"kept": kept}, headers=headers)


def test_a_product_is_kept_for_the_company_and_let_go(client: Client, gloves: Product) -> None:
    bo = people.bo()
    assert press(as_bo(client), bo, gloves).status_code == 302
    press(client, bo, gloves)
    assert [(kept.company, kept.saved_by) for kept in Favourite.objects.all()] == [(bo.company, bo.user)]
    page = client.get(at("saved", bo)).content.decode()
    assert "Nitrile gloves" in page and "S$12.50" in page and "70 pairs" in page and "Bo Wen" in page
    press(client, bo, gloves, kept="")
    assert not Favourite.objects.exists()
    assert "No products kept" in client.get(at("saved", bo)).content.decode()


def test_a_colleague_sees_what_was_kept(client: Client, gloves: Product) -> None:
    press(as_bo(client), people.bo(), gloves)
    colleague = people.a_colleague(people.bo(), Role.APPROVER)
    assert "Nitrile gloves" in people.sign_in(client, colleague).get(at("saved", colleague)).content.decode()


def test_price_and_stock_are_those_of_now(client: Client, gloves: Product) -> None:
    press(as_bo(client), people.bo(), gloves)
    services.count_stock(actor=people.alice(), product=gloves, counted=Decimal(3), now=timezone.now())
    assert "3 pairs" in client.get(at("saved", people.bo())).content.decode()
    gloves.refresh_from_db()
    services.pause(actor=people.alice(), product=gloves, now=timezone.now())
    page = client.get(at("saved", people.bo())).content.decode()
    assert "Not on sale now" in page and gloves.public_id not in page.split("saved/products")[0]


def test_a_page_with_scripts_swaps_the_heart(client: Client, gloves: Product) -> None:
    answer = press(as_bo(client), people.bo(), gloves, **{"HX-Request": "true"})
    assert 'aria-pressed="true"' in answer.content.decode() and "<html" not in answer.content.decode()


def test_the_product_page_shows_the_heart_to_those_who_act_for_a_company(
    client: Client, gloves: Product
) -> None:
    page = f"/en/products/{gloves.public_id}/"
    assert 'class="heart"' not in client.get(page).content.decode()
    as_bo(client)
    assert 'aria-pressed="false"' in client.get(page).content.decode()
    press(client, people.bo(), gloves)
    assert 'aria-pressed="true"' in client.get(page).content.decode()
    people.sign_in(client, people.alice())
    assert 'class="heart"' not in client.get(page).content.decode()


def test_a_seller_is_kept(client: Client, gloves: Product) -> None:
    as_bo(client)
    slug = people.alice().company.slug
    client.post(at("saved_seller", people.bo(), slug), {"kept": "1"})
    assert "Tanjong" in client.get(at("saved", people.bo()) + "?show=sellers").content.decode()
    assert 'aria-pressed="true"' in client.get(f"/en/sellers/{slug}/").content.decode()
    client.post(at("saved_seller", people.bo(), slug))
    assert not Favourite.objects.exists()


@pytest.mark.parametrize("published", [False])
def test_what_nobody_may_see_is_not_kept(client: Client, published: bool) -> None:
    draft = a_product(seller=people.alice(), published=published)
    assert press(as_bo(client), people.bo(), draft).status_code == 404
    assert press(client, people.bo(), draft, kept="").status_code == 404
    nobody = client.post(at("saved_seller", people.bo(), "nobody"), {"kept": "1"})
    assert nobody.status_code == 404 and not Favourite.objects.exists()


def test_a_list_has_an_end(client: Client, gloves: Product, monkeypatch: Any) -> None:
    monkeypatch.setattr(saving, "MOST_FAVOURITES", 0)
    press(as_bo(client), people.bo(), gloves)
    assert not Favourite.objects.exists()
    assert "keeps 0 of these already" in client.get(at("saved", people.bo())).content.decode()


def save(client: Client, of: Member, name: str, query: str) -> Any:
    return client.post(at("saved_search_new", of), {"name": name, "query": query})


def test_a_search_is_saved_opened_renamed_and_removed(client: Client, gloves: Product) -> None:
    bo = people.bo()
    page = as_bo(client).get("/en/search/?q=gloves&in_stock=1").content.decode()
    assert 'value="q=gloves&amp;in_stock=1"' in page
    save(client, bo, "Gloves", "q=gloves&in_stock=1&after=nonsense&evil=1")
    search = SavedSearch.objects.get()
    assert (search.query, search.company, search.saved_by) == ("q=gloves&in_stock=1", bo.company, bo.user)
    listed = client.get(at("saved", bo) + "?show=searches").content.decode()
    assert "/en/search/?q=gloves&amp;in_stock=1" in listed
    client.post(at("saved_search_rename", bo, search.public_id), {"name": " Work  gloves "})
    search.refresh_from_db()
    assert search.name == "Work gloves"
    client.post(at("saved_search_remove", bo, search.public_id))
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(("name", "query"), [("", "q=x"), ("x" * 81, "q=x"), ("All", ""), ("All", "evil=1")])
def test_what_cannot_be_saved_is_said(client: Client, name: str, query: str) -> None:
    answer = save(as_bo(client), people.bo(), name, query)
    assert answer.status_code == 302 and not SavedSearch.objects.exists()


def test_a_name_stands_once(client: Client) -> None:
    bo = people.bo()
    save(as_bo(client), bo, "Gloves", "q=gloves")
    save(client, bo, "Gloves", "q=boots")
    assert SavedSearch.objects.get().query == "q=gloves"
    save(client, bo, "Boots", "q=boots")
    boots = SavedSearch.objects.get(name="Boots")
    client.post(at("saved_search_rename", bo, boots.public_id), {"name": "Gloves"})
    boots.refresh_from_db()
    assert boots.name == "Boots"


def test_searches_have_an_end(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(saving, "MOST_SEARCHES", 1)
    for name in ("One", "Two"):
        save(as_bo(client), people.bo(), name, "q=x")
    assert SavedSearch.objects.count() == 1


def test_strangers_neither_see_nor_change_it(client: Client, gloves: Product) -> None:
    bo = people.bo()
    press(as_bo(client), bo, gloves)
    save(client, bo, "For the winter", "q=gloves")
    search = SavedSearch.objects.get()
    charlie, client = people.charlie(), Client()  # at a browser of their own
    people.sign_in(client, charlie)
    for name in ("saved_search_rename", "saved_search_remove"):
        assert client.post(at(name, bo, search.public_id), {"name": "x"}).status_code == 404
        assert client.post(at(name, charlie, search.public_id), {"name": "x"}).status_code == 404
    press(client, charlie, gloves, kept="")
    assert Favourite.objects.count() == 1 and SavedSearch.objects.get().name == "For the winter"
    for show in ("products", "sellers", "searches"):
        page = client.get(at("saved", charlie) + f"?show={show}").content.decode()
        assert "Nitrile" not in page and "For the winter" not in page


@pytest.mark.parametrize("show", ["products", "sellers", "searches"])
def test_lists_ask_a_handful_of_statements_and_go_on(client: Client, gloves: Product, show: str) -> None:
    bo = people.bo()
    press(as_bo(client), bo, gloves)
    client.get(at("saved", bo))
    with CaptureQueriesContext(connection) as few:
        client.get(at("saved", bo) + f"?show={show}")
    for number in range(27):
        press(client, bo, a_product(seller=people.alice()))
        if number < 3:
            save(client, bo, f"Search {number}", f"q={number}")
    with CaptureQueriesContext(connection) as many:
        answer = client.get(at("saved", bo) + f"?show={show}")
    assert len(few) == len(many) <= 6 + 3
    if show == "products":
        second = client.get(at("saved", bo) + answer.context["next_url"])
        assert (len(answer.context["rows"]), len(second.context["rows"])) == (25, 3)
        assert second.context["next_url"] == ""


def test_a_chinese_reader_reads_chinese(client: Client, gloves: Product) -> None:
    people.sign_in(client, people.bo())
    press(client, people.bo(), gloves)
    page = client.get(at("saved", people.bo())).content.decode()
    assert "收藏" in page and gloves.name_zh in page
