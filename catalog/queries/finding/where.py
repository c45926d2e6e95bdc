"""The conditions of a search, as SQL on the shelf."""

from __future__ import annotations

from typing import Any

from django.db import connection

from catalog.queries.categories import category_tree
from catalog.queries.memo import for_a_minute
from catalog.rules.tokens import Wish, wish_of
from catalog.rules.wanted import Sort, Wanted


def column_of(prefix: str, currency: str) -> str:
    """A column of the shelf by currency; `currency` is one of `kernel.money.CURRENCIES`."""
    return f"{prefix}_{currency.lower()}"


@for_a_minute
def common_words() -> frozenset[str]:
    """The words that many products have, as PostgreSQL's own statistics of the shelf know them. One statement a minute.

    Somebody who typed one of these has finished typing: `pipe` need not look for pipettes too, which costs more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[] FROM pg_stats"
            " WHERE tablename = 'catalog_shelfrow' AND attname = 'tokens'"
        )
        row = cursor.fetchone()
    return frozenset(row[0] or ()) if row else frozenset()


class Where:
    """The conditions of a search on `catalog_shelfrow AS row`, with their parameters."""

    def __init__(self, wanted: Wanted, of_seller: int | None = None) -> None:
        self.wanted = wanted
        self.of_seller = of_seller
        self.price = column_of("from", wanted.currency)
        self.wish: Wish | None = wish_of(wanted.q, whole_words=common_words()) if wanted.q else None
        #: a filter names something that does not exist: nothing matches
        self.nothing = bool(wanted.q) and self.wish is None
        self.conditions: list[str] = []
        self.parameters: list[Any] = []
        self._match_tokens()
        self._match_columns()

    def _match_tokens(self) -> None:
        if self.wish:
            self._add("row.tokens @@ %s::tsquery", self.wish.anywhere)

    def _match_columns(self) -> None:
        wanted = self.wanted
        if wanted.category:
            self._add("row.category_id = ANY(%s)", self._category_keys())
        if self.of_seller is not None:
            self._add("row.company_id = %s", self.of_seller)
        elif wanted.sellers:
            self._add("row.company_id = ANY(%s)", self._seller_keys())
        if wanted.origins:
            self._add("row.origin = ANY(%s)", list(wanted.origins))
        if wanted.low is not None:
            self._add(f"row.{self.price} >= %s", wanted.low)
        if wanted.high is not None:
            self._add(f"row.{self.price} <= %s", wanted.high)
        if wanted.moq is not None:
            self._add("row.moq <= %s", wanted.moq)
        if wanted.in_stock:
            self.conditions.append("row.in_stock")
        if wanted.sort in (Sort.CHEAPEST, Sort.DEAREST):
            self.conditions.append(f"row.{self.price} IS NOT NULL")

    def _category_keys(self) -> list[int]:
        """The category, or all of a family."""
        place = category_tree().by_code.get(self.wanted.category)
        keys = [] if place is None else [place.pk, *(child.pk for child in place.children)]
        self.nothing = self.nothing or not keys
        return keys

    def _seller_keys(self) -> list[int]:
        """One statement. Numbers rather than a subquery, so that the planner knows how many rows they have."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM identity_company WHERE slug = ANY(%s)", [list(self.wanted.sellers)]
            )
            keys = [key for (key,) in cursor.fetchall()]
        self.nothing = self.nothing or not keys
        return keys

    def _add(self, condition: str, parameter: Any) -> None:
        self.conditions.append(condition)
        self.parameters.append(parameter)

    def sql(self, *more: str) -> str:
        conditions = [*self.conditions, *more]
        return f"WHERE {' AND '.join(conditions)}" if conditions else ""
