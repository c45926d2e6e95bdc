"""Runs in the made environment; `bin/bench` starts it."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT / "bin"))

import psycopg2  # noqa: E402

from bench import ordering  # noqa: E402
from bench.client import Client  # noqa: E402
from bench.cpu import Meter  # noqa: E402
from bench.limits import (  # noqa: E402
    BROAD,
    CONSOLE_STATEMENTS,
    COUNTED,
    ORDERS_A_SECOND,
    SAME,
    STATEMENTS,
    Page,
    homes,
    pages,
)
from bench.pages import Cost, Target, measure  # noqa: E402
from bench.report import Report  # noqa: E402
from footing.environment import Environment  # noqa: E402
from footing.footing import Footing  # noqa: E402
from footing.preparing import Preparing  # noqa: E402
from footing.processes import Child, stop_all  # noqa: E402
from footing.roles import as_owner, children, django_env, roles  # noqa: E402
from footing.running import answers  # noqa: E402
from footing.servers import Databases  # noqa: E402
from footing.state import State, held_address  # noqa: E402

PARTS = ("pages", "homes", "orders")
SMALL, LARGE = 10_000, 100_000
#: orders of a year, a tenth of them with --quick
YEAR = 100_000
BUYERS, RIVALS, PIECES = 8, 200, 100
PATIENCE = 300  # seconds: papers give way to pages, so a busy machine makes them late
BEHIND = ("relay", "fast", "slow", "outside", "sweep")


class Bench:
    def __init__(self, *, quick: bool, parts: set[str]) -> None:
        self.quick, self.parts = quick, parts
        self.clock = time.monotonic()
        self.environment = Environment(Path(sys.prefix))
        self.state = State(Path(os.environ.get("STATE_DIR") or CHECKOUT / ".state") / "bench")
        self.report = Report([], {"quick": quick})
        self.running: list[Child] = []

    def run(self) -> Report:
        self.state.open()
        self.footing = Footing(self.environment, self.state)
        self.footing.start()
        try:
            self._durable()
            small = self._stocked(SMALL)
            if "pages" in self.parts:
                self._pages(small)
            if "homes" in self.parts:
                self._homes(small)
            if "orders" in self.parts:
                self._orders(small)
        finally:
            stop_all(self.running, 10)
            self.footing.stop()
            self.state.close()
        self.report.facts["seconds"] = round(time.monotonic() - self.clock)
        return self.report

    def say(self, words: str) -> None:
        print(f"[{time.monotonic() - self.clock:5.0f} s] {words}", file=sys.stderr, flush=True)  # noqa: T201

    # --- databases ---------------------------------------------------------------------------------------------

    def _durable(self) -> None:
        """Orders count only where they would survive a loss of power."""
        asked = ("fsync", "synchronous_commit", "full_page_writes")
        settings = {name: self._sql(f"SHOW {name}")[0][0] for name in asked}
        self.report.facts["postgres"] = settings
        held = all(value == "on" for value in settings.values())
        self.report.add(
            "durability", ", ".join(f"{name} {value}" for name, value in settings.items()), "all on", held
        )

    def _stocked(self, size: int) -> Databases:
        """A database of `size` products. The large one is a copy of the small one, filled up."""
        urls = self.footing.databases.named(f"bench_{size}")
        self._sql(f"DROP DATABASE IF EXISTS bench_{size} WITH (FORCE)")
        self._sql(f"CREATE DATABASE bench_{size}" + (f" TEMPLATE bench_{SMALL}" if size > SMALL else ""))
        env = self._env(urls)
        if size == SMALL:
            self.say("Making the tables")
            for words in ("migrate --no-input -v 0", f"grant_app_role {urls.app_role}"):
                self._manage(as_owner(env), *words.split())
            self._manage(env, "load_reference")
            preparing = Preparing(self.environment, self.state, env)
            for step in (preparing.words(), preparing.static()):
                if step:
                    step.finish()
        self.say(f"Stocking {size:,} products")
        told = self._module(as_owner(env), "bench.stocking", str(size), str(RIVALS))
        if size == SMALL:
            self.facts = json.loads(told)
        return urls

    def _postgres(self) -> int:
        if self.footing.postgres is None or self.footing.postgres.child.pid is None:
            raise SystemExit("bin/bench measures the embedded PostgreSQL: leave DATABASE_URL unset")
        return self.footing.postgres.child.pid

    def _sql(self, statement: str, url: str = "") -> list[Any]:
        connection = psycopg2.connect(url or self.footing.databases.owner)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def _env(self, urls: Databases, port: int = 0) -> dict[str, str]:
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

    def _manage(self, env: dict[str, str], *words: str) -> None:
        subprocess.run(
            [self.environment.python, CHECKOUT / "manage.py", *words],
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _module(self, env: dict[str, str], *words: str) -> str:
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
    def _served(self, urls: Databases, *behind: str) -> Iterator[tuple[int, int, dict[str, int]]]:
        """The product on these tables: its port, the process id of its web server, and those behind it by role."""
        socket = held_address("127.0.0.1", 0)
        port = socket.getsockname()[1]
        beat = self.state.root / "beat"
        wanted = roles(self.environment, web_socket=socket.fileno(), beat_file=beat, web_workers=2)
        made = children(wanted, env=self._env(urls, port), state=self.state, keep_open=[socket.fileno()])
        started = [made[name] for name in ("web", *behind)]
        try:
            web = self._start(started, f"http://127.0.0.1:{port}/healthz")
            yield port, web, {child.role: child.pid for child in started if child.pid}
        finally:
            stop_all(started, 10)
            socket.close()

    @contextmanager
    def _floor(self, urls: Databases) -> Iterator[tuple[int, int]]:
        socket = held_address("127.0.0.1", 0)
        port = socket.getsockname()[1]
        gunicorn = [self.environment.python, "-m", "gunicorn", "bench.floor.site:application"]
        size = ["-k", "gthread", "-w", "2", "--threads", "4", "--no-control-socket"]
        child = Child(
            "floor",
            [*gunicorn, *size, "--bind", f"fd://{socket.fileno()}"],
            env=self._env(urls, port),
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

    # --- what is measured --------------------------------------------------------------------------------------

    def _pages(self, small: Databases) -> None:
        measured = pages(self.facts)
        statements = self._statements(small, measured)
        at_small = self._costs(small, measured)
        at_large = self._costs(self._stocked(LARGE), measured)
        for who in ("anonymous", "signed in"):
            for page in measured:
                self._judge(page, who, at_small, f"{SMALL:,}")
        for page in measured:
            self._judge(page, "anonymous", at_large, f"{LARGE:,}")
        for page in measured:
            self._judge_growth(page, at_small, at_large)
        worst = max(statements, key=lambda path: statements[path])
        most = statements[worst]
        self.report.add(
            "SQL statements of a page, at most", str(most), f"≤ {STATEMENTS}", most <= STATEMENTS, worst
        )

    def _statements(self, urls: Databases, measured: list[Page]) -> dict[str, int]:
        cookie = f"{self.facts['session_cookie']}={self.facts['buyers'][0]['session']}"
        told = self._module(self._env(urls), "bench.statements", cookie, *(page.path for page in measured))
        found: dict[str, int] = json.loads(told)
        return found

    def _costs(self, urls: Databases, measured: list[Page]) -> dict[str, Cost]:
        rounds, requests = (3, 15) if self.quick else (5, 40)
        session = f"{self.facts['session_cookie']}={self.facts['buyers'][0]['session']}"
        with self._served(urls) as (port, web, _behind), self._floor(urls) as (floor_port, floor):
            visitor, member = Client(port), Client(port, {"Cookie": session})
            bare = Client(floor_port)
            floors = [Target(rows, bare, floor, f"/{rows}/") for rows in ("20", "1")]
            targets = [
                Target(f"{who} {page.name}", client, web, page.path, page.floor)
                for who, client in (("anonymous", visitor), ("signed in", member))
                for page in measured
            ]
            self.say(f"Measuring {len(targets)} pages, {rounds} × {requests} requests each")
            return measure(floors, targets, self._postgres(), rounds=rounds, requests=requests)

    def _judge(self, page: Page, who: str, costs: dict[str, Cost], size: str) -> None:
        self._judge_page(page, costs[f"{who} {page.name}"], f"{page.name}, {who}, {size} products")

    def _judge_page(self, page: Page, cost: Cost, what: str) -> None:
        app, database = cost.shares
        self.report.add(
            what,
            f"{cost.total:5.2f} ms = {cost.factor:4.1f} × floor",
            f"≤ {page.limit:.0f} × {cost.bare:.2f} ms",
            cost.factor <= page.limit,
            f"app {app:.2f} + PostgreSQL {database:.2f}",
        )

    def _judge_growth(self, page: Page, small: dict[str, Cost], large: dict[str, Cost]) -> None:
        """By floors, so that a machine that slowed down between the two is not taken for growth."""
        name = f"anonymous {page.name}"
        growth = large[name].factor / small[name].factor
        if page.growth == "same":
            limit, holds = f"± {SAME:.0%}", abs(growth - 1) <= SAME
        else:
            limit, holds = f"≤ {BROAD:.1f} ×", growth <= BROAD
        self.report.add(f"{page.name}, {LARGE:,} against {SMALL:,}", f"{growth:.2f} ×", limit, holds)

    def _homes(self, small: Databases) -> None:
        """Homes and the lists behind them for the people of two busy companies, a year into their trade."""
        urls = self.footing.databases.named("bench_year")
        self._sql("DROP DATABASE IF EXISTS bench_year WITH (FORCE)")
        self._sql(f"CREATE DATABASE bench_year TEMPLATE bench_{SMALL}")
        orders = YEAR // 10 if self.quick else YEAR
        self.say(f"A year: {orders:,} orders, {orders * 20:,} events")
        year = json.loads(self._module(as_owner(self._env(urls)), "bench.year", str(orders)))
        self.report.add(
            f"the clock's count of {orders:,} orders for all homes",
            f"{year['counted']} s",
            f"≤ {COUNTED} s",
            year["counted"] <= COUNTED,
            f"written in {year['written']} s",
        )
        cookies = {
            who: f"{self.facts['session_cookie']}={found['session']}" for who, found in year["people"].items()
        }
        measured = homes(year["people"])
        self._judge_homes(measured, self._costs_of_homes(urls, measured, cookies), orders)
        asked: dict[str, int] = {}
        for who, shown in measured.items():
            paths = [page.path for page in shown]
            found = json.loads(self._module(self._env(urls), "bench.statements", cookies[who], *paths))
            asked |= {f"{who} {path}": count for path, count in found.items()}
        for what, limit, console in (
            ("home or list", STATEMENTS, False),
            ("console of the case office", CONSOLE_STATEMENTS, True),
        ):
            those = {path: count for path, count in asked.items() if ("/mediation/" in path) == console}
            worst = max(those, key=lambda path: those[path])
            self.report.add(
                f"SQL statements of a {what}, at most",
                str(those[worst]),
                f"≤ {limit}",
                those[worst] <= limit,
                ", ".join(f"{path}: {count}" for path, count in those.items() if count > limit) or worst,
            )

    def _costs_of_homes(
        self, urls: Databases, measured: dict[str, list[Page]], cookies: dict[str, str]
    ) -> dict[str, Cost]:
        rounds, requests = (3, 15) if self.quick else (5, 40)
        with self._served(urls) as (port, web, _behind), self._floor(urls) as (floor_port, floor):
            bare = Client(floor_port)
            floors = [Target(rows, bare, floor, f"/{rows}/") for rows in ("20", "1")]
            targets = [
                Target(page.name, Client(port, {"Cookie": cookies[who]}), web, page.path, page.floor)
                for who, shown in measured.items()
                for page in shown
            ]
            self.say(f"Measuring {len(targets)} homes and lists, {rounds} × {requests} requests each")
            return measure(floors, targets, self._postgres(), rounds=rounds, requests=requests)

    def _judge_homes(self, measured: dict[str, list[Page]], costs: dict[str, Cost], orders: int) -> None:
        for page in (page for shown in measured.values() for page in shown):
            self._judge_page(page, costs[page.name], f"{page.name}, {orders:,} orders")

    def _orders(self, urls: Databases) -> None:
        seconds = 5 if self.quick else 15
        with self._served(urls, *BEHIND) as (port, _web, roles_running):
            ordering.rate(port, self.facts, buyers=BUYERS, seconds=2)
            self._delivered(urls)  # so that every worker is up and warm before anything counts
            self.say(f"{BUYERS} buyers order for {seconds} s")
            everybody = {**roles_running, "postgres": self._postgres(), "client": os.getpid()}
            meter = Meter(*everybody.values())
            rate, answered = ordering.rate(port, self.facts, buyers=BUYERS, seconds=seconds)
            placed = max(answered[201], 1)
            spent = dict(zip(everybody, (used / placed for used in meter.milliseconds()), strict=True))
            self.report.add(
                f"three-line orders, {BUYERS} buyers, 1,000 products",
                f"{rate:.0f} a second",
                f"≥ {ORDERS_A_SECOND:.0f}",
                rate >= ORDERS_A_SECOND,
                f"{_by_status(answered)}; ms of CPU an order: "
                + ", ".join(f"{role} {used:.1f}" for role, used in spent.items()),
            )
            self.say("The papers of those orders")
            took, left = self._delivered(urls)
            self.report.add(
                "until all their papers lie there", f"{took:.0f} s, {left} left", "0 left", left == 0
            )
            self.say(f"{RIVALS} buyers want {PIECES} pieces")
            answered = ordering.race(port, self.facts, buyers=RIVALS)
        sold, left = self._sold(urls)
        self.report.add(
            f"{PIECES} pieces, {RIVALS} buyers at once",
            f"{sold} sold, {left} left",
            f"exactly {PIECES}",
            sold == PIECES and left == 0 and answered[201] == PIECES,
            _by_status(answered),
        )

    def _delivered(self, urls: Databases) -> tuple[float, int]:
        """Wait until nothing that is due is left undelivered: the seconds it took, and what was left in the end."""
        begin = time.monotonic()
        due = "SELECT count(*) FROM kernel_delivery WHERE done_at IS NULL AND due_at <= now()"
        while left := int(self._sql(due, urls.owner)[0][0]):
            if time.monotonic() - begin > PATIENCE:
                break
            time.sleep(0.2)
        return time.monotonic() - begin, left

    def _sold(self, urls: Databases) -> tuple[int, int]:
        key = int(self.facts["scarce"]["pk"])
        sold = self._sql(
            f"SELECT coalesce(sum(quantity), 0) FROM orders_orderline WHERE product_id = {key}", urls.owner
        )
        left = self._sql(f"SELECT available FROM catalog_stock WHERE product_id = {key}", urls.owner)
        return int(sold[0][0]), int(left[0][0])


def _by_status(answered: Any) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(answered.items()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer requests; the verdicts are rougher")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument(
        "--json", type=Path, help="where the results are kept (bench.json in the state folder)"
    )
    asked = parser.parse_args()
    bench = Bench(quick=asked.quick, parts={asked.only} if asked.only else set(PARTS))
    report = bench.run()
    report.keep(asked.json or bench.state.root / "bench.json")
    print(report.table())  # noqa: T201
    print(f"\n{'Every limit holds.' if report.holds else 'Some limits do not hold.'}")  # noqa: T201
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
