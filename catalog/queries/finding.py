"""Search: one statement counts and sorts into facets, one fetches a page of rows.

Written as SQL because both are shapes the ORM has no words for, and because these two statements are most of what a
list costs. Every product on the shelf is public, so no actor narrows them.

The facets come first and are bounded: they look at no more than 1,001 matches, so that a broad word costs the same in
any catalogue. Their count then decides how the page is fetched. Up to 1,000 matches are all collected through the text
index and sorted; above that the index of the wanted order is walked until the page is full. The planner alone would
choose by estimates, and a wrong one walks the whole shelf for twenty rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from catalog.queries.categories import category_tree
from catalog.queries.memo import for_a_minute
from catalog.rules.bands import MOQ_STEPS, NO_PRICE
from catalog.rules.tokens import Wish, wish_of
from catalog.rules.wanted import Position, Sort, Wanted, read_moment, read_number

#: matches that are counted; one more is looked at, to tell "1,000" from "more than 1,000"
COUNTED = 1000


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


class FoundRow(NamedTuple):
    """One product in a list, with as much of its seller as lists show."""

    product_id: int
    uid: UUID
    name_en: str
    name_zh: str
    category_id: int
    low: Decimal | None
    high: Decimal | None
    #: currencies the seller set prices in; in any other the prices are converted from the first
    priced_in: list[str]
    moq: Decimal
    unit: str
    lead_time_days: int
    origin: str
    available: Decimal | None
    thumbnail: str
    standards: str
    published_at: datetime
    seller_slug: str
    seller_name_en: str
    seller_name_zh: str
    seller_legal_name: str
    seller_city: str
    registration_kind: str
    checked_on: date | None
    check_expires_on: date | None
    in_name: bool


class SellerCount(NamedTuple):
    slug: str
    name_en: str
    name_zh: str
    legal_name: str
    products: int


@dataclass
class Facets:
    """How many of the counted matches fall where; complete unless `bounded`, then each is a lower bound."""

    total: int = 0
    bounded: bool = False
    #: by category key, families included
    categories: dict[int, int] = field(default_factory=dict)
    sellers: list[SellerCount] = field(default_factory=list)
    origins: dict[str, int] = field(default_factory=dict)
    #: by band of `PRICE_BANDS`: 0 is below the first limit
    prices: dict[int, int] = field(default_factory=dict)
    #: minimum order at most: `MOQ_STEPS` → products
    moqs: dict[int, int] = field(default_factory=dict)
    in_stock: int = 0


@dataclass
class Found:
    """A page of a search."""

    wanted: Wanted
    rows: list[FoundRow]
    facets: Facets
    previous: Position | None = None
    next: Position | None = None


def search(wanted: Wanted, *, of_seller: int | None = None) -> Found:
    """The page that `wanted` asks for. Two statements, three with sellers, and the names of categories each minute.

    `of_seller` is the key of the company whose storefront this is, in place of a seller by name.
    """
    where = _Where(wanted, of_seller)
    if where.nothing:
        return Found(wanted, [], Facets())
    facets = _facets(where)
    if facets.total == 0:
        return Found(wanted, [], facets)
    return _page(where, facets)


_LATEST_OF_EACH_CATEGORY = """
SELECT {shelf}, FALSE AS in_name FROM (
    SELECT DISTINCT ON (category_id) product_id FROM (
        SELECT product_id, category_id, published_at FROM catalog_shelfrow
        ORDER BY published_at DESC, product_id DESC LIMIT %s
    ) AS latest ORDER BY category_id, published_at DESC, product_id DESC
) AS one JOIN catalog_shelfrow AS row ON row.product_id = one.product_id
ORDER BY row.published_at DESC, row.product_id DESC LIMIT %s
"""


def newest(currency: str, size: int, *, among: int) -> list[FoundRow]:
    """The latest of each category `among` the latest products, at most `size`. One statement."""
    order = "page.published_at DESC, page.product_id DESC"
    statement = _LATEST_OF_EACH_CATEGORY.format(shelf=_shelf(currency))
    return _fetch(_Candidates(statement, [among, size]), currency, order)


def _column(prefix: str, currency: str) -> str:
    """A column of the shelf by currency; `currency` is one of `kernel.money.CURRENCIES`."""
    return f"{prefix}_{currency.lower()}"


def _shelf(currency: str) -> str:
    return _SHELF.format(low=_column("from", currency), high=_column("to", currency))


class _Where:
    """The conditions of a search on `catalog_shelfrow AS row`, with their parameters."""

    def __init__(self, wanted: Wanted, of_seller: int | None = None) -> None:
        self.wanted = wanted
        self.of_seller = of_seller
        self.price = _column("from", wanted.currency)
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


# --- facets --------------------------------------------------------------------------------------------------------

_FACETS = """
WITH hit AS MATERIALIZED (
    SELECT row.category_id, row.company_id, row.origin, row.in_stock, row.{band} AS price_band,
           row.band_moq AS moq_band
    FROM catalog_shelfrow AS row {where} LIMIT %s
), counted AS (
    SELECT GROUPING(category_id, company_id, origin, in_stock, price_band, moq_band) AS kind,
           category_id, company_id, origin, in_stock, price_band, moq_band, count(*) AS products
    FROM hit
    GROUP BY GROUPING SETS ((category_id), (company_id), (origin), (in_stock), (price_band), (moq_band), ())
)
SELECT kind, category_id, origin, in_stock, price_band, moq_band, products,
       company.slug, company.name_en, company.name_zh, company.legal_name
