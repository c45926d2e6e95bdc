"""What a year of trade comes to, counted by the clock: homes read one row instead of a year of orders."""

from __future__ import annotations

from django.db import models

from identity.models import Company


class TradeFigures(models.Model):
    """A company's figures as last counted; the row without a company holds the whole marketplace's.

    `figures` is written by `orders.services.counting` and read by `orders.queries.figures`. Decimals are text.
    """

    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    figures = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "trade figures"
        constraints = [
            models.UniqueConstraint(fields=["company"], nulls_distinct=False, name="figures_once_per_company")
        ]

    def __str__(self) -> str:
        return f"figures of {self.company_id or 'everybody'}"
