"""CPU of pages against the floor, both measured in turn so that a slow minute of the machine slows both."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.client import Client
from bench.cpu import Meter

#: requests before measuring: every thread opens its connection, every template is compiled
WARM = 12


@dataclass
class Cost:
    """Milliseconds a request, and how many floors that is, round by round."""

    app: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    #: of the floor measured right before and after
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
    """Each target between two measurements of the floors. `database` is PostgreSQL's process id."""
    costs = {target.name: Cost() for target in targets}
    for target in (*floors, *targets):
        _ask(target, WARM)
    for _round in range(rounds):
        before = _bare(floors, database, requests)
        for group in _groups(targets, 4):
            spent = [(target, _spent(target, database, requests)) for target in group]
            after = _bare(floors, database, requests)
            for target, (app, behind) in spent:
                cost = costs[target.name]
                cost.app.append(app)
                cost.database.append(behind)
                cost.floor.append((before[target.floor] + after[target.floor]) / 2)
            before = after
    return costs


def _groups(targets: Sequence[Target], size: int) -> Iterator[Sequence[Target]]:
    return (targets[at : at + size] for at in range(0, len(targets), size))


def _bare(floors: Sequence[Target], database: int, requests: int) -> dict[str, float]:
    return {floor.name: sum(_spent(floor, database, requests)) for floor in floors}


def _spent(target: Target, database: int, requests: int) -> tuple[float, float]:
    """Milliseconds a request of the server and of PostgreSQL."""
    _ask(target, 2)
    meter = Meter(target.server, database)
    _ask(target, requests)
    app, behind = meter.milliseconds()
    return app / requests, behind / requests


def _ask(target: Target, times: int) -> None:
    for _ in range(times):
        status, body = target.client.get(target.path)
        if status != 200:
            raise BadAnswer(f"{target.path} answered {status}: {body[:300].decode(errors='replace')}")
