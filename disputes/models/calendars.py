"""Working days and day counts: rows with dates, kept when a later notice replaces them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CalendarNotice(models.Model):
    """What a country announced about the days off of one year. The latest row of a country and year counts."""

    #: SG or CN
    country = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    #: the year is not announced yet: deadlines counted with it say so, and are counted anew when it is
    provisional = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(country__in=["SG", "CN"]), name="calendar_country_known")
        ]
        indexes = [models.Index(fields=["country", "year", "-id"], name="calendar_latest")]

    def __str__(self) -> str:
        return f"{self.country} {self.year} ({self.source})"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a weekday off, or a weekend day worked."""

    notice = models.ForeignKey(CalendarNotice, models.PROTECT, related_name="days")
    day = models.DateField()
    working = models.BooleanField()
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {'worked' if self.working else 'off'}"


class RuleSet(models.Model):
    """How many days each step has. Asked as of a day; a case keeps the one of the day on which it was opened."""

    name = models.CharField(max_length=40, unique=True)
    valid_from = models.DateField(unique=True)
    source = models.CharField(max_length=200)
    #: `{"answer": {"days": 14, "count": "calendar"}, …}`; counts: calendar, swd, cwd, jwd
    rules = models.JSONField()

    def __str__(self) -> str:
        return self.name
