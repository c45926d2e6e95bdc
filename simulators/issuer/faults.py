"""How the issuer misbehaves where a test wants it to: once, or until all is reset. It begins well behaved."""

from __future__ import annotations

import threading
import time
from typing import Any

#: by name: what it does. `at` names the door: discovery, jwks, par, authorize, token, userinfo
KNOWN = {
    "slow": "answers at `at` (token) after `seconds` (3)",
    "hang": "does not answer at `at` (token) for a minute",
    "error": "answers HTTP 500 at `at` (token)",
    "garbage": "answers at `at` (token) with something that is not JSON",
    "wants_nonce": "asks at `at` (token) for a DPoP proof with a nonce of its own, which it then checks",
    "wrong_nonce": "the id token carries another nonce",
    "missing_nonce": "the id token carries no nonce",
    "wrong_aud": "the id token is for another client",
    "wrong_iss": "the id token is of another issuer",
    "wrong_iss_callback": "the callback names another issuer",
    "missing_iss_callback": "the callback names no issuer",
    "wrong_state": "the callback carries another state",
    "alg_none": "the id token is not signed",
    "alg_hs256": "the id token is signed with our public key as if it were a shared secret",
    "not_encrypted": "the id token is signed but not encrypted",
    "expired": "the id token has expired",
    "future": "the id token is issued in an hour",
    "stale_auth": "the login is said to be an hour old",
    "lower_acr": "the lowest level is returned",
    "missing_acr": "no level is returned",
    "tampered_jwe": "one byte of the ciphertext is another",
    "tampered_jws": "a claim is another than the one signed",
    "unknown_key": "the id token is signed with a key that is published nowhere",
    "missing_kid": "the id token names no key",
    "missing_at_hash": "the id token carries no at_hash",
    "wrong_at_hash": "the id token's at_hash is of another token",
    "deregistered": "the company is struck off",
    "odd_status": "the company's standing is told in a word that no register has",
    "bad_number": "the check digit of the company's number is wrong",
    "missing_sub_userinfo": "userinfo does not say whom it is about",
    "wrong_sub_userinfo": "userinfo is about somebody else",
    "missing_detached": "no SM2 assertion comes",
    "bad_detached": "the signature of the SM2 assertion does not hold",
    "other_detached": "the SM2 assertion is of another login",
}
HANGS_FOR = 60.0
DOORS = ("discovery", "jwks", "par", "authorize", "token", "userinfo")


class Failing(Exception):
    """The fault that was asked for."""


class Garbage(Exception):
    """To be answered with something that is not JSON."""


class Faults:
    def __init__(self) -> None:
        self._set: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = threading.Lock()

    def set(self, name: str, *, once: bool = True, at: str = "token", seconds: float = 3.0) -> None:
        """Misbehave like this from now on, `once` or until `reset`; raises KeyError for what is not known."""
        if name not in KNOWN or at not in DOORS:
            raise KeyError(name)
        door = at if name in {"slow", "hang", "error", "garbage", "wants_nonce"} else ""
        with self._lock:
            self._set[name, door] = {"once": once, "seconds": seconds}

    def reset(self) -> None:
        with self._lock:
            self._set.clear()

    @property
    def standing(self) -> list[str]:
        return sorted(f"{name} {door}".strip() for name, door in self._set)

    def take(self, name: str, door: str = "") -> dict[str, Any] | None:
        """Whether to misbehave so, here and now; a fault that is asked for once is gone with that."""
        with self._lock:
            found = self._set.get((name, door))
            if found and found["once"]:
                del self._set[name, door]
            return found

    def before(self, door: str) -> None:
        """What goes wrong before anything is done at this door."""
        if found := self.take("slow", door):
            time.sleep(found["seconds"])
        if self.take("hang", door):
            time.sleep(HANGS_FOR)
        if self.take("error", door):
            raise Failing(door)
        if self.take("garbage", door):
            raise Garbage(door)
