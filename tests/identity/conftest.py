from __future__ import annotations

import pytest
from django.core.cache import caches

from kernel.cache import ForgivingRedisCache


@pytest.fixture
def redis_gone(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shared cache points at a port where nobody listens."""
    broken = ForgivingRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", broken)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.cache", broken)
    caches["limits"].clear()
