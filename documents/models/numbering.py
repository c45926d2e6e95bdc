"""Gapless numbers per seller, kind and year. The row is the last lock a transaction takes."""

from __future__ import annotations

from django.db import models

from documents.states import PaperKind
from identity.models import Company


class NumberSeries(models.Model):
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=PaperKind)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [models.UniqueConstraint(fields=["company", "kind", "year"], name="series_once_a_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} of {self.company_id}"
