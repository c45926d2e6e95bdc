"""What a listing is found by: words and codes, and pairs of characters of Chinese text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[a-z0-9]+(?:[./-][a-z0-9]+)*")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


def tokens_of(*texts: str) -> list[str]:
    """The sorted tokens of all `texts`."""
    found: set[str] = set()
    for text in texts:
        low = text.lower()
        found.update(_WORDS.findall(low))
        for run in _CHINESE.findall(low):
            found.update(_pairs(run))
    return sorted(found)


def _pairs(run: str) -> Iterable[str]:
    return (run[at : at + 2] for at in range(max(1, len(run) - 1)))
