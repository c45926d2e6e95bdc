"""Asking a bank: one signed request, one signed answer, by a deadline."""

from __future__ import annotations

import hashlib
import json
import queue
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from urllib.parse import quote as quoted

import pybreaker
import urllib3
from django.conf import settings

from financing.connectors.bank.signing import FRESH_SECONDS, HEADER, NotSigned, sign, verified
from financing.states import OfferState

#: how long a bank has for an offer, and for everything else
QUOTE_SECONDS = 1.5
ANSWER_SECONDS = 5.0
#: answers by which a bank decides; what else it says (a signature or a clock that it does not like) decides nothing
DECISIONS = frozenset({404, 409, 410, 422})
LONGEST_ANSWER = 64 * 1024
#: after so many failures in a row a bank is left alone for so long
FAILURES = 4
REST_SECONDS = 20


class BankUnclear(Exception):
    """No answer that could be read in time: whether the bank did it is unknown, and it has to be asked."""


class BankForged(BankUnclear):
    """An answer came that the bank did not sign, or signed for another request."""

    def __init__(self, why: str, digest: str) -> None:
        super().__init__(why)
        self.digest = digest


class BankRefused(Exception):
    """The bank said no, in a signed answer."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code, self.status = code[:60], status


@dataclass(frozen=True)
class Standing:
    """Where the bank says that a facility stands."""

    facility: str
    offer: str
    #: `pending`, or a state of ours
    state: str
    amount: Decimal | None = None


#: the bank's words for where a facility stands → ours
BANK_STATES = {
    "pending": OfferState.ACCEPTED,
    "reserved": OfferState.RESERVED,
    "disbursed": OfferState.DISBURSED,
    "repaid": OfferState.REPAID,
    "declined": OfferState.DECLINED,
    "cancelled": OfferState.WITHDRAWN,
}


def read_standing(answer: Mapping[str, Any]) -> Standing:
    """Raises ValueError where it says nothing that we know."""
    try:
        amount = answer.get("amount")
        return Standing(
            facility=str(answer["facility"])[:80],
            offer=str(answer["offer"]),
            state=BANK_STATES[answer["state"]].value,
            amount=None if amount is None else Decimal(str(amount)),
        )
    except (KeyError, TypeError, InvalidOperation, AttributeError) as error:
        raise ValueError(f"not a standing: {error}") from error


class Connection:
    """One bank, by its code in the settings."""

    def __init__(self, code: str, url: str, public_key: str) -> None:
        self.code, self.url, self.public_key = code, url.rstrip("/"), public_key
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES, reset_timeout=REST_SECONDS, exclude=[BankRefused], name=code
        )

    def capabilities(self) -> dict[str, Any]:
        return self._ask("GET", "/v1/capabilities", seconds=ANSWER_SECONDS)

    def quote(self, *, request: str, evidence: str) -> dict[str, Any]:
        """An offer for the invoice in `evidence`. Raises `BankRefused`, `BankUnclear`."""
        body = {"request": request, "evidence": evidence}
        key = f"{request}:quote:{hashlib.sha256(evidence.encode()).hexdigest()[:16]}"
        return self._ask("POST", "/v1/quotes", body, key=key, seconds=QUOTE_SECONDS)

    def accept(
        self, *, quote: str, offer: str, digest: str, verdict: str, payee: Mapping[str, str]
    ) -> Standing:
        """Tell that the seller accepts, and to which account of the seller's it is paid. The bank answers 202 and may go
        on to decide.
        """
        body = {"offer": offer, "evidence_digest": digest, "registry": verdict, "payee": dict(payee)}
        path = f"/v1/quotes/{quoted(quote, safe='')}/accept"
        return self._standing(self._ask("POST", path, body, key=f"{offer}:accept", seconds=ANSWER_SECONDS))

    def status(self, *, offer: str) -> Standing | None:
        """Where the bank stands with our offer; None where it never heard of it."""
        try:
            answer = self._ask("GET", f"/v1/offers/{quoted(offer, safe='')}", seconds=ANSWER_SECONDS)
        except BankRefused as refused:
            if refused.status == 404:
                return None
            raise
        return self._standing(answer)

    def instruct(self, *, facility: str, offer: str, ask: str) -> Standing:
        """Have the bank cancel, reserve, decline, disburse or note as repaid."""
        path = f"/v1/facilities/{quoted(facility, safe='')}/{ask}"
        answer = self._ask("POST", path, {"offer": offer}, key=f"{offer}:{ask}", seconds=ANSWER_SECONDS)
        return self._standing(answer)

    def _standing(self, answer: dict[str, Any]) -> Standing:
        try:
            return read_standing(answer)
        except ValueError as error:
            raise BankUnclear(str(error)) from error

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str = "",
        seconds: float,
    ) -> dict[str, Any]:
        def call() -> dict[str, Any]:
            return self._exchange(method, path, body, key, seconds)

        try:
            return self._breaker.call(call)  # type: ignore[no-any-return]
        except pybreaker.CircuitBreakerError as error:
            raise BankUnclear("left alone after failures") from error

    def _exchange(
        self, method: str, path: str, body: dict[str, Any] | None, key: str, seconds: float
    ) -> dict[str, Any]:
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        nonce = secrets.token_urlsafe(16)
        bound = {"nonce": nonce, "htm": method, "htu": path, "aud": self.code, "iat": int(time.time())}
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, application/problem+json",
            HEADER: sign(content, **bound, **({"key": key} if key else {})),
        }
        if key:
            headers["Idempotency-Key"] = key
        try:
            status, answered, signature = _send(method, self.url + path, content, headers, seconds)
        except (urllib3.exceptions.HTTPError, OSError, TimeoutError, ValueError) as error:
            raise BankUnclear(f"{type(error).__name__}: {error}"[:200]) from error
        self._check_signature(signature, answered, nonce=nonce, status=status)
        return _read(status, answered)

    def _check_signature(self, signature: str, content: bytes, *, nonce: str, status: int) -> None:
        """The answer is this bank's, to this request, now."""
        digest = hashlib.sha256(content).hexdigest()
        try:
            bound = verified(signature, content, public_key=self.public_key)
        except NotSigned as error:
            if status >= 500 and not signature:  # whatever stands before the bank says that it is down
                raise BankUnclear(f"HTTP {status}") from error
            raise BankForged("not_signed", digest) from error
        if (bound.get("nonce"), bound.get("status")) != (nonce, status):
            raise BankForged("answer_to_another_request", digest)
        if abs(time.time() - float(bound.get("iat", 0))) > FRESH_SECONDS:
            raise BankForged("stale", digest)


