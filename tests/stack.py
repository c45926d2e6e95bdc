"""The product's processes, real ones, on the test's database: for journeys, races and kill tests."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from redis import Redis

from footing.environment import Environment
from footing.processes import stop_all
from footing.roles import children, roles
from footing.running import answers
from footing.simulators import ISSUERS, Simulators
from footing.state import State, held_address
from footing.valkey import Valkey

#: seconds: niced workers start and work slowly where two test runs share two cores
PATIENCE = 90
WORK = ("relay", "fast", "slow", "outside", "sweep", "bank", "scia")


class Stack:
    """Web, relay, workers, sweep and the simulators, each to be killed, stopped and started by its role's name.

    `stack.url` is the address of the pages. The test shares the database, so that services and models
    used in the test see and make what the processes see.

    Starting everybody takes as much of two cores as a journey does. So they go on from one module to the next: their
    database is taken away and comes back as a fresh copy, which they have to bear anyway, and Redis forgets what it has cached.
    """

    def __init__(self, environment: Environment, state: State, env: Mapping[str, str]) -> None:
        self._socket: socket.socket = held_address("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.redis = Valkey(environment, state, name="stack-redis")
        self._told = {**env, "REDIS_URL": self.redis.url, "BASE_URL": self.url}
        #: what they are told; a module may add to it before it starts some of them again
        self.env = dict(self._told)
        wanted = roles(
            environment,
            web_socket=self._socket.fileno(),
            beat_file=Path(os.devnull),
            web_workers=1,
        )
        keep_open = [self._socket.fileno()]
        self._children = children(wanted, env=self.env, state=state, keep_open=keep_open)
        simulators = Simulators(environment, state, hub=self.url, controlled=True)
        self._addresses = simulators.addresses
        self._children |= simulators.children()
        for child in self._children.values():
            child.log.unlink(missing_ok=True)

    # -- from module to module -------------------------------------------------------------------------

    def begin(self, *names: str) -> None:
        """These roles at work, or web and those in WORK, on a database that nobody has used; the others are gone."""
        wanted = names or ("web", *WORK)
        self.kill(*(name for name in self._children if name not in wanted))
        if self.redis.child.alive:
            self._forget_what_is_cached()
        else:
            self.redis.forget_everything()
            self.start_redis()
        self.start(*wanted)

    def _forget_what_is_cached(self) -> None:
        """Nobody has signed up or failed to sign in yet. The queues stay: the workers listen to them."""
        with Redis.from_url(self.redis.url) as redis:
            for key in redis.scan_iter(match=":1:*"):
                redis.delete(key)

    def hand_on(self, *, wanted: bool) -> None:
        """To the next module, where one wants them; nobody who was told something else in this one."""
        if not wanted or self.env != self._told:
            self.kill(*self._children)
            self.env.clear()
            self.env.update(self._told)

    # -- roles: web, relay, fast, slow, outside, sweep, bank, scia; by name alone: beat and the issuers -----------

    def start(self, *names: str) -> None:
        """These roles, or those in WORK and web; returns when the pages, and those simulators that are waited for, answer."""
        for name in names or ("web", *WORK):
            if not self._children[name].alive:
                self._children[name].start()
        for name in {"bank", *ISSUERS} & set(names or WORK):
            door = f"{self._addresses[name]}/healthz"
            self.wait_until(lambda door=door: answers(door), seconds=60, what=f"{name} answers")
        if not names or "web" in names:
            self.wait_until(lambda: answers(f"{self.url}/healthz"), seconds=60, what="the site answers")

    def kill(self, *names: str) -> None:
        """kill -9, with everything the process has started."""
        for name in names:
            self._children[name].kill()

    def stop(self, *names: str) -> None:
        """As an operator would: SIGTERM, then patience."""
        stop_all([self._children[name] for name in names or self._children], 15)

    def address(self, simulator: str) -> str:
        """Where a simulator is, by its role; the issuers listen to `/control/` here."""
        return self._addresses[simulator]

    def pid(self, name: str) -> int | None:
        return self._children[name].pid

    def alive(self, name: str) -> bool:
        return self._children[name].alive

    # -- Redis ---------------------------------------------------------------------------------------

    def start_redis(self) -> None:
        self.redis.start()

    def stop_redis(self) -> None:
        """Killed, as a server is that vanishes."""
        self.redis.child.kill()

    def empty_redis(self) -> None:
        """Stopped, and all that it knew gone; start_redis() brings back an empty one."""
        self.stop_redis()
        self.redis.forget_everything()

    # -- looking -------------------------------------------------------------------------------------

    def wait_until(
        self, happened: Callable[[], object], *, seconds: float = PATIENCE, what: str = ""
    ) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > deadline:
                raise AssertionError(f"Not within {seconds:.0f} s: {what or happened}\n{self.last_words()}")
            time.sleep(0.1)

    def log(self, name: str) -> str:
        return self._children[name].log.read_text(errors="replace")

    def logs(self) -> dict[str, str]:
        """What each process has written, of those that were ever started and wrote anything."""
        logs = {name: child.log for name, child in self._children.items() if child.log.exists()}
        return {name: log.read_text(errors="replace") for name, log in logs.items() if log.stat().st_size}

    def last_words(self, lines: int = 12) -> str:
        started = [child for child in self._children.values() if child.pid]
        return "\n".join(f"--- {child.role}\n{child.tail(lines)}" for child in started)

    def end(self) -> None:
        self.kill(*self._children)
        self.stop_redis()
        self._socket.close()
