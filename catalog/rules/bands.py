"""The bands that facets count in: of prices and of minimum orders.

The shelf keeps each product's band, so a change here takes effect as products are shelved again (`manage.py reshelve`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from decimal import Decimal

#: limits between the price bands, by currency; a band holds its lower limit
PRICE_BANDS: Mapping[str, tuple[int, ...]] = {
    "SGD": (1, 5, 20, 100, 500),
    "USD": (1, 5, 20, 100, 500),
    "CNY": (5, 25, 100, 500, 2500),
}
#: minimum orders offered, in base units: "at most so many"
MOQ_STEPS = (1, 10, 100, 1000)
#: the band of a product without a price
NO_PRICE = -1


def price_band(price: Decimal | None, currency: str) -> int:
    """0 below the first limit, up to the number of limits."""
    return NO_PRICE if price is None else bisect_right(PRICE_BANDS[currency], price)


def moq_band(moq: Decimal) -> int:
    """The first of `MOQ_STEPS` that is not below `moq`, counted from 0; their number where all are."""
    return bisect_left(MOQ_STEPS, moq)
