"""What happens to lists that companies are compared with, and to what was found on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class ListReceived(BusinessEvent):
    """A file of a list lies here to be read. What follows is the office's own business: no company hears of it."""

    snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class ListPartTaken(BusinessEvent):
    """Some thousand entries are kept; the next begin at `cursor`."""

    snapshot_id: int
    cursor: int


@dataclass(frozen=True, kw_only=True)
class ListReady(BusinessEvent):
    """A snapshot is in force: what is new in it is compared with every company. From `stale_at` on it is too old."""

    snapshot_id: int
    stale_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ListOutOfDate(BusinessEvent):
    """The copy in force is too old to tell what holds: what rests on it waits for a new one."""

    snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class ListRefused(BusinessEvent):
    snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class ScreeningWanted(BusinessEvent):
    """Companies with keys above `after`, up to `upto`, are to be compared with a snapshot."""

    snapshot_id: int
    after: int
    upto: int


@dataclass(frozen=True, kw_only=True)
class CandidatesChanged(BusinessEvent):
    """Some were found on a list, or are there no longer."""

    source_id: int


@dataclass(frozen=True, kw_only=True)
class CandidateDecided(BusinessEvent):
    candidate_id: int
    state: str
