"""Every address of the product, given what nobody should send: no fault, and nothing found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client

from tests.roof.test_everybody import POSTED_TO, PROGRAMS_POST_TO, TABLE, asker, ours
from tests.roof.world import Route, World, asked, undone

HOSTILE_IDS = (
    "ord_00000000000000000000000000",
    "prd_01jd0000000000000000000000",
    "99999999999999999999999999",
    "x" * 3000,
    "订单",
    "\0",
    "..%2f..%2fetc",
    "' OR 1=1 --",
)
#: one of a shape that every address takes, one of none
HOSTILE_SLUGS = ("nothing", "' OR 1=1 --")

#: what pages look for, and what they count by; a page reads its own and passes over the others
WORDS = (
    *("q", "category", "seller", "origin", "state", "side", "sort", "kind", "view", "show", "home", "stock"),
    *(
        "currency",
        "in_stock",
        "dry_run",
        "all",
        "removed",
        "copy",
        "product",
        "hs6",
        "next",
        "format",
        "read",
    ),
    *("script", "template"),
)
COUNTS = ("min", "max", "moq", "quantity", "size", "page_size", "page", "offset", "limit", "after", "before")
HOSTILE_WORDS = ("%00", "%ff%fe", "%27%20OR%201%3D1%20--", "%F0%9F%A7%A4%E2%80%AE", "nonsense", "")
HOSTILE_COUNTS = ("-1", "abc", "NaN", "Infinity", "1e999999", "0.00000000000000001", "9" * 400)
HOSTILE_QUERIES = (
    *("&".join(f"{name}={value}" for name in WORDS) for value in HOSTILE_WORDS),
    *("&".join(f"{name}={value}" for name in COUNTS) for value in HOSTILE_COUNTS),
    f"q={quote('手' * 10_000)}&after=garbage",
    f"q={'a%20' * 5_000}&before=garbage",
    "q=(&q=!&q=%26&q=%3A*&q=%5C&after=WyIiLCAxXQ&before=bnVsbA",
    "after=-1-1&before=0&size=99999999999999999999",
    "currency=XXX&min=&max=1e30&quantity=-0",
    "&".join(f"seller=s{number}&origin=XX" for number in range(300)),
)
HOSTILE_BODIES = (
    b"",
    b"null",
    b"[]",
    b"{",
    b'"text"',
    b"[" * 100_000,
    b'{"quantity": NaN, "amount": Infinity}',
    b"\xff\xfe\x00",
    json.dumps(
        dict.fromkeys(
            ("quantity", "amount", "counted", "lines", "reason", "currency", "seller", "product", "despatch"),
            {"deep": [None]},
        )
    ).encode(),
    json.dumps(
        {
            "quantity": "1e400",
            "amount": "-0.0000001",
            "counted": "9" * 400,
            "reason": "\0" * 9,
            "lines": [{"line": -1, "quantity": "NaN", "product": "\0"}] * 300,
            "received_on": "0000-00-00",
            "despatched_on": "99999-01-01",
            "currency": "XXX",
            "sku": "\0",
            "file": "\0",
        }
    ).encode(),
)
FIELDS = (
    *("quantity", "amount", "counted", "freight_seen", "total_seen", "line-1", "damaged-1", "price"),
    *("received_on", "despatched_on", "reason", "carrier", "key", "name", "currency", "product"),
    *("listing", "act", "sku", "category", "tiers", "packs", "po_number", "version", "expires_on", "roles"),
)
FORMS = ({}, dict.fromkeys(FIELDS, "1e999\0"), {"key": "k" * 5000, "quantity": "NaN", "amount": "Infinity"})


def faults_of(answers: list[tuple[str, int]]) -> list[str]:
    return [f"{status} at {asked[:200]}" for asked, status in answers if status >= 500]


def wrong_addresses(world: World, route: Route) -> Iterator[str]:
    """The route's address with something else in one of its gaps."""
    address = world.address(route.name, name="x")
    for part in route.parts:
        if part not in ("form", "kind", "currency"):
            known = (world.ids["alice"] | {"name": "x"})[part]
            for hostile in HOSTILE_SLUGS if part == "company" else HOSTILE_IDS:
                yield address.replace(f"/{known}", f"/{quote(hostile, safe='')}")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_wrong_ids_are_not_found(world: World, method: str) -> None:
    answers = []
    for route in ours():
        client = asker(world, route, "alice")
        for address in wrong_addresses(world, route):
            answers.append((address, asked(client, method, address).status_code))
    assert not faults_of(answers)
    assert not {address for address, found in answers if found == 200 and "/docs/" not in address}


def test_hostile_queries_are_no_fault(world: World) -> None:
    answers, readers = [], set()
    for route in ours():
        if TABLE[route.name] in (POSTED_TO, PROGRAMS_POST_TO) or route.name == "api_schema":
            continue
        client, address = asker(world, route, "alice"), world.address(route.name, name="x")
        for query in HOSTILE_QUERIES:
            response = asked(client, "GET", f"{address}?{query}")
            answers.append((f"{address}?{query}", response.status_code))
            if not reads_its_query(response):
                break
            readers.add(route.name)
    assert not faults_of(answers)
    assert {"search", "orders", "listings", "cases", "inbox", "api_products"} <= readers


def reads_its_query(response) -> bool:
    """Django parses the query of a request when it is first looked at."""
    return "GET" in response.wsgi_request.__dict__


def test_hostile_cookies_and_headers_are_no_fault(world: World) -> None:
    client = world.client("anonymous", raise_request_exception=False)
    for name in ("currency", "language", "theme", "sessionid", "csrftoken", "messages"):
        client.cookies[name] = "\x01" + "é" * 3000
    answers = []
    for route in ours():
        if not route.parts and not route.is_api:
            address = world.address(route.name)
            headers = {"Accept-Language": "zz-\x01,*;q=NaN" * 50, "HX-Request": "true", "Range": "bytes=-"}
            answers.append((address, client.get(address, headers=headers).status_code))
    assert not faults_of(answers)


def test_hostile_bodies_are_no_fault(world: World) -> None:
    answers = []
    for route in ours():
        if not route.is_api:
            continue
        client, address = asker(world, route, "alice"), world.address(route.name)
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            for number, body in enumerate(HOSTILE_BODIES):
                found = send(client, method, address, body, key=f"{number}")
                answers.append((f"{method} {route.name} {body[:60]!r}", found))
                if found == 405:
                    break
    assert not faults_of(answers)


def send(client: Client, method: str, address: str, body: bytes, *, key: str) -> int:
    more = {"data": body, "content_type": "application/json", "headers": {"Idempotency-Key": key}}
    return asked(client, method, address, **more).status_code


def test_empty_and_absurd_forms_are_no_fault(world: World) -> None:
    answers = []
    for route in ours():
        if route.is_api:
            continue
        client, address = asker(world, route, "alice"), world.address(route.name, name="x")
        for form in FORMS:
            with undone():
                found = client.post(address, form).status_code
            answers.append((f"POST {address} {list(form)[:2]}", found))
            if found == 405:
                break
    assert not faults_of(answers)
