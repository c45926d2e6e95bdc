"""What waits for officers beside claims: one statement for all kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Value

from identity.models import BankAccountChange, Candidate, Enforcement, IdentityLink, RecognitionPolicy, User
from identity.queries.enforcement import DRAFT_LIFE
from identity.queries.recognition import policies_to_approve
from identity.states import BankChangeState, LinkState

#: candidates are counted no further: a new list may bring thousands
MOST_CANDIDATES = 1000


@dataclass(frozen=True)
class OfficeWork:
    """How many wait, and since when the oldest does."""

    count: int = 0
    since: datetime | None = None


def work_of_office(officer: User, now: datetime) -> dict[str, OfficeWork]:
    """By kind; what a second officer decides only where the first was another."""
    listed: Any = Candidate.objects.waiting().order_by("state", "-score", "pk").values("pk")
    drafted = policies_to_approve(officer, now).values("pk")
    links = IdentityLink.objects.filter(state=LinkState.MATCHED).exclude(decided_by_1=officer)
    waiting = BankAccountChange.objects.filter(by_office=True, state=BankChangeState.WAITING)
    kinds = {
        "candidates": _counted(Candidate.objects.filter(pk__in=listed[:MOST_CANDIDATES]), "found_at"),
        "policies": _counted(RecognitionPolicy.objects.filter(pk__in=drafted), "drafted_at"),
        "requirements": _counted(_drafts_of_others(officer, now), "at"),
        "links": _counted(links, "started_at"),
        "bank_changes": _counted(waiting, "asked_at"),
    }
    first, *rest = (rows.annotate(kind=Value(kind)) for kind, rows in kinds.items())
    found = {row["kind"]: OfficeWork(row["count"], row["since"]) for row in first.union(*rest, all=True)}
    return {kind: found.get(kind, OfficeWork()) for kind in kinds}


def _counted(rows: QuerySet[Any], since: str) -> QuerySet[Any, dict[str, Any]]:
    return (
        rows.order_by().annotate(every=Value(1)).values("every").annotate(count=Count("pk"), since=Min(since))
    )


def _drafts_of_others(officer: User, now: datetime) -> QuerySet[Enforcement]:
    """The last word on a purpose, where it is a draft of a colleague that still lives (`drafts_at`)."""
    later = Enforcement.objects.filter(purpose=OuterRef("purpose"), pk__gt=OuterRef("pk"))
    drafts: QuerySet[Enforcement] = Enforcement.objects.filter(
        confirms__isnull=True, at__gt=now - DRAFT_LIFE, at__lte=now
    )
    return drafts.exclude(Exists(later)).exclude(officer=officer)
