"""Claiming: taking due deliveries for this process, until a lease runs out.

One statement, committed at once, takes rows that nobody holds and stamps them with one token. What was never tried is
taken by the handful; what failed or was lost before is taken alone, so that a delivery which kills its process burns no
neighbour's attempts.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from kernel.models import Delivery
from kernel.models.deliveries import Lane

#: how many untried deliveries one claim takes: many where each lasts a few milliseconds
HANDFUL = {Lane.FAST: 20, Lane.SLOW: 1, Lane.OUTSIDE: 1}

_CLAIM = """
WITH free AS MATERIALIZED (
    SELECT id FROM kernel_delivery
    WHERE lane = %(lane)s AND due_at <= %(due_before)s AND done_at IS NULL AND parked_at IS NULL
      AND (leased_until IS NULL OR leased_until < %(now)s) AND (attempts > 0) = %(again)s
    ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE kernel_delivery SET attempts = attempts + 1, token = %(token)s, leased_until = %(leased_until)s
FROM free WHERE kernel_delivery.id = free.id RETURNING kernel_delivery.*
"""


def lease(lane: Lane) -> timedelta:
    """How long a claim holds."""
    return timedelta(seconds=settings.LANE_LEASE_SECONDS[lane])


def claim(lane: Lane, *, again: bool, now: datetime, grace: timedelta = timedelta(0)) -> list[Delivery]:
    """Take due deliveries of `lane`: a handful of untried ones, or (`again`) one that was tried before.

    `grace` leaves alone what fell due less than that long ago.
    """
    taken = Delivery.objects.raw(
        _CLAIM,
        {
            "lane": lane.value,
            "now": now,
            "due_before": now - grace,
            "again": again,
            "most": 1 if again else HANDFUL[lane],
            "token": uuid.uuid4(),
            "leased_until": now + lease(lane),
        },
    )
    return sorted(taken, key=lambda delivery: delivery.due_at)


def undone(lane: Lane, now: datetime) -> Q:
    """Deliveries of `lane` that are due, whether somebody holds them or not."""
    return Q(lane=lane, due_at__lte=now, done_at__isnull=True, parked_at__isnull=True)


def wanted_processes(lane: Lane, *, processes: int, now: datetime) -> int:
    """How many more processes should drain `lane` now: as many as deliveries wait, or as are idle.

    Looks at the oldest due rows only (claims go in that order), so that it costs the same before any backlog.
    """
    oldest = (
        Delivery.objects.filter(undone(lane, now))
        .order_by("due_at")
        .values_list("token", "leased_until")[: processes * (HANDFUL[lane] + 1)]
    )
    busy, waiting = set(), 0
    for token, leased_until in oldest:
        if leased_until is not None and leased_until >= now:
            busy.add(token)
        else:
            waiting += 1
    return min(waiting, max(processes - len(busy), 0))


def is_left_alone(lane: Lane, now: datetime) -> bool:
    """Whether something waits in `lane` and no process holds anything of it: its worker is gone, or not woken."""
    return wanted_processes(lane, processes=1, now=now) > 0
