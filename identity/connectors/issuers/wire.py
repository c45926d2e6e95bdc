"""One HTTP exchange with an issuer, by a deadline that holds against whoever sends a byte a second as well."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import pybreaker
import urllib3

from identity.connectors.issuers.troubles import IssuerSilent, LoginTrouble

ANSWER_SECONDS = 4.0
LONGEST_ANSWER = 256 * 1024
#: after so many failures in a row an issuer is left alone for so long
FAILURES = 5
REST_SECONDS = 15

Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, Any]:
        """Raises `IssuerSilent` where it is no JSON object: then something else answered."""
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise IssuerSilent("not_json") from error
        if not isinstance(found, dict):
            raise IssuerSilent("not_json")
        return found


def exchange(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Answer:
    """Status and body. Nothing is sent twice and no redirect followed; a host that fails often is left alone for a while.

    A 5xx is silence: whatever stands before the issuer says that it is down.
    """
    limit = ANSWER_SECONDS if seconds is None else seconds
    sent = {"Accept": "application/json", **(headers or {})}
    content: bytes | None = None
    if form is not None:
        content = urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"

    def call() -> Answer:
        answer = _by(limit, lambda: _send(method, url, content, sent, limit))
        if answer.status >= 500:
            raise IssuerSilent("server_error")
        return answer

    parts = urlsplit(url)
    return _guarded(_breaker(parts.scheme, parts.netloc), call)


def _guarded(breaker: pybreaker.CircuitBreaker, call: Callable[[], Answer]) -> Answer:
    """The breaker holds a lock while it calls: it is told afterwards, so that one slow login holds up no other."""
    if breaker.current_state != pybreaker.STATE_CLOSED:
        try:
            return breaker.call(call)
        except pybreaker.CircuitBreakerError as error:
            raise IssuerSilent("left_alone") from error
    try:
        answer = call()
    except IssuerSilent as error:
        with suppress(IssuerSilent, pybreaker.CircuitBreakerError):
            breaker.call(_fail, error)
        raise
    breaker.call(lambda: None)
    return answer


def _fail(error: IssuerSilent) -> None:
    raise error


@cache
def _breaker(scheme: str, host: str) -> pybreaker.CircuitBreaker:
    return pybreaker.CircuitBreaker(fail_max=FAILURES, reset_timeout=REST_SECONDS, name=f"{scheme}://{host}")


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=8, maxsize=4)


def _send(method: str, url: str, content: bytes | None, headers: Mapping[str, str], seconds: float) -> Answer:
    response = _pool().request(
        method,
        url,
        body=content,
        headers=dict(headers),
        timeout=urllib3.Timeout(total=seconds),
        retries=False,
        redirect=False,
        preload_content=False,
    )
    try:
        answered = response.read(LONGEST_ANSWER + 1)
        if len(answered) > LONGEST_ANSWER:
            raise IssuerSilent("too_long")
        response.drain_conn()
        response.release_conn()
        return Answer(response.status, answered, dict(response.headers))
    except BaseException:
        response.close()
        raise


def _by(seconds: float, call: Callable[[], Found]) -> Found:
    """What `call` returns; `IssuerSilent` where it is not back in time, or fails on its way."""
    answers: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((True, call()))
        except Exception as error:  # handed to whoever asked
            answers.put((False, error))

    threading.Thread(target=run, daemon=True).start()
    stop_at = time.monotonic() + seconds
    try:
        done, answer = answers.get(timeout=max(stop_at - time.monotonic(), 0.001))
    except queue.Empty as error:
        raise IssuerSilent("too_slow") from error
    if done:
        return answer  # type: ignore[no-any-return]
    if isinstance(answer, LoginTrouble):
        raise answer
    is_timeout = isinstance(answer, urllib3.exceptions.TimeoutError | TimeoutError)
    if is_timeout and not isinstance(answer, urllib3.exceptions.NewConnectionError):
        raise IssuerSilent("too_slow") from answer
    if isinstance(answer, urllib3.exceptions.HTTPError | OSError | ValueError):
        raise IssuerSilent("unreachable") from answer
    raise answer
