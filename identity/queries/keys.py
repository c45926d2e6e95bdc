"""The platform's own keys: what others may read of them, and those to sign and open with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from joserfc.jwk import ECKey

from identity.models import SigningKey
from identity.states import KeyUse
from kernel import encryption
from kernel.fetching import columns, fetch, take

PURPOSE = "own key"


def standing_keys(now: datetime) -> list[SigningKey]:
    """In use, or retired and not yet forgotten; the newest first. One statement."""
    rows = fetch(
        f"SELECT {columns(SigningKey, 'key')} FROM identity_signingkey AS key "
        "WHERE published_until IS NULL OR published_until > %s ORDER BY made_at DESC, id DESC",
        [now],
    )
    return [take(SigningKey, row)[0] for row in rows]


def published(keys: Iterable[SigningKey]) -> dict[str, Any]:
    """As a JWK Set (RFC 7517): public halves only."""
    return {"keys": [key.public_part for key in keys]}


def opened(key: SigningKey) -> ECKey | None:
    """The key pair; None where the secret that it was sealed with is gone, which makes it useless."""
    return _opened(key.sealed, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=32)
def _opened(sealed: str, secrets: tuple[str, ...]) -> ECKey | None:
    for secret in secrets:
        try:
            text = encryption.decrypt(sealed, key=secret, purpose=PURPOSE)
        except encryption.NotOurs:
            continue
        return ECKey.import_key(json.loads(text))
    return None


def is_complete(keys: Iterable[SigningKey]) -> bool:
    """Whether there is one in use, and readable, for each use."""
    in_use = {key.use for key in keys if key.retired_at is None and opened(key) is not None}
    return in_use == set(KeyUse.values)
