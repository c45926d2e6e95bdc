"""The state folder: what two starts of the same copy share, and what two copies must not."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Busy(Exception):
    """Another process holds the lock."""


class Lock:
    """A file held by one process; the kernel lets go of it even after a kill -9."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> None:
        """Raises Busy where another process holds it."""
        self._flock(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @contextmanager
    def wait(self) -> Iterator[None]:
        self._flock(fcntl.LOCK_EX)
        try:
            yield
        finally:
            self.release()

    def _flock(self, how: int) -> None:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, how)
        except OSError as error:
            os.close(file)
            raise Busy(str(self._path)) from error
        self._file = file


class State:
    """A folder with ports and passwords chosen once, marks of work done, logs and run.json."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.logs = self.root / "logs"
        self.media = self.root / "media"
        self.run_file = self.root / "run.json"
        self.accounts_file = self.root / "accounts.json"
        self._memory = self.root / "state.json"
        self._lock = Lock(self.root / "lock")

    def open(self) -> None:
        """Make the folder and hold it; raises Busy where another process already runs on it."""
        self.root.mkdir(parents=True, exist_ok=True)
        # PostgreSQL, which root must start as somebody else, has to pass through; it need not look.
        self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self._lock.take()
        for folder in (self.logs, self.media):
            folder.mkdir(exist_ok=True, mode=0o700)

    def close(self) -> None:
        self._lock.release()

    def recall(self, name: str) -> Any:
        return self._memories().get(name)

    def remember(self, name: str, value: Any) -> None:
        write_privately(self._memory, json.dumps(self._memories() | {name: value}, indent=2))

    def secret(self, name: str) -> str:
        """A password or key, made at the first asking."""
        kept = self.recall(f"secret {name}")
        if kept is None:
            kept = secrets.token_urlsafe(32)
            self.remember(f"secret {name}", kept)
        return kept

    def port(self, name: str) -> int:
        """A TCP port that stays the same between starts, unless somebody else has taken it."""
        kept = self.recall(f"port {name}")
        if kept is None or not is_free(kept):
            kept = free_port()
            self.remember(f"port {name}", kept)
        return kept

    def _memories(self) -> dict[str, Any]:
        try:
            return json.loads(self._memory.read_text())
        except FileNotFoundError:
            return {}


def write_privately(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner alone: readers never see half of it."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def held_address(host: str, port: int) -> socket.socket:
    """A socket that holds the address; raises OSError where it is taken.

    It listens already: bound alone, SO_REUSEADDR would let somebody else have the address too.
    """
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host, port))
        held.listen(2048)
    except OSError:
        held.close()
        raise
    return held


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    try:
        held_address(host, port).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    with held_address("127.0.0.1", 0) as found:
        return found.getsockname()[1]
