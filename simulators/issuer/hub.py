"""The public keys of the hub, as it publishes them: kept for a while, asked for once more for one that is not known."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

KEEP_SECONDS = 300.0
LONGEST = 64 * 1024
PLACE = "/.well-known/jwks.json"

Fetch = Callable[[], dict[str, Any]]


class HubSilent(Exception):
    """Its keys could not be read."""


class Hub:
    def __init__(self, url: str, *, door: str = "", fetch: Fetch | None = None) -> None:
        """`door` is where it is reached, if that is another address; `fetch` reads the key set by another way."""
        self.url, self._door = url.rstrip("/"), (door or url).rstrip("/")
        self._fetch = fetch or self._asked
        self._keys: list[dict[str, Any]] = []
        self._read_at = 0.0
        self._lock = threading.Lock()

    def signing_key(self, kid: str) -> ECKey | None:
        found = self._signing(kid)
        if found is None:
            self._read()
            found = self._signing(kid)
        return found

    def encryption_key(self) -> ECKey | None:
        """The first that it names for this purpose."""
        for key in self._known():
            if key.get("use") == "enc":
                return _imported(key)
        return None

    def forget(self) -> None:
        self._read_at = 0.0

    def _signing(self, kid: str) -> ECKey | None:
        for key in self._known():
            if key.get("kid") == kid and key.get("use") == "sig":
                return _imported(key)
        return None

    def _known(self) -> list[dict[str, Any]]:
        if time.monotonic() - self._read_at > KEEP_SECONDS or not self._read_at:
            self._read()
        return self._keys

    def _read(self) -> None:
        with self._lock:
            listed = self._fetch().get("keys")
            if not isinstance(listed, list):
                raise HubSilent("no keys")
            self._keys = [key for key in listed if isinstance(key, dict)]
            self._read_at = time.monotonic()

    def _asked(self) -> dict[str, Any]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the hub is our neighbour
        request = urllib.request.Request(self._door + PLACE, headers={"Host": urlsplit(self.url).netloc})
        try:
            with opener.open(request, timeout=5) as answer:
                return dict(json.loads(answer.read(LONGEST)))
        except (OSError, ValueError, TypeError) as error:
            raise HubSilent(str(error)) from error


def _imported(key: dict[str, Any]) -> ECKey | None:
    """A public key on P-256; whoever publishes a private one has lost it."""
    if key.get("kty") != "EC" or key.get("crv") != "P-256" or "d" in key:
        return None
    try:
        return ECKey.import_key(key)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
