"""The pages of carts and orders: from a basket before signing in to an order that has arrived."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.services import pause
from identity.models import Address, Company
from identity.states import Role
from orders import services
from orders.models import CartLine, Order
from orders.states import OrderState, PaymentTerms
from tests import factories as people
from tests.catalog.factories import a_product, tiers
from tests.orders.factories import NOW, a_confirmed_order, a_despatch, an_order, stock_of

pytestmark = pytest.mark.django_db


def signed_in(actor: Any) -> Client:
    return people.sign_in(Client(), actor)


def at(name: str, actor: Any, **kwargs: Any) -> str:
    return reverse(name, kwargs={"company": actor.company.slug, **kwargs})


def fields_of(page: str) -> dict[str, list[str]]:
    """Names and values of the hidden and chosen inputs, as a browser would send them."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("hidden", "radio") and "name" in attributes:
            if attributes["type"] == "radio" and "checked" not in tag:
                continue
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return found


def checkout_of(client: Client, actor: Any, seller: Any, **changes: Any) -> tuple[str, dict[str, Any]]:
    """The address of the checkout page, and what its form sends."""
    url = at("checkout", actor, seller=seller.company.slug)
    page = client.get(url)
    assert page.status_code == 200, page
    sent: dict[str, Any] = fields_of(page.content.decode())
    form = re.search(r'<form method="post" id="checkout".*', page.content.decode(), re.DOTALL)
    assert form is not None
    sent |= {"incoterm": "FCA", "place": "Singapore", "payment_terms": "net_30"}
    return url, sent | {"po_number": "PO-7", "requested_date": "", "note": ""} | changes


# --- basket and cart -----------------------------------------------------------------------------------------------


def test_a_basket_survives_signing_in_and_becomes_the_companys_cart() -> None:
    product = a_product(seller=people.alice())
    client = Client()
    add = reverse("basket_add")
    client.post(add, {"product": product.public_id, "quantity": "20"})
    assert product.name_en in client.get(reverse("basket")).content.decode()
    bo = people.bo()
    assert client.login(email=bo.user.email, password=people.PASSWORD) or client.force_login(bo.user) is None
    answer = client.get(reverse("basket"), follow=True)
    assert answer.request["PATH_INFO"] == at("cart", bo)
    assert CartLine.objects.get().quantity == 20
    client.get(at("cart", bo))
    assert CartLine.objects.get().quantity == 20


def test_the_cart_is_split_by_seller_and_warns() -> None:
    alice, bo, charlie = people.alice(), people.bo(), people.charlie()
    fine = a_product(seller=alice)
    scarce = a_product(seller=charlie, stock=10)
    for product, quantity in ((fine, 10), (scarce, 30)):
        services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(quantity), now=NOW)
    page = signed_in(bo).get(at("cart", bo)).content.decode()
    assert at("checkout", bo, seller=alice.company.slug) in page
    assert at("checkout", bo, seller=charlie.company.slug) not in page
    assert "Only 10 in stock" in page or "10" in page


def test_a_quantity_is_changed_removed_and_put_back() -> None:
    bo = people.bo()
    product = a_product(seller=people.alice())
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    client = signed_in(bo)
    client.post(at("cart_set", bo), {"product": product.public_id, "quantity": "40"})
    assert CartLine.objects.get().quantity == 40
    removed = client.post(at("cart_remove", bo), {"product": product.public_id})
    assert not CartLine.objects.exists()
    page = client.get(removed.url).content.decode()
    back = fields_of(page)
    client.post(at("cart_set", bo), {"product": back["product"], "quantity": back["quantity"]})
    assert CartLine.objects.get().quantity == 40


@pytest.mark.parametrize("quantity", ["", "x", "-1", "0", "1e99", "NaN", "0.0000001", "1,5"])
def test_absurd_quantities_change_nothing(quantity: str) -> None:
    bo = people.bo()
    product = a_product(seller=people.alice())
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    client = signed_in(bo)
    answer = client.post(
        at("cart_set", bo), {"product": product.public_id, "quantity": quantity}, follow=True
    )
    assert answer.status_code == 200
    assert CartLine.objects.get().quantity == 10
    answer = client.post(
        reverse("basket_add"), {"product": product.public_id, "quantity": quantity}, follow=True
    )
    assert answer.status_code == 200
    assert CartLine.objects.get().quantity == 10


