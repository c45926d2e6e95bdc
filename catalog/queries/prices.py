"""What a product costs: the seller's tier, or the same converted with a stored, dated rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import Product, Tier
from catalog.queries.memo import for_a_minute
from catalog.rules.pricing import tier_for
from kernel.money import CURRENCIES, round_unit_price
from tariffs.queries import Conversion, Rates, rates

#: the rates of a day, remembered for a minute: lists of prices ask for them all the time
todays_rates = for_a_minute(rates)


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The unit price of a quantity. `conversion` is None where the seller set prices in this currency."""

    unit_price: Decimal
    tier_min_quantity: Decimal
    conversion: Conversion | None


def price_for(product: Product, quantity: Decimal, currency: str, as_of: date) -> Quote | None:
    """What one unit costs when `quantity` are ordered; None without any price. At most two statements.

    Raises `tariffs.queries.NoRate` where the price must be converted and no rate is stored.
    """
    tiers = tiers_for(product.tiers.all(), currency)
    tier = tier_for(tiers, quantity)
    if tier is None:
        return None
    if tier.currency == currency:
        return Quote(unit_price=tier.unit_price, tier_min_quantity=tier.min_quantity, conversion=None)
    return converted(tier, currency, rates(as_of))


def tiers_for(tiers: Iterable[Tier], currency: str) -> list[Tier]:
    """The tiers in `currency`, or else those in the first currency that the seller set, for conversion."""
    by_currency: dict[str, list[Tier]] = {}
    for tier in tiers:
        by_currency.setdefault(tier.currency, []).append(tier)
    for choice in (currency, *CURRENCIES):
        if choice in by_currency:
            return by_currency[choice]
    return []


def converted(tier: Tier, currency: str, today: Rates) -> Quote:
    """The tier's price in another currency, to six decimals. Raises `NoRate`."""
    conversion = today.convert(tier.unit_price, tier.currency, currency)
    return Quote(
        unit_price=round_unit_price(conversion.amount),
        tier_min_quantity=tier.min_quantity,
        conversion=conversion,
    )
