"""The shared cache forgives: without Redis a read misses, a write is forgotten, and nobody waits."""

from __future__ import annotations

import socket
import time

import pytest

from kernel.cache import ForgivingRedisCache

TIMEOUTS = {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}}


@pytest.fixture
def nobody_there() -> ForgivingRedisCache:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return ForgivingRedisCache(f"redis://127.0.0.1:{port}/0", TIMEOUTS)


@pytest.fixture
def never_answers():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        yield ForgivingRedisCache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", TIMEOUTS)


@pytest.mark.parametrize("gone", ["nobody_there", "never_answers"])
def test_every_use_is_forgiven_within_its_timeout(request, gone):
    cache = request.getfixturevalue(gone)
    uses = [
        (lambda: cache.get("a", "otherwise"), "otherwise"),
        (lambda: cache.set("a", 1), None),
        (lambda: cache.add("a", 1), False),
        (lambda: cache.delete("a"), False),
        (lambda: cache.get_many(["a", "b"]), {}),
        (lambda: cache.set_many({"a": 1}), []),
        (lambda: cache.touch("a"), False),
        (lambda: cache.has_key("a"), False),
        (lambda: "a" in cache, False),
        (lambda: cache.incr("a"), None),
        (lambda: cache.get_or_set("a", 5), 5),
        (lambda: cache.delete_many(["a"]), None),
        (lambda: cache.clear(), None),
    ]
    for use, otherwise in uses:
        before = time.monotonic()
        try:
            assert use() == otherwise
        except ValueError:
            assert otherwise is None  # incr of what is not there, as every Django cache says it
        assert time.monotonic() - before < 5


def test_with_redis_it_is_a_cache_like_any_other():
    from django.core.cache import cache

    cache.set("kernel-test", {"a": 1}, 5)
    assert cache.get("kernel-test") == {"a": 1}
    assert cache.delete("kernel-test")
