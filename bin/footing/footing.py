"""Environment, state and servers together: what bin/run, bin/test and pytest all stand on."""

from __future__ import annotations

import os
import time

from .environment import Environment
from .postgres import Postgres
from .processes import Child, birth, end_leftovers, stop_all
from .servers import Databases
from .state import State
from .valkey import Valkey


class Footing:
    """Starts what DATABASE_URL and REDIS_URL do not name, and stops what it started."""

    def __init__(self, environment: Environment, state: State, *, quick: bool = False) -> None:
        self.environment, self.state = environment, state
        self._quick = quick
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    def start(self) -> None:
        """The state folder must be open. What a killed run left behind is ended first: it holds our ports."""
        end_leftovers({role: (pid, born) for role, (pid, born) in (self.state.recall("born") or {}).items()})
        self.state.remember("born", {})
        if not os.environ.get("DATABASE_URL"):
            self.postgres = Postgres(self.environment, self.state, quick=self._quick)
            self.postgres.start()
        if not os.environ.get("REDIS_URL"):
            self.valkey = Valkey(self.environment, self.state)
            self.valkey.start()
        self.remember_births(self.servers)

    @property
    def servers(self) -> list[Child]:
        return [server.child for server in (self.postgres, self.valkey) if server]

    @property
    def databases(self) -> Databases:
        if self.postgres:
            return self.postgres.databases()
        app = os.environ["DATABASE_URL"]
        owner = os.environ.get("DATABASE_OWNER_URL") or app
        return Databases(app, owner, os.environ.get("DATABASE_DIRECT_URL") or app)

    @property
    def redis_url(self) -> str:
        return self.valkey.url if self.valkey else os.environ["REDIS_URL"]

    def remember_births(self, children: list[Child]) -> None:
        """So that a start after a kill -9 can tell our leftovers from strangers with the same process id."""
        born = {child.role: (child.pid, birth(child.pid)) for child in children if child.pid}
        self.state.remember("born", born)

    def stop(self) -> None:
        stop_all([server for server in self.servers if server.role != "postgres"], 10)
        if self.postgres:
            self.postgres.stop()
        self.state.remember("born", {})


class Stopwatch:
    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started
