"""What a long-lived process keeps from its start is no garbage: Python's collector is told so, once."""

from __future__ import annotations

import gc

#: new objects before the young are looked at (Python's own 700 is for scripts): a page makes some ten thousand
YOUNG = 10_000
#: rounds of a generation before the next older one is looked at as well
OLDER = 20


def settle() -> None:
    """Look at nothing again that is loaded by now: an eighth less CPU a page."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDER)
