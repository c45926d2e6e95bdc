"""A small HTTP client on the standard library: one kept connection, cookies or a token."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any


class Client:
    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = dict(headers or {})

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Mapping[str, Any], **headers: str) -> tuple[int, bytes]:
        said = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        return self._ask("POST", path, json.dumps(body).encode(), said)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        try:
            return self._once(method, path, body, headers)
        except (http.client.HTTPException, ConnectionError):
            self._connection.close()  # the server closes a kept connection when it likes
            return self._once(method, path, body, headers)

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        self._connection.request(method, path, body, {**self._headers, **headers})
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        self._connection.close()
