"""Lines as people paste them from a spreadsheet or a mail: a SKU and a quantity each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from orders.rules.lines import MOST_UNITS

#: between SKU and quantity; a SKU may hold spaces, so that a space counts only before the last word
_PARTED = re.compile(r"^(?P<sku>.+?)\s*(?:[,，;；\t]|\s)\s*(?P<quantity>[\d.]+(?:,\d{3})*)\s*$")
#: lines of one paste
MOST_PASTED = 100


@dataclass(frozen=True)
class PastedLine:
    """`quantity` is None where the line names none that a cart can hold."""

    number: int
    text: str
    sku: str
    quantity: Decimal | None


def pasted_lines(text: str) -> list[PastedLine]:
    """Every line that holds something, numbered as it stands."""
    lines = text.replace("\0", "").splitlines()
    return [_line(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]


def _line(number: int, text: str) -> PastedLine:
    found = _PARTED.match(text)
    if found is None:
        return PastedLine(number, text[:120], text[:120], None)
    return PastedLine(number, text[:120], found["sku"].strip(), _quantity(found["quantity"]))


def _quantity(text: str) -> Decimal | None:
    try:
        quantity = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    fits = 0 < quantity <= MOST_UNITS and quantity == quantity.quantize(Decimal("0.000001"))
    return quantity if fits else None
