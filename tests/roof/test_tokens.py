"""Every address of the API × every method × every role of a token: what a program may read and do.

An address or a method without a row fails. A token never does more than its maker's roles of today and its own together.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from kernel.models import Event
from kernel.models.events import EventQuerySet
from tests.roof.crowd import MEMBERS, Crowd, roles_of, rows
from tests.roof.test_everybody import ours
from tests.roof.world import PDF, asked, undone
from tests.roof.world import _picture as a_picture

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: Of programs of Alice, who sells. “nobody”: the other side's. Every method that does not stand here is refused as such (405).
SELLERS = """
GET api_orders                  all
GET api_order                   all
POST api_orders                 buyer
POST api_order_accept           seller
POST api_order_refuse           seller
POST api_order_freight          seller
POST api_order_payments         finance
POST api_order_despatches       seller, logistics
POST api_order_agree            nobody
POST api_order_cancel           nobody
POST api_order_again            nobody
POST api_order_receipts         nobody
GET api_cart                    all
PATCH api_cart                  buyer
PUT api_cart_line               buyer
DELETE api_cart_line            buyer

GET api_papers                  all
GET api_paper                   all
GET api_paper_download          all
POST api_paper_versions         seller, finance, logistics

GET api_threads                 all
POST api_threads                all
GET api_thread                  all
GET api_thread_file             all
POST api_thread_messages        all
POST api_thread_read            all
GET api_events                  all

GET api_offers                  finance
GET api_offer                   finance
POST api_offer_accept           finance
POST api_offer_decline          finance

