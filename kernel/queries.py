"""Reads of history: always by who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Min, Q

from kernel.models import Delivery, Event, Switch
from kernel.models.deliveries import Lane
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


@dataclass(frozen=True)
class LaneState:
    """What waits in a lane."""

    lane: str
    words: Any
    due: int
    parked: int
    #: since when the oldest due delivery waits
    oldest: datetime | None


def lanes_at_a_glance(now: datetime) -> list[LaneState]:
    """Every lane with how much is due and parked, and since when the oldest waits. One statement."""
    waiting = Q(parked_at__isnull=True, due_at__lte=now)
    rows = (
        Delivery.objects.filter(done_at__isnull=True)
        .values("lane")
        .annotate(
            due=Count("id", filter=waiting),
            oldest=Min("due_at", filter=waiting),
            parked=Count("id", filter=Q(parked_at__isnull=False)),
        )
    )
    by_lane = {row["lane"]: row for row in rows}
    nothing = {"due": 0, "parked": 0, "oldest": None}
    return [_state_of(lane, by_lane.get(lane.value, nothing)) for lane in Lane]


def _state_of(lane: Lane, row: Mapping[str, Any]) -> LaneState:
    return LaneState(lane.value, lane.label, row["due"], row["parked"], row["oldest"])


def is_on(name: str, *, as_of: datetime) -> bool:
    """Whether the feature switch `name` is on at that moment; off when no row has begun."""
    row = Switch.objects.filter(name=name, valid_from__lte=as_of).order_by("-valid_from").first()
    return row is not None and row.on
