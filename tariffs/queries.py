"""Dated questions: what was the rate, which tax held. Reference rows are public, so no actor is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from kernel.money import CURRENCIES, round_money
from tariffs.models import ExchangeRate, TaxRate

#: the currency that the European Central Bank quotes against
PIVOT = "EUR"


class NoRate(LookupError):
    """No rate for these currencies is stored on or before that day: reference rows are missing."""


@dataclass(frozen=True)
class Rate:
    """One `base` costs `rate` `quote`, as published on `on` by `source`."""

    base: str
    quote: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True)
class Conversion:
    """An amount in another currency, not rounded, with the rate behind it."""

    amount: Decimal
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True)
class Rates:
    """The rates of one day among the currencies of deals: one statement, then any number of conversions."""

    of_pivot: dict[str, ExchangeRate]

    def between(self, base: str, quote: str) -> Rate:
        """The cross rate through the pivot, 8 decimals; as old as the older of its two halves. Raises `NoRate`."""
        try:
            first, second = self.of_pivot[base], self.of_pivot[quote]
        except KeyError as missing:
            raise NoRate(f"{base}/{quote}") from missing
        crossed = (second.rate / first.rate).quantize(Decimal("1.00000000"))
        return Rate(base, quote, crossed, min(first.on, second.on), first.source)

    def convert(self, amount: Decimal, base: str, quote: str) -> Conversion:
        """`amount` of `base` in `quote`. Raises `NoRate`."""
        rate = self.between(base, quote)
        return Conversion(amount * rate.rate, rate.rate, rate.on, rate.source)


def rates(as_of: date) -> Rates:
    """The newest stored rate of each currency on or before `as_of`. One statement."""
    newest = (
        ExchangeRate.objects.filter(base=PIVOT, quote__in=CURRENCIES, on__lte=as_of)
        .order_by("quote", "-on")
        .distinct("quote")
    )
    return Rates({row.quote: row for row in newest})


def rate(base: str, quote: str, as_of: date) -> Rate:
    """What one `base` cost in `quote` on or before `as_of`. Raises `NoRate`."""
    return rates(as_of).between(base, quote)


def convert(amount: Decimal, base: str, quote: str, as_of: date) -> Conversion:
    """`amount` of `base` in `quote`, with a stored, dated rate. Raises `NoRate`."""
    return rates(as_of).convert(amount, base, quote)


@dataclass(frozen=True)
class Worth:
    """An amount, as ceilings in any currency are held against it."""

    amount: Decimal
    currency: str
    as_of: date

    def in_currency(self, code: str) -> Decimal | None:
        """Rounded, by the stored rate of the day; None where there is none."""
        if code == self.currency:
            return self.amount
        try:
            return round_money(convert(self.amount, self.currency, code, self.as_of).amount, code)
        except NoRate:
            return None


def tax_for(seller_country: str, buyer_country: str, as_of: date) -> TaxRate | None:
    """The tax on a sale: the standard rate at home, zero on exports; None where no row says anything."""
    category = "standard" if seller_country == buyer_country else "zero"
    return (
        TaxRate.objects.filter(country=seller_country, category=category, valid_from__lte=as_of)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=as_of))
        .order_by("-valid_from")
        .first()
    )