GET api_products                seller
POST api_products               seller
GET api_product                 seller
PUT api_product                 seller
POST api_product_publish        seller
POST api_product_pause          seller
POST api_product_end            seller
GET api_product_stock           seller
POST api_product_stock          seller
POST api_product_pictures       seller
DELETE api_product_picture      seller
POST api_product_sheets         seller
DELETE api_product_sheet        seller
GET api_imports                 seller
POST api_imports                seller
GET api_import                  seller
GET api_import_problems         seller
"""
#: Of programs of Bo, who buys: what is the seller's business alone is not found, or is the other side's.
BUYERS = """
GET api_order                   all
POST api_orders                 buyer
POST api_order_accept           nobody
POST api_order_refuse           nobody
POST api_order_freight          nobody
POST api_order_payments         nobody
POST api_order_despatches       nobody
POST api_order_agree            buyer, approver
POST api_order_cancel           buyer
POST api_order_again            buyer
POST api_order_receipts         buyer, logistics
PUT api_cart_line               buyer
GET api_paper                   all
GET api_paper_download          all
POST api_paper_versions         nobody
GET api_thread                  all
POST api_thread_messages        all
GET api_thread_file             all
GET api_offer                   nobody      404
POST api_offer_accept           nobody      404
POST api_offer_decline          nobody      404
"""
#: who asks for these needs no token
OPEN = {"api_search", "api_schema", "api_docs", "api_docs_script", "api_nothing_here"}
#: what the answer is for who may: done, or not as things stand
DONE = {200, 201, 202, 204, 409, 422}
ACTS = {"alice": rows(SELLERS), "bo": rows(BUYERS)}
LISTING = {"sku": "NEW-1", "category": "hand-protection", "origin": "SG"}


def bodies(crowd: Crowd) -> dict[str, Any]:
    """Whole enough for the verb to be asked, which says who may."""
    ids = crowd.world.ids["bo"]
    day = "2026-11-20"
    return {
        "POST api_orders": {
            "seller": crowd.world.alice.company.slug,
            "lines": [{"product": ids["product"], "quantity": "10"}],
            "currency": "SGD",
            "incoterm": "FCA",
            "place": "Singapore",
            "bill_to": ids["address"],
            "ship_to": ids["address"],
        },
        "POST api_order_refuse": {"reason": "Out of stock"},
        "POST api_order_cancel": {"reason": "Ordered twice"},
        "POST api_order_freight": {"amount": "9.00"},
        "POST api_order_payments": {"amount": "9.00", "received_on": day},
        "POST api_order_despatches": {
            "carrier": "Straits Air Cargo",
            "despatched_on": day,
            "lines": [{"line": 1, "quantity": "1"}],
        },
        "POST api_order_receipts": {
            "despatch": ids["despatch"],
            "received_on": day,
            "lines": [{"line": 1, "quantity": "1"}],
        },
        "PATCH api_cart": {"currency": "SGD"},
        "PUT api_cart_line": {"quantity": "10"},
        "POST api_paper_versions": {"reason": "Another number", "po_number": "PO-77"},
        "POST api_threads": {"matter": ids["order"], "body": "When?"},
        "POST api_thread_messages": {"body": "On Monday."},
        "POST api_offer_accept": {"net_seen": "1.00"},
        "POST api_products": LISTING,
        "PUT api_product": LISTING,
        "POST api_product_stock": {"counted": "500", "note": "Count"},
    }


def files() -> dict[str, dict[str, Any]]:
    picture, sheet, table = a_picture(), io.BytesIO(PDF), io.BytesIO(b"sku,name_en\nB-1,Nut\n")
    picture.name, sheet.name, table.name = "a.png", "a.pdf", "b.csv"
    return {
        "POST api_product_pictures": {"file": picture},
        "POST api_product_sheets": {"file": sheet, "kind": "tds", "title": "Sheet", "language": "en"},
        "POST api_imports": {"file": table, "dry_run": "true"},
    }


def told(crowd: Crowd, who: str, act: str) -> int:
    """The answer to a program of that role, which is undone."""
    method, name = act.split()
    address, client, key = crowd.world.address(name), crowd.program(who), {"Idempotency-Key": "k"}
    if act in files():
        with undone():
            return client.post(address, files()[act], headers=key).status_code
    body = json.dumps(bodies(crowd).get(act, {})) if method != "GET" else ""
    return asked(client, method, address, data=body, content_type="application/json", headers=key).status_code


def test_every_address_of_the_api_has_a_row() -> None:
    programs = {route.name for route in ours() if route.is_api}
    assert {act.split()[1] for act in ACTS["alice"]} == programs - OPEN


def test_every_other_method_is_refused_as_such(crowd: Crowd) -> None:
    table = ACTS["alice"]
    acts = [f"{method} {name}" for name in {act.split()[1] for act in table} for method in METHODS]
    assert not {
        act: found for act in acts if act not in table and (found := told(crowd, "alice owner", act)) != 405
    }


@pytest.mark.parametrize("company", ACTS)
def test_tokens_do_what_their_role_may(crowd: Crowd, company: str) -> None:
    wrong = []
    for act, (cell, *others) in ACTS[company].items():
        for role in MEMBERS:
            found = told(crowd, f"{company} {role}", act)
            right = DONE if role in roles_of(cell) else {int(others[0]) if others else 403}
            if found not in right:
                wrong.append(f"{act} for {role}: {found} instead of {right}")
    assert wrong == []


@pytest.mark.parametrize("which", ["revoked", "of who left", "whose maker lost its role", "made up"])
def test_a_token_that_holds_no_more_opens_nothing(crowd: Crowd, which: str) -> None:
    assert {act: found for act in ACTS["alice"] if (found := told(crowd, which, act)) != 401} == {}


def test_the_feed_tells_of_finance_to_those_who_deal_with_it_and_of_cases_to_no_program(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pages do: an offer of money is the business of a company's finance, a case that of people."""
    # in the transaction of the world nothing is settled yet
    monkeypatch.setattr(EventQuerySet, "settled", lambda events: events)
    told_of = {role: set(_feed(crowd, role)) for role in MEMBERS}
    assert {"OfferMade", "CaseOpened"} <= set(Event.objects.values_list("name", flat=True))
    for role, names in told_of.items():
        assert "OrderConfirmed" in names, role
        assert "CaseOpened" not in names, role
        assert ("OfferMade" in names) is (role in {"owner", "finance"}), role


def _feed(crowd: Crowd, role: str) -> Iterator[str]:
    query = {"size": "100"}
    while page := crowd.program(f"alice {role}").get(crowd.world.address("api_events"), query).json():
        yield from (event["name"] for event in page["results"])
        if not page["results"]:
            break
        query["after"] = page["next"]
