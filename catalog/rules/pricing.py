"""Which tier price a quantity gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar


class TierLike(Protocol):
    """As much of a tier as these rules need: `catalog.models.Tier` and `TierDraft` have it."""

    @property
    def min_quantity(self) -> Decimal: ...

    @property
    def unit_price(self) -> Decimal: ...


T = TypeVar("T", bound=TierLike)


@dataclass(frozen=True)
class TierRange:
    """A line of the tier table: `unit_price` from `first` to `last` base units; `last` None means and more."""

    first: Decimal
    last: Decimal | None
    unit_price: Decimal


def tier_for(tiers: Iterable[T], quantity: Decimal) -> T | None:
    """The tier of one currency that `quantity` reaches; below the lowest, the lowest; None without tiers.

    A quantity below the lowest tier is priced at it, so that a page can show what one would cost; whether it may be
    ordered is for `quantities.check_quantity` to say.
    """
    rising = sorted(tiers, key=lambda tier: tier.min_quantity)
    reached = [tier for tier in rising if tier.min_quantity <= quantity]
    return reached[-1] if reached else next(iter(rising), None)


def tier_table(
    tiers: Iterable[TierLike], *, moq: Decimal = Decimal(1), step: Decimal = Decimal(1)
) -> list[TierRange]:
    """The tiers of one currency as ranges, beginning where ordering begins.

    Tiers that end below the minimum order are left out: nobody can reach their price.
    """
    rising = sorted(tiers, key=lambda tier: tier.min_quantity)
    table: list[TierRange] = []
    for at, tier in enumerate(rising):
        following = rising[at + 1] if at + 1 < len(rising) else None
        last = following.min_quantity - step if following else None
        if last is None or last >= moq:
            first = moq if not table else tier.min_quantity
            table.append(TierRange(first, last, tier.unit_price))
    return table
