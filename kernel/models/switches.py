"""Feature switches: dated rows in one table."""

from __future__ import annotations

from django.db import models


class Switch(models.Model):
    """From `valid_from` on, feature `name` is on or off. The latest row that has begun decides."""

    name = models.SlugField(max_length=60)
    on = models.BooleanField()
    valid_from = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "valid_from"], name="switch_once_per_moment")]

    def __str__(self) -> str:
        return f"{self.name} {'on' if self.on else 'off'} from {self.valid_from:%Y-%m-%d}"
