"""One order in full, for its two parties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from identity.actors import Actor
from kernel.ids import public_id
from orders.models import Despatch, Order, OrderLine

#: taxes, payments and shipments of an order in the statement that fetches it; decimals travel as text, never as floats
_CHILDREN = """
jsonb_build_object(
    'taxes', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'code', code, 'category', category, 'percent', percent::text,
            'base', base::text, 'amount', amount::text, 'source', source) ORDER BY id), '[]')
        FROM orders_ordertax WHERE order_id = orders_order.id),
    'payments', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'amount', amount::text, 'received_on', received_on) ORDER BY id), '[]')
        FROM orders_payment WHERE order_id = orders_order.id),
    'despatches', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'pk', id, 'uid', uid, 'number', number, 'carrier', carrier, 'tracking_number', tracking_number,
            'despatched_on', despatched_on, 'eta', eta, 'contents', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'line', line.number, 'sent', sent.quantity::text,
                    'arrived', counted.arrived::text, 'damaged', counted.damaged::text) ORDER BY line.number), '[]')
                FROM orders_despatchline AS sent
                JOIN orders_orderline AS line ON line.id = sent.order_line_id
                CROSS JOIN LATERAL (
                    SELECT sum(quantity) AS arrived, sum(damaged) AS damaged
                    FROM orders_receiptline WHERE despatch_line_id = sent.id) AS counted
                WHERE sent.despatch_id = orders_despatch.id)) ORDER BY number), '[]')
        FROM orders_despatch WHERE order_id = orders_order.id))
"""


@dataclass(frozen=True)
class Shipment:
    """A despatch; `contents` holds its lines: number in the order, sent, arrived and damaged quantities."""

    pk: int
    public_id: str
    number: int
    carrier: str
    tracking_number: str
    despatched_on: date
    eta: date | None
    contents: list[dict[str, Any]]

    @property
    def is_open(self) -> bool:
        """Whether something of it is still on the way."""
        return any(row["arrived"] < row["sent"] for row in self.contents)


def order_of(actor: Actor, order: str) -> Order:
    """The order with `tax_lines`, `payment_lines` and its shipments: one statement. Raises `NotFound`."""
    found: Any = (
        Order.objects.visible_to(actor)
        .select_related("seller")
        .annotate(children=RawSQL(_CHILDREN, [], output_field=JSONField()))
        .fetch(order)
    )
    found.tax_lines = [_with_decimals(row, "percent", "base", "amount") for row in found.children["taxes"]]
    found.payment_lines = [
        _with_decimals(row, "amount") | {"received_on": date.fromisoformat(row["received_on"])}
        for row in found.children["payments"]
    ]
    whole: Order = found
    return whole


def lines_of(order: Order) -> list[OrderLine]:
    """The lines with the addresses of their products."""
    return list(order.lines.select_related("product").defer("product__attributes").order_by("number"))


def despatches_of(order: Order) -> list[Shipment]:
    """What was sent and what of it has arrived, for an order that `order_of` fetched. No statement."""
    return [_shipment(row) for row in order.children["despatches"]]  # type: ignore[attr-defined]


def _shipment(row: dict[str, Any]) -> Shipment:
    return Shipment(
        pk=row["pk"],
        public_id=public_id(Despatch.PREFIX, UUID(row["uid"])),
        number=row["number"],
        carrier=row["carrier"],
        tracking_number=row["tracking_number"],
        despatched_on=date.fromisoformat(row["despatched_on"]),
        eta=date.fromisoformat(row["eta"]) if row["eta"] else None,
        contents=[_with_decimals(each, "sent", "arrived", "damaged") for each in row["contents"]],
    )


def _with_decimals(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    return row | {field: Decimal(row[field] or 0) for field in fields}
