"""The shared cache: when Redis does not answer within its timeout, a read is a miss and a write is forgotten.

Counters that limit sign-ins and programs must not be forgotten, nor that a code was used: while Redis is gone they stand
in PostgreSQL.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: keys of allauth's rate limits, and of the codes of authenticator apps that were used
COUNTERS = ("allauth:", "allauth.mfa.")
#: alias of the cache in PostgreSQL
LIMITS = "limits"


def tally_in_postgres(key: str, amount: int, *, seconds: int) -> int:
    """What `ForgivingRedisCache.tally` does, where Redis does not: three statements. Two that meet may lose a count."""
    counters = caches[LIMITS]
    if counters.add(key, amount, seconds):
        return amount
    try:
        return counters.incr(key, amount)
    except ValueError:  # forgotten in between
        counters.set(key, amount, seconds)
        return amount


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, minus the errors: nothing but speed depends on it."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().add, False, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._forgive(super().get, default, key, default=default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._forgive(super().set, None, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().delete, False, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = self._forgive(super().get_many, {}, *args, **kwargs)
        return found

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        failed: list[Any] = self._forgive(super().set_many, [], *args, **kwargs)
        return failed

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().touch, False, *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._forgive(super().has_key, False, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError when Redis is gone, as it does for a key that was never set."""
        counted = self._forgive(super().incr, None, key, delta, version=version)
        if counted is None:
            raise ValueError(f"Key '{key}' not found")
        return int(counted)

    def tally(self, key: str, amount: int, *, seconds: int) -> int | None:
        """Add to a count that is forgotten after `seconds`; what it is now, None when Redis is gone. One round trip."""
        return self._forgive(self._tally, None, self.make_and_validate_key(key), amount, seconds)

    def _tally(self, key: str, amount: int, seconds: int) -> int:
        counting = self._cache.get_client(key, write=True).pipeline(transaction=False)
        counting.incrby(key, amount)
        counting.expire(key, seconds)
        return int(counting.execute()[0])

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._forgive(super().delete_many, None, *args, **kwargs)

    def clear(self) -> None:
        self._forgive(super().clear, None)

    def _forgive(self, call: Any, otherwise: Any, /, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache unavailable: %s", error)
        if args and isinstance(args[0], str) and args[0].startswith(COUNTERS):
            return getattr(caches[LIMITS], call.__name__)(*args, **kwargs)
        return otherwise
