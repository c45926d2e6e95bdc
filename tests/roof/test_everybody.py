"""Every address of the product, asked by everybody: who sees it and who does not.

A new address without a row in the table fails.
"""

from __future__ import annotations

from typing import Any

from kernel.models import Event
from tests.roof.world import Route, World, routes

EVERYBODY = ("anonymous", "charlie", "bo", "alice")

#: what GET answers to: nobody signed in, a stranger, the buyer, the seller
PUBLIC = (200, 200, 200, 200)
#: a page of Alice's workspace
ALICES = (302, 404, 404, 200)
#: a page of Bo's workspace
BOS = (302, 404, 200, 404)
SIGNED_IN = (302, 200, 200, 200)
POSTED_TO = (405, 405, 405, 405)
NOWHERE = (404, 404, 404, 404)
#: each program sees what is its company's
PROGRAMS = (401, 200, 200, 200)
ALICES_PROGRAM = (401, 404, 404, 200)
BOTH_PROGRAMS = (401, 404, 200, 200)
PROGRAMS_POST_TO = (401, 405, 405, 405)

EXPECTED: dict[tuple[int, int, int, int], str] = {
    PUBLIC: "terms privacy consent_notice contact simulated recognition demo try_it home search product storefront invitation media healthz dev_mail jwks"
    " api_docs api_docs_script api_schema api_search help help_guide help_glossary",
    (200, 302, 302, 302): "basket",
    (302, 302, 302, 302): "desk ask factors",
    #: a number for the frame, nothing before sign-in
    (204, 200, 200, 200): "inbox_bell",
    #: Alice's own line: to where it leads; of that seller nothing is in the cart: back to it;
    #: about that order there is a thread already: on to it
    (302, 404, 404, 302): "notice checkout talk_ask",
    SIGNED_IN: "company_new inbox inbox_export inbox_preferences security my_data identities",
    #: nothing of theirs waits until they have shown who they are
    (302, 404, 404, 404): "show_who"
    #: a bank's workspace: Alice's company is none
    #: what Bo's people asked one another is nothing of Alice's
    " approval programme financing financing_export financing_file"
    # there is no record of a case that is not over
    " case_record",
    NOWHERE: "dev_letter api_nothing_here issuer_login issuer_callback",
    ALICES: "linking workspace talk thread thread_news company company_edit claims claim_submit members mandates mandate_new member_invite member_roles"
    " addresses address_new address_edit tokens token_new bank bank_set bank_change"
    " listings listing listing_new listing_edit listing_attributes listing_hs listing_pictures listing_sheets"
    " listing_stock listings_export imports imports_export import import_new import_problems import_template"
    " cart orders orders_export order_lines_export papers_export order order_print order_papers order_payment order_despatch"
    " approvals approvals_export spending_limit"
    " talk_export saved_export members_export mandates_export addresses_export tokens_export claims_export"
    " cases cases_export case case_new case_file case_room case_session papers paper paper_file saved find quick_order order_finance finance finance_export finance_offer",
    #: the buyer's act, seen under the seller's address
    (302, 404, 404, 403): "order_receive",
    POSTED_TO: "my_data_file consent_withdraw approval_again approval_decline approval_give approval_withdraw case_act demo_enter address_end bank_end bank_change_withdraw basket_add basket_set cart_currency cart_remove cart_set claim_withdraw"
    " saved_product saved_seller saved_search_new saved_search_rename saved_search_remove"
    " import_run inbox_read_all inbox_undo invitation_revoke mandate_revoke listing_end listing_pause listing_picture_act listing_publish"
    " listing_sheet_remove listings_act member_end notice_mark order_accept order_again order_agree order_cancel"
    " order_freight order_refuse finance_ask finance_decline finance_preference finance_withdraw financing_act"
    " bank_message session_end linking_start linking_consent linking_revoke identities_end set_currency set_language token_revoke",
    PROGRAMS: "api_cart api_events api_imports api_offers api_orders api_papers api_products api_threads",
    ALICES_PROGRAM: "api_offer api_import api_import_problems api_product api_product_stock",
    BOTH_PROGRAMS: "api_order api_paper api_paper_download api_thread api_thread_file",
    PROGRAMS_POST_TO: "api_cart_line api_order_accept api_order_again api_order_agree api_order_cancel"
    " api_order_despatches api_order_freight api_order_payments api_order_receipts api_order_refuse"
    " api_offer_accept api_offer_decline api_paper_versions api_product_end api_product_pause api_product_picture api_product_pictures"
    " api_product_publish api_product_sheet api_product_sheets api_thread_messages api_thread_read",
}
TABLE = {name: answers for answers, names in EXPECTED.items() for name in names.split()}
#: the same deal under the buyer's address
BUYERS = (
    "workspace",
    "approval",
    "cart",
    "orders",
    "order",
    "order_print",
    "order_papers",
    "order_receive",
    "papers",
    "paper",
    "paper_file",
    "talk",
    "thread",
    "thread_news",
    "cases",
    "case",
    "case_new",
    "case_file",
    "case_room",
    "case_session",
    "cases_export",
)


