"""Listings: what a seller may say, what publishing asks for, who may change what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from catalog import services
from catalog.models import Product, ShelfRow
from catalog.services import (
    ListingChanged,
    ListingEnded,
    ListingRefused,
    NotPublishable,
    PackDraft,
    SkuTaken,
    create_product,
    draft_of,
    edit_product,
    publish,
)
from catalog.states import ProductState, TextStatus
from kernel.errors import Forbidden, NotFound
from kernel.models import Event
from kernel.states import IllegalMove
from tests import factories
from tests.catalog.factories import a_draft, a_product, tiers

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Any:
    return factories.alice()


def problems_with(alice: Any, **changes: Any) -> list[tuple[str | None, str]]:
    """How a draft with these changes is refused; nothing is stored."""
    with pytest.raises(ListingRefused) as raised, transaction.atomic():
        create_product(actor=alice, draft=a_draft(**changes), now=timezone.now())
    assert not Product.objects.exists()
    return [(problem.field, problem.code) for problem in raised.value.problems]


def a_pack(code: str, contains: str, gross: str = "1") -> PackDraft:
    return PackDraft(
        code=code,
        contains=Decimal(contains),
        length_mm=100,
        width_mm=100,
        height_mm=100,
        gross_kg=Decimal(gross),
    )


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"sku": "  "}, "sku", "listing.missing"),
        ({"sku": "x" * 61}, "sku", "listing.too_long"),
        ({"name_en": "", "name_zh": "", "description_zh": ""}, "name_en", "listing.missing"),
        ({"name_zh": "螺" * 161}, "name_zh", "listing.too_long"),
        ({"category": "safety"}, "category", "listing.category_unknown"),
        ({"category": "nonsense"}, "category", "listing.category_unknown"),
        ({"hs6": "401511"}, "hs6", "listing.hs_unknown"),
        ({"hs6": "999999"}, "hs6", "listing.hs_unknown"),
        ({"hs_sg8": "40151"}, "hs_sg8", "listing.hs_sg8_mismatch"),
        ({"hs_sg8": "40161900"}, "hs_sg8", "listing.hs_sg8_mismatch"),
        ({"hs_cn10": "4016190000"}, "hs_cn10", "listing.hs_cn10_mismatch"),
        ({"hs6": "", "hs_cn10": "4015190000"}, "hs_cn10", "listing.hs_cn10_mismatch"),
        ({"unspsc": "461815"}, "unspsc", "listing.unspsc_malformed"),
        ({"gtin": "4006381333930"}, "gtin", "listing.gtin_wrong"),
        ({"cas": "67-63-1"}, "cas", "listing.cas_wrong"),
        ({"un_number": "12190"}, "un_number", "listing.un_number_malformed"),
        ({"ghs": ("GHS10",)}, "ghs", "listing.ghs_unknown"),
        ({"hsa_class": "E"}, "hsa_class", "listing.hsa_class_unknown"),
        ({"unit": "BOX"}, "unit", "listing.unit_unknown"),
        ({"origin": "XX"}, "origin", "listing.origin_unknown"),
        ({"origin": ""}, "origin", "listing.origin_unknown"),
        ({"moq": Decimal(0)}, "moq", "listing.not_positive"),
        ({"moq": Decimal(-10)}, "moq", "listing.not_positive"),
        ({"moq": Decimal("NaN")}, "moq", "listing.not_positive"),
        ({"moq": Decimal("1e30")}, "moq", "listing.not_positive"),
        ({"multiple": Decimal("0.0000001")}, "multiple", "listing.too_fine"),
        ({"moq": Decimal("10.5")}, "moq", "listing.not_on_step"),
        ({"moq": Decimal(15)}, "moq", "listing.moq_not_a_multiple"),
        ({"net_kg": Decimal(0)}, "net_kg", "listing.not_positive"),
        ({"net_kg": Decimal("NaN")}, "net_kg", "listing.not_positive"),
        ({"net_kg": Decimal("0.2"), "packs": (a_pack("XBX", "10"),)}, "net_kg", "listing.net_too_heavy"),
        ({"lead_time_days": -1}, "lead_time_days", "listing.out_of_bounds"),
        ({"lead_time_days": 4000}, "lead_time_days", "listing.out_of_bounds"),
        ({"standards": tuple(f"EN {n}" for n in range(13))}, "standards", "listing.too_many"),
        ({"attributes": {"colour": "red"}}, "attributes", "listing.attribute_unknown"),
        ({"attributes": {"cut_level": "Z"}}, "attributes", "listing.attribute_not_a_choice"),
        ({"attributes": {"length": "long"}}, "attributes", "listing.attribute_not_a_number"),
        ({"attributes": {"size": "x" * 121}}, "attributes", "listing.too_long"),
        ({"tiers": tiers(EUR={1: "2"})}, "tiers", "listing.tier_currency_unknown"),
        ({"tiers": tiers(SGD={10: "2", 20: "2.5"})}, "tiers_sgd", "listing.tier_rises"),
        ({"tiers": tiers(CNY={10: "0"})}, "tiers_cny", "listing.not_positive"),
        ({"tiers": tiers(CNY={10: "-1"})}, "tiers_cny", "listing.not_positive"),
        ({"tiers": tiers(USD={10: "0.0000001"})}, "tiers_usd", "listing.too_fine"),
        ({"tiers": tiers(USD={"10.5": "1"})}, "tiers_usd", "listing.not_on_step"),
        ({"tiers": (*tiers(SGD={10: "2"}), *tiers(SGD={10: "3"}))}, "tiers_sgd", "listing.tier_twice"),
        ({"packs": (a_pack("BOX", "10"),)}, "packs", "listing.package_unknown"),
        ({"packs": (a_pack("XBX", "10"), a_pack("XCT", "25", "9"))}, "packs", "listing.packs_not_nested"),
        ({"packs": (a_pack("XBX", "10"), a_pack("XCT", "10"))}, "packs", "listing.packs_not_nested"),
        ({"packs": (a_pack("XBX", "10"), a_pack("XBX", "100", "9"))}, "packs", "listing.pack_twice"),
        ({"packs": (a_pack("XBX", "10", "5"), a_pack("XCT", "100", "4"))}, "packs", "listing.pack_too_light"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(
    alice: Any, changes: dict[str, Any], field: str, code: str
) -> None:
    assert (field, code) in problems_with(alice, **changes)


def test_everything_is_named_at_once(alice: Any) -> None:
    found = problems_with(alice, hs6="000000", gtin="1", origin="??", moq=Decimal(-1))

    assert [field for field, _code in found] == ["gtin", "origin", "hs6", "moq"]


def test_codes_are_taken_as_people_write_them(alice: Any) -> None:
    product = a_product(
        seller=alice,
        sku="  GLV   1 ",
        hs6="4015.19",
        hs_cn10="4015.19.0000",
        gtin="4006381 333931",
        un_number="UN 1219",
        origin="sg",
        ghs=("ghs07", "GHS02", "GHS02"),
        name_en="Gloves\u200b,\x00 blue",
        attributes={"size": " M ", "material": "nitrile", "length": "240.0"},
    )

    assert (product.sku, product.hs6, product.hs_cn10, product.gtin) == (
        "GLV 1",
        "401519",
        "4015190000",
        "4006381333931",
    )
    assert (product.un_number, product.origin, product.ghs) == ("1219", "SG", ["GHS02", "GHS07"])
    assert product.name_en == "Gloves, blue"
    assert product.attributes == {"length": "240", "material": "nitrile", "size": "M"}


def test_the_step_follows_the_unit(alice: Any) -> None:
    product = a_product(seller=alice, unit="KGM", moq=Decimal("0.5"), multiple=Decimal("0.25"), stock=10)

    assert product.step == Decimal("0.001")


def test_a_text_is_as_ready_as_it_is_complete_unless_its_seller_says_otherwise(alice: Any) -> None:
    product = a_product(seller=alice, published=False, description_zh="", name_en="", description_en="")
    assert (product.status_en, product.status_zh) == (TextStatus.MISSING, TextStatus.DRAFT)

    product = a_product(seller=alice, published=False, status_zh=TextStatus.DRAFT)
    assert (product.status_en, product.status_zh) == (TextStatus.READY, TextStatus.DRAFT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tiers": ()}, "listing.no_price"),
        ({"hs6": ""}, "listing.no_hs_code"),
        ({"attributes": {"size": "M"}}, "listing.attribute_needed"),
        ({"status_en": TextStatus.DRAFT, "status_zh": TextStatus.DRAFT}, "listing.text_not_ready"),
    ],
)
def test_an_incomplete_listing_is_kept_but_not_published(
    alice: Any, changes: dict[str, Any], code: str
) -> None:
    product = a_product(seller=alice, published=False, **changes)

    with pytest.raises(NotPublishable) as raised, transaction.atomic():
        publish(actor=alice, product=product, now=timezone.now())

    assert [problem.code for problem in raised.value.problems] == [code]
    product.refresh_from_db()
    assert product.state == ProductState.DRAFT
    assert not ShelfRow.objects.exists()
    assert not Event.objects.filter(name="ProductPublished").exists()


def test_a_published_listing_stays_complete(alice: Any) -> None:
    product = a_product(seller=alice)

    with pytest.raises(NotPublishable), transaction.atomic():
        edit_product(
            actor=alice, product=product, draft=a_draft(sku=product.sku, tiers=()), now=timezone.now()
        )

    assert product.tiers.count() == 2


def test_an_edit_changes_what_differs_and_is_told_once(alice: Any) -> None:
    product = a_product(seller=alice)
    draft = draft_of(product)

    same = edit_product(actor=alice, product=product, draft=draft, now=timezone.now())
    assert same.version == product.version
    assert not Event.objects.filter(name="ProductChanged").exists()

    edit_product(
        actor=alice,
        product=product,
        draft=a_draft(sku=product.sku, tiers=tiers(SGD={10: "9"}), packs=()),
        now=timezone.now(),
    )
    product.refresh_from_db()
    assert [tier.unit_price for tier in product.tiers.all()] == [Decimal(9)]
    assert product.packs.count() == 0
    assert ShelfRow.objects.get().from_sgd == Decimal(9)
    assert Event.objects.filter(name="ProductChanged").count() == 1


def test_an_edit_of_an_older_version_is_refused(alice: Any) -> None:
    product = a_product(seller=alice, name_en="First")
    seen = product.version
    edit_product(actor=alice, product=product, draft=a_draft(sku="X", name_en="Second"), now=timezone.now())

    with pytest.raises(ListingChanged), transaction.atomic():
        edit_product(
            actor=alice,
            product=product,
            draft=a_draft(sku="X", name_en="Third"),
            version=seen,
            now=timezone.now(),
        )

    product.refresh_from_db()
    assert product.name_en == "Second"


def test_an_sku_is_used_once_per_seller(alice: Any) -> None:
    a_product(seller=alice, sku="A-1")
    other = a_product(seller=alice, sku="A-2")
    a_product(seller=factories.charlie(), sku="A-1")

    with pytest.raises(SkuTaken), transaction.atomic():
        create_product(actor=alice, draft=a_draft(sku="A-1"), now=timezone.now())
    with pytest.raises(SkuTaken), transaction.atomic():
        edit_product(actor=alice, product=other, draft=a_draft(sku="A-1"), now=timezone.now())

    assert Product.objects.filter(sku="A-1").count() == 2


def test_states_move_as_they_may(alice: Any) -> None:
    product = a_product(seller=alice, published=False)
    now = timezone.now()
    with pytest.raises(IllegalMove), transaction.atomic():
        services.pause(actor=alice, product=product, now=now)
    first = publish(actor=alice, product=product, now=now).published_at
    services.pause(actor=alice, product=product, now=now)
    assert not ShelfRow.objects.exists()
    again = publish(actor=alice, product=product, now=timezone.now())
    assert again.published_at == first
    services.end(actor=alice, product=product, now=now)

    with pytest.raises(IllegalMove), transaction.atomic():
        publish(actor=alice, product=product, now=now)
    with pytest.raises(ListingEnded), transaction.atomic():
        edit_product(actor=alice, product=product, draft=a_draft(sku="Z"), now=now)


def test_only_the_companys_sellers_change_its_listings(alice: Any) -> None:
    product = a_product(seller=alice)
    buyer = factories.a_colleague(alice, "buyer")
    seller = factories.a_colleague(alice, "seller")
    now = timezone.now()

    for verb in (services.pause, services.end):
        with pytest.raises(Forbidden), transaction.atomic():
            verb(actor=buyer, product=product, now=now)
        with pytest.raises(NotFound), transaction.atomic():
            verb(actor=factories.charlie(), product=product, now=now)
    with pytest.raises(Forbidden), transaction.atomic():
        create_product(actor=buyer, draft=a_draft(), now=now)

    product.refresh_from_db()
    assert product.state == ProductState.PUBLISHED
    services.pause(actor=seller, product=product, now=now)
