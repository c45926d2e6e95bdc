"""What a seller's workspace shows: their own listings, stock and movements. Always the acting company's."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.db.models import F, Prefetch, Q
from django.utils.dateparse import parse_datetime

from catalog.models import DataSheet, Image, Product, StockMovement
from catalog.models.products import ProductQuerySet
from catalog.queries.drafts import draft_of
from catalog.rules.columns import write_row
from catalog.states import ProductState
from identity.actors import Actor
from kernel.prepared import fetch_prepared
from kernel.sealing import NotSealed, seal, unseal

PAGE = 20
#: rows read at a time by an export
EXPORT_CHUNK = 200


@dataclass(frozen=True)
class Sort:
    """An order of the table: a field, descending or not; the key decides between equals."""

    field: str
    descending: bool = False


SORTS = {
    "changed": Sort("updated_at", descending=True),
    "newest": Sort("created_at", descending=True),
    "sku": Sort("sku"),
    "stock": Sort("available"),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a seller asks of the table. `sort` is one of `SORTS`, `state` a `ProductState` or empty."""

    q: str = ""
    state: str = ""
    category: str = ""
    #: `none`: nothing left to sell
    stock: str = ""
    sort: str = "changed"
    after: str = ""
    before: str = ""


@dataclass(frozen=True)
class Page:
    """Rows with the cursors of the pages beside them, empty where there is none."""

    rows: list[Product]
    next: str
    previous: str


class Beside(NamedTuple):
    """What the table shows of a listing that lies in other rows: the lowest price, in SGD where there is one, and the main picture."""

    unit_price: Decimal | None
    currency: str
    #: the stored file's name; empty for none
    thumbnail: str


def listings(*, actor: Actor, wanted: Wanted, size: int = PAGE) -> Page:
    """A page of the seller's listings, each with `available`, tiers and first picture. Three statements.

    A cursor that cannot be read is the first page.
    """
    rows = _narrowed(actor, wanted).select_related("category").prefetch_related("tiers", first_pictures())
    return _page(rows, wanted, size)


def listing_lines(*, actor: Actor, wanted: Wanted, size: int = PAGE) -> tuple[Page, dict[int, Beside]]:
    """The same page as the table shows it: each with what its row needs, and what stands beside it, by its key. Two
    statements.
    """
    page = _page(_narrowed(actor, wanted).only(*_IN_THE_TABLE), wanted, size)
    keys = [product.pk for product in page.rows]
    beside = {key: Beside(*rest) for key, *rest in fetch_prepared(_BESIDE, [keys])} if keys else {}
    return page, beside


_BESIDE = """
SELECT listing.id, tier.unit_price, COALESCE(tier.currency, ''), COALESCE(image.thumbnail, '')
FROM unnest(%s::bigint[]) AS listing(id)
LEFT JOIN LATERAL (
    SELECT unit_price, currency FROM catalog_tier WHERE product_id = listing.id
    ORDER BY currency = 'SGD' DESC, unit_price LIMIT 1
) AS tier ON true
LEFT JOIN LATERAL (
    SELECT thumbnail FROM catalog_image WHERE product_id = listing.id ORDER BY position, id LIMIT 1
) AS image ON true
"""
#: what a row of the table shows, and its cursor
_IN_THE_TABLE = (
    "uid",
    "company",
    "sku",
    "name_en",
    "name_zh",
    "state",
    "moq",
    "unit",
    "created_at",
    "updated_at",
)


def _page(rows: ProductQuerySet, wanted: Wanted, size: int) -> Page:
    sort = SORTS.get(wanted.sort, SORTS["changed"])
    backwards = bool(wanted.before)
    cursor = _read_cursor(wanted.before or wanted.after, sort)
    rows = rows.order_by(*_order(sort, backwards))
    if cursor:
        rows = rows.filter(_beyond(sort, cursor, backwards))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = backwards or more
    has_previous = more if backwards else bool(cursor)
    return Page(
        found,
        _write_cursor(found[-1], sort) if found and has_next else "",
        _write_cursor(found[0], sort) if found and has_previous else "",
    )


#: of `Product.objects.of_actor`
_COUNTS = "SELECT state, count(*) FROM catalog_product WHERE company_id = %s GROUP BY state"


def counts_by_state(*, actor: Actor) -> dict[str, int]:
    """How many listings the seller has per state, `all` that have not ended among them. One statement."""
    counts = dict.fromkeys(ProductState.values, 0)
    counts |= dict(fetch_prepared(_COUNTS, [actor.company_id or 0]))
    return {**counts, "all": sum(counts.values()) - counts[ProductState.ENDED]}


