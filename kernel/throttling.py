"""How much one caller may ask of the API in a minute: so much that only a loop gone wrong meets it.

Every process counts for itself and tells the shared count now and then, so that a request seldom talks to Redis; a
caller may thus go a little over. Without Redis the shared count stands in PostgreSQL, and nobody waits for Redis.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kernel.cache import tally_in_postgres

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
        told, tally.untold = tally.untold, 0
        tally.known = max(tally.known, self._counted(f"api:{self.number}:{caller}", told))

    def _counted(self, key: str, told: int) -> int:
        """By all processes, with these."""
        if time.monotonic() >= self.resting_until:
            counted: int | None = cache.tally(key, told, seconds=2 * MINUTE)  # type: ignore[attr-defined]
            if counted is not None:
                return counted
            self.resting_until = time.monotonic() + REST
        return tally_in_postgres(key, told, seconds=2 * MINUTE)


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