def test_a_changed_price_is_said_in_the_cart() -> None:
    from catalog.services import draft_of, edit_product

    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW, currency="SGD")
    import dataclasses

    draft = dataclasses.replace(draft_of(product), tiers=tiers(SGD={"10": "13.00"}))
    edit_product(actor=alice, product=product, draft=draft, version=product.version, now=NOW)
    page = signed_in(bo).get(at("cart", bo)).content.decode()
    assert "12.5" in page
    assert "13" in page


# --- checkout ------------------------------------------------------------------------------------------------------


def test_checkout_places_the_order_and_empties_that_part_of_the_cart() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice, stock=100)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    client = signed_in(bo)
    url, sent = checkout_of(client, bo, alice)
    answer = client.post(url, sent | {"order": "1"})
    order = Order.objects.get()
    assert answer.url == at("order", bo, order=order.public_id)
    assert (order.po_number, order.state) == ("PO-7", OrderState.PLACED)
    assert not CartLine.objects.exists()
    assert stock_of(product) == 90
    again = client.post(url, sent | {"order": "1"})
    assert again.url == answer.url
    assert Order.objects.count() == 1


def test_a_price_that_changed_since_is_refused_and_nothing_typed_is_lost() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    client = signed_in(bo)
    url, sent = checkout_of(client, bo, alice)
    answer = client.post(url, sent | {"order": "1", "price": "1.00", "note": "Mind the step"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Mind the step" in page
    assert product.sku in page
    assert fields_of(page)["key"] != sent["key"]
    assert not Order.objects.exists()


def test_a_total_that_differs_is_shown_before_it_binds() -> None:
    alice, bo = people.alice(), people.bo()
    depot = people.an_address(bo, label="Depot", country="SG", city="Singapore")
    product = a_product(seller=alice)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW, currency="SGD")
    client = signed_in(bo)
    url, sent = checkout_of(client, bo, alice)
    office = Address.objects.filter(company=bo.company).exclude(pk=depot.pk).get()
    sent |= {"ship_to": office.public_id, "total_seen": "125.00"}
    sent["ship_to"] = depot.public_id
    answer = client.post(url, sent | {"order": "1"})
    assert answer.status_code == 409
    assert not Order.objects.exists()
    again = sent | fields_of(answer.content.decode()) | {"order": "1"}
    assert client.post(url, again).status_code == 302
    assert Order.objects.get().total == Decimal("136.25")


def test_an_address_is_added_without_losing_the_form() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    client = signed_in(bo)
    url, sent = checkout_of(client, bo, alice, note="By the back gate")
    new = {"label": "Longhua", "lines_zh": "广东省深圳市龙华区", "city": "Shenzhen", "country": "CN"}
    new |= {"for_shipping": "on", "for_billing": "on"}
    answer = client.post(
        url, sent | {f"new-{name}": value for name, value in new.items()} | {"add_address": "1"}
    )
    page = answer.content.decode()
    added = Address.objects.get(label="Longhua")
    assert "By the back gate" in page
    assert fields_of(page)["ship_to"] == [added.public_id]
    assert not Order.objects.exists()


def test_the_form_for_an_address_opens_when_asked_and_keeps_what_was_typed() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    client = signed_in(bo)
    url, sent = checkout_of(client, bo, alice, note="By the back gate")
    assert "new-label" not in client.get(url).content.decode()
    opened = client.post(url, sent | {"new_address": "1"}).content.decode()
    assert "new-label" in opened
    assert "By the back gate" in opened
    half = sent | {"new-label": "Half-typed", "new-city": "Longhua", "place": ""}
    refused = client.post(url, half | {"order": "1"}).content.decode()
    assert "Half-typed" in refused
    assert not Order.objects.exists()
    assert Address.objects.filter(company=bo.company).count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"price": "dear"},
        {"quantity": "many"},
        {"product": []},
        {"incoterm": "XXX"},
        {"requested_date": "someday"},
        {"place": ""},
        {"ship_to": "adr_nonsense"},
        {"currency": "EUR"},
        {"total_seen": "NaN"},
        {"po_number": "x" * 61},
        {"note": "\x00"},
        {"key": ""},
    ],
)
def test_bad_input_at_checkout_is_answered_in_words(changes: dict[str, Any]) -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    client = signed_in(bo)
    url, sent = checkout_of(client, bo, alice)
    answer = client.post(url, sent | {"order": "1"} | changes, follow=True)
    assert answer.status_code in (200, 422)
    assert not Order.objects.exists()


