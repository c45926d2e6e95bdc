"""A company's cart, shared by its buyers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models import Product
from identity.models import Company


class Cart(models.Model):
    company = models.OneToOneField(Company, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3, default="SGD")

    def __str__(self) -> str:
        return f"cart of {self.company_id}"


class CartLine(models.Model):
    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    #: the unit price when the line was last set, so that the cart can say that it has changed
    seen_price = models.DecimalField(max_digits=19, decimal_places=6, null=True)
    seen_currency = models.CharField(max_length=3, blank=True)
    added_by = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cart", "product"], name="cart_line_once_per_product"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cart_line_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_id}"
