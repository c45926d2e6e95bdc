"""Ordering by SKU: all pasted lines go into the cart, or each bad one is named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import services as catalog
from identity.states import Role
from orders.models import CartLine
from orders.rules.pasted import pasted_lines
from tests import factories as people
from tests.catalog.factories import a_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> str:
    a_product(seller=people.alice(), sku="NUT-1")
    a_product(seller=people.alice(), sku="Nut 2")
    return people.alice().company.slug


def paste(client: Client, seller: str, lines: str) -> Any:
    bo = people.bo()
    bo.user.language = "en"
    bo.user.save(update_fields=["language"])
    people.sign_in(client, bo)
    address = reverse("quick_order", args=[bo.company.slug])
    return client.post(f"{address}?seller={seller}", {"seller": seller, "lines": lines})


def in_cart() -> dict[str, Decimal]:
    return dict(CartLine.objects.values_list("product__sku", "quantity"))


@pytest.mark.parametrize(
    "lines", ["nut-1, 20\nNUT 2\t1,000", "NUT-1 20\r\n\r\nNut 2；1000", "NUT-1，20\nNut 2 1000.0"]
)
def test_lines_go_into_the_cart_however_they_are_parted(client: Client, shop: str, lines: str) -> None:
    assert paste(client, shop, lines).headers["Location"] == reverse("cart", args=[people.bo().company.slug])
    assert in_cart() == {"NUT-1": 20, "Nut 2": 1000}


def test_every_bad_line_is_named_and_nothing_is_put_in(client: Client, shop: str) -> None:
    page = paste(client, shop, "NUT-1, 20\nBOLT-9, 5\nNut 2\nnut-1, 3\nNut 2, 0").content.decode()
    for words in ("Line 2", "no such SKU", "Line 3", "a quantity above 0 is missing", "Line 4", "Line 5"):
        assert words in page
    assert "Line 1," not in page and "BOLT-9, 5" in page
    assert in_cart() == {}


@pytest.mark.parametrize("lines", ["", " \n ", "\0", "NUT-1, 1\n" * 101])
def test_what_is_no_list_is_said(client: Client, shop: str, lines: str) -> None:
    assert paste(client, shop, lines).status_code == 200
    assert in_cart() == {}


def test_another_seller_s_goods_are_not_found(client: Client, shop: str) -> None:
    a_product(seller=people.charlie(), sku="ROD-1")
    assert "no such SKU" in paste(client, shop, "ROD-1, 10").content.decode()
    assert "There is no such seller" in paste(client, "nobody", "NUT-1, 10").content.decode()
    assert in_cart() == {}


def test_known_sellers_are_offered(client: Client, shop: str) -> None:
    catalog.keep_seller(actor=people.bo(), seller=shop, kept=True, now=timezone.now())
    people.sign_in(client, people.bo())
    answer = client.get(reverse("quick_order", args=[people.bo().company.slug]))
    assert [slug for slug, _name in answer.context["sellers"]] == [shop]


def test_only_buyers_order(client: Client, shop: str) -> None:
    clerk = people.a_colleague(people.bo(), Role.FINANCE)
    people.sign_in(client, clerk)
    assert client.get(reverse("quick_order", args=[clerk.company.slug])).status_code == 403


def test_quantities_are_read_as_people_write_them() -> None:
    read = {
        line.text: line.quantity
        for line in pasted_lines("a, 1,000\nb 0.5\nc, -1\nd 1e9\ne, 1.2.3\nf 5000000000")
    }
    assert list(read.values()) == [1000, Decimal("0.5"), None, None, None, None]
