"""Who of the office looked at what, and when: written beside every look, and never changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from disputes import queries
from disputes.models import Case, CaseFile, Reading
from identity.actors import Actor

#: a page that is looked at again within this time is one reading
ONE_READING = timedelta(minutes=10)


@transaction.atomic
def note_reading(
    *, actor: Actor, case: Case, zones: Collection[str], file: CaseFile | None = None, now: datetime
) -> None:
    """An official read these zones of the case, or this file of it."""
    official = queries.official_of(actor.user_id)
    if official is None or not zones:
        return
    seen = sorted(zones)
    lately = Reading.objects.filter(case=case, official=official, at__gt=now - ONE_READING)
    if not lately.filter(zones=seen, file=file).exists():
        Reading.objects.create(case=case, official=official, zones=seen, file=file, at=now)
