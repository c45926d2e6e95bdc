"""Child processes: started with a log of their own, watched, stopped, and never left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

SHORTEST_BACKOFF, LONGEST_BACKOFF = 1.0, 30.0  # seconds before a dead child is started again
STEADY = 60.0  # seconds of life after which the back-off starts anew
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside at the next start

Command = Sequence[str | Path]

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def die_with_parent(how: int) -> Callable[[], None]:
    """For Popen's preexec_fn: the kernel sends `how` to the child when this process is gone (Linux)."""
    parent = os.getpid()

    def ask() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, how, 0, 0, 0)
        if os.getppid() != parent:  # gone before we could ask
            os.kill(os.getpid(), how)

    return ask


def give_way(nice: int) -> None:
    """Let other work go first. A session of its own is a group to Linux's scheduler, whose share `nice` does not touch.

    Where groups are on (sched(7), "The autogroup feature"), the session's own niceness is what counts.
    """
    if nice:
        os.nice(nice)
        with contextlib.suppress(OSError), Path("/proc/self/autogroup").open("w") as session:
            session.write(str(nice))


class Child:
    """A process in a group of its own, so that it and its own children can be killed together."""

    def __init__(
        self,
        role: str,
        command: Command,
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path,
        stop_with: int = signal.SIGTERM,
        nice: int = 0,
        keep_open: Iterable[int] = (),
        user: int | None = None,
        given: bytes | None = None,
    ) -> None:
        self.role = role
        self.command = list(command)
        self.stop_with = stop_with
        self.log = log
        self._env, self._cwd, self._nice = env, cwd, nice
        self._keep_open, self._user, self._given = tuple(keep_open), user, given
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False
        self.started_at = 0.0

    def start(self) -> None:
        ask_to_die = die_with_parent(self.stop_with)

        def prepare() -> None:
            ask_to_die()
            give_way(self._nice)

        identity: dict[str, Any] = {}
        if self._user is not None:
            identity = {"user": self._user, "group": self._user, "extra_groups": []}
        set_aside_if_long(self.log)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=dict(self._env),
                cwd=self._cwd,
                stdin=subprocess.DEVNULL if self._given is None else subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=prepare,  # safe: this process has one thread
                start_new_session=True,
                pass_fds=self._keep_open,
                **identity,
            )
        if self._given is not None and self._process.stdin is not None:
            self._process.stdin.write(self._given)
            self._process.stdin.close()
        self._killed = False
        self.started_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def code(self) -> int | None:
        """How it ended; None while it lives."""
        return self._process.poll() if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def signal(self, how: int) -> None:
        if self._process is not None and self.alive:
            self._process.send_signal(how)

    def wait(self, seconds: float) -> bool:
        """True once it has ended."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """kill -9 for it and everything it started."""
        if self._process is None or self._killed:
            return  # its number may be somebody else's by now
        self._killed = True
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait()

    def stop(self, seconds: float = 10) -> None:
        stop_all([self], seconds)

    def tail(self, lines: int = 15) -> str:
        return tail(self.log, lines)


def stop_all(children: Sequence[Child], seconds: float) -> None:
    """Ask all of them at once, wait for all together, kill what is left."""
    for child in children:
        child.signal(child.stop_with)
    deadline = time.monotonic() + seconds
    for child in children:
        if not child.wait(deadline - time.monotonic()):
            child.kill()


class Keeper:
    """Starts a dead child again, later each time that it dies young."""

    def __init__(self, child: Child, say: Callable[[str], None]) -> None:
        self.child = child
        self._say = say
        self._backoff = SHORTEST_BACKOFF
        self._start_at: float | None = None

    def look(self) -> bool:
        """Call this every moment; True when the process id has changed."""
        if self.child.alive:
            return False
        now = time.monotonic()
        if self._start_at is None:
            if now - self.child.started_at > STEADY:
                self._backoff = SHORTEST_BACKOFF
            self._start_at = now + self._backoff
            self._say(
                f"{self.child.role} ended ({ending(self.child.code)}); "
                f"starting it again in {self._backoff:.0f} s; its log: {self.child.log}"
            )
            self._backoff = min(self._backoff * 2, LONGEST_BACKOFF)
            return False
        if now < self._start_at:
            return False
        self._start_at = None
        self.child.start()
        return True


def ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    return signal.Signals(-code).name


def set_aside_if_long(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))


def tail(log: Path, lines: int) -> str:
    try:
        text = log.read_bytes()[-20_000:].decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def birth(pid: int) -> str | None:
    """What tells this process from a later one with the same id; None where there is no such process."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if facts[0] == "Z" else facts[19]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
    try:
        asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    except OSError:
        return None
    return asked.stdout.strip() or None


def end_leftovers(born: Mapping[str, tuple[int, str]], seconds: float = 10) -> None:
    """End what a killed run left behind, told by process id and birth; PostgreSQL last, since others use it."""
    left = {role: pid for role, (pid, when) in born.items() if birth(pid) == when}
    last = left.pop("postgres", None)
    for pid in left.values():
        _send(pid, signal.SIGTERM)
    _wait_for_end(left.values(), seconds)
    if last is not None:
        _send(last, signal.SIGINT)
        _wait_for_end([last], seconds)


def _wait_for_end(pids: Iterable[int], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    waiting = {pid: birth(pid) for pid in pids}
    while waiting and time.monotonic() < deadline:
        waiting = {pid: born for pid, born in waiting.items() if born and birth(pid) == born}
        time.sleep(0.05)
    for pid in waiting:
        _send(pid, signal.SIGKILL)


def _send(pid: int, how: int) -> None:
    try:
        os.kill(pid, how)
    except (ProcessLookupError, PermissionError):
        return