def test_only_buyers_check_out() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    finance = people.a_colleague(bo, Role.FINANCE)
    assert signed_in(finance).get(at("checkout", bo, seller=alice.company.slug)).status_code == 403
    assert signed_in(people.charlie()).get(at("checkout", bo, seller=alice.company.slug)).status_code == 404


# --- the order's page ----------------------------------------------------------------------------------------------


def test_the_order_reads_as_a_story_to_both_and_is_not_found_by_others() -> None:
    order = a_confirmed_order()
    a_despatch(order)
    alice, bo = people.alice(), people.bo()
    for actor in (alice, bo):
        page = signed_in(actor).get(at("order", actor, order=order.public_id))
        assert page.status_code == 200
        assert order.reference in page.content.decode()
    page = signed_in(alice).get(at("order", alice, order=order.public_id)).content.decode()
    assert "Goods shipped" in page
    assert "No money moves here" in page
    charlie = people.charlie()
    assert signed_in(charlie).get(at("order", charlie, order=order.public_id)).status_code == 404
    assert signed_in(charlie).get(at("order", alice, order=order.public_id)).status_code == 404
    assert signed_in(alice).get(at("order", alice, order="ord_nonsense")).status_code == 404
    assert signed_in(alice).get(at("order_print", alice, order=order.public_id)).status_code == 200


def test_actions_are_shown_to_those_who_may() -> None:
    order = an_order(incoterm="DAP", place="Longgang")
    alice, bo = people.alice(), people.bo()
    accept = at("order_accept", alice, order=order.public_id)
    sellers = signed_in(alice).get(at("order", alice, order=order.public_id)).content.decode()
    assert accept in sellers
    finance = people.a_colleague(alice, Role.FINANCE)
    assert accept not in signed_in(finance).get(at("order", alice, order=order.public_id)).content.decode()
    buyers = signed_in(bo).get(at("order", bo, order=order.public_id)).content.decode()
    assert at("order_cancel", bo, order=order.public_id) in buyers
    assert "accept/" not in buyers


def test_a_late_answer_is_not_offered() -> None:
    order = an_order(now=NOW - timedelta(hours=73))
    alice = people.alice()
    page = signed_in(alice).get(at("order", alice, order=order.public_id)).content.decode()
    assert at("order_accept", alice, order=order.public_id) not in page
    assert "The time to answer has passed" in page
    answer = signed_in(alice).post(at("order_accept", alice, order=order.public_id), follow=True)
    assert "The time to answer has passed" in answer.content.decode()
    order.refresh_from_db()
    assert order.state == OrderState.PLACED


