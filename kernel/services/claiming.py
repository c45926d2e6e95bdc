"""Claiming: taking due deliveries for this process, until a lease runs out.

One statement, committed at once, takes rows that nobody holds and stamps them with one token: a handful of untried ones,
and one that failed or was lost before. That one is worked last, so that a delivery which kills its process takes no
neighbour with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from kernel.models import Delivery
from kernel.models.deliveries import Lane

#: how many untried deliveries one claim takes: many where each lasts a few milliseconds
HANDFUL = {Lane.FAST: 20, Lane.SLOW: 1, Lane.OUTSIDE: 1}

_FREE = """
SELECT id FROM kernel_delivery
WHERE lane = %(lane)s AND due_at <= %(due_before)s AND done_at IS NULL AND parked_at IS NULL
  AND (leased_until IS NULL OR leased_until < %(now)s) AND attempts {tried} 0
ORDER BY due_at LIMIT {most} FOR UPDATE SKIP LOCKED
"""
_CLAIM = f"""
WITH untried AS MATERIALIZED ({_FREE.format(tried="=", most="%(handful)s")}),
     tried AS MATERIALIZED ({_FREE.format(tried=">", most="1")})
UPDATE kernel_delivery SET attempts = attempts + 1, token = %(token)s, leased_until = %(leased_until)s
FROM (SELECT id FROM untried UNION ALL SELECT id FROM tried) AS free
WHERE kernel_delivery.id = free.id RETURNING kernel_delivery.*
"""


def lease(lane: Lane) -> timedelta:
    """How long a claim holds."""
    return timedelta(seconds=settings.LANE_LEASE_SECONDS[lane])


def claim(lane: Lane, *, now: datetime, grace: timedelta = timedelta(0)) -> list[Delivery]:
    """Take due deliveries of `lane`, in the order in which they are to be worked.

    `grace` leaves alone what fell due less than that long ago.
    """
    taken = Delivery.objects.raw(
        _CLAIM,
        {
            "lane": lane.value,
            "now": now,
            "due_before": now - grace,
            "handful": HANDFUL[lane],
            "token": uuid.uuid4(),
            "leased_until": now + lease(lane),
        },
    )
    return sorted(taken, key=lambda delivery: (delivery.attempts, delivery.due_at))


# --- who is wanted ---------------------------------------------------------------------------------------------------

_OLDEST = """
SELECT lanes.name, oldest.token, oldest.leased_until >= %(now)s
FROM unnest(%(lanes)s, %(looks)s) AS lanes(name, look), LATERAL (
    SELECT token, leased_until FROM kernel_delivery
    WHERE lane = lanes.name AND due_at <= %(now)s AND done_at IS NULL AND parked_at IS NULL
    ORDER BY due_at LIMIT lanes.look
) AS oldest
"""


def wanted_processes(processes: Mapping[Lane, int], *, now: datetime) -> dict[Lane, int]:
    """How many more processes should drain each lane now: as many as deliveries wait, or as are idle of `processes`.

    Looks at the oldest due rows only (claims go in that order), so that it costs the same before any backlog.
    """
    looks = [count * (HANDFUL[lane] + 2) for lane, count in processes.items()]
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST, {"now": now, "lanes": [lane.value for lane in processes], "looks": looks})
        rows = cursor.fetchall()
    wanted = {}
    for lane, count in processes.items():
        busy = {token for name, token, is_held in rows if name == lane and is_held}
        waiting = sum(1 for name, _token, is_held in rows if name == lane and not is_held)
        wanted[lane] = min(waiting, max(count - len(busy), 0))
    return wanted


def is_left_alone(lane: Lane, now: datetime) -> bool:
    """Whether something waits in `lane` and no process holds anything of it: its worker is gone, or not woken."""
    return wanted_processes({lane: 1}, now=now)[lane] > 0