def ours() -> list[Route]:
    """Officers' pages below /operator/ are tested with the claims."""
    return [route for route in routes() if not route.name.startswith("identity_")]


#: comes from a bank's machine: its signature is what is checked
SIGNED = {"bank_message"}


def asker(world: World, route: Route, who: str, **kwargs: Any) -> Any:
    client = world.program(who) if route.is_api else world.client(who, **kwargs)
    client.raise_request_exception = False
    return client


def test_every_address_stands_in_the_table() -> None:
    assert sorted(TABLE) == sorted(route.name for route in ours())


def test_everybody_gets_what_the_table_says(world: World) -> None:
    wrong = []
    for route in ours():
        other = {"name": "20260101-000000-1-0"} if route.name == "dev_letter" else {}
        address = world.address(route.name, **other)
        found = tuple(asker(world, route, who).get(address).status_code for who in EVERYBODY)
        if found != TABLE[route.name]:
            wrong.append(f"{route.name}: {found} instead of {TABLE[route.name]}")
    assert not wrong


def test_the_buyer_sees_the_deal_under_an_address_of_their_own(world: World) -> None:
    wrong = []
    for name in BUYERS:
        address = world.address(name, "bo")
        found = tuple(world.client(who).get(address).status_code for who in EVERYBODY)
        if found != BOS:
            wrong.append(f"{name}: {found}")
    assert not wrong


def test_private_pages_are_kept_by_nobody(world: World) -> None:
    for route in ours():
        if "company" in route.parts and TABLE[route.name] == ALICES:
            response = world.client("alice").get(world.address(route.name))
            assert "no-store" in response["Cache-Control"], route.name


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    """Without the token of a page of ours, whoever sends it."""
    for route in ours():
        if route.is_api or route.name in SIGNED:
            continue
        for who in ("anonymous", "alice"):
            client = world.client(who, enforce_csrf_checks=True)
            assert client.post(world.address(route.name, name="x")).status_code == 403, (route.name, who)


def test_a_session_is_no_key_to_the_api(world: World) -> None:
    """Programs sign in by token only, so no page can make a browser use the API."""
    for route in ours():
        if route.is_api and TABLE[route.name] not in (PUBLIC, NOWHERE):
            address = world.address(route.name)
            assert world.client("alice").get(address).status_code == 401, route.name
            assert world.client("alice").post(address).status_code == 401, route.name


def test_strangers_change_nothing(world: World) -> None:
    before = Event.objects.count()
    wrong = []
    for route in ours():
        if "company" not in route.parts:
            continue
        address = world.address(route.name)
        for who, expected in {"anonymous": {302, 405}, "charlie": {404, 405}, "bo": {404, 405}}.items():
            status = world.client(who).post(address).status_code
            if status not in expected:
                wrong.append(f"{route.name} for {who}: {status}")
    assert not wrong
    assert Event.objects.count() == before


def test_programs_of_strangers_change_nothing(world: World) -> None:
    before = Event.objects.count()
    wrong = []
    for route in ours():
        if not route.is_api or not route.parts or route.name == "api_cart_line":
            continue
        for method in ("post", "put", "patch", "delete"):
            client = world.program("charlie")
            status = client.generic(
                method.upper(),
                world.address(route.name),
                b"{}",
                content_type="application/json",
                headers={"Idempotency-Key": "k"},
            ).status_code
            if status not in (400, 404, 405, 415):
                wrong.append(f"{method} {route.name}: {status}")
    assert not wrong
    assert Event.objects.count() == before
