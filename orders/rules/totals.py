"""What an order costs: sums of rounded lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import round_money


@dataclass(frozen=True)
class Totals:
    """All in one currency. `tax_base` is what the tax is counted on: the goods and the freight."""

    lines: Decimal
    freight: Decimal
    tax: Decimal

    @property
    def tax_base(self) -> Decimal:
        return self.lines + self.freight

    @property
    def total(self) -> Decimal:
        return self.tax_base + self.tax


def sum_up(
    line_totals: Iterable[Decimal], *, currency: str, freight: Decimal | None, tax_percent: Decimal | None
) -> Totals:
    """Add up rounded lines and freight, and the tax on both, rounded once."""
    lines = sum(line_totals, Decimal(0))
    carried = freight or Decimal(0)
    tax = round_money((lines + carried) * (tax_percent or Decimal(0)) / 100, currency)
    return Totals(lines=lines, freight=carried, tax=tax)
