"""How many statements pages ask: a handful, and the same for any number of rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from catalog.queries import forget_all
from tests import factories
from tests.catalog.factories import a_product

pytestmark = pytest.mark.django_db

#: a list page, and what signing in adds: session, person, acting member
PAGE, SIGNED_IN = 6, 3


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """As a process has just started; the tests' settings remember nothing at all."""
    with override_settings(REFERENCE_MEMO_SECONDS=60):
        forget_all()
        yield
        forget_all()


@pytest.fixture
def goods() -> list[str]:
    """Three products, and the addresses of every public page about them."""
    alice = factories.alice()
    product = [a_product(seller=alice, name_en=f"Gloves {number}") for number in range(3)][0]
    slug = alice.company.slug
    return [
        "/en/",
        "/en/search/",
        "/en/search/?q=gloves",
        f"/zh-hans/search/?q=手套&category=safety&seller={slug}&min=1&max=99&origin=SG&in_stock=1&sort=price",
        f"/en/sellers/{slug}/?q=gloves",
        f"/en/products/{product.public_id}/",
    ]


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_a_handful_of_statements(client: Client, goods: list[str]) -> None:
    for address in goods:
        assert statements(client, address) <= PAGE, address


def test_signing_in_adds_three(client: Client, goods: list[str]) -> None:
    factories.sign_in(client, factories.bo())
    for address in goods:
        assert statements(client, address) <= PAGE + SIGNED_IN, address


def test_more_rows_ask_no_more_statements(client: Client, goods: list[str]) -> None:
    for address in goods:
        client.get(address)
    before = [statements(client, address) for address in goods]
    for number in range(12):
        a_product(seller=factories.alice(), name_en=f"More gloves {number}")
    assert [statements(client, address) for address in goods] == before
    with CaptureQueriesContext(connection) as few:
        client.get("/api/v1/search/?size=1")
    with CaptureQueriesContext(connection) as many:
        client.get("/api/v1/search/?size=100")
    assert len(few) == len(many)


def test_reference_rows_are_remembered_for_a_minute(client: Client, goods: list[str]) -> None:
    client.get("/en/search/?q=gloves")
    assert statements(client, "/en/search/?q=gloves") == 2
