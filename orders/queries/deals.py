"""One order in full, for its two parties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Sum, TextField
from django.db.models.functions import Cast, JSONObject

from identity.actors import Actor
from kernel.ids import public_id
from orders.models import Despatch, DespatchLine, Order, OrderLine, OrderTax, Payment, ReceiptLine


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
        .annotate(tax_rows=_taxes(), payment_rows=_payments(), despatch_rows=_despatches())
        .fetch(order)
    )
    found.tax_lines = [_with_decimals(row, "percent", "base", "amount") for row in found.tax_rows]
    found.payment_lines = [
        _with_decimals(row, "amount") | {"received_on": date.fromisoformat(row["received_on"])}
        for row in found.payment_rows
    ]
    whole: Order = found
    return whole


def lines_of(order: Order) -> list[OrderLine]:
    """The lines with the addresses of their products."""
    return list(order.lines.select_related("product").defer("product__attributes").order_by("number"))


def despatches_of(order: Order) -> list[Shipment]:
    """What was sent and what of it has arrived, for an order that `order_of` fetched. No statement."""
    return [_shipment(row) for row in order.despatch_rows]  # type: ignore[attr-defined]


def _taxes() -> ArraySubquery:
    fields = {name: _text(name) for name in ("percent", "base", "amount")}
    return _rows(OrderTax, "order", "id", code="code", category="category", source="source", **fields)


def _payments() -> ArraySubquery:
    return _rows(Payment, "order", "id", amount=_text("amount"), received_on="received_on")


def _despatches() -> ArraySubquery:
    counted = ReceiptLine.objects.filter(despatch_line=OuterRef("pk")).order_by().values("despatch_line")
    contents = (
        DespatchLine.objects.filter(despatch=OuterRef("pk"))
        .order_by("order_line__number")
        .annotate(
            arrived=counted.annotate(total=Sum("quantity")).values("total")[:1],
            broken=counted.annotate(total=Sum("damaged")).values("total")[:1],
        )
        .values(
            row=JSONObject(
                line=F("order_line__number"),
                sent=_text("quantity"),
                arrived=_text("arrived"),
                damaged=_text("broken"),
            )
        )
    )
    plain = {
        name: name for name in ("pk", "uid", "number", "carrier", "tracking_number", "despatched_on", "eta")
    }
    return _rows(Despatch, "order", "number", **plain, contents=ArraySubquery(contents))


def _rows(model: Any, parent: str, order_by: str, **fields: Any) -> ArraySubquery:
    """The rows of a child table as an array of JSON objects, in the statement that fetches their parent."""
    rows = model.objects.filter(**{parent: OuterRef("pk")}).order_by(order_by)
    return ArraySubquery(rows.values(row=JSONObject(**fields)))


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


def _text(field: str) -> Cast:
    """Decimals travel inside JSON as text, never as floats."""
    return Cast(field, TextField())


def _with_decimals(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    return row | {field: Decimal(row[field] or 0) for field in fields}
