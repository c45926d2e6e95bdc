"""The past as it went on: what an act of the past sets off happens at its own time, not when the demo is loaded.

Meant for the inside of a transaction: nobody else sees the acts, so no worker does with today's clock what belongs to last
month's.
"""

from __future__ import annotations

import time
from datetime import datetime

from kernel.models import Delivery
from kernel.models.deliveries import Lane
from kernel.services import drain

#: our own database, and rendering; letters to the outside are left to their worker
LANES = (Lane.FAST, Lane.SLOW)
PATIENCE_SECONDS = 120.0
#: how often, and how long apart, one looks again for what another process holds at this moment
LOOKS, PAUSE_SECONDS = 100, 0.05


def live_until(moment: datetime) -> None:
    """Let everything that falls due up to `moment` happen, in the order of time, each at the time when it was due."""
    looks = 0
    while looks < LOOKS and (due := _next_due(moment)) is not None:
        if _happen_at(due):
            looks = 0
        else:
            looks += 1
            time.sleep(PAUSE_SECONDS)


def _happen_at(due: datetime) -> int:
    return sum(drain(lane, seconds=PATIENCE_SECONDS, clock=lambda: due) for lane in LANES)


def _next_due(moment: datetime) -> datetime | None:
    """When the oldest untried delivery is due. What failed once is left to its lane's worker."""
    untried = Delivery.objects.filter(lane__in=LANES, attempts=0, done_at=None, parked_at=None)
    due = untried.filter(due_at__lte=moment).order_by("due_at")
    return due.values_list("due_at", flat=True).first()
