"""Reads of history: always by who may see it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kernel.fetching import fetch
from kernel.models import Event, Switch
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


def whole_story_of(about: UUID, *, names: Collection[str]) -> EventQuerySet:
    """The events of these names, oldest first, for somebody who acts for no company and may know them by their office.

    Which they are is for the caller's own policy to say.
    """
    return Event.objects.about(about).filter(name__in=names)


@dataclass(frozen=True)
class LaneState:
    """What waits in a lane."""

    lane: str
    words: Any
    due: int
    parked: int
    #: since when the oldest due delivery waits
    oldest: datetime | None


_LANES = """
SELECT 'due', lane, count(*), min(due_at) FROM kernel_delivery
WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= %s GROUP BY lane
UNION ALL
SELECT 'parked', lane, count(*), min(due_at) FROM kernel_delivery
WHERE done_at IS NULL AND parked_at IS NOT NULL GROUP BY lane
"""


def lanes_at_a_glance(now: datetime) -> list[LaneState]:
    """Every lane with how much is due and parked, and since when the oldest waits. One statement.

    Each half walks an index that holds only what waits: what was done in a year is not looked at.
    """
    found = {(what, lane): (count, oldest) for what, lane, count, oldest in fetch(_LANES, [now])}
    nothing = (0, None)
    return [
        LaneState(
            lane.value,
            lane.label,
            due=found.get(("due", lane.value), nothing)[0],
            parked=found.get(("parked", lane.value), nothing)[0],
            oldest=found.get(("due", lane.value), nothing)[1],
        )
        for lane in Lane
    ]


def is_on(name: str, *, as_of: datetime) -> bool:
    """Whether the feature switch `name` is on at that moment; off when no row has begun."""
    row = Switch.objects.filter(name=name, valid_from__lte=as_of).order_by("-valid_from").first()
    return row is not None and row.on
