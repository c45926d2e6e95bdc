"""Keeping the shelf: what lists and search read of published products.

Called by the verbs of listings and stock in the transaction of their change; nobody else writes `ShelfRow`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from catalog.models import Image, Product, ShelfRow, Stock
from catalog.rules.bands import moq_band, price_band
from catalog.rules.tokens import vector_of
from kernel.money import CURRENCIES, round_unit_price
from tariffs.queries import NoRate, Rates, rates

#: products shelved by one statement
BATCH = 500
_KEY = "product"


_postponed: ContextVar[set[int] | None] = ContextVar("postponed", default=None)


@contextmanager
def shelved_together(now: datetime) -> Iterator[set[int]]:
    """Inside one transaction: what verbs change on the shelf is written once, at the end. Yields the keys so far."""
    products: set[int] = set()
    token = _postponed.set(products)
    try:
        yield products
    finally:
        _postponed.reset(token)
    shelve_many(products, now)


def shelve(product_id: int, now: datetime) -> None:
    """Make the shelf say what the listing says: a row while it is on sale, none otherwise."""
    if (postponed := _postponed.get()) is not None:
        postponed.add(product_id)
        return
    shelve_many([product_id], now)


def shelve_many(product_ids: Iterable[int], now: datetime) -> None:
    """The same for any number of listings, with five statements for each 500."""
    wanted = sorted(set(product_ids))
    for at in range(0, len(wanted), BATCH):
        _shelve_batch(wanted[at : at + BATCH], now)


def show_stock(product_id: int, *, in_stock: bool) -> None:
    """The same for the one mark that changes with orders; the caller holds the stock row."""
    if (postponed := _postponed.get()) is not None:
        postponed.add(product_id)
        return
    ShelfRow.objects.filter(pk=product_id).update(in_stock=in_stock)


def reprice(*, now: datetime) -> int:
    """Convert again, after new exchange rates, the prices that sellers did not set. Returns how many products have some."""
    converted = ShelfRow.objects.exclude(priced_in__contains=list(CURRENCIES))
    ids = list(converted.values_list("product_id", flat=True))
    shelve_many(ids, now)
    return len(ids)


def clear_shelf_of(*, company_id: int) -> None:
    """Take a seller's goods out of every list, all at once."""
    ShelfRow.objects.filter(company_id=company_id).delete()


def shelve_seller(*, company_id: int, now: datetime) -> None:
    """Make the shelf say of all listings of a seller what they and the seller's standing say. Repeatable."""
    shelve_many(Product.objects.filter(company_id=company_id).values_list("pk", flat=True), now)


def reshelve(*, now: datetime) -> int:
    """Shelve everything again, after the rules of the shelf changed. Returns how many products there are."""
    ids = list(Product.objects.values_list("pk", flat=True))
    shelve_many(ids, now)
    return len(ids)


def _shelve_batch(product_ids: list[int], now: datetime) -> None:
    with transaction.atomic(savepoint=False):
        products = _published(product_ids)
        gone = set(product_ids) - {product.pk for product in products}
        if gone:
            ShelfRow.objects.filter(product_id__in=gone).delete()
        if not products:
            return
        today = rates(timezone.localdate(now))
        available = _lock_stock(product_ids)
        rows = [_row(product, available.get(product.pk, Decimal(0)), today) for product in products]
        ShelfRow.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=[_KEY],
            update_fields=[field.name for field in ShelfRow._meta.concrete_fields if field.name != _KEY],
        )


def _published(product_ids: list[int]) -> list[Product]:
    first_pictures = Image.objects.order_by("product_id", "position", "id").distinct("product_id")
    return list(
        Product.objects.on_sale()
        .filter(pk__in=product_ids)
        .select_related("category__parent", "company")
        .prefetch_related("tiers", Prefetch("images", queryset=first_pictures, to_attr="first_pictures"))
    )


def _row(product: Product, available: Decimal, today: Rates) -> ShelfRow:
    lowest, highest, own = _prices(product, today)
    return ShelfRow(
        product=product,
        product_uid=product.uid,
        company_id=product.company_id,
        category_id=product.category_id,
        name_en=product.name_en,
        name_zh=product.name_zh,
        tokens=_tokens(product),
        priced_in=own,
        moq=product.moq,
        unit=product.unit,
        lead_time_days=product.lead_time_days,
        origin=product.origin,
        in_stock=available > 0,
        thumbnail=next((image.thumbnail.name for image in product.first_pictures), ""),  # type: ignore[attr-defined]
        standards=", ".join(product.standards)[:200],
        published_at=product.published_at,  # type: ignore[misc]
        band_moq=moq_band(product.moq),
        **{f"band_{currency.lower()}": price_band(lowest.get(currency), currency) for currency in CURRENCIES},
        **{f"from_{currency.lower()}": price for currency, price in lowest.items()},
        **{f"to_{currency.lower()}": price for currency, price in highest.items()},
    )


def _lock_stock(product_ids: list[int]) -> dict[int, Decimal]:
    """What is available, locked in the order of keys: a reservation at the same moment cannot leave a stale mark."""
    rows = Stock.objects.select_for_update().filter(pk__in=product_ids).order_by("pk")
    return dict(rows.values_list("product_id", "available"))


def _prices(product: Product, today: Rates) -> tuple[dict[str, Decimal], dict[str, Decimal], list[str]]:
    """Lowest and highest unit price per currency, and the currencies that are the seller's own."""
    own: dict[str, list[Decimal]] = {}
    for tier in product.tiers.all():
        own.setdefault(tier.currency, []).append(tier.unit_price)
    set_in = [currency for currency in CURRENCIES if currency in own]
    lowest: dict[str, Decimal] = {}
    highest: dict[str, Decimal] = {}
    for currency in CURRENCIES if set_in else ():
        base = currency if currency in own else set_in[0]
        try:
            lowest[currency] = _converted(min(own[base]), base, currency, today)
            highest[currency] = _converted(max(own[base]), base, currency, today)
        except NoRate:
            continue
    return lowest, highest, set_in


def _converted(amount: Decimal, base: str, quote: str, today: Rates) -> Decimal:
    return amount if base == quote else round_unit_price(today.convert(amount, base, quote).amount)


def _tokens(product: Product) -> str:
    category, company = product.category, product.company
    family = category.parent
    categories = [place for place in (category, family) if place is not None]
    return vector_of(
        names=(product.name_en, product.name_zh),
        codes=tuple(_codes(product)),
        texts=(
            *(name for place in categories for name in (place.name_en, place.name_zh)),
            company.name_en,
            company.name_zh,
            *(str(value) for value in product.attributes.values()),
        ),
        descriptions=(product.description_en, product.description_zh),
    )


def _codes(product: Product) -> Iterator[str]:
    yield from (product.sku, product.mpn, product.gtin, product.brand, product.cas, product.unspsc)
    yield max(product.hs6, product.hs_sg8, product.hs_cn10, key=len)
    yield from (product.hs_sg8, product.hs_cn10)
    if product.un_number:
        yield f"UN {product.un_number}"
    yield from product.ghs
    yield from product.standards
