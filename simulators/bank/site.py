"""The bank's addresses, as a WSGI application."""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from simulators.bank.books import as_text
from simulators.bank.desk import MOVES, Answer, Desk, Request
from simulators.bank.profile import Failing
from simulators.signatures import HEADER

LONGEST_BODY = 256 * 1024
_PLACES: tuple[tuple[str, str, str], ...] = (
    ("GET", r"/v1/capabilities", "capabilities"),
    ("POST", r"/v1/quotes", "quote"),
    ("POST", r"/v1/quotes/([\w-]+)/accept", "accept"),
    ("GET", r"/v1/offers/(\w+)", "status"),
    *(("POST", rf"/v1/facilities/([\w-]+)/{act}", act) for act in MOVES),
)

StartResponse = Callable[..., Any]


class Site:
    def __init__(self, desk: Desk, *, control: str = "") -> None:
        self.desk, self._control = desk, control

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if (method, path) == ("GET", "/"):
            return _send(start_response, 200, _page(self.desk).encode(), "text/html; charset=utf-8")
        if path == "/healthz":
            return _send(start_response, 200, b"ok", "text/plain")
        if path.startswith("/control/"):
            return self._controlled(environ, start_response, path)
        request = Request(
            method=method,
            path=path,
            body=_body(environ),
            key=environ.get("HTTP_IDEMPOTENCY_KEY", ""),
            signature=environ.get("HTTP_X_JWS_SIGNATURE", ""),
        )
        for wanted, pattern, act in _PLACES:
            found = re.fullmatch(pattern, path)
            if found and method == wanted:
                return self._answer(request, act, found.groups(), start_response)
        return _send(start_response, 404, b'{"code":"nothing_here"}', "application/problem+json")

    def _answer(
        self, request: Request, act: str, parts: tuple[str, ...], start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            answer = self.desk.answer(request, act, parts)
        except Failing:
            return _send(start_response, 500, b'{"code":"failing"}', "application/problem+json")
        self.desk.profile.after(act)
        body = as_text(answer.body).encode()
        kind = "application/json" if answer.status < 400 else "application/problem+json"
        return _send(start_response, answer.status, body, kind, {HEADER: self._signed(answer, body)})

    def _signed(self, answer: Answer, body: bytes) -> str:
        nonce = "another" if self.desk.profile.forges(answer.act) else answer.nonce
        return self.desk.signer.sign(body, nonce=nonce, status=answer.status, iat=int(time.time()))

    # -- tests say how it behaves, and ask what it has done --------------------------------------------

    def _controlled(
        self, environ: dict[str, Any], start_response: StartResponse, path: str
    ) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "")
        if not self._control or not hmac.compare_digest(given, f"Bearer {self._control}"):
            return _send(start_response, 404, b"", "text/plain")
        if path == "/control/profile":
            self.desk.profile.change(json.loads(_body(environ) or b"{}"))
            return _send(start_response, 200, b"{}", "application/json")
        with self.desk.books.open() as books:
            told = {
                "calls": dict(tuple(each) for each in books.execute("SELECT path, count FROM calls")),
                "facilities": [dict(each) for each in books.execute("SELECT * FROM facilities")],
                "quotes": books.execute("SELECT count(*) FROM quotes").fetchone()[0],
                "unsent": books.execute("SELECT count(*) FROM outbox WHERE done_at IS NULL").fetchone()[0],
            }
        return _send(start_response, 200, as_text(told).encode(), "application/json")


def _page(desk: Desk) -> str:
    with desk.books.open() as books:
        quotes = books.execute("SELECT count(*) FROM quotes").fetchone()[0]
        states = books.execute("SELECT state, count(*) FROM facilities GROUP BY 1 ORDER BY 1").fetchall()
    rows = "".join(f"<tr><td>{escape(state)}</td><td>{count}</td></tr>" for state, count in states)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated bank</title>
<meta name="viewport" content="width=device-width"><style>body{{font:16px/1.6 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}}
strong{{background:#fde9c8;color:#5b3a00;padding:.2rem .6rem;border-radius:4px}}td{{padding-right:2rem}}</style>
<main><p><strong>Simulator · 模拟系统</strong></p><h1>Simulated bank “{escape(desk.code)}”</h1>
<p>This process plays a bank, so that invoice finance can be tried. It is no bank, holds no money, and its terms are invented.</p>
<p lang="zh-Hans">本程序模拟一家银行，供试用发票融资功能。它不是银行，不持有任何资金，所列条款均为虚构。</p>
<table><tr><td>Quotations 报价</td><td>{quotes}</td></tr>{rows}</table></main></html>"""


def _body(environ: dict[str, Any]) -> bytes:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return environ["wsgi.input"].read(min(length, LONGEST_BODY)) if length > 0 else b""


def _send(
    start_response: StartResponse,
    status: int,
    body: bytes,
    kind: str,
    headers: dict[str, str] | None = None,
) -> list[bytes]:
    named = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
    start_response(f"{status} -", list((named | (headers or {})).items()))
    return [body]
