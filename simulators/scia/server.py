"""The wire: JSON over HTTP, a bearer secret, an Idempotency-Key, and every answer signed (HMAC-SHA256 of its body)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from simulators.scia.desk import Desk, OtherBody
from simulators.scia.pages import page

MOST_BYTES = 5_000_000
EXAMINED = {True: True, False: False}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], *, desk: Desk, secret: str) -> None:
        super().__init__(address, Answering)
        self.desk, self.secret = desk, secret


class Answering(BaseHTTPRequestHandler):
    server: Server
    server_version = "ArbitrationDeskSimulator"
    timeout = 30

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        now = datetime.now(UTC)
        if path == "/":
            self._send(200, page(self.server.desk.all(now)), "text/html; charset=utf-8")
        elif path == "/healthz":
            self._tell(200, {"status": "ok", "simulated": True})
        elif path.startswith("/filings/") and self._is_known():
            found = self.server.desk.status(unquote(path.removeprefix("/filings/")), now)
            self._tell(200, found) if found else self._tell(404, {"error": "not_received"})
        else:
            self._tell(404, {"error": "not_found"})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if not self._is_known():
            self._tell(404, {"error": "not_found"})
        elif path == "/filings":
            self._file()
        elif path.startswith("/filings/") and path.endswith("/examination"):
            self._examine(unquote(path.removeprefix("/filings/").removesuffix("/examination")))
        else:
            self._tell(404, {"error": "not_found"})

    def _examine(self, key: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        try:
            sent = json.loads(self.rfile.read(min(length, MOST_BYTES)))
            found = self.server.desk.examine(key, admit=EXAMINED[sent["admit"]], now=datetime.now(UTC))
            self._tell(200, found) if found else self._tell(404, {"error": "not_received"})
        except OtherBody:
            self._tell(409, {"error": "examined_already"})
        except (ValueError, TypeError, KeyError):
            self._tell(400, {"error": "bad_request"})

    def _file(self) -> None:
        key = self.headers.get("Idempotency-Key", "")
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < len(key) <= 200 or not 0 < length <= MOST_BYTES:
            self._tell(400, {"error": "bad_request"})
            return
        body = self.rfile.read(length)
        try:
            self._tell(202, self.server.desk.receive(key, body, datetime.now(UTC)))
        except OtherBody:
            self._tell(409, {"error": "key_reused"})
        except (ValueError, AttributeError, TypeError, KeyError):
            self._tell(400, {"error": "bad_packet"})

    def _is_known(self) -> bool:
        told = self.headers.get("Authorization", "")
        return hmac.compare_digest(told.encode(), f"Bearer {self.server.secret}".encode())

    def _tell(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Signature", _signature(self.server.secret, content))
        self.send_header("X-Simulator", "not an institution")
        self.end_headers()
        self.wfile.write(content)


def _signature(secret: str, content: bytes) -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
