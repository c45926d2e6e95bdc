"""Counting a year of trade, company by company: what homes show in figures and plots.

The clock asks for it every few minutes. Each statement groups the orders of a few hundred companies by an index, so that
opening a home costs one row, whatever the company has traded. Nothing is added up by increments: a count that was missed
is put right by the next one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from catalog.models import Product
from kernel.ids import public_id
from orders.models import TradeFigures
from orders.rules.year import LOW_WEEKS, PUNCTUAL_DAYS, TOP, WEEKS
from orders.states import BINDING

#: companies counted in one transaction
AT_ONCE = 200
#: the marketplace's own weeks and months are those of both its cities
ZONE = "Asia/Singapore"

SIDES = {"selling": ("seller_id", "buyer_id"), "buying": ("buyer_id", "seller_id")}
Figures = dict[str, dict[str, Any]]

_WEEKS = """
SELECT o.{own}, to_char(date_trunc('week', o.placed_at AT TIME ZONE own.time_zone), 'YYYY-MM-DD'), o.state, count(*)
FROM orders_order AS o JOIN identity_company AS own ON own.id = o.{own}
WHERE o.{own} = ANY(%(companies)s) AND o.placed_at >= %(weeks_since)s GROUP BY 1, 2, 3
"""
_MONTHS = """
SELECT o.{own}, to_char(o.confirmed_at AT TIME ZONE own.time_zone, 'YYYY-MM'), o.currency, sum(o.total), count(*)
FROM orders_order AS o JOIN identity_company AS own ON own.id = o.{own}
WHERE o.{own} = ANY(%(companies)s) AND o.state = ANY(%(binding)s) AND o.confirmed_at >= %(year_since)s GROUP BY 1, 2, 3
"""
_OWED = """
SELECT o.{own}, o.currency, sum(o.total - o.amount_paid), count(*),
    coalesce(sum(o.total - o.amount_paid) FILTER (WHERE o.payment_due_on < %(today)s), 0),
    count(*) FILTER (WHERE o.payment_due_on < %(today)s)
FROM orders_order AS o
WHERE o.{own} = ANY(%(companies)s) AND o.amount_paid < o.total AND o.state = ANY(%(binding)s) GROUP BY 1, 2
"""
_PUNCTUAL = """
SELECT o.{own}, count(*), count(*) FILTER (WHERE o.state IN ('despatched', 'completed') AND o.requested_date >= (
    SELECT max(sent.despatched_on) FROM orders_despatch AS sent WHERE sent.order_id = o.id))
FROM orders_order AS o
WHERE o.{own} = ANY(%(companies)s) AND o.state = ANY(%(binding)s)
    AND o.requested_date BETWEEN %(punctual_since)s AND %(today)s GROUP BY 1