def _send(
    method: str, url: str, content: bytes, headers: Mapping[str, str], seconds: float
) -> tuple[int, bytes, str]:
    """Status, body and signature. No redirect is followed and nothing is sent twice; too long an answer is none."""
    stop_at = time.monotonic() + seconds
    response = _pool().request(
        method,
        url,
        body=content or None,
        headers=dict(headers),
        timeout=urllib3.Timeout(total=seconds),
        retries=False,
        redirect=False,
        preload_content=False,
    )
    try:
        answered = b""
        for piece in response.stream(8192):
            answered += piece
            if len(answered) > LONGEST_ANSWER:
                raise ValueError("too long an answer")
            if time.monotonic() > stop_at:
                raise TimeoutError("the answer came too slowly")
        return response.status, answered, response.headers.get(HEADER, "")
    finally:
        response.close()


def _read(status: int, content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise BankUnclear("not JSON") from error
    if not isinstance(answer, dict):
        raise BankUnclear("not an object")
    if status in (200, 201, 202):
        return answer
    if status in DECISIONS:
        raise BankRefused(str(answer.get("code", "refused")), status)
    raise BankUnclear(f"HTTP {status}")


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=8, maxsize=4)


_connections: dict[tuple[str, str, str], Connection] = {}


def connection_to(code: str) -> Connection | None:
    """The bank of this code; None where the settings name none. One per process: it remembers failures."""
    named = settings.BANKS.get(code)
    if not named:
        return None
    key = (code, named["url"], named["public_key"])
    return _connections.setdefault(key, Connection(*key))


# --- deadlines -------------------------------------------------------------------------------------------------------

Call = Callable[[], Any]


def within(seconds: float, calls: Mapping[str, Call]) -> dict[str, Any]:
    """All calls at once; by name what each returned or raised. Whoever is not back in time raised `BankUnclear`.

    A thread of its own each: a deadline on the socket is none against somebody who sends one byte a second.
    """
    answers: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def run(name: str, call: Call) -> None:
        try:
            answers.put((name, call()))
        except Exception as error:  # handed to whoever asked
            answers.put((name, error))

    for name, call in calls.items():
        threading.Thread(target=run, args=(name, call), daemon=True).start()
    found: dict[str, Any] = {}
    stop_at = time.monotonic() + seconds
    while len(found) < len(calls):
        try:
            name, answer = answers.get(timeout=max(stop_at - time.monotonic(), 0.001))
        except queue.Empty:
            break
        found[name] = answer
    late = BankUnclear("no answer in time")
    return {name: found.get(name, late) for name in calls}
