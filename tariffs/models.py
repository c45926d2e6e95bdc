"""Dated reference rows of trade: exchange rates and taxes on sales."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ExchangeRate(models.Model):
    """One unit of `base` costs `rate` units of `quote` on `on`, as `source` published it."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    on = models.DateField()
    source = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "on", "source"], name="exchange_rate_once_a_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
        ]
        indexes = [models.Index(fields=["base", "quote", "-on"], name="exchange_rate_latest")]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.rate} on {self.on}"


class TaxRate(models.Model):
    """A tax on sales in `country`: `percent` from `valid_from` to `valid_to`, as `source` says."""

    country = models.CharField(max_length=2)
    #: e.g. GST, VAT
    code = models.CharField(max_length=10)
    #: `standard`, or `zero` for exports
    category = models.CharField(max_length=10)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "code", "category", "valid_from"], name="tax_rate_once"
            ),
            models.CheckConstraint(condition=Q(percent__gte=0), name="tax_rate_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.code} {self.percent} % from {self.valid_from}"
