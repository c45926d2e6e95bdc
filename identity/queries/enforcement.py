"""Which acts ask for what is laid down, since when, and from when on others will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from identity.models import Enforcement

#: how long a draft waits for the second officer
DRAFT_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Asking:
    """Whether acts of one kind ask for it at a moment."""

    #: since when; none: what is laid down is shown, and not asked for
    since: datetime | None = None
    #: from when on it will be, as decided by now
    next: datetime | None = None


def is_asked(purpose: str, at: datetime) -> bool:
    """Whether acts of this kind ask for it at that moment. One statement."""
    asked = (
        Enforcement.objects.filter(purpose=purpose, from_at__lte=at, confirms__isnull=False)
        .order_by("-pk")
        .values_list("asked", flat=True)
        .first()
    )
    return bool(asked)


def asking_at(moment: datetime) -> dict[str, Asking]:
    """By purpose; what is not named was never decided. One statement."""
    found: dict[str, Asking] = {}
    for row in Enforcement.objects.filter(at__lte=moment, confirms__isnull=False).order_by("pk"):
        known = found.get(row.purpose, Asking())
        if row.from_at > moment:
            found[row.purpose] = Asking(known.since, row.from_at if row.asked else None)
        else:
            found[row.purpose] = Asking((known.since or row.from_at) if row.asked else None)
    return found


def drafts_at(now: datetime) -> dict[str, Enforcement]:
    """By purpose, what one officer has drafted last and another may confirm; decided since, or too old, it is none. One statement."""
    found: dict[str, Enforcement] = {}
    rows = Enforcement.objects.select_related("officer").filter(at__gt=now - DRAFT_LIFE, at__lte=now)
    for row in rows.order_by("pk"):
        if row.confirms_id is None:
            found[row.purpose] = row
        else:
            found.pop(row.purpose, None)
    return found
