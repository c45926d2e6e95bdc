"""Stock: always the sum of its movements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models.products import Product
from catalog.states import MovementKind
from identity.models import Company


class Stock(models.Model):
    """What may still be ordered, in base units. Apart from the product, so that selling touches a narrow row."""

    product = models.OneToOneField(Product, models.PROTECT, primary_key=True, related_name="stock")
    available = models.DecimalField(max_digits=18, decimal_places=6, default=0)

    class Meta:
        verbose_name_plural = "stock"
        constraints = [models.CheckConstraint(condition=Q(available__gte=0), name="stock_never_negative")]

    def __str__(self) -> str:
        return f"{self.available} of {self.product_id}"


class StockMovement(models.Model):
    """Why stock changed, by how much. Append-only."""

    append_only = True

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=MovementKind)
    #: signed, base units
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    #: uid of the order or import behind it
    reference = models.UUIDField(null=True)
    #: `identity.actors` key
    actor = models.CharField(max_length=80)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves_something"),
            models.CheckConstraint(
                condition=Q(kind=MovementKind.COUNT)
                | Q(kind=MovementKind.RESERVED, quantity__lt=0, reference__isnull=False)
                | Q(kind=MovementKind.RELEASED, quantity__gt=0, reference__isnull=False),
                name="movement_sign_fits_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "-id"], name="movement_of_product"),
            models.Index(fields=["reference"], name="movement_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_id}"