def test_an_order_goes_its_whole_way_in_the_browser() -> None:
    alice, bo = people.alice(), people.bo()
    seller, buyer = signed_in(alice), signed_in(bo)
    order = an_order(incoterm="DAP", place="Longgang", payment_terms=PaymentTerms.PREPAID)
    today = timezone.localdate().isoformat()

    def do(client: Client, actor: Any, name: str, data: dict[str, Any] | None = None, **kwargs: Any) -> str:
        url = at(name, actor, order=order.public_id, **kwargs)
        sent = dict(data or {})
        if name in ("order_payment", "order_despatch", "order_receive"):
            sent["key"] = fields_of(client.get(url).content.decode())["key"]
        answer = client.post(url, sent, follow=True)
        assert answer.status_code == 200, answer.content.decode()
        order.refresh_from_db()
        return answer.content.decode()

    do(seller, alice, "order_freight", {"amount": "20.00"})
    assert order.state == OrderState.FREIGHT_OFFERED
    do(buyer, bo, "order_agree", {"freight_seen": "20.00"})
    assert order.state == OrderState.CONFIRMED
    refused = seller.post(
        at("order_despatch", alice, order=order.public_id),
        {"key": "k0", "carrier": "Straits Air", "despatched_on": today, "line-1": "10"},
    )
    assert refused.status_code == 422
    do(seller, alice, "order_payment", {"amount": "145.00", "received_on": today})
    assert order.is_paid
    do(seller, alice, "order_despatch", {"carrier": "Straits Air", "despatched_on": today, "line-1": "10"})
    assert order.state == OrderState.DESPATCHED
    sent = order.despatches.get().public_id
    do(buyer, bo, "order_receive", {"received_on": today, "line-1": "10", "damaged-1": "1"}, despatch=sent)
    assert order.state == OrderState.COMPLETED
    again = do(buyer, bo, "order_again")
    assert CartLine.objects.count() == 1
    assert order.lines.get().sku in again


def test_each_party_reads_the_times_of_its_own_zone() -> None:
    alice, bo, order = people.alice(), people.bo(), an_order()
    Company.objects.filter(pk=bo.company_id).update(time_zone="Europe/London")
    placed = order.placed_at.astimezone(ZoneInfo("Europe/London"))
    for name in ("order", "orders_export"):
        where = {"order": order.public_id} if name == "order" else {"form": "csv"}
        answer = signed_in(bo).get(at(name, bo, **where))
        page = b"".join(answer).decode()
        assert f"{placed:%H:%M}" in page, name
        assert f"{placed:%H:%M}" not in b"".join(signed_in(alice).get(at(name, alice, **where))).decode(), (
            name
        )


def test_a_buyer_orders_again_at_any_time() -> None:
    bo, order = people.bo(), an_order()
    address = at("order_again", bo, order=order.public_id)
    assert f'action="{address}"' in signed_in(bo).get(at("order", bo, order=order.public_id)).content.decode()


def test_ordering_many_lines_again_asks_no_more_than_one() -> None:
    alice, bo = people.alice(), people.bo()
    one, many = an_order(a_product(seller=alice)), an_order(*[a_product(seller=alice) for _ in range(6)])
    asked = []
    for order in (one, one, many, many):
        with CaptureQueriesContext(connection) as statements:
            services.order_again(actor=bo, order=order.public_id, now=NOW)
        asked.append(len(statements))
    assert asked[1] == asked[2] == asked[3] <= 12, asked
    assert CartLine.objects.count() == 7


def test_ordering_again_lets_the_cart_hold_the_old_quantity() -> None:
    alice, bo = people.alice(), people.bo()
    product = a_product(seller=alice)
    order = an_order(product, quantity=30)
    services.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=NOW)
    services.order_again(actor=bo, order=order.public_id, now=NOW)
    assert CartLine.objects.get().quantity == 30


def test_what_is_no_longer_on_sale_is_said_when_ordering_again() -> None:
    alice, bo = people.alice(), people.bo()
    kept, gone = a_product(seller=alice), a_product(seller=alice)
    order = an_order(kept, gone)
    pause(actor=alice, product=gone, now=NOW)
    page = signed_in(bo).post(at("order_again", bo, order=order.public_id), follow=True).content.decode()
    assert CartLine.objects.get().product_id == kept.pk
    assert gone.sku in page


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("order_refuse", {"reason": ""}),
        ("order_refuse", {"reason": "x" * 501}),
        ("order_freight", {"amount": "free"}),
        ("order_freight", {"amount": "-1"}),
        ("order_freight", {"amount": "1e50"}),
        ("order_freight", {"amount": "NaN"}),
    ],
)
def test_bad_answers_are_explained(name: str, data: dict[str, str]) -> None:
    order = an_order(incoterm="DAP", place="Longgang")
    alice = people.alice()
    answer = signed_in(alice).post(at(name, alice, order=order.public_id), data, follow=True)
    assert answer.status_code == 200
    assert "notice-danger" in answer.content.decode()
    order.refresh_from_db()
    assert order.state == OrderState.PLACED


