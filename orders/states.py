"""Choices and moves of orders, and of the approvals that some of them need."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderState(models.TextChoices):
    PLACED = "placed", _("Waiting for the seller")
    FREIGHT_OFFERED = "freight_offered", _("Freight offered, waiting for the buyer")
    CONFIRMED = "confirmed", _("Confirmed")
    PART_DESPATCHED = "part_despatched", _("Partly shipped")
    DESPATCHED = "despatched", _("Shipped")
    COMPLETED = "completed", _("Received in full")
    REFUSED = "refused", _("Refused by the seller")
    LAPSED = "lapsed", _("Expired without an answer")
    CANCELLED = "cancelled", _("Cancelled")


ORDER_MOVES: dict[str, set[str]] = {
    OrderState.PLACED: {
        OrderState.FREIGHT_OFFERED,
        OrderState.CONFIRMED,
        OrderState.REFUSED,
        OrderState.LAPSED,
        OrderState.CANCELLED,
    },
    OrderState.FREIGHT_OFFERED: {OrderState.CONFIRMED, OrderState.LAPSED, OrderState.CANCELLED},
    OrderState.CONFIRMED: {OrderState.PART_DESPATCHED, OrderState.DESPATCHED},
    # a further part may go while parts are still missing
    OrderState.PART_DESPATCHED: {OrderState.PART_DESPATCHED, OrderState.DESPATCHED},
    OrderState.DESPATCHED: {OrderState.COMPLETED},
    OrderState.COMPLETED: set(),
    OrderState.REFUSED: set(),
    OrderState.LAPSED: set(),
    OrderState.CANCELLED: set(),
}

#: the states in which somebody's answer is awaited until `respond_by`
AWAITING_ANSWER = frozenset({OrderState.PLACED, OrderState.FREIGHT_OFFERED})
#: the states in which the order binds both parties
BINDING = frozenset(
    {OrderState.CONFIRMED, OrderState.PART_DESPATCHED, OrderState.DESPATCHED, OrderState.COMPLETED}
)


class PaymentTerms(models.TextChoices):
    PREPAID = "prepaid", _("Payment in full before shipment")
    NET_14 = "net_14", _("14 days after the invoice")
    NET_30 = "net_30", _("30 days after the invoice")
    NET_60 = "net_60", _("60 days after the invoice")


#: how many days after the invoice each kind of terms allows; prepaid orders are paid before shipment
DAYS_TO_PAY: dict[str, int] = {PaymentTerms.NET_14: 14, PaymentTerms.NET_30: 30, PaymentTerms.NET_60: 60}


class ApprovalState(models.TextChoices):
    """An order that its buyer may not place alone."""

    WAITING = "waiting", _("Waiting for an approver")
    GIVEN = "given", _("Approved and placed")
    DECLINED = "declined", pgettext_lazy("approval", "Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    LAPSED = "lapsed", pgettext_lazy("approval", "Expired")


APPROVAL_MOVES: dict[str, set[str]] = {
    ApprovalState.WAITING: {
        ApprovalState.GIVEN,
        ApprovalState.DECLINED,
        ApprovalState.WITHDRAWN,
        ApprovalState.LAPSED,
    },
    ApprovalState.GIVEN: set(),
    ApprovalState.DECLINED: set(),
    ApprovalState.WITHDRAWN: set(),
    ApprovalState.LAPSED: set(),
}
