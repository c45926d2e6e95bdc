"""What is measured on: PostgreSQL and its databases, filled; the product's servers and the bare floor beside them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from footing.environment import Environment
from footing.footing import Footing
from footing.preparing import Preparing
from footing.processes import Child, stop_all
from footing.roles import as_owner, children, django_env, roles
from footing.running import answers
from footing.servers import Databases
from footing.state import State, held_address

CHECKOUT = Path(__file__).resolve().parents[1]
SMALL, LARGE = 10_000, 100_000
#: companies that buy, each with a token
RIVALS = 200


class Ground:
    """Started and stopped by `with`."""

    #: what the small database holds to ask for (`bench.stocking`)
    facts: dict[str, Any]

    def __init__(self) -> None:
        self.clock = time.monotonic()
        self.environment = Environment(Path(sys.prefix))
        self.state = State(Path(os.environ.get("STATE_DIR") or CHECKOUT / ".state") / "bench")
        self.running: list[Child] = []

    def __enter__(self) -> Ground:
        self.state.open()
        self.footing = Footing(self.environment, self.state)
        self.footing.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        stop_all(self.running, 10)
        self.footing.stop()
        self.state.close()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.clock

    def say(self, words: str) -> None:
        print(f"[{self.seconds:5.0f} s] {words}", file=sys.stderr, flush=True)  # noqa: T201

    # --- databases ---------------------------------------------------------------------------------------------

    def stocked(self, size: int) -> Databases:
        """A database of `size` products. The large one is a copy of the small one, filled up."""
        urls = self._copy(f"bench_{size}", SMALL if size > SMALL else 0)
        env = self.env(urls)
        if size == SMALL:
            self.say("Making the tables")
            for words in ("migrate --no-input -v 0", f"grant_app_role {urls.app_role}"):
                self.manage(as_owner(env), *words.split())
            self.manage(env, "load_reference")
            preparing = Preparing(self.environment, self.state, env)
            for step in (preparing.words(), preparing.static()):
                if step:
                    step.finish()
        self.say(f"Stocking {size:,} products")
        told = self.module(as_owner(env), "bench.stocking", str(size), str(RIVALS))
        if size == SMALL:
            self.facts = json.loads(told)
        return urls

    def a_year_of(self, orders: int) -> tuple[Databases, dict[str, Any]]:
        """A copy of the small database with so many orders behind it, and who looks at them."""
        urls = self._copy("bench_year", SMALL)
        self.say(f"A year: {orders:,} orders, {orders * 20:,} events")
        return urls, json.loads(self.module(as_owner(self.env(urls)), "bench.year", str(orders)))

    def a_list_and_companies(self, companies: int, entries: int) -> Databases:
        """A database of so many companies, and a list of so many entries that nobody has read yet."""
        urls = self._copy("bench_screening")
        env = self.env(urls)
        self.say(f"{companies:,} companies and a list of {entries:,} entries")
        for words in ("migrate --no-input -v 0", f"grant_app_role {urls.app_role}"):
            self.manage(as_owner(env), *words.split())
        self.manage(env, "load_reference")
        self.module(as_owner(env), "bench.screening", "stock", str(companies), str(entries))
        return urls

    def _copy(self, name: str, of: int = 0) -> Databases:
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.sql(f"CREATE DATABASE {name}" + (f" TEMPLATE bench_{of}" if of else ""))
        return self.footing.databases.named(name)

    def postgres(self) -> int:
        if self.footing.postgres is None or self.footing.postgres.child.pid is None:
            raise SystemExit("bin/bench measures the embedded PostgreSQL: leave DATABASE_URL unset")
        return self.footing.postgres.child.pid

    def sql(self, statement: str, url: str = "") -> list[Any]:
        connection = psycopg2.connect(url or self.footing.databases.owner)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def env(self, urls: Databases, port: int = 0) -> dict[str, str]:
        return django_env(
            self.environment,
            self.state,
            databases=urls,
            redis_url=self.footing.redis_url,
            base_url=f"http://127.0.0.1:{port}",
            PYTHONPATH=str(CHECKOUT),
            DEMO="0",
            LOG_LEVEL="WARNING",
            # counted as ever, but eight programs in a hurry are not stopped
            API_RATE_TOKEN="60000",
        )

    def manage(self, env: dict[str, str], *words: str) -> None:
        subprocess.run(
            [self.environment.python, CHECKOUT / "manage.py", *words],
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def module(self, env: dict[str, str], *words: str) -> str:
        done = subprocess.run(
            [self.environment.python, "-m", *words],
            env=env,
            check=True,
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    # --- servers -----------------------------------------------------------------------------------------------

    @contextmanager
    def served(self, urls: Databases, *behind: str) -> Iterator[tuple[int, int, dict[str, int]]]:
        """The product on these tables: its port, the process id of its web server, and those behind it by role."""
        socket = held_address("127.0.0.1", 0)
        port = socket.getsockname()[1]
        beat = self.state.root / "beat"
        wanted = roles(self.environment, web_socket=socket.fileno(), beat_file=beat, web_workers=2)
        made = children(wanted, env=self.env(urls, port), state=self.state, keep_open=[socket.fileno()])
        started = [made[name] for name in ("web", *behind)]
        try:
            web = self._start(started, f"http://127.0.0.1:{port}/healthz")
            yield port, web, {child.role: child.pid for child in started if child.pid}
        finally:
            stop_all(started, 10)
            socket.close()

    @contextmanager
    def floor(self, urls: Databases) -> Iterator[tuple[int, int]]:
        socket = held_address("127.0.0.1", 0)
        port = socket.getsockname()[1]
        gunicorn = [self.environment.python, "-m", "gunicorn", "bench.floor.site:application"]
        size = ["-k", "gthread", "-w", "2", "--threads", "4", "--no-control-socket"]
        child = Child(
            "floor",
            [*gunicorn, *size, "--bind", f"fd://{socket.fileno()}"],
            env=self.env(urls, port),
            cwd=CHECKOUT,
            log=self.state.logs / "floor.log",
            keep_open=[socket.fileno()],
        )
        try:
            yield port, self._start([child], f"http://127.0.0.1:{port}/1/")
        finally:
            stop_all([child], 10)
            socket.close()

    def _start(self, started: list[Child], address: str) -> int:
        for child in started:
            child.start()
        self.running += started
        deadline = time.monotonic() + 60
        while not answers(address):
            if not started[0].alive or time.monotonic() > deadline:
                raise RuntimeError(f"{started[0].role} does not answer:\n{started[0].tail(25)}")
            time.sleep(0.1)
        assert started[0].pid is not None
        return started[0].pid
