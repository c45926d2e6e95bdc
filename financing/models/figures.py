"""What a bank's files come to, counted by the clock: its home shows a year of offers at the price of one row."""

from __future__ import annotations

from django.db import models

from financing.models.banks import Bank


class FileFigures(models.Model):
    """A bank's figures as last counted: written by `financing.services.counting`, read by `financing.queries`. Decimals are
    text."""

    bank = models.OneToOneField(Bank, models.PROTECT, related_name="+")
    figures = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "file figures"

    def __str__(self) -> str:
        return f"figures of {self.bank_id}"
