"""The shelf says what the published listings say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog import services
from catalog.models import ShelfRow
from catalog.services.shelving import reprice, reshelve
from tariffs.models import ExchangeRate
from tests import factories
from tests.catalog.factories import NOW, a_product, tiers

pytestmark = pytest.mark.django_db


def test_a_draft_is_not_on_the_shelf_and_a_published_listing_is() -> None:
    alice = factories.alice()
    product = a_product(seller=alice, published=False)
    assert not ShelfRow.objects.filter(pk=product.pk).exists()
    services.publish(actor=alice, product=product, now=NOW)
    row = ShelfRow.objects.get(pk=product.pk)
    assert (row.name_en, row.name_zh, row.product_uid) == (product.name_en, product.name_zh, product.uid)
    assert row.in_stock


def test_a_paused_listing_leaves_the_shelf() -> None:
    alice = factories.alice()
    product = a_product(seller=alice)
    services.pause(actor=alice, product=product, now=NOW)
    assert not ShelfRow.objects.filter(pk=product.pk).exists()


def test_prices_that_the_seller_did_not_set_are_converted() -> None:
    product = a_product(
        seller=factories.alice(), tiers=tiers(SGD={10: "12.50", 50: "11.80"}, USD={10: "9.00"})
    )
    row = ShelfRow.objects.get(pk=product.pk)
    assert (row.from_sgd, row.to_sgd) == (Decimal("11.80"), Decimal("12.50"))
    assert row.from_usd == row.to_usd == Decimal("9.00")
    assert row.priced_in == ["SGD", "USD"]
    assert row.from_cny is not None
    assert Decimal(4) < row.from_cny / row.from_sgd < Decimal(7)


def test_new_rates_convert_again() -> None:
    product = a_product(seller=factories.alice())
    before = ShelfRow.objects.get(pk=product.pk)
    day = timezone.localdate(NOW) + timedelta(days=1)
    for currency, rate in (("SGD", "1.5"), ("CNY", "15")):
        ExchangeRate.objects.create(base="EUR", quote=currency, rate=Decimal(rate), on=day, source="Test")
    assert reprice(now=NOW + timedelta(days=1)) == 1
    after = ShelfRow.objects.get(pk=product.pk)
    assert after.from_sgd == before.from_sgd
    assert after.from_cny == before.from_sgd * 10


def test_selling_out_and_counting_again_show_on_the_shelf() -> None:
    alice = factories.alice()
    product = a_product(seller=alice, stock=20)
    services.count_stock(actor=alice, product=product, counted=Decimal(0), now=NOW)
    assert not ShelfRow.objects.get(pk=product.pk).in_stock
    services.count_stock(actor=alice, product=product, counted=Decimal(5), now=NOW)
    assert ShelfRow.objects.get(pk=product.pk).in_stock


def test_shelving_everything_again_changes_nothing() -> None:
    alice = factories.alice()
    a_product(seller=alice)
    a_product(seller=alice, published=False)
    before = list(ShelfRow.objects.order_by("pk").values())
    assert reshelve(now=NOW) == 2
    assert list(ShelfRow.objects.order_by("pk").values()) == before
