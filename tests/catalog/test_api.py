"""Listings and imports for programs: the same verbs and refusals as the pages."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from catalog.models import ImportJob, Product, ShelfRow
from catalog.rules.wanted import Position
from identity.services import issue_token
from identity.states import Role
from kernel.services import drain
from tests import factories
from tests.catalog.factories import a_product
from tests.catalog.files import a_row, csv_file
from tests.catalog.test_media import PDF, a_picture

pytestmark = pytest.mark.django_db

GLOVES: dict[str, Any] = {
    "sku": "GLV-1",
    "category": "hand-protection",
    "name_en": "Nitrile gloves",
    "description_en": "Powder-free.",
    "hs6": "4015.19",
    "unit": "PR",
    "moq": "10",
    "multiple": "10",
    "net_kg": "0.0062",
    "origin": "SG",
    "attributes": {"size": "M", "material": "nitrile", "length": 240},
    "packs": [
        {
            "code": "XBX",
            "contains": "100",
            "length_mm": 240,
            "width_mm": 120,
            "height_mm": 80,
            "gross_kg": "0.65",
        }
    ],
    "tiers": [{"currency": "SGD", "min_quantity": "10", "unit_price": "12.5"}],
}


class Caller:
    """A program with a token of a member's roles."""

    def __init__(self, actor: Any, *roles: str) -> None:
        now = timezone.now()
        _token, secret = issue_token(
            actor=actor, name="test", roles=roles or [Role.OWNER], expires_at=now + timedelta(days=1), now=now
        )
        self.headers = {"authorization": f"Bearer {secret}"}
        self.client = Client()

    def __call__(self, method: str, path: str, data: Any = None, *, key: str = "", **query: Any) -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        call = getattr(self.client, method)
        if method == "get":
            return call(f"/api/v1/{path}", query, headers=headers)
        if data and any(hasattr(value, "read") for value in data.values()):
            return call(f"/api/v1/{path}", data, headers=headers)
        return call(f"/api/v1/{path}", data, content_type="application/json", headers=headers)


@pytest.fixture
def alice() -> Any:
    return factories.alice()


@pytest.fixture
def api(alice: Any) -> Caller:
    return Caller(alice)


def test_a_listing_is_created_once_per_key(api: Caller) -> None:
    first = api("post", "products/", GLOVES, key="k1")
    again = api("post", "products/", GLOVES, key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert Product.objects.count() == 1
    assert first.json()["attributes"] == {"length": "240", "material": "nitrile", "size": "M"}
    assert first.json()["hs6"] == "401519"
    assert first.json()["gaps"] == []


def test_without_a_key_nothing_is_created(api: Caller) -> None:
    assert api("post", "products/", GLOVES).status_code == 400
    assert not Product.objects.exists()


def test_every_field_to_mend_is_named(api: Caller) -> None:
    answer = api("post", "products/", {**GLOVES, "hs6": "401511", "origin": "XX", "moq": "5"}, key="k1")

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {(line["field"], line["code"]) for line in answer.json()["lines"]} == {
        ("hs6", "listing.hs_unknown"),
        ("origin", "listing.origin_unknown"),
        ("moq", "listing.moq_not_a_multiple"),
    }
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"moq": "NaN"},
        {"moq": 1e400},
        {"moq": "1e999999"},
        {"attributes": {"size": ["M"]}},
        {"attributes": {"size": {"$gt": 1}}},
        {"tiers": [{"currency": "EUR", "min_quantity": "1", "unit_price": "1"}]},
        {"tiers": "1:2"},
        {"packs": [{}]},
        {"name_en": "a\u0000b"},
        {"sku": None},
        {"lead_time_days": 10**30},
    ],
)
def test_what_has_the_wrong_shape_is_answered_and_not_stored(api: Caller, bad: dict[str, Any]) -> None:
    assert api("post", "products/", {**GLOVES, **bad}, key="k1").status_code == 400
    assert not Product.objects.exists()


def test_an_edit_names_the_version_it_saw(api: Caller, alice: Any) -> None:
    made = api("post", "products/", GLOVES, key="k1").json()
    edited = api(
        "put", f"products/{made['id']}/", {**GLOVES, "name_en": "Better", "version": made["version"]}
    )
    stale = api("put", f"products/{made['id']}/", {**GLOVES, "name_en": "Worse", "version": made["version"]})

    assert (edited.status_code, stale.status_code) == (200, 409)
    assert stale.json()["code"] == "listing.changed"
    assert Product.objects.get().name_en == "Better"


def test_states_are_moved_and_the_impossible_refused(api: Caller) -> None:
    made = api("post", "products/", {**GLOVES, "tiers": []}, key="k1").json()
    assert [line["code"] for line in made["gaps"]] == ["listing.no_price"]
    refused = api("post", f"products/{made['id']}/publish/")
    assert (refused.status_code, refused.json()["code"]) == (422, "listing.not_publishable")

    api("put", f"products/{made['id']}/", GLOVES)
    for act, state in (
        ("publish", "published"),
        ("pause", "paused"),
        ("publish", "published"),
        ("end", "ended"),
    ):
        assert api("post", f"products/{made['id']}/{act}/").json()["state"] == state
    assert api("post", f"products/{made['id']}/publish/").status_code == 409
    assert not ShelfRow.objects.exists()


