"""What may be wrong with one wanted line. The cart warns with these words; the door refuses with the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from catalog.rules.quantities import MOST as MOST_UNITS
from catalog.rules.quantities import check_quantity, plain
from kernel.errors import Refused

__all__ = ["MOST_LINES", "MOST_MONEY", "MOST_UNITS", "Problem", "plain", "problem"]

#: bounds of one order, so that no sum outgrows its column
MOST_LINES = 200
MOST_MONEY = Decimal(100_000_000_000)

_WORDS: dict[str, Any] = {
    "line.not_on_sale": _("This product is no longer on sale."),
    "line.other_seller": _("This product is sold by another company."),
    "line.own_product": _("This is your own company’s product."),
    "line.repeated": _("This product stands in the order twice."),
    "line.too_large": _("This is more than one order can hold."),
    "line.stock_short": _("Only %(available)s in stock."),
    "line.out_of_stock": _("This product is out of stock."),
    "line.no_price": _("There is no price in %(currency)s."),
    "line.price_changed": _("The price has changed from %(seen)s to %(now)s %(currency)s."),
}


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a line from being ordered: a stable code, and words in the reader's language."""

    code: str
    words: str

    def __str__(self) -> str:
        return self.words


class Sold(Protocol):
    """As much of a product as quantities need to know."""

    moq: Decimal
    multiple: Decimal
    step: Decimal


def problem(code: str, **facts: object) -> Problem:
    words = str(_WORDS[code])
    return Problem(code, words % facts if facts else words)


def quantity_problem(product: Sold, quantity: Decimal) -> Problem | None:
    """Why `quantity` base units cannot be ordered, naming a quantity that can."""
    try:
        check_quantity(quantity, moq=product.moq, multiple=product.multiple, step=product.step)
    except Refused as refused:
        return Problem(refused.code, str(refused))
    return None


def stock_problem(available: Decimal, quantity: Decimal) -> Problem | None:
    if available >= quantity:
        return None
    if available <= 0:
        return problem("line.out_of_stock")
    return problem("line.stock_short", available=plain(available))


def price_problem(seen: Decimal | None, now: Decimal, currency: str) -> Problem | None:
    """Whether the buyer agreed to another price than today's; nothing to compare where none was seen."""
    if seen is None or seen == now:
        return None
    return problem("line.price_changed", seen=plain(seen), now=plain(now), currency=currency)