@pytest.mark.parametrize(
    "data",
    [
        {"line-1": "1e99"},
        {"line-1": "-1"},
        {"line-1": "NaN"},
        {"line-1": "11"},
        {"line-1": ""},
        {"despatched_on": "2999-01-01"},
        {"despatched_on": "0001-01-01"},
        {"eta": "x"},
        {"carrier": ""},
    ],
)
def test_a_bad_shipment_is_explained_and_kept(data: dict[str, str]) -> None:
    order = a_confirmed_order()
    alice = people.alice()
    today = timezone.localdate().isoformat()
    sent = {"key": "k1", "carrier": "Straits Air", "despatched_on": today, "line-1": "10"} | data
    answer = signed_in(alice).post(at("order_despatch", alice, order=order.public_id), sent)
    assert answer.status_code in (200, 422)
    assert "form-errors" in answer.content.decode()
    assert not order.despatches.exists()


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_list_filters_searches_and_pages() -> None:
    product = a_product(seller=people.alice())
    orders = [an_order(product, po_number=f"PO-{number}") for number in range(23)]
    services.accept_order(actor=people.alice(), order=orders[0].public_id, now=NOW)
    bo = people.bo()
    client = signed_in(bo)

    def shown(**query: str) -> list[str]:
        page = client.get(at("orders", bo), query).content.decode()
        return re.findall(r">(SH-[A-Z0-9-]{11})<", page)

    first = client.get(at("orders", bo)).content.decode()
    following = re.search(r'rel="next" href="\?([^"]*)"', first)
    assert following is not None
    assert len(shown()) == 20
    second = client.get(at("orders", bo) + "?" + following[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r">(SH-[A-Z0-9-]{11})<", second) == [order.reference for order in orders[2::-1]]
    assert shown(state="confirmed") == [orders[0].reference]
    assert shown(q="PO-17") == [orders[17].reference]
    assert shown(q=orders[5].reference[3:]) == [orders[5].reference]
    assert shown(sort="oldest")[0] == orders[0].reference
    assert shown(sort="due")[0] == orders[1].reference
    assert shown(side="selling") == []
    for query in ({"state": "lost"}, {"sort": "x"}, {"after": "ord_x"}, {"q": "\x00"}, {"side": "both"}):
        assert client.get(at("orders", bo), query).status_code == 200


def test_the_list_takes_six_statements_whatever_its_size(django_assert_max_num_queries) -> None:
    product = a_product(seller=people.alice())
    bo = people.bo()
    client = signed_in(bo)
    for _ in range(5):
        an_order(product)
    client.get(at("orders", bo))  # the session then knows the company
    with django_assert_max_num_queries(6):
        client.get(at("orders", bo))


def test_the_order_takes_nine_statements_whatever_its_size(django_assert_max_num_queries) -> None:
    alice = people.alice()
    order = a_confirmed_order(*[a_product(seller=alice) for _ in range(4)])
    a_despatch(order, {1: 5})
    a_despatch(order, {1: 5, 2: 1})
    client = signed_in(alice)
    client.get(at("orders", alice))
    with django_assert_max_num_queries(9):
        client.get(at("order", alice, order=order.public_id))


def test_the_export_holds_what_the_filters_show_and_no_formula() -> None:
    order = an_order(po_number="=1+1")
    bo = people.bo()
    answer = signed_in(bo).get(at("orders_export", bo, form="csv"))
    text = b"".join(answer.streaming_content).decode()
    assert order.reference in text
    assert ",'=1+1," in text
