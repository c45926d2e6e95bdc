"""The conditions of a search, as SQL on the shelf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from catalog.queries.categories import Place, category_tree
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


class Condition(NamedTuple):
    sql: str
    parameters: tuple[Any, ...] = ()
    #: the facet whose choice this is: its other choices are those of a search without it
    facet: str = ""
    #: parameters of that wider search; None where the condition falls away in it
    wider: tuple[Any, ...] | None = None


class Where:
    """The conditions of a search on `catalog_shelfrow AS row`, with their parameters."""

    def __init__(self, wanted: Wanted, of_seller: int | None = None) -> None:
        self.wanted = wanted
        self.of_seller = of_seller
        self.price = column_of("from", wanted.currency)
        self.wish: Wish | None = wish_of(wanted.q, whole_words=common_words()) if wanted.q else None
        #: a filter names something that does not exist: nothing matches
        self.nothing = bool(wanted.q) and self.wish is None
        self._conditions: list[Condition] = [*self._of_words(), *self._of_columns()]

    def _of_words(self) -> Iterator[Condition]:
        if self.wish:
            yield Condition("row.tokens @@ %s::tsquery", (self.wish.anywhere,))

    def _of_columns(self) -> Iterator[Condition]:
        wanted = self.wanted
        if wanted.category:
            yield self._of_category()
        if self.of_seller is not None:
            yield Condition("row.company_id = %s", (self.of_seller,))
        elif wanted.sellers:
            yield Condition("row.company_id = ANY(%s)", (self._seller_keys(),), facet="sellers")
        if wanted.origins:
            yield Condition("row.origin = ANY(%s)", (list(wanted.origins),), facet="origins")
        if wanted.low is not None:
            yield Condition(f"row.{self.price} >= %s", (wanted.low,))
        if wanted.high is not None:
            yield Condition(f"row.{self.price} <= %s", (wanted.high,))
        if wanted.moq is not None:
            yield Condition("row.moq <= %s", (wanted.moq,))
        if wanted.in_stock:
            yield Condition("row.in_stock")
        if wanted.sort in (Sort.CHEAPEST, Sort.DEAREST):
            yield Condition(f"row.{self.price} IS NOT NULL")

    def _of_category(self) -> Condition:
        """The category, or all of a family; beside a category its family's others can be chosen."""
        place = category_tree().by_code.get(self.wanted.category)
        if place is None:
            self.nothing = True
            return Condition("FALSE")
        keys = _keys(place)
        if place.parent is None:
            return Condition("row.category_id = ANY(%s)", (keys,))
        return Condition(
            "row.category_id = ANY(%s)", (keys,), facet="categories", wider=(_keys(place.parent),)
        )

    def _seller_keys(self) -> list[int]:
        """One statement. Numbers rather than a subquery, so that the planner knows how many rows they have."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM identity_company WHERE slug = ANY(%s)", [list(self.wanted.sellers)]
            )
            keys = [key for (key,) in cursor.fetchall()]
        self.nothing = self.nothing or not keys
        return keys

    @property
    def parameters(self) -> list[Any]:
        return [value for condition in self._conditions for value in condition.parameters]

    def sql(self, *more: str) -> str:
        return _joined([*(condition.sql for condition in self._conditions), *more])

    def facets_chosen(self) -> list[str]:
        """The facets of which something is chosen, so that they have other choices."""
        return [condition.facet for condition in self._conditions if condition.facet]

    def without(self, facet: str) -> tuple[str, list[Any]]:
        """The same search without the choice in one facet, and its parameters."""
        left = [
            condition._replace(parameters=condition.wider or ()) if condition.facet == facet else condition
            for condition in self._conditions
            if condition.facet != facet or condition.wider is not None
        ]
        return _joined([one.sql for one in left]), [value for one in left for value in one.parameters]


def _keys(place: Place) -> list[int]:
    return [place.pk, *(child.pk for child in place.children)]


def _joined(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
