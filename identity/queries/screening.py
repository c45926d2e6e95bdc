"""How companies stand against the lists: whether the copies in force are of today, what waits, what is said of one company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from identity.models import Candidate, Company, ListSnapshot, ListSource, Screening
from identity.states import CandidateState

#: counts stop here and read "1,000+"
COUNTED_TO = 1000


class Standing(StrEnum):
    """What the lists say of a company. `stale`: they are too old, or it was not compared with them yet."""

    CLEAR = "clear"
    OPEN = "open"
    CONFIRMED = "confirmed"
    STALE = "stale"


@dataclass(frozen=True)
class SourceAge:
    """A list and the copy of it in force."""

    source: ListSource
    snapshot: ListSnapshot | None

    @property
    def holds_until(self) -> date | None:
        """The last day on which the copy tells what holds; None where there is no copy."""
        if self.snapshot is None:
            return None
        age: date = self.snapshot.as_of + timedelta(days=self.source.max_age_days)
        return age

    @property
    def was_brought_in(self) -> bool:
        """A list counts from its first copy on: before that nothing rests on it, and nothing is held."""
        return self.snapshot is not None

    def is_stale_on(self, day: date) -> bool:
        return self.holds_until is None or day > self.holds_until


def source_ages() -> list[SourceAge]:
    """Every list. Two queries."""
    standing = {snapshot.source_id: snapshot for snapshot in ListSnapshot.objects.in_force()}
    return [SourceAge(source, standing.get(source.pk)) for source in ListSource.objects.all()]


def stale_sources(now: datetime) -> list[SourceAge]:
    today = timezone.localdate(now)
    return [age for age in source_ages() if age.is_stale_on(today)]


def screening_is_stale(now: datetime) -> bool:
    """Whether any list has no copy in force, or one that is older than it may be."""
    return bool(stale_sources(now))


def screening_of(company: Company, now: datetime) -> Standing:
    """What an act of this company may rest on. Somebody confirmed goes before everything else. At most four queries."""
    states = set(
        Candidate.objects.standing().filter(company=company).values_list("state", flat=True).distinct()
    )
    if CandidateState.CONFIRMED in states:
        return Standing.CONFIRMED
    if CandidateState.OPEN in states:
        return Standing.OPEN
    today, ages = timezone.localdate(now), source_ages()
    if any(age.is_stale_on(today) for age in ages):
        return Standing.STALE
    in_force = [age.snapshot.pk for age in ages if age.snapshot]
    compared = Screening.objects.filter(company=company, snapshot_id__in=in_force).count()
    return Standing.CLEAR if compared == len(in_force) else Standing.STALE


@dataclass(frozen=True)
class CandidatesWaiting:
    """Counted up to `COUNTED_TO` + 1."""

    count: int
    since: datetime | None


def candidates_waiting(source: ListSource | None = None) -> CandidatesWaiting:
    """How many wait for an officer, and since when. One query."""
    waiting: QuerySet[Candidate, Any] = Candidate.objects.waiting().filter(
        Q(source=source) if source else Q()
    )
    found = list(
        waiting.order_by("state", "-score", "pk").values_list("found_at", flat=True)[: COUNTED_TO + 1]
    )
    return CandidatesWaiting(len(found), min(found, default=None))
