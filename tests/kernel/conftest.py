from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kernel import subscriptions
from kernel.subscriptions import Subscription
from sme_hub.subscriptions import SUBSCRIPTIONS
from tests.kernel.bells import BellRang, Notebook

Subscribe = Callable[..., None]


class Clock:
    """Time that moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **much: float) -> None:
        self.now += timedelta(**much)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def subscribe() -> Iterator[Subscribe]:
    """Only these hear of bells, for one test."""

    def only(*wanted: Subscription) -> None:
        table: dict[type, Sequence[Subscription]] = {BellRang: wanted}
        subscriptions.register(table)

    yield only
    subscriptions.register(SUBSCRIPTIONS)
