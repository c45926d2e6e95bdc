"""The issuer's clock, which a test may put forward rather than wait."""

from __future__ import annotations

import time


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead
