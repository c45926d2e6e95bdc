"""Payments that the seller says arrived. No money moves through the product."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from identity.models import Company
from kernel.models import PublicRow
from orders.models.orders import Order


class Payment(PublicRow):
    """The seller saw `amount` on the account. Append-only."""

    PREFIX = "pay"
    append_only = True

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    currency = models.CharField(max_length=3)
    received_on = models.DateField()
    recorded_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive")]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount} for {self.order_id}"
