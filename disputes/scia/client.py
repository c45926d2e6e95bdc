"""The wire to the arbitration desk: JSON over HTTP, an Idempotency-Key, a deadline, and answers that are signed.

    POST /filings            Idempotency-Key: <key>     202 the filing as it stands
    GET  /filings/<key>                                 200 the filing, 404 never received
    POST /filings/<key>/examination  {"admit": true}    200 the filing, 404 never received, 409 decided otherwise before

Every answer carries `X-Signature`, the HMAC-SHA256 of its body. What is not signed is no answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings

MOST_BYTES = 200_000


class NoAnswer(Exception):
    """Nobody knows what the desk has done: it may have received the filing. It is asked again, never assumed."""


class NotReceived(Exception):
    """The desk says that it never received this filing."""


class Refusal(Exception):
    """The desk refuses the request itself: a fault to be looked at."""


@dataclass(frozen=True)
class Desk:
    url: str
    secret: str
    seconds: float

    def send(self, key: str, packet: dict[str, Any]) -> dict[str, Any]:
        """File the packet under `key`; sent again, it is the same filing."""
        body = json.dumps(packet, ensure_ascii=False).encode()
        return self._ask("POST", "/filings", body=body, key=key)

    def status(self, key: str) -> dict[str, Any]:
        """How the filing of `key` stands; raises `NotReceived`."""
        return self._ask("GET", f"/filings/{quote(key, safe='')}")

    def examined(self, key: str, *, admit: bool) -> dict[str, Any]:
        """What the desk's registrar has decided on a filing that waits for them; said again, it is the same decision."""
        body = json.dumps({"admit": admit}).encode()
        return self._ask("POST", f"/filings/{quote(key, safe='')}/examination", body=body)

    def _ask(self, method: str, path: str, *, body: bytes | None = None, key: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(self.url + path, data=body, headers=headers, method=method)  # noqa: S310
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=self.seconds) as response:
                content = response.read(MOST_BYTES)
                signature = response.headers.get("X-Signature", "")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise NotReceived from error
            if error.code >= 500:
                raise NoAnswer(f"{error.code}") from error
            raise Refusal(f"{method} {path}: {error.code}") from error
        except (OSError, TimeoutError, ValueError) as error:
            raise NoAnswer(str(error)) from error
        return self._read(content, signature)

    def _read(self, content: bytes, signature: str) -> dict[str, Any]:
        if not hmac.compare_digest(signed(self.secret, content), signature):
            raise NoAnswer("the answer is not signed by the desk")
        try:
            answer = json.loads(content)
        except ValueError as error:
            raise NoAnswer("the answer is no JSON") from error
        if not isinstance(answer, dict):
            raise NoAnswer("the answer is no object")
        return answer


def signed(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def desk() -> Desk:
    """The desk of the settings."""
    if not settings.SCIA_URL:
        raise Refusal("SCIA_URL names no desk")
    return Desk(settings.SCIA_URL, settings.SCIA_SECRET, settings.SCIA_TIMEOUT_SECONDS)
