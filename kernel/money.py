"""Money: amount and currency, rounded half up once, at the line total."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

from moneyed import Currency, Money, get_currency

#: the currencies deals may be made in (ISO 4217; CNH is no ISO code)
CURRENCIES = ("SGD", "CNY", "USD")

__all__ = ["CURRENCIES", "Currency", "Money", "line_total", "minor_unit", "round_money", "round_unit_price"]

_UNIT_PRICE = Decimal("0.000001")


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of `currency`, e.g. Decimal('0.01') for SGD (ISO 4217 minor units)."""
    return Decimal(1).scaleb(-{1: 0, 10: 1, 100: 2, 1000: 3}.get(get_currency(currency).sub_unit, 2))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """`amount` rounded half up to the minor unit of `currency`."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def round_unit_price(amount: Decimal) -> Decimal:
    """A converted unit price as it is kept: six decimals, half up."""
    return amount.quantize(_UNIT_PRICE, rounding=ROUND_HALF_UP)


def line_total(unit_price: Decimal, quantity: Decimal, currency: str) -> Decimal:
    """What a line costs; the only place where an amount of a deal is rounded. Totals are sums of these."""
    with localcontext(
        prec=60
    ):  # the product of both columns' digits, so that nothing is rounded before the end
        return round_money(unit_price * quantity, currency)