"""
_PARTIES = """
WITH dealt AS (
    SELECT {own} AS own, {other} AS other, currency, count(*) AS orders, sum(total) AS amount
    FROM orders_order
    WHERE {own} = ANY(%(companies)s) AND state = ANY(%(binding)s) AND confirmed_at >= %(year_since)s GROUP BY 1, 2, 3
), ranked AS (
    SELECT own, other, sum(orders) AS orders, jsonb_object_agg(currency, amount::text) AS amounts,
        row_number() OVER (PARTITION BY own ORDER BY sum(orders) DESC, other) AS place
    FROM dealt GROUP BY own, other
)
SELECT own, orders, amounts, slug, legal_name, name_en, name_zh
FROM ranked JOIN identity_company AS company ON company.id = other WHERE place <= %(top)s ORDER BY own, place
"""
_PRODUCTS = """
WITH bought AS (
    SELECT o.{own} AS own, line.product_id, o.currency, count(*) AS orders, sum(line.quantity) AS quantity,
        sum(line.line_total) AS amount
    FROM orders_order AS o JOIN orders_orderline AS line ON line.order_id = o.id
    WHERE o.{own} = ANY(%(companies)s) AND o.state = ANY(%(binding)s) AND o.confirmed_at >= %(year_since)s
    GROUP BY 1, 2, 3
), ranked AS (
    SELECT own, product_id, sum(orders) AS orders, sum(quantity) AS quantity,
        jsonb_object_agg(currency, amount::text) AS amounts,
        row_number() OVER (PARTITION BY own ORDER BY sum(orders) DESC, product_id) AS place
    FROM bought GROUP BY own, product_id
)
SELECT own, orders, amounts, product.uid, sku, name_en, name_zh, unit, quantity
FROM ranked JOIN catalog_product AS product ON product.id = product_id WHERE place <= %(top)s ORDER BY own, place
"""
#: what was ordered of each listing in twelve weeks, against what is left of it
_LOW = """
WITH pace AS (
    SELECT o.seller_id AS own, line.product_id, sum(line.quantity) / %(weeks)s AS weekly
    FROM orders_order AS o JOIN orders_orderline AS line ON line.order_id = o.id
    WHERE o.seller_id = ANY(%(companies)s) AND o.state = ANY(%(binding)s) AND o.confirmed_at >= %(weeks_since)s
    GROUP BY 1, 2
), ranked AS (
    SELECT own, product_id, weekly, available,
        row_number() OVER (PARTITION BY own ORDER BY available / weekly, product_id) AS place
    FROM pace JOIN catalog_stock AS stock USING (product_id) WHERE available < weekly * %(low_weeks)s
)
SELECT own, product.uid, sku, name_en, name_zh, unit, available, available / weekly
FROM ranked JOIN catalog_product AS product ON product.id = product_id AND product.state = 'published'
WHERE place <= %(top)s ORDER BY own, place
"""
#: listings that nobody can order: less is left than the smallest order
_SHORT = """
SELECT product.company_id, count(*)
FROM catalog_product AS product JOIN catalog_stock AS stock ON stock.product_id = product.id
WHERE product.company_id = ANY(%(companies)s) AND product.state = 'published' AND stock.available < product.moq
GROUP BY 1
"""
#: who has traded, and who has something on sale
_TRADING = """
SELECT buyer_id FROM orders_order UNION SELECT seller_id FROM orders_order
UNION SELECT company_id FROM catalog_product WHERE state = 'published' ORDER BY 1
"""


def count_figures(*, now: datetime, companies: Iterable[int] | None = None) -> int:
    """Count the year anew for `companies`, or for all that trade and the marketplace; how many were counted."""
    counted = 0
    these = iter(companies if companies is not None else _trading())
    while some := list(islice(these, AT_ONCE)):
        _keep(_counted(some, now), now)
        counted += len(some)
    if companies is None:
        _keep({None: _of_the_marketplace(now)}, now)
    return counted


@transaction.atomic
def _keep(figures: dict[int | None, Figures], now: datetime) -> None:
    TradeFigures.objects.bulk_create(
        [TradeFigures(company_id=pk, figures=found, counted_at=now) for pk, found in figures.items()],
        update_conflicts=True,
        unique_fields=["company"],
        update_fields=["figures", "counted_at"],
    )


def _trading() -> list[int]:
    return [pk for (pk,) in _asked(_TRADING, {})]


def _counted(companies: Sequence[int], now: datetime) -> dict[int | None, Figures]:
    found: dict[int | None, Figures] = {pk: {side: _nothing() for side in SIDES} for pk in companies}
    asked = _period(now) | {"companies": list(companies)}
    for side, (own, other) in SIDES.items():
        kept = {pk: figures[side] for pk, figures in found.items()}

        def rows(statement: str, own: str = own, other: str = other) -> Iterator[Any]:
            return _asked(statement.format(own=own, other=other), asked)

        for pk, week, state, orders in rows(_WEEKS):
            kept[pk]["weeks"][week][state] = orders
        for pk, month, currency, amount, orders in rows(_MONTHS):
            kept[pk]["months"][month][currency] = [_text(amount), orders]
        for pk, currency, amount, orders, late, late_orders in rows(_OWED):
            kept[pk]["owed"][currency] = [_text(amount), orders, _text(late), late_orders]
        for pk, promised, kept_to in rows(_PUNCTUAL):
            kept[pk]["punctual"] = [promised, kept_to]
        for pk, orders, amounts, slug, *names in rows(_PARTIES):
            kept[pk]["parties"].append(
                {"orders": int(orders), "amounts": _read(amounts), "slug": slug, "names": names}
            )
        for pk, orders, amounts, uid, sku, name_en, name_zh, unit, quantity in rows(_PRODUCTS):
            told = _product(uid, sku, name_en, name_zh, unit) | {"quantity": _text(quantity)}
            kept[pk]["products"].append(told | {"orders": int(orders), "amounts": _read(amounts)})
    for pk, uid, sku, name_en, name_zh, unit, available, weeks in _asked(_LOW, asked):
        told = _product(uid, sku, name_en, name_zh, unit)
        found[pk]["selling"]["low"].append(
            told | {"available": _text(available), "weeks": f"{Decimal(weeks):.1f}"}
        )
    for pk, listings in _asked(_SHORT, asked):
        found[pk]["selling"]["short"] = listings
    return found


def _of_the_marketplace(now: datetime) -> Figures:
    """Orders by week and state, and what was agreed by month and currency, of everybody."""
    figures = _nothing()
    asked = _period(now) | {"zone": ZONE}
    for week, state, orders in _asked(
        "SELECT to_char(date_trunc('week', placed_at AT TIME ZONE %(zone)s), 'YYYY-MM-DD'), state, count(*)"
        " FROM orders_order WHERE placed_at >= %(weeks_since)s GROUP BY 1, 2",
        asked,
    ):
        figures["weeks"][week][state] = orders
    for month, currency, amount, orders in _asked(
        "SELECT to_char(confirmed_at AT TIME ZONE %(zone)s, 'YYYY-MM'), currency, sum(total), count(*)"
        " FROM orders_order WHERE state = ANY(%(binding)s) AND confirmed_at >= %(year_since)s GROUP BY 1, 2",
        asked,
    ):
        figures["months"][month][currency] = [_text(amount), orders]
    [(figures["companies"], figures["suspended"])] = _asked(
        "SELECT count(*), count(*) FILTER (WHERE state = 'suspended') FROM identity_company", {}
    )
    return {"all": figures}


def _nothing() -> dict[str, Any]:
    return {
        "weeks": defaultdict(dict),
        "months": defaultdict(dict),
        "owed": {},
        "punctual": [0, 0],
        "parties": [],
        "products": [],
        "low": [],
    }


def _period(now: datetime) -> dict[str, Any]:
    """Beginnings a little early: the weeks and months that plots show are cut in the company's zone."""
    return {
        "weeks_since": now - timedelta(weeks=WEEKS + 1),
        "year_since": now - timedelta(days=372),
        "punctual_since": (now - timedelta(days=PUNCTUAL_DAYS)).date(),
        "today": now.date(),
        "binding": sorted(BINDING),
        "top": TOP,
        "weeks": WEEKS + 1,
        "low_weeks": LOW_WEEKS,
    }


def _asked(statement: str, parameters: dict[str, Any]) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()


def _product(uid: UUID, sku: str, name_en: str, name_zh: str, unit: str) -> dict[str, Any]:
    return {"id": public_id(Product.PREFIX, uid), "sku": sku, "names": ["", name_en, name_zh], "unit": unit}


def _read(amounts: Any) -> Any:
    return json.loads(amounts) if isinstance(amounts, str) else amounts


def _text(number: Decimal) -> str:
    return f"{number:f}"
