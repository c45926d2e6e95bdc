"""Payments that the seller saw arrive. No money moves through the product."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor
from kernel.errors import Conflict, Refused
from kernel.money import round_money
from kernel.services import once, record
from orders.events import PaymentReceived
from orders.models import Order, Payment
from orders.rules import Act
from orders.services.fetching import fetch_for
from orders.states import BINDING

Answer = dict[str, Any]


class NotBinding(Conflict):
    code = "order.not_binding"
    message = _("Only a confirmed order is paid or shipped.")


class NotAPayment(Refused):
    code = "payment.not_an_amount"
    message = _("Give an amount above 0 with at most two decimals.")
    field = "amount"


class PaymentIsHeld(Conflict):
    code = "payment.held"
    message = _("Payment of this order is held: a case about it is open. It is released when the case ends.")


class MoreThanOutstanding(Refused):
    code = "payment.more_than_outstanding"
    message = _("Only %(outstanding)s %(currency)s is still to be paid.")
    field = "amount"


class NotADayOfPayment(Refused):
    code = "payment.not_a_day"
    message = _("The day lies between the order’s and today.")
    field = "received_on"


def record_payment_once(
    *, actor: Actor, order: str, amount: Decimal, received_on: date, key: str, now: datetime
) -> Answer:
    """`record_payment`, repeatable under the key of a form or an API call."""

    def act() -> Answer:
        paid = record_payment(actor=actor, order=order, amount=amount, received_on=received_on, now=now)
        return {"id": paid.public_id, "order_state": paid.order.state}

    body = {"order": order, "amount": f"{amount.normalize():f}", "received_on": received_on.isoformat()}
    return once(actor=actor, verb="record_payment", key=key, body=body, now=now, act=act)


@transaction.atomic
def record_payment(*, actor: Actor, order: str, amount: Decimal, received_on: date, now: datetime) -> Payment:
    """The seller's finance saw `amount` of the order's currency on the account on that day; parts add up."""
    binding, seller = fetch_for(Act.RECORD_PAYMENT, order=order, actor=actor)
    if binding.state not in BINDING:
        raise NotBinding
    if binding.is_held:
        raise PaymentIsHeld
    _check_amount(binding, amount)
    if not timezone.localdate(binding.placed_at) <= received_on <= timezone.localdate(now):
        raise NotADayOfPayment
    payment = Payment.objects.create(
        order=binding,
        company_id=seller.company_id,
        amount=amount,
        currency=binding.currency,
        received_on=received_on,
        recorded_by=seller.user,
        recorded_at=now,
    )
    binding.amount_paid += amount
    binding.paid_at = now if binding.is_paid else None
    binding.save(update_fields=["amount_paid", "paid_at"])
    record(
        PaymentReceived(order_id=binding.pk, amount=amount, currency=binding.currency),
        actor=seller,
        now=now,
        subject=payment,
        about=binding,
        audience=binding.parties,
    )
    return payment


def _check_amount(order: Order, amount: Decimal) -> None:
    if not amount.is_finite() or amount <= 0 or amount != round_money(amount, order.currency):
        raise NotAPayment
    if amount > order.outstanding:
        raise MoreThanOutstanding(
            outstanding=round_money(order.outstanding, order.currency), currency=order.currency
        )
