"""What waits for the programme's officers: claims by age, companies that are suspended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from identity.actors import DECIDE, SUSPEND, Staff
from identity.models import Claim, Company
from identity.states import ClaimState, CompanyState

#: counts stop here and read "1,000+"
COUNTED_TO = 1000
#: rows that the officers' home names
FEW = 8
#: working in two languages, a claim is looked at within two days, and is late after five
SOON, LATE = timedelta(days=2), timedelta(days=5)


@dataclass(frozen=True)
class ClaimsByAge:
    """The oldest claims, and how many wait for how long; counted over the oldest 1,001."""

    oldest: list[Claim]
    fresh: int
    older: int
    late: int

    @property
    def all(self) -> int:
        return self.fresh + self.older + self.late


def claims_by_age(officer: Staff, now: datetime) -> ClaimsByAge | None:
    """The queue of claims, for officers who decide. Two statements that walk the index of the queue."""
    if not officer.has(DECIDE):
        return None
    queue = Claim.objects.filter(state=ClaimState.SUBMITTED).order_by("submitted_at", "pk")
    bounded = Claim.objects.filter(pk__in=queue.values("pk")[: COUNTED_TO + 1])
    counted = bounded.aggregate(
        fresh=Count("pk", filter=Q(submitted_at__gt=now - SOON)),
        older=Count("pk", filter=Q(submitted_at__lte=now - SOON, submitted_at__gt=now - LATE)),
        late=Count("pk", filter=Q(submitted_at__lte=now - LATE)),
    )
    return ClaimsByAge(list(queue.select_related("company")[:FEW]), **counted)


def suspended_companies(officer: Staff) -> list[Company] | None:
    """The companies suspended last, for officers who suspend; `FEW` + 1 tell that there are more. One statement."""
    if not officer.has(SUSPEND):
        return None
    return list(Company.objects.filter(state=CompanyState.SUSPENDED).order_by("-pk")[: FEW + 1])