def listing(*, actor: Actor, public_id: str) -> Product:
    """One of the seller's listings with `available`. Raises `NotFound`."""
    mine = Product.objects.of_actor(actor).select_related("category__parent", "company", "stock")
    product: Product = mine.fetch(public_id)
    return product


def movements(*, actor: Actor, product: Product, before: str = "", size: int = PAGE) -> list[StockMovement]:
    """Why the listing's stock changed, newest first; `size` + 1 rows tell that there are more."""
    mine = StockMovement.objects.filter(product=product, company_id=actor.company_id or 0).order_by("-id")
    try:
        (last,) = unseal("movement", before, count=1)
    except NotSealed:
        return list(mine[: size + 1])
    return list(mine.filter(pk__lt=last)[: size + 1])


def place_of(movement: StockMovement) -> str:
    """Where the list goes on behind this movement: `before` of the next page."""
    return seal("movement", movement.pk)


def is_place(text: str, sort: str) -> bool:
    """Whether `text` is a cursor that a page of this order gave."""
    return _read_cursor(text, SORTS[sort]) is not None


def export_rows(*, actor: Actor, wanted: Wanted) -> Iterator[list[str]]:
    """The listings that the table shows, as rows of `catalog.rules.columns.COLUMNS`, by SKU; ended ones are left out."""
    rows = _narrowed(actor, wanted).exclude(state=ProductState.ENDED).order_by("sku", "pk")
    rows = rows.select_related("category").prefetch_related("tiers", "packs")
    for product in rows.iterator(chunk_size=EXPORT_CHUNK):
        yield write_row(draft_of(product), stock=product.available, status=product.state)


def may_read_sheet(actor: Actor, name: str) -> bool:
    """Whether a stored data sheet is for this reader: everybody's while the listing is published, else its seller's."""
    sheets = DataSheet.objects.filter(file=name)
    return sheets.filter(
        Q(product__state=ProductState.PUBLISHED) | Q(company_id=actor.company_id or 0)
    ).exists()


def first_pictures() -> Prefetch[Any]:
    """Prefetches each product's main picture into `first_pictures`."""
    firsts = Image.objects.order_by("product_id", "position", "id").distinct("product_id")
    return Prefetch("images", queryset=firsts, to_attr="first_pictures")


def _narrowed(actor: Actor, wanted: Wanted) -> ProductQuerySet:
    rows = Product.objects.of_actor(actor).annotate(available=F("stock__available"))
    if wanted.state in ProductState.values:
        rows = rows.filter(state=wanted.state)
    else:
        rows = rows.exclude(state=ProductState.ENDED)
    if wanted.category:
        rows = rows.filter(Q(category__code=wanted.category) | Q(category__parent__code=wanted.category))
    if wanted.stock == "none":
        rows = rows.filter(available=0)
    for word in wanted.q.replace("\0", "").split()[:6]:
        rows = rows.filter(
            Q(sku__icontains=word)
            | Q(name_en__icontains=word)
            | Q(name_zh__icontains=word)
            | Q(mpn__icontains=word)
            | Q(gtin=word)
        )
    return rows


def _order(sort: Sort, backwards: bool) -> tuple[str, str]:
    sign = "-" if sort.descending != backwards else ""
    return f"{sign}{sort.field}", f"{sign}pk"


def _beyond(sort: Sort, cursor: tuple[Any, int], backwards: bool) -> Q:
    value, pk = cursor
    side = "lt" if sort.descending != backwards else "gt"
    return Q(**{f"{sort.field}__{side}": value}) | Q(**{sort.field: value, f"pk__{side}": pk})


def _write_cursor(product: Product, sort: Sort) -> str:
    value = getattr(product, sort.field)
    plain = value.isoformat() if isinstance(value, datetime) else str(value)
    return (
        base64.urlsafe_b64encode(json.dumps([plain, seal("listing", product.pk)]).encode())
        .decode()
        .rstrip("=")
    )


def _read_cursor(text: str, sort: Sort) -> tuple[Any, int] | None:
    try:
        value, sealed = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        (pk,) = unseal("listing", str(sealed), count=1)
        typed: Any = str(value).replace("\0", "")
        if sort.field.endswith("_at"):
            typed = parse_datetime(typed)
        elif sort.field == "available":
            typed = Decimal(typed)
        if typed is None:
            return None
    except (ValueError, TypeError, binascii.Error, InvalidOperation, RecursionError):
        return None
    return typed, pk
