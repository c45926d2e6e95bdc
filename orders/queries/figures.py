"""The figures of a year of trade, as the clock last counted them: one row, whatever the company has traded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.queries.memo import for_a_minute
from identity.actors import CompanyActor, Staff
from kernel.errors import NotFound
from kernel.fetching import fetch
from kernel.prepared import fetch_prepared
from orders.rules.year import GROUPS, MONTHS, WEEKS


@dataclass(frozen=True)
class Owed:
    currency: str
    amount: Decimal
    orders: int
    #: of it, past the day by which it is to be paid
    late: Decimal
    late_orders: int


@dataclass(frozen=True)
class Side:
    """One side of a company's trade."""

    said: Mapping[str, Any]

    @property
    def any(self) -> bool:
        return bool(self.said.get("weeks") or self.said.get("months"))

    def weeks(self, today: date) -> list[tuple[date, dict[str, int]]]:
        """The Mondays of the last twelve weeks with how many orders of each of `GROUPS` were placed in them."""
        monday = today - timedelta(days=today.weekday())
        return [
            (week, self._groups(week))
            for week in (monday - timedelta(weeks=back) for back in reversed(range(WEEKS)))
        ]

    def _groups(self, week: date) -> dict[str, int]:
        states = self.said.get("weeks", {}).get(week.isoformat(), {})
        return {group: sum(states.get(state, 0) for state in held) for group, held in GROUPS.items()}

    def months(self, today: date) -> dict[str, list[tuple[date, Decimal, int]]]:
        """What was agreed in each of the last twelve months, and in how many orders, by currency; the largest trade first."""
        firsts = [_months_before(today, back) for back in reversed(range(MONTHS))]
        found = {first: self.said.get("months", {}).get(f"{first:%Y-%m}", {}) for first in firsts}
        orders: dict[str, int] = {}
        for said in found.values():
            for currency, (_amount, count) in said.items():
                orders[currency] = orders.get(currency, 0) + count
        return {
            currency: [
                (first, Decimal(said.get(currency, ["0"])[0]), said.get(currency, [0, 0])[1])
                for first, said in found.items()
            ]
            for currency in sorted(orders, key=lambda code: (-orders[code], code))
        }

    @property
    def owed(self) -> list[Owed]:
        return [
            Owed(currency, Decimal(amount), orders, Decimal(late), late_orders)
            for currency, (amount, orders, late, late_orders) in sorted(self.said.get("owed", {}).items())
        ]

    @property
    def promised(self) -> int:
        """Orders of the last ninety days for which a date was asked that has come."""
        return int(self.said.get("punctual", [0, 0])[0])

    @property
    def kept_to(self) -> int:
        """Those of them that had left in full by then."""
        return int(self.said.get("punctual", [0, 0])[1])

    @property
    def short(self) -> int:
        """Listings on sale of which less is left than the smallest order."""
        return int(self.said.get("short", 0))

    def named(self, what: str) -> list[dict[str, Any]]:
        """`parties`, `products` or `low`, the first of each first."""
        return list(self.said.get(what, []))


@dataclass(frozen=True)
class YearFigures:
    selling: Side
    buying: Side
    #: None until the clock has come round for the first time
    counted_at: datetime | None


@dataclass(frozen=True)
class MarketFigures:
    trade: Side
    companies: int
    suspended: int
    counted_at: datetime | None


_FIGURES = "SELECT counted_at, figures::text FROM orders_tradefigures WHERE company_id = %s"
_FIGURES_OF_ALL = (
    "SELECT counted_at, (figures -> 'all')::text FROM orders_tradefigures WHERE company_id IS NULL"
)


def year_of(actor: CompanyActor) -> YearFigures:
    """The acting company's figures. One statement, one row."""
    found = fetch_prepared(_FIGURES, [actor.company_id])
    counted_at, text = found[0] if found else (None, "{}")
    said = json.loads(text)
    return YearFigures(Side(said.get("selling", {})), Side(said.get("buying", {})), counted_at)


def year_of_the_marketplace(officer: Staff) -> MarketFigures:
    """Everybody's figures, for officers: `NotFound` for anybody else. One statement, remembered for a minute."""
    if not isinstance(officer, Staff):
        raise NotFound
    counted_at, text = _counted_of_all()
    said = json.loads(text)
    return MarketFigures(Side(said), said.get("companies", 0), said.get("suspended", 0), counted_at)


@for_a_minute
def _counted_of_all() -> tuple[datetime | None, str]:
    found = fetch(_FIGURES_OF_ALL, [])
    return found[0] if found else (None, "{}")


def _months_before(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
