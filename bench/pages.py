"""CPU of pages against the floor, both measured in turn so that a slow minute of the machine slows both."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.client import Client
from bench.cpu import Meter

#: requests before measuring: every thread opens its connection, every template is compiled
WARM = 12


@dataclass
class Cost:
    """Milliseconds a request, round by round."""

    app: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    @property
    def total(self) -> float:
        """The median round."""
        return statistics.median(map(sum, zip(self.app, self.database, strict=True)))

    @property
    def shares(self) -> tuple[float, float]:
        return statistics.median(self.app), statistics.median(self.database)


class BadAnswer(Exception):
    """A page that did not answer 200 cannot be measured."""


def measure(
    targets: Sequence[tuple[str, Client, int, str]], database: int, *, rounds: int, requests: int
) -> dict[str, Cost]:
    """`targets`: name, client, process id of the server, path. `database` is PostgreSQL's process id."""
    costs = {name: Cost() for name, *_ in targets}
    for _name, client, _pid, path in targets:
        _ask(client, path, WARM)
    for _round in range(rounds):
        for name, client, pid, path in targets:
            _ask(client, path, 2)
            meter = Meter(pid, database)
            _ask(client, path, requests)
            app, behind = meter.milliseconds()
            costs[name].app.append(app / requests)
            costs[name].database.append(behind / requests)
    return costs


def _ask(client: Client, path: str, times: int) -> None:
    for _ in range(times):
        status, body = client.get(path)
        if status != 200:
            raise BadAnswer(f"{path} answered {status}: {body[:300].decode(errors='replace')}")
