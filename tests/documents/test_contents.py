"""What a paper says is fixed when it is numbered: in both languages, decimals as text."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from catalog.services import edit_product
from documents.services import issue_invoice
from documents.states import PaperKind
from identity.actors import System
from kernel.services import drain
from orders import services as orders
from tests import factories as people
from tests.catalog.factories import a_draft, a_product, tiers
from tests.documents.factories import paper_of
from tests.orders.factories import NOW, a_confirmed_order, a_despatch, an_order

pytestmark = pytest.mark.django_db


def data_of(order, kind: str) -> dict[str, Any]:
    drain("fast")
    return paper_of(order, kind).versions.get().data


def test_an_invoice_holds_what_customs_and_banks_ask_for():
    product = a_product(seller=people.alice(), hs6="731815", hs_cn10="7318159001", hs_sg8="73181590")
    order = a_confirmed_order(product, quantity=100, po_number="PO-7", incoterm="CIF", place="Yantian")
    data = data_of(order, PaperKind.COMMERCIAL_INVOICE)
    [line] = data["lines"]
    assert (line["hs6"], line["hs_sg8"], line["hs_cn10"]) == ("731815", "73181590", "7318159001")
    assert line["origin_words"] == {"en": "Singapore", "zh": "新加坡"}
    assert (line["quantity"], line["unit"], line["unit_words"]) == ("100", "PR", {"en": "pair", "zh": "双"})
    assert (line["unit_price"], line["amount"], data["total"]) == ("11.80", "1180.00", "1180.00")
    assert (data["incoterm"], data["incoterm_place"], data["incoterm_edition"]) == (
        "CIF",
        "Yantian",
        "Incoterms 2020",
    )
    assert (data["po_number"], data["reference"]) == ("PO-7", order.reference)
    assert data["seller"]["registration_number"] == order.seller_party["registration_number"]
    assert data["buyer"]["legal_name"] == "深圳市南山机械有限公司"
    assert data["bank"]["reference"] == order.reference
    assert data["due_on"] > data["issued_on"]
    assert [tax["category"] for tax in data["taxes"]] == ["zero"]


def test_a_late_worker_moves_no_due_day():
    evening = NOW.astimezone(ZoneInfo("Asia/Singapore")).replace(hour=23, minute=59) + timedelta(days=1)
    order = a_confirmed_order(now=evening)
    issue_invoice(actor=System(reason="test"), order_id=order.pk, now=evening + timedelta(minutes=2))
    data = paper_of(order, PaperKind.COMMERCIAL_INVOICE).versions.get().data
    assert data["issued_on"] == str(evening.date() + timedelta(days=1))
    assert data["due_on"] == str(order.payment_due_on) == str(evening.date() + timedelta(days=30))


def test_freight_is_its_own_line():
    alice, bo = people.alice(), people.bo()
    order = an_order(incoterm="CIF", place="Yantian")
    orders.offer_freight(actor=alice, order=order.public_id, freight=Decimal("80.5"), now=NOW)
    orders.agree_freight(actor=bo, order=order.public_id, now=NOW)
    data = data_of(order, PaperKind.COMMERCIAL_INVOICE)
    assert (data["lines_total"], data["freight"], data["total"]) == ("125.00", "80.50", "205.50")


def test_a_converted_price_says_at_which_rate():
    product = a_product(seller=people.alice(), tiers=tiers(SGD={10: "12.50"}))
    data = data_of(a_confirmed_order(product, currency="CNY"), PaperKind.COMMERCIAL_INVOICE)
    assert set(data["lines"][0]["conversion"]) == {"rate", "on", "source"}


def test_what_changes_later_is_not_printed():
    alice = people.alice()
    order = a_confirmed_order()
    before = data_of(order, PaperKind.COMMERCIAL_INVOICE)
    alice.company.legal_name = "Another Name Pte. Ltd."
    alice.company.save()
    assert paper_of(order, PaperKind.COMMERCIAL_INVOICE).versions.get().data == before


def test_no_number_is_a_float():
    order = a_confirmed_order()
    a_despatch(order)
    drain("fast")
    for kind in PaperKind.values:
        assert not _floats(paper_of(order, kind).versions.get().data)


def _floats(value: Any) -> list[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [found for item in value for found in _floats(item)]
    return [value] if isinstance(value, float) else []


def test_a_packing_list_counts_its_packages():
    product = a_product(seller=people.alice(), stock=5000)
    data = data_of(a_confirmed_order(product, quantity=2110), PaperKind.PLANNED_PACKING_LIST)
    assert data["packages_total"] == 4
    assert [(kind["code"], kind["count"]) for kind in data["packages_by_kind"]] == [("XCT", 2), ("XBX", 2)]
    assert data["gross_kg"] == "14.915"
    assert data["net_kg"] == ""


def test_a_packing_list_says_the_net_weight_of_the_day_of_the_order():
    product = a_product(seller=people.alice(), stock=5000, net_kg=Decimal("0.0062"))
    order = a_confirmed_order(product, quantity=2110)
    product.refresh_from_db()
    edit_product(actor=people.alice(), product=product, draft=a_draft(sku=product.sku), now=NOW)
    data = data_of(order, PaperKind.PLANNED_PACKING_LIST)
    assert (data["lines"][0]["net_kg"], data["net_kg"]) == ("13.082", "13.082")


def test_a_packing_list_names_the_origins_of_what_it_packs():
    alice = people.alice()
    order = a_confirmed_order(a_product(seller=alice, origin="SG"), a_product(seller=alice, origin="MY"))
    a_despatch(order, {2: order.lines.get(number=2).quantity})
    [sent] = data_of(order, PaperKind.PACKING_LIST)["origins"]
    assert sent == {"en": "Malaysia", "zh": "马来西亚"}
    assert len(paper_of(order, PaperKind.COMMERCIAL_INVOICE).versions.get().data["origins"]) == 2
