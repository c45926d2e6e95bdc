"""What an issuer says of itself: its addresses and its public keys, kept for a while in each process."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from identity.connectors.issuers.login import IssuerRow
from identity.connectors.issuers.troubles import IssuerSilent, LoginForged
from identity.connectors.issuers.wire import exchange

#: addresses are asked for again after so long
KEEP_SECONDS = 600
#: and keys: for so long at most a key is believed that its issuer has withdrawn
KEEP_KEYS_SECONDS = 60
#: more keys than this no issuer needs
MOST_KEYS = 40
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class Directory:
    """One issuer's addresses and keys. Safe between threads: at worst both ask."""

    iss: str
    discovery_url: str
    #: no key that was read before counts: its issuer was suspended or reinstated then
    keys_from: datetime | None = None
    #: BCP 47 tags of the languages that it can be asked to speak
    languages: tuple[str, ...] = ()
    _addresses: dict[str, str] = field(default_factory=dict)
    _read_at: float = 0.0
    _keys: dict[str, Key] = field(default_factory=dict)
    _keys_at: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def address(self, name: str) -> str:
        """Where `name` (`token_endpoint`, …) is; raises `IssuerSilent` where the issuer names none."""
        if not self._addresses or time.monotonic() - self._read_at > KEEP_SECONDS:
            self._addresses, self._read_at = self._read_addresses(), time.monotonic()
        found = self._addresses.get(name)
        if not found:
            raise IssuerSilent("no_address")
        return found

    def key(self, kid: str) -> Key:
        """The public key `kid`. An unknown one is looked for once more: issuers change their keys."""
        if time.monotonic() - self._keys_at <= KEEP_KEYS_SECONDS and kid in self._keys:
            return self._keys[kid]
        keys = self._read_keys()
        with self._lock:
            self._keys, self._keys_at = keys, time.monotonic()
        if kid not in keys:
            raise LoginForged("unknown_key")
        return keys[kid]

    def _read_addresses(self) -> dict[str, str]:
        said = _asked(self.discovery_url)
        if said.get("issuer") != self.iss:
            raise LoginForged("another_issuer")
        addresses = {
            name: value
            for name, value in said.items()
            if isinstance(value, str) and (name.endswith("_endpoint") or name == "jwks_uri")
        }
        schemes = {"https", urlsplit(self.discovery_url).scheme}
        kept = {*ENDPOINTS, *addresses}
        if any(urlsplit(addresses.get(name, "")).scheme not in schemes for name in kept):
            raise IssuerSilent("no_address")
        listed = said.get("ui_locales_supported")
        self.languages = tuple(str(tag) for tag in listed[:50]) if isinstance(listed, list) else ()
        return addresses

    def _read_keys(self) -> dict[str, Key]:
        """Those that sign. A key that cannot be read is passed over: another may do."""
        listed = _asked(self.address("jwks_uri")).get("keys")
        if not isinstance(listed, list):
            raise IssuerSilent("no_keys")
        found: dict[str, Key] = {}
        for entry in listed[:MOST_KEYS]:
            key = _public_key(entry)
            if key is not None and key.kid:
                found.setdefault(key.kid, key)
        return found


def _asked(url: str) -> dict[str, Any]:
    answer = exchange("GET", url)
    if answer.status != 200:
        raise IssuerSilent("unexpected_status")
    return answer.json()


def _public_key(entry: Any) -> Key | None:
    """An asymmetric public key; never a shared secret, by which anybody could sign."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or "d" in entry:
        return None
    try:
        key = import_key(entry)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, ECKey | RSAKey | OKPKey) else None


_directories: dict[tuple[str, str], Directory] = {}


def directory_of(issuer: IssuerRow) -> Directory:
    """One per issuer and process. Another `iss` or address in the row is another directory, and so is one from before the
    issuer was last suspended or reinstated: every process sees that in the row, and keeps nothing from before.
    """
    key, since = (issuer.iss, issuer.discovery_url), issuer.keys_from
    found = _directories.get(key)
    if found is None or since is not None and (found.keys_from is None or found.keys_from < since):
        found = _directories[key] = Directory(*key, keys_from=since)
    return found
