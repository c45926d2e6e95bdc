"""A page of rows in the wanted order, forwards or backwards from a position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from catalog.queries.finding.answers import Facets, Found, FoundRow
from catalog.queries.finding.where import Where, column_of
from catalog.rules.wanted import Position, Sort, read_moment, read_number

_ROWS = """
SELECT page.product_id, page.product_uid, page.name_en, page.name_zh, page.category_id, page.{low}, page.{high},
       page.priced_in, page.moq, page.unit, page.lead_time_days, page.origin, stock.available, page.thumbnail,
       page.standards, page.published_at, company.slug, company.name_en, company.name_zh, company.legal_name,
       company.city, company.registration_kind, company.registration_checked_on,
       company.registration_check_expires_on, page.in_name
FROM ({page}) AS page JOIN identity_company AS company ON company.id = page.company_id
LEFT JOIN catalog_stock AS stock ON stock.product_id = page.product_id
ORDER BY {order}
"""
#: what `_ROWS` takes from the shelf
_SHELF = """row.product_id, row.product_uid, row.name_en, row.name_zh, row.category_id, row.company_id, row.{low},
       row.{high}, row.priced_in, row.moq, row.unit, row.lead_time_days, row.origin, row.thumbnail, row.standards,
       row.published_at"""
#: the row that a position names; products are never deleted, so it is found even after it left the shelf
_HERE = "(SELECT id FROM catalog_product WHERE uid = %s)"
_LATEST_OF_EACH_CATEGORY = """
SELECT {shelf}, FALSE AS in_name FROM (
    SELECT DISTINCT ON (category_id) product_id FROM (
        SELECT product_id, category_id, published_at FROM catalog_shelfrow
        ORDER BY published_at DESC, product_id DESC LIMIT %s
    ) AS latest ORDER BY category_id, published_at DESC, product_id DESC
) AS one JOIN catalog_shelfrow AS row ON row.product_id = one.product_id
ORDER BY row.published_at DESC, row.product_id DESC LIMIT %s
"""


def page_of(where: Where, facets: Facets) -> Found:
    wanted = where.wanted
    order = _order_of(where)
    backwards = order.backwards
    rows = _rows(where, order, bounded=facets.bounded)
    more = len(rows) > wanted.size
    rows = rows[: wanted.size]
    if backwards:
        rows.reverse()
    has_previous = more if backwards else order.begun
    has_next = order.begun if backwards else more
    return Found(
        wanted,
        rows,
        facets,
        previous=order.position(rows[0]) if rows and has_previous else None,
        next=order.position(rows[-1]) if rows and has_next else None,
    )


def _rows(where: Where, order: _Order, *, bounded: bool) -> list[FoundRow]:
    """One row more than a page, in the direction of the walk."""
    candidates = order.walked(where) if bounded else order.collected(where)
    return _fetch(candidates, where.wanted.currency, order.columns("page", order.backwards))


def _fetch(candidates: _Candidates, currency: str, order: str) -> list[FoundRow]:
    statement = _ROWS.format(
        page=candidates.sql, low=column_of("from", currency), high=column_of("to", currency), order=order
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, candidates.parameters)
        return [FoundRow(*row) for row in cursor.fetchall()]


@dataclass
class _Candidates:
    sql: str
    parameters: list[Any]


class _Order:
    """A sort order by columns that end in the product's key, and the way to walk it from a position."""

    def __init__(self, where: Where, keys: list[tuple[str, str]], here: list[Any] | None) -> None:
        #: (name in the result, expression on the shelf), all in one direction
        self.keys = keys
        self.descending = where.wanted.sort is not Sort.CHEAPEST
        #: values of the position, the last one a public id; None at the top of the list
        self.here = here
        self.backwards = where.wanted.before is not None and here is not None

    @property
    def begun(self) -> bool:
        """Whether the list was entered at a position, so that there is something on its other side."""
        return self.here is not None

    def columns(self, table: str, backwards: bool) -> str:
        falling = self.descending != backwards
        return ", ".join(f"{table}.{name}{' DESC' if falling else ''}" for name, _expression in self.keys)

    def _beyond(self, values: list[str]) -> str:
        sign = "<" if self.descending != self.backwards else ">"
        marks = ", ".join(["%s"] * (len(values) - 1) + [_HERE])
        return f"({', '.join(values)}) {sign} ({marks})"

    def _wish(self, where: Where) -> tuple[str, list[Any]]:
        """Whether a row has the searched words in its name, as an expression."""
        if where.wanted.sort is not Sort.RELEVANCE or where.wish is None:
            return "FALSE", []
        return "row.tokens @@ %s::tsquery", [where.wish.in_name]

    def collected(self, where: Where) -> _Candidates:
        """All matches through the text index, then sorted: for up to a thousand."""
        in_name, wish = self._wish(where)
        beyond = f"WHERE {self._beyond([name for name, _expression in self.keys])}" if self.here else ""
        return _Candidates(
            f"SELECT * FROM (SELECT {_shelf(where.wanted.currency)}, {in_name} AS in_name"
            f" FROM catalog_shelfrow AS row {where.sql()} OFFSET 0) AS hit"
            f" {beyond} ORDER BY {self.columns('hit', self.backwards)} LIMIT %s",
            [*wish, *where.parameters, *(self.here or []), where.wanted.size + 1],
        )

    def walked(self, where: Where) -> _Candidates:
        """Along the index of this order until the page is full: for broad searches."""
        if self.keys[0][0] == "in_name":
            return self._names_first(where)
        return self._walk(where, "FALSE", [], self.here)

    def _names_first(self, where: Where) -> _Candidates:
        """Two walks, names first; the second is begun only when the first ends before the page is full."""
        assert where.wish is not None
        groups = [True, False] if not self.backwards else [False, True]
        at = self.here[0] if self.here else None
        parts: list[_Candidates] = []
        for group in groups:
            if at is not None and groups.index(group) < groups.index(at):
                continue
            condition = f"{'' if group else 'NOT '}row.tokens @@ %s::tsquery"
            here = self.here[1:] if self.here and group == at else None
            parts.append(self._walk(where, str(group).upper(), [(condition, where.wish.in_name)], here))
        if len(parts) == 1:
            return parts[0]
        return _Candidates(
            " UNION ALL ".join(f"({part.sql})" for part in parts) + " LIMIT %s",
            [*(value for part in parts for value in part.parameters), where.wanted.size + 1],
        )

    def _walk(
        self, where: Where, in_name: str, conditions: list[tuple[str, Any]], here: list[Any] | None
    ) -> _Candidates:
        keys = [(name, expression) for name, expression in self.keys if name != "in_name"]
        falling = self.descending != self.backwards
        order = ", ".join(f"{expression}{' DESC' if falling else ''}" for _name, expression in keys)
        more = [condition for condition, _value in conditions]
        if here is not None:
            more.append(self._beyond([expression for _name, expression in keys]))
        return _Candidates(
            f"SELECT {_shelf(where.wanted.currency)}, {in_name} AS in_name"
            f" FROM catalog_shelfrow AS row {where.sql(*more)} ORDER BY {order} LIMIT %s",
            [
                *where.parameters,
                *(value for _condition, value in conditions),
                *(here or []),
                where.wanted.size + 1,
            ],
        )

    def position(self, row: FoundRow) -> Position:
        names = [name for name, _expression in self.keys[:-1]]
        words = {"in_name": str(int(row.in_name)), "published_at": row.published_at.isoformat()}
        return Position("|".join(words.get(name, str(row.low)) for name in names), row.uid)


