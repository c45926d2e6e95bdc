"""What was sent and what arrived, line by line (UN/CEFACT despatch advice and receiving advice)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow
from orders.models.orders import Order, OrderLine


class Despatch(PublicRow):
    """One shipment of an order. Part of an order may go first."""

    PREFIX = "dsp"

    order = models.ForeignKey(Order, models.PROTECT, related_name="despatches")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    #: 1, 2, … within the order
    number = models.PositiveSmallIntegerField()
    carrier = models.CharField(_("carrier"), max_length=80)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    despatched_on = models.DateField(_("shipped on"))
    eta = models.DateField(_("expected to arrive"), null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "despatches"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="despatch_number_once")]
        indexes = [
            models.Index(Upper("tracking_number"), name="despatch_tracking", condition=~Q(tracking_number=""))
        ]

    def __str__(self) -> str:
        return f"despatch {self.number} of {self.order_id}"


class DespatchLine(models.Model):
    despatch = models.ForeignKey(Despatch, models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="despatch_lines")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["despatch", "order_line"], name="despatch_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="despatch_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line_id}"


class Receipt(PublicRow):
    """The buyer counted what arrived of one despatch."""

    PREFIX = "rcp"

    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts")
    despatch = models.ForeignKey(Despatch, models.PROTECT, related_name="receipts")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    received_on = models.DateField(_("received on"))
    note = models.CharField(_("remarks"), max_length=500, blank=True)
    recorded_at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    def __str__(self) -> str:
        return f"receipt of {self.despatch_id}"


class ReceiptLine(models.Model):
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    despatch_line = models.ForeignKey(DespatchLine, models.PROTECT, related_name="receipt_lines")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    #: of `quantity`, how many arrived damaged
    damaged = models.DecimalField(max_digits=18, decimal_places=6, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "despatch_line"], name="receipt_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, damaged__gte=0, damaged__lte=models.F("quantity")),
                name="receipt_line_quantities",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.despatch_line_id}"
