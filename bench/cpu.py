"""CPU time of processes, from /proc: what a request costs, whoever else uses the machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

TICK = 1000 / os.sysconf("SC_CLK_TCK")  # milliseconds


def parents() -> dict[int, int]:
    """Every process with its parent."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            facts = _facts(int(entry.name))
            if facts:
                found[int(entry.name)] = int(facts[1])
    return found


def family(pid: int) -> set[int]:
    """The process and all that descend from it; of this very process, itself alone."""
    if pid == os.getpid():
        return {pid}
    known = parents()
    members = {pid}
    while more := {child for child, parent in known.items() if parent in members} - members:
        members |= more
    return members


def spent(pids: Iterable[int]) -> Mapping[int, float]:
    """Milliseconds of CPU by process; of those that are alive."""
    return {pid: used for pid in pids if (used := _exactly(pid) or _by_ticks(pid)) is not None}


def _exactly(pid: int) -> float | None:
    """The scheduler's own nanoseconds, thread by thread; None where this kernel does not tell."""
    try:
        threads = [(task / "schedstat").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return None
    return sum(int(text.split()[0]) for text in threads) / 1e6


def _by_ticks(pid: int) -> float | None:
    """User and system time, in whole ticks of the clock."""
    facts = _facts(pid)
    return (int(facts[11]) + int(facts[12])) * TICK if facts else None


class Meter:
    """CPU of some process families between two moments. Processes that end in between are not counted."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._before = self._read()

    def _read(self) -> dict[int, Mapping[int, float]]:
        return {pid: spent(family(pid)) for pid in self._pids}

    def milliseconds(self) -> list[float]:
        """Since the start, family by family."""
        now = self._read()
        return [
            sum(used - self._before[pid].get(member, 0.0) for member, used in now[pid].items())
            for pid in self._pids
        ]


def _facts(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, the state first."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