def _order_of(where: Where) -> _Order:
    newest = [("published_at", "row.published_at"), ("product_id", "row.product_id")]
    wanted = where.wanted
    position = wanted.after or wanted.before
    match wanted.sort:
        case Sort.CHEAPEST | Sort.DEAREST:
            number = read_number(position) if position else None
            keys = [(where.price, f"row.{where.price}"), ("product_id", "row.product_id")]
            return _Order(where, keys, [number, position.uid] if position and number is not None else None)
        case Sort.RELEVANCE if where.wish is not None:
            keys = [("in_name", "in_name"), *newest]
            return _Order(where, keys, _relevance_position(position))
        case _:
            moment = read_moment(position) if position else None
            return _Order(where, newest, [moment, position.uid] if position and moment else None)


def _relevance_position(position: Position | None) -> list[Any] | None:
    if position is None:
        return None
    group, _bar, value = position.value.partition("|")
    moment = read_moment(Position(value, position.uid))
    return [group == "1", moment, position.uid] if moment and group in ("0", "1") else None


def newest(currency: str, size: int, *, among: int) -> list[FoundRow]:
    """The latest of each category `among` the latest products, at most `size`. One statement."""
    order = "page.published_at DESC, page.product_id DESC"
    statement = _LATEST_OF_EACH_CATEGORY.format(shelf=_shelf(currency))
    return _fetch(_Candidates(statement, [among, size]), currency, order)


def _shelf(currency: str) -> str:
    return _SHELF.format(low=column_of("from", currency), high=column_of("to", currency))
