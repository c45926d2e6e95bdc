"""Placing an order: a snapshot of what was agreed, stock reserved, and nothing done where anything is refused."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import StockMovement
from catalog.services import pause
from catalog.states import MovementKind
from identity.states import Role
from kernel.errors import Forbidden, Refused
from kernel.models import Delivery, Event, IdempotencyKey
from kernel.services.idempotency import KeyMissing, KeyReused
from orders import services
from orders.models import Order
from orders.services import WantedLine, checking
from orders.states import OrderState
from tests import factories as people
from tests.catalog.factories import a_product, tiers
from tests.orders.factories import NOW, a_request, an_order, stock_of

pytestmark = pytest.mark.django_db


def refusal_of(request) -> Refused:
    """What the door says; nothing was ordered and no stock moved."""
    with pytest.raises(Refused) as refused:
        services.place_order(actor=people.bo(), request=request, now=NOW)
    assert not Order.objects.exists()
    assert not Event.objects.filter(name="OrderPlaced").exists()
    assert not StockMovement.objects.filter(kind=MovementKind.RESERVED).exists()
    return refused.value


def codes(refused: Refused) -> list[tuple[int, str]]:
    return [(line["line"], line["code"]) for line in refused.lines]


def test_an_order_keeps_what_was_agreed_and_reserves_the_stock() -> None:
    gloves = a_product(seller=people.alice(), stock=100)
    order = an_order(gloves, quantity=50, po_number="PO-88")
    line = order.lines.get()
    assert order.state == OrderState.PLACED
    assert (line.unit_price, line.tier_min_quantity, line.line_total) == (
        Decimal("11.80"),
        Decimal(50),
        Decimal("590.00"),
    )
    assert (line.name_zh, line.hs6, line.origin, line.unit) == (gloves.name_zh, "401519", "SG", "PR")
    assert [pack["code"] for pack in line.packs] == ["XBX", "XCT"]
    assert order.seller_party["legal_name"] == "Tanjong Bolts Pte. Ltd."
    assert order.total == Decimal("590.00")
    assert stock_of(gloves) == 50


def test_the_seller_has_72_hours_and_the_clock_is_set() -> None:
    order = an_order()
    event = Event.objects.get(name="OrderPlaced")
    timer = Delivery.objects.get(event_id=event.pk, handler="orders.lapse")
    assert order.respond_by == timer.due_at == NOW + timedelta(hours=72)
    assert set(event.audience) == {order.buyer_id, order.seller_id}


def test_an_export_is_zero_rated_and_says_so() -> None:
    order = an_order()
    tax = order.taxes.get()
    assert (tax.code, tax.category, tax.amount) == ("GST", "zero", Decimal(0))
    assert tax.source


def test_goods_that_stay_in_singapore_bear_gst_rounded_once() -> None:
    bo = people.bo()
    depot = people.an_address(bo, label="Depot", country="SG", city="Singapore")
    product = a_product(
        seller=people.alice(), tiers=tiers(SGD={1: "0.3333"}), moq=Decimal(1), multiple=Decimal(1)
    )
    order = an_order(product, quantity=7, ship_to=depot.public_id)
    assert order.lines_total == Decimal("2.33")
    assert order.tax_total == Decimal("0.21")
    assert order.total == Decimal("2.54")


def test_a_missing_price_is_converted_with_a_stored_dated_rate() -> None:
    order = an_order(currency="CNY")
    line = order.lines.get()
    assert line.conversion["source"]
    assert line.conversion["on"] <= timezone.localdate(NOW).isoformat()
    assert line.unit_price == (Decimal("12.50") * Decimal(line.conversion["rate"])).quantize(
        Decimal("0.000001")
    )


def test_what_changes_later_does_not_change_the_order() -> None:
    order = an_order()
    alice = people.alice()
    alice.company.legal_name = "Another Name Pte. Ltd."
    alice.company.save()
    order.refresh_from_db()
    assert order.seller_party["legal_name"] == "Tanjong Bolts Pte. Ltd."


def test_each_refused_line_is_named_and_nothing_is_ordered() -> None:
    alice, charlie = people.alice(), people.charlie()
    fine = a_product(seller=alice)
    scarce = a_product(seller=alice, stock=10)
    paused = pause(actor=alice, product=a_product(seller=alice), now=NOW)
    elsewhere = a_product(seller=charlie)
    ten = Decimal(10)
    lines = (
        WantedLine(product=fine.public_id, quantity=ten),
        WantedLine(product=fine.public_id, quantity=ten),
        WantedLine(product=scarce.public_id, quantity=Decimal(20)),
        WantedLine(product=paused.public_id, quantity=ten),
        WantedLine(product=elsewhere.public_id, quantity=ten),
        WantedLine(product="prd_nonsense", quantity=ten),
    )
    refused = refusal_of(a_request(fine, lines=lines))
    assert codes(refused) == [
        (2, "line.repeated"),
        (3, "line.stock_short"),
        (4, "line.not_on_sale"),
        (5, "line.other_seller"),
        (6, "line.not_on_sale"),
    ]
    assert "Line 3" in str(refused.lines[1]["message"])
    assert stock_of(fine) == 1000


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("5", "quantity.below_minimum"),
        ("15", "quantity.not_a_multiple"),
        ("10.5", "quantity.not_a_step"),
        ("0", "quantity.not_positive"),
        ("-10", "quantity.not_positive"),
        ("NaN", "quantity.not_positive"),
        ("Infinity", "quantity.not_positive"),
        ("1e30", "quantity.too_large"),
    ],
)
def test_quantities_are_checked_at_the_door(quantity: str, code: str) -> None:
    refused = refusal_of(a_request(quantity=Decimal(quantity)))
    assert codes(refused)[0] == (1, code)


def test_another_price_than_the_one_seen_is_refused() -> None:
    product = a_product(seller=people.alice())
    line = WantedLine(product=product.public_id, quantity=Decimal(10), price_seen=Decimal("12.00"))
    assert codes(refusal_of(a_request(product, lines=(line,)))) == [(1, "line.price_changed")]


def test_another_total_than_the_one_seen_is_refused() -> None:
    assert isinstance(refusal_of(a_request(total_seen=Decimal("1.00"))), checking.TotalChanged)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"lines": ()}, checking.NothingWanted),
        ({"currency": "EUR"}, checking.UnknownCurrency),
        ({"incoterm": "FAX"}, checking.UnknownIncoterm),
        ({"place": "  "}, checking.PlaceMissing),
        ({"payment_terms": "someday"}, checking.UnknownTerms),
        ({"requested_date": timezone.localdate(NOW) - timedelta(days=1)}, checking.DateInThePast),
        ({"bill_to": "adr_nonsense"}, checking.UnknownAddress),
        ({"seller": "nobody"}, checking.SellerClosed),
    ],
)
def test_terms_are_checked_at_the_door(changes: dict, refusal: type[Refused]) -> None:
    assert isinstance(refusal_of(a_request(**changes)), refusal)


def test_the_address_of_another_company_is_unknown() -> None:
    theirs = people.an_address(people.charlie())
    assert isinstance(refusal_of(a_request(ship_to=theirs.public_id)), checking.UnknownAddress)


@pytest.mark.parametrize("use", ["bill_to", "ship_to"])
def test_an_address_is_taken_for_what_it_is_there_for(use: str) -> None:
    bo = people.bo()
    request = a_request(buyer=bo)
    other = people.an_address(bo, for_billing=use != "bill_to", for_shipping=use != "ship_to")
    refusal = refusal_of(dataclasses.replace(request, **{use: other.public_id}))
    assert (type(refusal), refusal.field) == (checking.UnknownAddress, use)


def test_a_company_does_not_order_from_itself() -> None:
    alice = people.alice()
    request = a_request(buyer=alice)
    with pytest.raises(checking.OwnCompany):
        services.place_order(actor=alice, request=request, now=NOW)


@pytest.mark.parametrize("role", [Role.SELLER, Role.FINANCE, Role.LOGISTICS, Role.APPROVER])
def test_only_buyers_order(role: str) -> None:
    request = a_request()
    with pytest.raises(Forbidden):
        services.place_order(actor=people.a_colleague(people.bo(), role), request=request, now=NOW)
    assert not Order.objects.exists()


def test_a_buyer_who_is_no_owner_orders() -> None:
    buyer = people.a_colleague(people.bo(), Role.BUYER)
    assert services.place_order(actor=buyer, request=a_request(), now=NOW).placed_by_id == buyer.user_id


def test_the_same_key_places_one_order_and_answers_the_same() -> None:
    product = a_product(seller=people.alice(), stock=100)
    request = a_request(product)
    first = services.place_once(actor=people.bo(), request=request, key="k1", now=NOW)
    again = services.place_once(actor=people.bo(), request=request, key="k1", now=NOW)
    assert first == again
    assert Order.objects.count() == 1
    assert stock_of(product) == 90


def test_a_key_is_for_one_request_only() -> None:
    product = a_product(seller=people.alice())
    services.place_once(actor=people.bo(), request=a_request(product), key="k1", now=NOW)
    with pytest.raises(KeyReused):
        services.place_once(actor=people.bo(), request=a_request(product, quantity=20), key="k1", now=NOW)
    with pytest.raises(KeyMissing):
        services.place_once(actor=people.bo(), request=a_request(product), key="", now=NOW)
    assert Order.objects.count() == 1


def test_a_refusal_is_repeated_word_for_word_even_when_it_would_be_possible_by_now() -> None:
    alice = people.alice()
    product = a_product(seller=alice, stock=0)
    request = a_request(product)
    with pytest.raises(Refused) as first:
        services.place_once(actor=people.bo(), request=request, key="k1", now=NOW)
    from catalog.services import count_stock

    count_stock(actor=alice, product=product, counted=Decimal(100), now=NOW)
    with pytest.raises(Refused) as second:
        services.place_once(actor=people.bo(), request=request, key="k1", now=NOW)
    assert second.value.lines == [{**line, "message": str(line["message"])} for line in first.value.lines]
    assert IdempotencyKey.objects.count() == 1
    assert stock_of(product) == 100