def test_stock_pictures_and_sheets(api: Caller, alice: Any) -> None:
    product = a_product(seller=alice, stock=0).public_id

    assert api("post", f"products/{product}/stock/", {"counted": "120"}).json()["available"] == "120"
    assert api("post", f"products/{product}/stock/", {"counted": "-1"}).status_code == 422
    assert [m["quantity"] for m in api("get", f"products/{product}/stock/").json()["movements"]] == ["120"]

    picture = api("post", f"products/{product}/pictures/", {"file": a_picture()})
    assert picture.status_code == 201
    junk = api("post", f"products/{product}/pictures/", {"file": SimpleUploadedFile("x.png", b"junk")})
    assert (junk.status_code, junk.json()["code"]) == (422, "image.unreadable")
    sheet = api(
        "post",
        f"products/{product}/sheets/",
        {"file": SimpleUploadedFile("a.pdf", PDF), "kind": "sds", "title": "SDS"},
    )
    assert sheet.status_code == 201
    whole = api("get", f"products/{product}/").json()
    assert (len(whole["pictures"]), len(whole["sheets"])) == (1, 1)
    assert api("delete", f"products/{product}/pictures/{whole['pictures'][0]['id']}/").status_code == 204
    assert api("delete", f"products/{product}/sheets/{whole['sheets'][0]['id']}/").status_code == 204


def test_listings_are_paged_by_key(api: Caller, alice: Any) -> None:
    for number in range(5):
        a_product(seller=alice, sku=f"S-{number}", published=False)

    first = api("get", "products/", sort="sku", size=3).json()
    second = api("get", "products/", sort="sku", size=3, after=first["next"]).json()

    assert [row["sku"] for row in first["results"] + second["results"]] == [f"S-{n}" for n in range(5)]
    assert second["next"] == ""
    for odd in ({"size": 10**9}, {"sort": "x"}, {"state": "x"}, {"after": "x"}, {"page_size": 5}):
        refused = api("get", "products/", **odd)
        assert (refused.status_code, refused.json()["type"]) == (400, "urn:sme-hub:invalid")
        assert set(refused.json()["errors"]) == set(odd)
    _value, place = json.loads(base64.urlsafe_b64decode(first["next"] + "==="))
    assert not place.isdecimal(), "keys of rows stay in the house"


@pytest.mark.parametrize(
    "odd",
    [
        {"after": "zzzz"},
        {"before": "!!"},
        {"after": "A" * 200},
        {"page_size": "1"},
        {"size": "0"},
        {"sort": "price", "after": Position("no price", uuid4()).encode()},
        {"sort": "newest", "after": Position("9.50", uuid4()).encode()},
    ],
)
def test_a_search_that_cannot_be_meant_is_refused(odd: dict[str, str]) -> None:
    a_product(seller=factories.alice())
    refused = Client().get("/api/v1/search/", odd)
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert set(refused.json()["errors"]) == set(odd) - {"sort"}


@pytest.mark.parametrize("sort", ["relevance", "newest", "price", "-price"])
def test_every_order_of_a_search_is_paged_by_its_own_places(sort: str) -> None:
    for _ in range(3):
        a_product(seller=factories.alice())
    for words in ({}, {"q": "gloves"}):
        asked = {"size": "2", "sort": sort, **words}
        first = Client().get("/api/v1/search/", asked).json()
        second = Client().get("/api/v1/search/", {**asked, "after": first["next"]}).json()
        assert len({row["id"] for row in first["results"] + second["results"]}) == 3
        back = Client().get("/api/v1/search/", {**asked, "before": second["previous"]}).json()
        assert back["results"] == first["results"]


def test_an_import_is_sent_and_reported(api: Caller) -> None:
    rows = [a_row("A-1"), a_row("A-2", hs6="0")]
    sent = api("post", "imports/", {"file": csv_file(rows)})
    assert sent.status_code == 202
    drain("slow", seconds=20)

    job = api("get", f"imports/{sent.json()['id']}/").json()
    assert (job["state"], job["rows_created"], job["rows_refused"]) == ("done", 1, 1)
    problems = api("get", f"imports/{job['id']}/problems/").json()["results"]
    assert [(row["line"], row["column"], row["code"]) for row in problems] == [
        (3, "hs6", "listing.hs_unknown")
    ]
    assert api("post", "imports/", {"file": csv_file(rows)}).json()["id"] == job["id"]
    assert len(api("get", "imports/").json()["results"]) == 1


def test_tokens_reach_only_their_company_and_roles(alice: Any) -> None:
    product = a_product(seller=alice)
    charlie = Caller(factories.charlie())
    buyer = Caller(alice, Role.BUYER)

    assert charlie("get", f"products/{product.public_id}/").status_code == 404
    assert charlie("post", f"products/{product.public_id}/end/").status_code == 404
    assert buyer("get", "products/").status_code == 403
    assert buyer("post", "products/", GLOVES, key="k").status_code == 403
    assert buyer("post", "imports/", {"file": csv_file([a_row("A-1")])}).status_code == 403
    assert Client().get("/api/v1/products/").status_code == 401
    assert not ImportJob.objects.exists()
    assert Product.objects.count() == 1
