"""A simulated bank for tests: in a thread of the test, or as a process of its own that can be killed. Real HTTP both ways."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from footing import CHECKOUT
from footing.state import free_port
from simulators.bank.__main__ import Server, server_of
from simulators.keys import key_set

CONTROL = "the-test-says"
CODE = "harbour-test"


class TestBank:
    """The bank `code`; `settings()` makes the hub know it."""

    __test__ = False

    def __init__(self, store: Path, *, code: str = CODE, hub: str = "http://testserver", **profile: Any):
        self.code = code
        self.keys = key_set("bank") | _hub_keys()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            "BANK_CODE": code,
            "BANK_PORT": str(self.port),
            "BANK_STORE": str(store / f"{code}.sqlite"),
            "BANK_SIGNING_KEY": self.keys["BANK_SIGNING_KEY"],
            "HUB_PUBLIC_KEY": self.keys["HUB_PUBLIC_KEY"],
            "HUB_URL": hub,
            "BANK_CONTROL": CONTROL,
            "BANK_PROFILE": json.dumps({"sends": False} | profile),
        }

    @property
    def named(self) -> dict[str, dict[str, str]]:
        return {self.code: {"url": self.url, "public_key": self.keys["BANK_PUBLIC_KEY"]}}

    # -- how it behaves, what it has done --------------------------------------------------------------

    def behaves(self, **profile: Any) -> None:
        self._control("profile", {"sends": False} | profile)

    @property
    def books(self) -> dict[str, Any]:
        return self._control("books")

    def _control(self, what: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {CONTROL}"}
        request = urllib.request.Request(f"{self.url}/control/{what}", content, headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=10) as answer:
            return json.loads(answer.read())

    def message(self, standing: dict[str, Any], **bound: Any) -> tuple[bytes, str]:
        """A message as the bank would send it: body and signature."""
        from simulators.signatures import Signer

        signer = Signer(own=self.keys["BANK_SIGNING_KEY"], others=self.keys["HUB_PUBLIC_KEY"], name=self.code)
        body = json.dumps(standing).encode()
        said = {"jti": f"m-{time.monotonic_ns()}", "aud": settings.BASE_URL, "iat": int(time.time())}
        return body, signer.sign(body, **(said | bound))


class ThreadBank(TestBank):
    """In a thread: quick to start, dies with the test."""

    server: Server | None = None

    def start(self) -> None:
        self.server = server_of(self.env)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()


class ProcessBank(TestBank):
    """A process of its own."""

    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "simulators.bank"]
        self.process = subprocess.Popen(
            command, env=os.environ | self.env, cwd=CHECKOUT, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                self._control("books")
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the bank does not start")

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    stop = kill

    def wait_until_dead(self) -> None:
        assert self.process is not None
        self.process.wait(timeout=20)


def _hub_keys() -> dict[str, str]:
    """The hub's keys are the same for every bank of a test."""
    return {name: value for name, value in HUB_KEYS.items() if name.startswith("HUB_")}


HUB_KEYS = key_set("bank")


@contextmanager
def known(*banks: TestBank) -> Iterator[None]:
    """The settings name these banks and the hub's key."""
    named = {code: facts for bank in banks for code, facts in bank.named.items()}
    with override_settings(BANKS=named, HUB_SIGNING_KEY=HUB_KEYS["HUB_SIGNING_KEY"]):
        yield


@contextmanager
def running(store: Path, *, code: str = CODE, **profile: Any) -> Iterator[ThreadBank]:
    """One bank in a thread, known to the hub."""
    bank = ThreadBank(store, code=code, **profile)
    bank.start()
    try:
        with known(bank):
            yield bank
    finally:
        bank.stop()
