"""Reads of history: always by who may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Min, Q

from kernel.models import Delivery, Event, Switch
from kernel.models.events import EventQuerySet

if TYPE_CHECKING:
    from kernel.services.recording import Actor


def events_visible_to(actor: Actor) -> EventQuerySet:
    """Events whose audience holds the acting company; none for somebody without one."""
    if actor.company_id is None:
        return Event.objects.none()
    return Event.objects.seen_by_company(actor.company_id)


def story_of(about: UUID, *, actor: Actor) -> EventQuerySet:
    """The events of one deal that this actor may read, oldest first."""
    return events_visible_to(actor).about(about)


def lanes_at_a_glance(now: datetime) -> Sequence[Mapping[str, object]]:
    """Per lane: how many deliveries are due and parked, and since when the oldest waits."""
    waiting = Q(done_at__isnull=True, parked_at__isnull=True, due_at__lte=now)
    return list(
        Delivery.objects.filter(done_at__isnull=True)
        .values("lane")
        .annotate(
            due=Count("id", filter=waiting),
            oldest=Min("due_at", filter=waiting),
            parked=Count("id", filter=Q(parked_at__isnull=False)),
        )
        .order_by("lane")
    )


def is_on(name: str, *, as_of: datetime) -> bool:
    """Whether the feature switch `name` is on at that moment; off when no row has begun."""
    row = Switch.objects.filter(name=name, valid_from__lte=as_of).order_by("-valid_from").first()
    return row is not None and row.on
