"""Remembering reference rows in the process: rows that only a release or the daily rates change."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec, TypeVar

from django.conf import settings

P = ParamSpec("P")
T = TypeVar("T")

_all: list[Memo] = []  # type: ignore[type-arg]


class Memo(Generic[P, T]):
    """A function whose answer per arguments holds for `settings.REFERENCE_MEMO_SECONDS`."""

    def __init__(self, ask: Callable[P, T]) -> None:
        self._ask = ask
        self._answers: dict[object, tuple[float, T]] = {}
        update_wrapper(self, ask)
        _all.append(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        now = time.monotonic()
        asked = (args, tuple(sorted(kwargs.items())))
        known = self._answers.get(asked)
        if known is not None and known[0] > now:
            return known[1]
        answer = self._ask(*args, **kwargs)
        if len(self._answers) > 16:  # dates of long ago
            self._answers.clear()
        self._answers[asked] = (now + settings.REFERENCE_MEMO_SECONDS, answer)
        return answer

    def forget(self) -> None:
        self._answers.clear()


def for_a_minute(ask: Callable[P, T]) -> Memo[P, T]:
    return Memo(ask)


def forget_all() -> None:
    """After reference rows were loaded in this process."""
    for memo in _all:
        memo.forget()
