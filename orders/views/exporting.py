"""The columns of files of orders, of their lines, and of approvals."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.sheets import Row
from orders.models import Approval, Order, OrderLine

#: which order it is, in both files
HEAD_COLUMNS = (
    _("Reference"),
    _("Placed"),
    _("State"),
    _("Buyer"),
    _("Seller"),
    _("Purchase order number"),
)
ORDER_COLUMNS = (
    *HEAD_COLUMNS,
    _("Incoterm"),
    _("Currency"),
    _("Goods"),
    _("Freight"),
    _("Tax"),
    _("Total"),
    _("Paid"),
)
LINE_COLUMNS = (
    *HEAD_COLUMNS,
    _("Line"),
    _("SKU"),
    _("Name"),
    _("HS code"),
    _("Country of origin"),
    _("Quantity"),
    _("Unit"),
    _("Shipped"),
    _("Received"),
    _("Currency"),
    _("Unit price"),
    _("Line total"),
)


APPROVAL_COLUMNS = (
    _("Asked on"),
    _("Asked by"),
    _("State"),
    _("Seller"),
    _("Currency"),
    _("Total"),
    _("Decided on"),
    _("Decided by"),
    _("Reason"),
    _("Order"),
)


def _head(order: Order) -> Row:
    return (
        order.reference,
        order.placed_at,
        order.get_state_display(),
        order.buyer_party["legal_name"],
        order.seller_party["legal_name"],
        order.po_number,
    )


def order_row(order: Order) -> Row:
    return (
        *_head(order),
        f"{order.incoterm} {order.incoterm_place}",
        order.currency,
        round(order.lines_total, 2),
        None if order.freight is None else round(order.freight, 2),
        round(order.tax_total, 2),
        round(order.total, 2),
        round(order.amount_paid, 2),
    )


def line_row(line: OrderLine) -> Row:
    """A line under the head of its order, the name in the reader's language."""
    order = line.order
    first, second = line.name_en, line.name_zh
    if (get_language() or "en").startswith("zh"):
        first, second = second, first
    return (
        *_head(order),
        line.number,
        line.sku,
        first or second,
        line.hs6,
        line.origin,
        line.quantity.normalize(),
        line.unit,
        line.despatched.normalize(),
        line.received.normalize(),
        order.currency,
        line.unit_price.normalize(),
        round(line.line_total, 2),
    )


def approval_row(asked: Approval) -> Row:
    """A request as its own company reads it."""
    return (
        asked.asked_at,
        str(asked.asked_by),
        asked.get_state_display(),
        asked.seller.name_in(get_language() or "en"),
        asked.currency,
        round(asked.total, 2),
        asked.decided_at,
        str(asked.decided_by or ""),
        asked.reason,
        asked.order.reference if asked.order else "",
    )
