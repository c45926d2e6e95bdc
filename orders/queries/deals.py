"""One order in full, for its two parties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Sum, TextField
from django.db.models.functions import Cast, JSONObject

from identity.actors import Actor
from orders.models import Despatch, DespatchLine, Order, OrderLine, OrderTax, Payment, ReceiptLine


def order_of(actor: Actor, public_id: str) -> Order:
    """The order with its taxes (`tax_lines`) and payments (`payment_lines`): one statement. Raises `NotFound`."""
    taxes = OrderTax.objects.filter(order=OuterRef("pk")).order_by("id")
    payments = Payment.objects.filter(order=OuterRef("pk")).order_by("id")
    found: Order = (
        Order.objects.visible_to(actor)
        .select_related("buyer", "seller")
        .annotate(
            tax_rows=ArraySubquery(
                taxes.values(
                    row=JSONObject(
                        code="code",
                        category="category",
                        percent=_text("percent"),
                        base=_text("base"),
                        amount=_text("amount"),
                        source="source",
                    )
                )
            ),
            payment_rows=ArraySubquery(
                payments.values(row=JSONObject(amount=_text("amount"), received_on="received_on"))
            ),
        )
        .fetch(public_id)
    )
    found.tax_lines = [_with_decimals(row, "percent", "base", "amount") for row in found.tax_rows]  # type: ignore[attr-defined]
    found.payment_lines = [_with_decimals(row, "amount") for row in found.payment_rows]  # type: ignore[attr-defined]
    for row in found.payment_lines:  # type: ignore[attr-defined]
        row["received_on"] = date.fromisoformat(row["received_on"])
    return found


def lines_of(order: Order) -> list[OrderLine]:
    """The lines with the addresses of their products."""
    return list(order.lines.select_related("product").defer("product__attributes").order_by("number"))


def despatches_of(order: Order) -> list[Despatch]:
    """Shipments, each with `contents`: line number, sent, arrived and damaged quantities. One statement."""
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
    despatches: list[Any] = list(
        order.despatches.annotate(content_rows=ArraySubquery(contents)).order_by("number")
    )
    for despatch in despatches:
        despatch.contents = [
            _with_decimals(row, "sent", "arrived", "damaged") for row in despatch.content_rows
        ]
    return despatches


def _text(field: str) -> Cast:
    """Decimals travel inside JSON as text, never as floats."""
    return Cast(field, TextField())


def _with_decimals(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    return row | {field: Decimal(row[field] or 0) for field in fields}
