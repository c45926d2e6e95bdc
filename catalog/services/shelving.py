"""The shelf: one narrow row per published listing, written in the transaction of the change."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from catalog.models import Product, ShelfRow, Stock, Tier
from catalog.rules.tokens import tokens_of
from catalog.states import ProductState
from kernel.money import CURRENCIES
from tariffs.queries import rates


def shelve(product_id: int, now: datetime) -> None:
    """Make the shelf say what the listing says: a row while it is published, none otherwise.

    The stock row is locked before it is read, so that a reservation at the same moment cannot leave a stale mark.
    """
    product = Product.objects.select_related("category", "company").get(pk=product_id)
    if product.state != ProductState.PUBLISHED:
        ShelfRow.objects.filter(pk=product_id).delete()
        return
    stock = Stock.objects.select_for_update().get(pk=product_id)
    tiers = list(product.tiers.all())
    image = product.images.first()
    ShelfRow.objects.update_or_create(
        product_id=product_id,
        defaults={
            "product_uid": product.uid,
            "company_id": product.company_id,
            "name_en": product.name_en,
            "name_zh": product.name_zh,
            "category_ids": [pk for pk in (product.category.parent_id, product.category_id) if pk],
            "tokens": _tokens(product),
            **_prices(tiers),
            "sort_price": _sort_price(tiers, now),
            "moq": product.moq,
            "unit": product.unit,
            "lead_time_days": product.lead_time_days,
            "origin": product.origin,
            "in_stock": stock.available > 0,
            "thumbnail": image.thumbnail.name if image else "",
            "standards": ", ".join(product.standards)[:200],
            "published_at": product.published_at,
        },
    )


def show_stock(product_id: int, *, in_stock: bool) -> None:
    """The same for the one mark that changes with orders; the caller holds the stock row."""
    ShelfRow.objects.filter(pk=product_id).update(in_stock=in_stock)


def _tokens(product: Product) -> list[str]:
    return tokens_of(
        product.sku,
        product.name_en,
        product.name_zh,
        product.brand,
        product.mpn,
        product.gtin,
        product.hs6,
        product.unspsc,
        product.cas,
        *product.standards,
        product.company.name_en,
        product.company.name_zh,
    )


def _prices(tiers: list[Tier]) -> dict[str, Decimal | None]:
    columns: dict[str, Decimal | None] = {}
    for currency in CURRENCIES:
        prices = [tier.unit_price for tier in tiers if tier.currency == currency]
        columns[f"from_{currency.lower()}"] = min(prices, default=None)
        columns[f"to_{currency.lower()}"] = max(prices, default=None)
    return columns


def _sort_price(tiers: list[Tier], now: datetime) -> Decimal:
    """The lowest unit price in SGD, converted where the seller set none."""
    in_sgd = [tier.unit_price for tier in tiers if tier.currency == "SGD"]
    if in_sgd:
        return min(in_sgd)
    today = rates(timezone.localdate(now))
    converted = [today.convert(tier.unit_price, tier.currency, "SGD").amount for tier in tiers]
    return min(converted).quantize(Decimal("0.000001"))
