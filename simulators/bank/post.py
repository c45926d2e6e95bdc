"""Messages that the bank sends by itself: signed, tried again with growing pauses until the hub has them."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from simulators.bank.desk import Desk
from simulators.signatures import HEADER

TICK_SECONDS = 0.2
LONGEST_PAUSE = 300.0


class Post(threading.Thread):
    def __init__(self, desk: Desk) -> None:
        super().__init__(daemon=True)
        self._desk = desk
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({})
        )  # the hub is our neighbour
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(TICK_SECONDS):
            if self._desk.profile.settings.sends:
                self.send_due()

    def send_due(self) -> None:
        with self._desk.books.open() as books:
            due = books.execute(
                "SELECT id, body, tries FROM outbox WHERE done_at IS NULL AND due_at <= ? ORDER BY rowid LIMIT 10",
                [time.time()],
            ).fetchall()
        for message in due:
            arrived = self._send(message["id"], message["body"].encode())
            pause = min(2.0 ** message["tries"], LONGEST_PAUSE)
            with self._desk.books.open() as books:
                books.execute(
                    "UPDATE outbox SET done_at = ?, tries = tries + 1, due_at = ? WHERE id = ?",
                    [time.time() if arrived else None, time.time() + pause, message["id"]],
                )

    def _send(self, name: str, body: bytes) -> bool:
        desk = self._desk
        signature = desk.signer.sign(body, jti=name, aud=desk.hub, iat=int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Host": urlsplit(desk.hub).netloc,
            HEADER: signature,
        }
        address = f"{desk.door}/hooks/bank/{desk.code}/"
        try:
            with self._opener.open(urllib.request.Request(address, body, headers), timeout=5) as answer:
                return answer.status < 300
        except urllib.error.HTTPError as error:
            return error.code == 409  # it has been there before
        except OSError:
            return False
