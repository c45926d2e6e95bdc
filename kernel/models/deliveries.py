"""Deliveries carry events to handlers, and time to verbs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """Each lane has its own queue, worker and time limit."""

    FAST = "fast", _("Fast: our own database only")
    SLOW = "slow", _("Slow: rendering, imports")
    OUTSIDE = "outside", _("Outside: other people's systems")


class Delivery(models.Model):
    """One event for one handler, due at a moment. Written in the transaction of the event."""

    #: plain id of the event (`kernel.Event`)
    event_id = models.BigIntegerField()
    handler = models.CharField(max_length=120)
    lane = models.CharField(max_length=8, choices=Lane)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    #: until when the present claim holds; the claim is known by its token
    leased_until = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    #: set after the last attempt failed: an operator looks and replays
    parked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["event_id", "handler"], name="delivery_once_per_handler"),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="delivery_lane_known"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(parked_at__isnull=True), name="delivery_done_or_parked"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "due_at"],
                name="delivery_due",
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(fields=["parked_at"], name="delivery_parked", condition=Q(parked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.handler} of event {self.event_id}"
