"""What happens next, by whom, by when: the sentence at the top of an order's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from orders.states import DAYS_TO_PAY, OrderState, PaymentTerms

if TYPE_CHECKING:
    from orders.models import Order

#: how long the other side has to answer an order or an offer of freight
RESPONSE_TIME = timedelta(hours=72)
HELD = _("Payment is held until the case about this order has ended.")


@dataclass(frozen=True)
class Step:
    """`who` is `buyer`, `seller` or empty where nobody needs to act."""

    code: str
    who: str
    words: Any
    by: datetime | date | None = None


def next_step(order: Order, now: datetime) -> Step:
    """The order's next step as both parties read it."""
    if order.answer_is_late(now):
        return Step("late", "", _("The time to answer has passed. The order closes by itself."))
    match order.state:
        case OrderState.PLACED:
            return Step("answer", "seller", _("The seller accepts or refuses the order."), order.respond_by)
        case OrderState.FREIGHT_OFFERED:
            return Step("agree", "buyer", _("The buyer agrees to the freight or cancels."), order.respond_by)
        case OrderState.CONFIRMED if order.is_held and order.payment_terms == PaymentTerms.PREPAID:
            return Step("held", "", HELD)
        case OrderState.CONFIRMED if order.payment_terms == PaymentTerms.PREPAID and not order.is_paid:
            return Step("pay", "buyer", _("The buyer pays by bank transfer; the seller records the payment."))
        case OrderState.CONFIRMED:
            return Step("ship", "seller", _("The seller ships the goods."), order.requested_date)
        case OrderState.PART_DESPATCHED:
            return Step("ship_rest", "seller", _("The seller ships the rest; the buyer counts what arrives."))
        case OrderState.DESPATCHED:
            return Step("receive", "buyer", _("The buyer counts what arrives."))
        case OrderState.COMPLETED if order.is_held and not order.is_paid:
            return Step("held", "", HELD)
        case OrderState.COMPLETED if not order.is_paid:
            return Step("settle", "buyer", _("The buyer pays by bank transfer."), order.payment_due_on)
        case OrderState.COMPLETED:
            return Step("done", "", _("Everything has arrived and is paid."))
    return Step("closed", "", _("The order is closed, and its stock is free again."))


def payment_due_on(payment_terms: str, *, confirmed_at: datetime, zone: str) -> date | None:
    """The day by which an order on credit is to be paid; None where it is paid before shipment.

    Counted from the day on which the order was confirmed in the seller's `zone`: that calls for the invoice. When a
    worker came to number it does not move the day.
    """
    days = DAYS_TO_PAY.get(payment_terms)
    if days is None:
        return None
    return confirmed_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
