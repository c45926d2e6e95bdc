"""How ordered quantities go into packages: pallets first, then cartons, then boxes; what is left opens one more.

Measures come from the packs of the order's lines. What no pack says stays unknown (None) and is printed as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

#: base units that are weights: one of them weighs this many kilograms, net
_NET_KG = {"KGM": Decimal(1), "GRM": Decimal("0.001"), "TNE": Decimal(1000)}
_MM3_PER_M3 = Decimal(10) ** 9
_GRAM = Decimal("0.001")
_LITRE = Decimal("0.001")


@dataclass(frozen=True)
class Packed:
    """Packages of one kind: `count` of them hold `quantity` base units together."""

    #: UN/ECE Recommendation 21 with its X; empty when no pack is known
    code: str
    count: int
    #: consecutive numbers of these packages within the shipment
    first: int
    last: int
    quantity: Decimal
    #: kilograms, of all of them
    gross_kg: Decimal | None
    #: cubic metres, of all of them
    volume_m3: Decimal | None
    #: length, width, height of one, in millimetres
    size_mm: tuple[int, int, int] | None


@dataclass(frozen=True)
class Packing:
    """The packages of one line."""

    packed: tuple[Packed, ...]
    net_kg: Decimal | None

    @property
    def last(self) -> int:
        return self.packed[-1].last

    @property
    def gross_kg(self) -> Decimal | None:
        return total([row.gross_kg for row in self.packed])

    @property
    def volume_m3(self) -> Decimal | None:
        return total([row.volume_m3 for row in self.packed])


def plan_packing(
    *,
    quantity: Decimal,
    unit: str,
    packs: Sequence[Mapping[str, Any]],
    net_kg: Decimal | None = None,
    after: int,
) -> Packing:
    """Packages for `quantity` base units, of which one weighs `net_kg`; the first gets number `after` + 1."""
    rows: list[Packed] = []
    left = quantity
    for pack in sorted(packs, key=lambda pack: Decimal(pack["contains"]), reverse=True):
        full = int(left // Decimal(pack["contains"]))
        if full:
            rows.append(_packed(pack, full, full * Decimal(pack["contains"]), _last(rows, after)))
            left -= full * Decimal(pack["contains"])
    if left and packs:
        smallest = min(packs, key=lambda pack: Decimal(pack["contains"]))
        rows.append(_packed(smallest, 1, left, _last(rows, after)))
    elif left:
        rows.append(Packed("", 1, after + 1, after + 1, left, None, None, None))
    return Packing(tuple(rows), _net_kg(quantity, unit, net_kg))


def total(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; unknown as soon as one part is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _packed(pack: Mapping[str, Any], count: int, quantity: Decimal, after: int) -> Packed:
    """A package that is not full weighs its share and takes all of its room."""
    size = (pack["length_mm"], pack["width_mm"], pack["height_mm"])
    gross = Decimal(pack["gross_kg"]) * quantity / Decimal(pack["contains"])
    volume = count * Decimal(size[0] * size[1] * size[2]) / _MM3_PER_M3
    return Packed(
        code=pack["code"],
        count=count,
        first=after + 1,
        last=after + count,
        quantity=quantity,
        gross_kg=gross.quantize(_GRAM, rounding=ROUND_CEILING),
        volume_m3=volume.quantize(_LITRE, rounding=ROUND_CEILING),
        size_mm=size,
    )


def _last(rows: Sequence[Packed], after: int) -> int:
    return rows[-1].last if rows else after


def _net_kg(quantity: Decimal, unit: str, stated: Decimal | None) -> Decimal | None:
    """A unit that is a weight says it itself, whatever the seller states."""
    per_unit = _NET_KG.get(unit, stated)
    return None if per_unit is None else (quantity * per_unit).quantize(_GRAM, ROUND_HALF_UP)
