"""How much one caller may ask of the API in a minute: so much that only a loop gone wrong meets it.

Every process counts for itself and tells the shared count now and then, so that a request seldom talks to Redis; a
caller may thus go a little over. Without Redis everybody is let through, and nobody waits for it.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60
#: a caller's requests are told to the shared count this often in a full minute
TOLD = 50
#: seconds for which nobody asks a Redis that did not answer
REST = 10.0
#: callers that one process counts; beyond that it begins anew
MOST_CALLERS = 50_000


class Tally:
    """One caller's requests in this minute: what all processes were known to have counted, and what came since."""

    __slots__ = ("known", "untold")

    def __init__(self) -> None:
        self.known = 0
        self.untold = 0


class Minute:
    """The tallies of the present minute. One a process; threads that meet may lose a count, which harms nobody."""

    def __init__(self) -> None:
        self.number = 0
        self.tallies: dict[str, Tally] = {}
        self.resting_until = 0.0

    def allows(self, caller: str, limit: int, now: float) -> bool:
        number = int(now // MINUTE)
        if number != self.number or len(self.tallies) > MOST_CALLERS:
            self.number, self.tallies = number, {}
        tally = self.tallies.setdefault(caller, Tally())
        if tally.known >= limit:
            return False
        tally.untold += 1
        if tally.untold >= max(1, limit // TOLD):
            self._tell(caller, tally)
        return tally.known <= limit

    def _tell(self, caller: str, tally: Tally) -> None:
        if time.monotonic() < self.resting_until:
            return
        told, tally.untold = tally.untold, 0
        counted = cache.tally(f"api:{self.number}:{caller}", told, seconds=2 * MINUTE)  # type: ignore[attr-defined]
        if counted is None:
            self.resting_until = time.monotonic() + REST
        else:
            tally.known = counted


minute = Minute()


class FairUse(BaseThrottle):
    """`settings.API_RATES` a minute, by token, or by address for callers without one. 0 sets no limit."""

    def allow_request(self, request: Request, view: Any) -> bool:
        rates = settings.API_RATES
        if request.auth is not None:
            limit, caller = rates["token"], request.auth.key
        else:
            limit, caller = rates["anonymous"], self.get_ident(request)
        return not limit or minute.allows(caller, limit, time.time())

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
