"""Listings for tests, made through the product's own verbs."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from catalog.models import Product
from catalog.services import (
    PackDraft,
    ProductDraft,
    TierDraft,
    count_stock,
    create_product,
    publish,
)
from identity.actors import Member

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

_numbers = itertools.count(1)


def a_draft(**changes: Any) -> ProductDraft:
    """A complete listing of gloves, ready to be published."""
    number = next(_numbers)
    draft: dict[str, Any] = {
        "sku": f"GLV-{number:04}",
        "category": "hand-protection",
        "name_en": f"Nitrile gloves, size {number}",
        "name_zh": f"丁腈手套 {number} 号",
        "description_en": "Powder-free gloves for work with oils.",
        "description_zh": "无粉手套,适合接触油类的作业。",
        "unspsc": "46181504",
        "hs6": "401519",
        "brand": "Straits",
        "unit": "PR",
        "moq": Decimal(10),
        "multiple": Decimal(10),
        "lead_time_days": 3,
        "origin": "SG",
        "attributes": {"material": "nitrile", "size": "M"},
        "packs": (
            PackDraft(
                code="XBX",
                contains=Decimal(100),
                length_mm=240,
                width_mm=120,
                height_mm=80,
                gross_kg=Decimal("0.65"),
            ),
            PackDraft(
                code="XCT",
                contains=Decimal(1000),
                length_mm=500,
                width_mm=260,
                height_mm=420,
                gross_kg=Decimal("7.1"),
            ),
        ),
        "tiers": (
            TierDraft(currency="SGD", min_quantity=Decimal(10), unit_price=Decimal("12.50")),
            TierDraft(currency="SGD", min_quantity=Decimal(50), unit_price=Decimal("11.80")),
        ),
    }
    return ProductDraft(**{**draft, **changes})


def a_product(
    *,
    seller: Member,
    now: datetime = NOW,
    stock: Decimal | int = 1000,
    published: bool = True,
    **changes: Any,
) -> Product:
    """A listing of `seller` with stock, published unless said otherwise; `changes` are fields of its draft."""
    product = create_product(actor=seller, draft=a_draft(**changes), now=now)
    if stock:
        count_stock(actor=seller, product=product, counted=Decimal(stock), now=now)
    if published:
        product = publish(actor=seller, product=product, now=now)
    return product


def tiers(**prices: dict[int | str, str]) -> tuple[TierDraft, ...]:
    """`tiers(SGD={1: "12.50", 50: "11.80"})`."""
    return tuple(
        TierDraft(currency=currency, min_quantity=Decimal(quantity), unit_price=Decimal(price))
        for currency, steps in prices.items()
        for quantity, price in steps.items()
    )
