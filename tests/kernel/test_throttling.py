"""A program may ask so much in a minute; without Redis PostgreSQL counts, and nobody waits for Redis."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kernel import throttling
from kernel.cache import ForgivingRedisCache
from kernel.throttling import Minute

SEARCH = "/api/v1/search/"
NOON = 1_800_000_000.0


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(throttling, "minute", Minute())


def allowed(
    minute: Minute, times: int, *, limit: int = 100, caller: str = "token:1", at: float = NOON
) -> int:
    return sum(minute.allows(caller, limit, at) for _ in range(times))


def test_a_caller_gets_what_the_rate_says_and_again_in_the_next_minute() -> None:
    minute = Minute()
    assert 100 <= allowed(minute, 300) <= 104
    assert allowed(minute, 10, caller="token:2") == 10
    assert allowed(minute, 10, at=NOON + 60) == 10


def test_processes_share_the_count() -> None:
    here, there = Minute(), Minute()
    assert allowed(here, 80) == 80
    assert allowed(there, 80) <= 24


def test_redis_is_asked_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(ForgivingRedisCache, "tally", lambda self, key, n, seconds: asked.append(n) or 1)
    assert allowed(Minute(), 1000, limit=1000) == 1000
    assert len(asked) == 50


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Redis takes calls and answers none."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        gone = ForgivingRedisCache(
            f"redis://127.0.0.1:{silent.getsockname()[1]}/0",
            {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}},
        )
        monkeypatch.setattr(throttling, "cache", gone)
        yield


@pytest.mark.django_db
def test_without_redis_the_rate_holds_in_all_processes_and_none_waits(deaf: None) -> None:
    here, there = Minute(), Minute()
    before = time.monotonic()
    assert 100 <= allowed(here, 300) <= 104
    assert allowed(there, 50) <= 4
    assert time.monotonic() - before < 2, "one of them in each process waited for its timeout, not all"
    assert allowed(here, 10, caller="token:2") == 10
    assert allowed(here, 10, at=NOON + 60) == 10


@pytest.mark.django_db
def test_without_redis_who_asks_too_much_is_refused(deaf: None, client: Client, settings: Any) -> None:
    settings.API_RATES = {"token": 0, "anonymous": 3}
    assert [client.get(SEARCH).status_code for _ in range(6)] == [200, 200, 200, 429, 429, 429]


@pytest.mark.django_db
def test_who_asks_too_much_is_told_when_to_come_back(client: Client, settings: Any) -> None:
    settings.API_RATES = {"token": 0, "anonymous": 3}
    answers = [client.get(SEARCH) for _ in range(6)]
    assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
    refused = answers[-1]
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert (refused.json()["type"], refused.json()["code"]) == ("urn:sme-hub:throttled", "throttled")
