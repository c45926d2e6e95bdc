"""CPU of pages against the floor, both measured in turn so that a slow minute of the machine slows both."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.client import Client
from bench.cpu import Meter

#: requests before measuring: every thread opens its connection, every template is compiled
WARM = 12
#: requests before the floor's turn comes again: a machine whose clock goes up and down does so within a second
TURN = 5


@dataclass
class Cost:
    """Milliseconds a request, and how many floors that is, round by round."""

    app: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    #: of the floor, measured in turn with it
    floor: list[float] = field(default_factory=list)

    @property
    def total(self) -> float:
        return statistics.median(map(sum, zip(self.app, self.database, strict=True)))

    @property
    def factor(self) -> float:
        """The median over rounds; a floor of the same minute makes a slow minute harmless."""
        rounds = zip(self.app, self.database, self.floor, strict=True)
        return statistics.median((app + database) / floor for app, database, floor in rounds)

    @property
    def bare(self) -> float:
        return statistics.median(self.floor)

    @property
    def shares(self) -> tuple[float, float]:
        return statistics.median(self.app), statistics.median(self.database)


@dataclass(frozen=True)
class Target:
    name: str
    client: Client
    #: process id of the server
    server: int
    path: str
    #: name of the floor it is measured against; empty for the floors themselves
    floor: str = ""


class BadAnswer(Exception):
    """A page that did not answer 200 cannot be measured."""


def measure(
    floors: Sequence[Target], targets: Sequence[Target], database: int, *, rounds: int, requests: int
) -> dict[str, Cost]:
    """Each target in turn with its floor. `database` is PostgreSQL's process id."""
    costs = {target.name: Cost() for target in targets}
    bare = {floor.name: floor for floor in floors}
    for target in (*floors, *targets):
        _ask(target, WARM)
    for _round in range(rounds):
        for target in targets:
            cost = costs[target.name]
            app, behind, floor = _in_turn(target, bare[target.floor], database, requests)
            cost.app.append(app)
            cost.database.append(behind)
            cost.floor.append(floor)
    return costs


def _in_turn(target: Target, floor: Target, database: int, requests: int) -> tuple[float, float, float]:
    """Milliseconds a request of the server, of PostgreSQL, and of the floor in all, a few requests of each at a time."""
    turns = max(1, requests // TURN)
    app = behind = bare = 0.0
    for _turn in range(turns):
        bare += sum(_spent(floor, database, TURN))
        own, behind_it = _spent(target, database, TURN)
        app, behind = app + own, behind + behind_it
    return app / turns, behind / turns, bare / turns


def _spent(target: Target, database: int, requests: int) -> tuple[float, float]:
    """Milliseconds a request of the server and of PostgreSQL."""
    _ask(target, 1)
    meter = Meter(target.server, database)
    _ask(target, requests)
    app, behind = meter.milliseconds()
    return app / requests, behind / requests


def _ask(target: Target, times: int) -> None:
    for _ in range(times):
        status, body = target.client.get(target.path)
        if status != 200:
            raise BadAnswer(f"{target.path} answered {status}: {body[:300].decode(errors='replace')}")
