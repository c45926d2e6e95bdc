"""What may be wrong with one wanted line. The cart warns with these words; the door refuses with the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

#: bounds of one order, so that no sum outgrows its column
MOST_LINES = 200
MOST_UNITS = Decimal(1_000_000_000)
MOST_MONEY = Decimal(100_000_000_000)

_WORDS: dict[str, Any] = {
    "line.not_on_sale": _("This product is no longer on sale."),
    "line.other_seller": _("This product is sold by another company."),
    "line.own_product": _("This is your own company’s product."),
    "line.repeated": _("This product stands in the order twice."),
    "line.not_a_quantity": _("The quantity must be more than 0."),
    "line.too_large": _("This is more than one order can hold."),
    "line.step": _("Quantities go in steps of %(step)s. Order %(next)s."),
    "line.below_minimum": _("The minimum order is %(moq)s."),
    "line.not_a_multiple": _("Quantities go in multiples of %(multiple)s. Order %(next)s."),
    "line.stock_short": _("Only %(available)s left."),
    "line.out_of_stock": _("This product is out of stock."),
    "line.no_price": _("There is no price in %(currency)s."),
    "line.price_changed": _("The price has changed from %(seen)s to %(now)s %(currency)s."),
}


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a line from being ordered: a stable code and the facts of its words."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        words = str(_WORDS[self.code])
        return words % dict(self.facts) if self.facts else words


class Sold(Protocol):
    """As much of a product as quantities need to know."""

    moq: Decimal
    multiple: Decimal
    step: Decimal


def problem(code: str, **facts: object) -> Problem:
    return Problem(code, tuple((name, str(value)) for name, value in facts.items()))


def plain(number: Decimal) -> str:
    """A quantity or price without trailing zeros or exponent: 10, 0.5."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity_problem(product: Sold, quantity: Decimal) -> Problem | None:
    """Why `quantity` base units cannot be ordered, naming the next quantity that can."""
    if not quantity.is_finite() or quantity <= 0:
        return problem("line.not_a_quantity")
    if quantity > MOST_UNITS:
        return problem("line.too_large")
    if quantity % product.step:
        return problem(
            "line.step", step=plain(product.step), next=plain(_next_multiple(quantity, product.step))
        )
    if quantity < product.moq:
        return problem("line.below_minimum", moq=plain(product.moq))
    if quantity % product.multiple:
        following = _next_multiple(quantity, product.multiple)
        return problem("line.not_a_multiple", multiple=plain(product.multiple), next=plain(following))
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


def _next_multiple(quantity: Decimal, of: Decimal) -> Decimal:
    return (quantity / of).to_integral_value(rounding=ROUND_CEILING) * of
