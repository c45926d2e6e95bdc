"""Stock: counted by the seller, reserved and released by orders; always the sum of its movements.

Lock order: `Stock` rows by key, after orders and before number series.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from catalog.events import StockCounted
from catalog.models import Product, Stock, StockMovement
from catalog.rules.quantities import MOST, plain
from catalog.services.shelving import show_stock
from catalog.states import MovementKind
from identity.actors import Actor, CompanyActor, require
from identity.states import Role
from kernel.errors import NotFound, Refused
from kernel.prepared import fetch_prepared
from kernel.services import record


class CountRefused(Refused):
    code = "stock.count_refused"
    message = _("Give the count as a number from 0 to %(most)s, in steps of %(step)s.")
    field = "counted"


class OutOfStock(Refused):
    """At least one product is not there in the wanted quantity; nothing was reserved. `lines` names each."""

    code = "stock.out_of_stock"
    message = _("Some products are not in stock in this quantity.")

    line_message = _("%(name)s: %(available)s in stock, %(wanted)s wanted.")


@transaction.atomic
def count_stock(
    *,
    actor: Actor,
    product: Product,
    counted: Decimal,
    now: datetime,
    reference: UUID | None = None,
    note: str = "",
) -> Decimal:
    """Set what may be ordered to `counted` base units, by a movement of the difference. Returns the difference.

    Goods reserved for orders are not part of the count. Raises `CountRefused`, `NotFound`, `Forbidden`.
    """
    seller = require(actor, Role.SELLER)
    stock = (
        Stock.objects.select_for_update(of=("self",))
        .select_related("product")
        .filter(pk=product.pk, product__company_id=seller.company_id)
        .first()
    )
    if stock is None:
        raise NotFound
    return keep_count(actor=seller, stock=stock, counted=counted, now=now, reference=reference, note=note)


def keep_count(
    *,
    actor: CompanyActor,
    stock: Stock,
    counted: Decimal,
    now: datetime,
    reference: UUID | None = None,
    note: str = "",
) -> Decimal:
    """The inside of `count_stock`: `stock` is the acting company's, with its product, and locked by the caller."""
    check_count(counted, step=stock.product.step)
    difference = counted - stock.available
    if difference == 0:
        return difference
    had_some = stock.available > 0
    stock.available = counted
    stock.save(update_fields=["available"])
    StockMovement.objects.create(
        product=stock.product,
        company_id=actor.company_id,
        kind=MovementKind.COUNT,
        quantity=difference,
        reference=reference,
        actor=actor.key,
        note=note[:200],
        at=now,
    )
    if had_some != (counted > 0):
        show_stock(stock.pk, in_stock=counted > 0)
    record(
        StockCounted(product_id=stock.pk, counted=counted, difference=difference),
        actor=actor,
        now=now,
        subject=stock.product,
        audience=[actor.company_id],
    )
    return difference


def check_count(counted: Decimal, *, step: Decimal) -> None:
    """Raise `CountRefused` unless this many base units can lie in a warehouse."""
    if not counted.is_finite() or not 0 <= counted <= MOST or counted % step:
        raise CountRefused(most=plain(MOST), step=plain(step))


@transaction.atomic(savepoint=False)
def reserve_stock(*, actor: Actor, wanted: Mapping[int, Decimal], reference: UUID, now: datetime) -> None:
    """Take `wanted` (product key → base units) out of what may be ordered, all or nothing, for the order `reference`.

    Raises `OutOfStock` with a line per product that falls short.
    """
    rows = _lock(wanted)
    short = {pk: quantity for pk, quantity in wanted.items() if _falls_short(rows.get(pk), quantity)}
    if short:
        raise OutOfStock(lines=_short_lines(short, rows))
    _apply(
        rows, {pk: -quantity for pk, quantity in wanted.items()}, MovementKind.RESERVED, actor, reference, now
    )


@transaction.atomic(savepoint=False)
def release_stock(*, actor: Actor, reference: UUID, now: datetime) -> dict[int, Decimal]:
    """Give back what the order `reference` still has reserved. Repeatable: the second time there is nothing left.

    Returns base units by product key.
    """
    reserved = StockMovement.objects.filter(reference=reference, kind=MovementKind.RESERVED)
    rows = _lock(reserved.values_list("product_id", flat=True))
    outstanding = {
        pk: -balance
        for pk, balance in StockMovement.objects.filter(
            reference=reference, kind__in=[MovementKind.RESERVED, MovementKind.RELEASED]
        )
        .values_list("product_id")
        .annotate(balance=Sum("quantity"))
        .order_by()
        if balance < 0
    }
    _apply(rows, outstanding, MovementKind.RELEASED, actor, reference, now)
    return outstanding


@dataclass(frozen=True)
class _Held:
    """A locked stock row, with whose goods they are."""

    company_id: int
    available: Decimal


#: written out: every order waits for it
_LOCK = """
SELECT stock.product_id, product.company_id, stock.available
FROM catalog_stock AS stock JOIN catalog_product AS product ON product.id = stock.product_id
WHERE stock.product_id = ANY(%s) ORDER BY stock.product_id FOR UPDATE OF stock
"""


def _lock(product_ids: Iterable[int]) -> dict[int, _Held]:
    """The stock by product key, locked in the order of the keys."""
    return {pk: _Held(*held) for pk, *held in fetch_prepared(_LOCK, [list(product_ids)])}


def _falls_short(stock: _Held | None, quantity: Decimal) -> bool:
    return stock is None or stock.available < quantity


def _short_lines(short: Mapping[int, Decimal], rows: Mapping[int, _Held]) -> list[dict[str, Any]]:
    """What the buyer is told of each product of which there is too little."""
    products = Product.objects.in_bulk(short)
    return [_short_line(products.get(pk), rows.get(pk), quantity) for pk, quantity in short.items()]


def _short_line(product: Product | None, stock: _Held | None, quantity: Decimal) -> dict[str, Any]:
    available = plain(stock.available if stock else Decimal(0))
    facts = {"name": str(product or ""), "available": available, "wanted": plain(quantity)}
    return {
        "product": product.public_id if product else "",
        "code": OutOfStock.code,
        "message": str(OutOfStock.line_message) % facts,
        "available": available,
    }


def _apply(
    rows: Mapping[int, _Held],
    changes: Mapping[int, Decimal],
    kind: MovementKind,
    actor: Actor,
    reference: UUID,
    now: datetime,
) -> None:
    """Change the locked rows and write their movements."""
    for pk, change in sorted(changes.items()):
        had, has = rows[pk].available, rows[pk].available + change
        if (had > 0) != (has > 0):
            show_stock(pk, in_stock=has > 0)
    _change(changes)
    StockMovement.objects.bulk_create(
        StockMovement(
            product_id=pk,
            company_id=rows[pk].company_id,
            kind=kind,
            quantity=change,
            reference=reference,
            actor=actor.key,
            at=now,
        )
        for pk, change in sorted(changes.items())
    )


def _change(changes: Mapping[int, Decimal]) -> None:
    """Add each change to its row: one statement, whose rows are locked already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalog_stock SET available = available + change.quantity "
            "FROM unnest(%s::bigint[], %s::numeric[]) AS change (product_id, quantity) "
            "WHERE catalog_stock.product_id = change.product_id",
            [list(changes), list(changes.values())],
        )
