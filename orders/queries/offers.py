"""What a wanted line costs today and what is wrong with it: asked by baskets, carts, checkout and the door alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from catalog.models import Product, Tier
from catalog.queries.prices import Quote, converted, tiers_for, todays_rates
from catalog.rules.pricing import tier_for
from kernel.ids import MalformedId, parse_public_id
from kernel.money import line_total
from orders.rules.lines import (
    MOST_MONEY,
    Problem,
    price_problem,
    problem,
    quantity_problem,
    stock_problem,
)
from tariffs.queries import NoRate, Rates

#: tiers and packs in the statement that fetches their product; decimals travel as text, never as floats
_TIERS = """(
    SELECT coalesce(jsonb_agg(jsonb_build_array(currency, min_quantity::text, unit_price::text)), '[]')
    FROM catalog_tier WHERE product_id = %s)"""
_PACKS = """(
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'code', code, 'contains', trim_scale(contains)::text, 'length_mm', length_mm, 'width_mm', width_mm,
        'height_mm', height_mm, 'gross_kg', trim_scale(gross_kg)::text) ORDER BY contains), '[]')
    FROM catalog_pack WHERE product_id = catalog_product.id)"""


@dataclass(frozen=True)
class Offer:
    """One product in one quantity, as it could be ordered now. `quote` and `total` are None where there is no price."""

    product: Product
    quantity: Decimal
    quote: Quote | None
    total: Decimal | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class PriceList:
    """Prices of one day in one currency, as one buyer meets them. Rates are read only where needed."""

    currency: str
    as_of: date
    buyer_id: int | None = None

    @cached_property
    def _rates(self) -> Rates:
        return todays_rates(self.as_of)

    def assess(self, product: Product, quantity: Decimal, *, price_seen: Decimal | None = None) -> Offer:
        """The line's price by tier, its rounded total and everything that keeps it from being ordered."""
        if not quantity.is_finite():
            return Offer(product, quantity, None, None, _only(quantity_problem(product, quantity)))
        quote, total = self.quote(product, quantity), None
        found = [
            problem("line.own_product") if product.company_id == self.buyer_id else None,
            quantity_problem(product, quantity) or stock_problem(_available(product), quantity),
        ]
        if quote is None:
            found.append(problem("line.no_price", currency=self.currency))
        elif 0 < quote.unit_price * quantity <= MOST_MONEY:
            total = line_total(quote.unit_price, quantity, self.currency)
            found.append(price_problem(price_seen, quote.unit_price, self.currency))
        elif found[-1] is None:
            found.append(problem("line.too_large"))
        return Offer(product, quantity, quote, total, _only(*found))

    def quote(self, product: Product, quantity: Decimal) -> Quote | None:
        """The unit price at this quantity; None where the seller set no price that could be converted."""
        tier = tier_for(tiers_for(_tiers_of(product), self.currency), quantity)
        if tier is None:
            return None
        if tier.currency == self.currency:
            return Quote(unit_price=tier.unit_price, tier_min_quantity=tier.min_quantity, conversion=None)
        try:
            return converted(tier, self.currency, self._rates)
        except NoRate:
            return None


def with_prices(rows: Any, product: str = "catalog_product.id") -> Any:
    """Annotate products, or rows with a column that names a product, with its tiers: no further statement."""
    tiers = RawSQL(_TIERS % product, [], output_field=JSONField())
    return rows.annotate(tier_rows=tiers)


def products_on_sale(public_ids: Iterable[str]) -> Any:
    """Products that anybody may order, with stock and prices."""
    uids = {uid for uid in map(_uid, public_ids) if uid is not None}
    return with_prices(Product.objects.on_sale().filter(uid__in=uids).select_related("stock"))


def with_packs(products: Any) -> Any:
    """Annotate products with their packs as an order keeps them."""
    return products.annotate(pack_rows=RawSQL(_PACKS, [], output_field=JSONField()))


def by_public_id(products: Iterable[Product]) -> dict[str, Any]:
    return {product.public_id: product for product in products}


def _tiers_of(product: Any) -> list[Tier]:
    """The tiers that `with_prices` read."""
    return [
        Tier(currency=currency, min_quantity=Decimal(quantity), unit_price=Decimal(price))
        for currency, quantity, price in product.tier_rows
    ]


def _only(*found: Problem | None) -> tuple[Problem, ...]:
    return tuple(each for each in found if each)


def _available(product: Product) -> Decimal:
    stock = getattr(product, "stock", None)
    return stock.available if stock else Decimal(0)


def _uid(public_id: str) -> UUID | None:
    try:
        return parse_public_id(Product.PREFIX, public_id)
    except MalformedId:
        return None