FROM counted LEFT JOIN identity_company AS company ON company.id = counted.company_id
"""


def _facets(where: _Where) -> Facets:
    statement = _FACETS.format(band=_column("band", where.wanted.currency), where=where.sql())
    with connection.cursor() as cursor:
        cursor.execute(statement, [*where.parameters, COUNTED + 1])
        rows = cursor.fetchall()
    facets = Facets()
    moq_bands: dict[int, int] = {}
    # GROUPING() has one bit a column, 0 for the one that was grouped by
    for kind, category, origin, in_stock, price_band, moq_band, count, *company in rows:
        match kind:
            case 0b011111:
                facets.categories[category] = count
            case 0b101111:
                facets.sellers.append(SellerCount._make([*company, count]))
            case 0b110111:
                facets.origins[origin] = count
            case 0b111011 if in_stock:
                facets.in_stock = count
            case 0b111101 if price_band != NO_PRICE:
                facets.prices[price_band] = count
            case 0b111110:
                moq_bands[moq_band] = count
            case 0b111111:
                facets.total = min(count, COUNTED)
                facets.bounded = count > COUNTED
    facets.sellers.sort(key=lambda seller: (-seller.products, seller.slug))
    facets.moqs = _at_most(moq_bands)
    _add_families(facets.categories)
    return facets


def _at_most(bands: dict[int, int]) -> dict[int, int]:
    """Counts per band as counts of "at most so many"."""
    return {
        step: sum(count for band, count in bands.items() if band <= at) for at, step in enumerate(MOQ_STEPS)
    }


def _add_families(categories: dict[int, int]) -> None:
    places = category_tree().by_pk
    for pk, count in list(categories.items()):
        place = places.get(pk)
        if place is not None and place.parent is not None:
            categories[place.parent.pk] = categories.get(place.parent.pk, 0) + count


# --- a page of rows ------------------------------------------------------------------------------------------------

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


def _page(where: _Where, facets: Facets) -> Found:
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


def _rows(where: _Where, order: _Order, *, bounded: bool) -> list[FoundRow]:
    """One row more than a page, in the direction of the walk."""
    candidates = order.walked(where) if bounded else order.collected(where)
    return _fetch(candidates, where.wanted.currency, order.columns("page", order.backwards))


def _fetch(candidates: _Candidates, currency: str, order: str) -> list[FoundRow]:
    statement = _ROWS.format(
        page=candidates.sql, low=_column("from", currency), high=_column("to", currency), order=order
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

    def __init__(self, where: _Where, keys: list[tuple[str, str]], here: list[Any] | None) -> None:
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

    def _wish(self, where: _Where) -> tuple[str, list[Any]]:
        """Whether a row has the searched words in its name, as an expression."""
        if where.wanted.sort is not Sort.RELEVANCE or where.wish is None:
            return "FALSE", []
        return "row.tokens @@ %s::tsquery", [where.wish.in_name]

    def collected(self, where: _Where) -> _Candidates:
        """All matches through the text index, then sorted: for up to a thousand."""
        in_name, wish = self._wish(where)
        beyond = f"WHERE {self._beyond([name for name, _expression in self.keys])}" if self.here else ""
        return _Candidates(
            f"SELECT * FROM (SELECT {_shelf(where.wanted.currency)}, {in_name} AS in_name"
            f" FROM catalog_shelfrow AS row {where.sql()} OFFSET 0) AS hit"
            f" {beyond} ORDER BY {self.columns('hit', self.backwards)} LIMIT %s",
            [*wish, *where.parameters, *(self.here or []), where.wanted.size + 1],
        )

    def walked(self, where: _Where) -> _Candidates:
        """Along the index of this order until the page is full: for broad searches."""
        if self.keys[0][0] == "in_name":
            return self._names_first(where)
        return self._walk(where, "FALSE", [], self.here)

    def _names_first(self, where: _Where) -> _Candidates:
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
        self, where: _Where, in_name: str, conditions: list[tuple[str, Any]], here: list[Any] | None
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


def _order_of(where: _Where) -> _Order:
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
