"""The past as it went on: what an act of the past sets off happens at its own time, not when the demo is loaded.

Meant for the inside of a transaction: nobody else sees the acts, so no worker does with today's clock what belongs to last
month's.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

from identity.models import Membership, User
from identity.queries import notices_of
from identity.services import read_notice
from kernel.models import Delivery
from kernel.models.deliveries import Lane
from kernel.services import drain

PATIENCE_SECONDS = 120.0
#: how often, and how long apart, one looks again for what another process holds at this moment
LOOKS, PAUSE_SECONDS = 100, 0.05


def live_until(moment: datetime, lane: Lane = Lane.FAST) -> None:
    """Let what falls due in `lane` up to `moment` happen, in the order of time, each thing at the time when it was due.

    The fast lane alone numbers papers, lets unanswered orders lapse and tells people. Drawing papers and writing letters
    are left to their workers.
    """
    looks = 0
    while looks < LOOKS and (due := _next_due(lane, moment)) is not None:
        if drain(lane, seconds=PATIENCE_SECONDS, clock=lambda: due):
            looks = 0
        else:
            looks += 1
            time.sleep(PAUSE_SECONDS)


def read_what_came(companies: Iterable[int], *, people: Iterable[User] = (), before: datetime) -> None:
    """Let these people, and the members of these companies, have read by `before` what they were told until then.

    No letter about last month leaves today.
    """
    members = Membership.objects.active(before).filter(company__in=companies).select_related("user")
    for person in {member.user for member in members} | set(people):
        for line in notices_of(person, before).unread().filter(at__lt=before):
            read_notice(user=person, notice=line.public_id, now=before)


def _next_due(lane: Lane, moment: datetime) -> datetime | None:
    """When the oldest untried delivery is due. What failed once is left to its lane's worker."""
    untried = Delivery.objects.filter(lane=lane, attempts=0, done_at=None, parked_at=None)
    due = untried.filter(due_at__lte=moment).order_by("due_at")
    return due.values_list("due_at", flat=True).first()
