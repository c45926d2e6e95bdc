"""Runs in the made environment; `bin/bench` starts it."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bin"))

from bench import ordering  # noqa: E402
from bench.client import Client  # noqa: E402
from bench.cpu import Meter  # noqa: E402
from bench.ground import LARGE, RIVALS, SMALL, Ground  # noqa: E402
from bench.limits import (  # noqa: E402
    BROAD,
    CALLBACK_MS,
    CONSOLE_STATEMENTS,
    COUNTED,
    DOORS_MS,
    ORDERS_A_SECOND,
    SAME,
    SCREENED_COMPANIES,
    SCREENED_ENTRIES,
    SCREENING_MEGABYTES,
    SCREENING_SECONDS,
    STATEMENTS,
    Page,
    beside,
    homes,
    pages,
)
from bench.pages import Cost, Target, measure  # noqa: E402
from bench.report import Report  # noqa: E402
from footing.servers import Databases  # noqa: E402

CONSOLE = re.compile("/mediation/|/operator/")
PARTS = ("pages", "homes", "orders", "screening", "callback", "doors")
#: orders of a year, a tenth of them with --quick
YEAR = 100_000
BUYERS, PIECES = 8, 100
PATIENCE = 300  # seconds: papers give way to pages, so a busy machine makes them late
BEHIND = ("relay", "fast", "slow", "outside", "sweep")


class Bench:
    def __init__(self, *, quick: bool, parts: set[str], ground: Ground) -> None:
        self.quick, self.parts, self.ground = quick, parts, ground
        self.report = Report([], {"quick": quick})

    def run(self) -> Report:
        self._durable()
        if self.parts - {"screening"}:
            self._on_products()
        if "screening" in self.parts:
            self._screening()
        self.report.facts["seconds"] = round(self.ground.seconds)
        return self.report

    def _on_products(self) -> None:
        small = self.ground.stocked(SMALL)
        if "pages" in self.parts:
            self._pages(small)
        if "homes" in self.parts:
            self._homes()
        if "orders" in self.parts:
            self._orders(small)
        if "callback" in self.parts:
            self._callback(small)
        if "doors" in self.parts:
            self._doors(small)

    def _durable(self) -> None:
        """Orders count only where they would survive a loss of power."""
        asked = ("fsync", "synchronous_commit", "full_page_writes")
        settings = {name: self.ground.sql(f"SHOW {name}")[0][0] for name in asked}
        self.report.facts["postgres"] = settings
        held = all(value == "on" for value in settings.values())
        self.report.add(
            "durability", ", ".join(f"{name} {value}" for name, value in settings.items()), "all on", held
        )

    def _pages(self, small: Databases) -> None:
        measured = pages(self.ground.facts)
        statements = self._statements(small, measured)
        at_small = self._costs(small, measured)
        at_large = self._costs(self.ground.stocked(LARGE), measured)
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
        cookie = f"{self.ground.facts['session_cookie']}={self.ground.facts['buyers'][0]['session']}"
        told = self.ground.module(
            self.ground.env(urls), "bench.statements", cookie, *(page.path for page in measured)
        )
        found: dict[str, int] = json.loads(told)
        return found

    def _costs(self, urls: Databases, measured: list[Page]) -> dict[str, Cost]:
        rounds, requests = (3, 15) if self.quick else (5, 40)
        session = f"{self.ground.facts['session_cookie']}={self.ground.facts['buyers'][0]['session']}"
        with self.ground.served(urls) as (port, web, _behind), self.ground.floor(urls) as (floor_port, floor):
            visitor, member = Client(port), Client(port, {"Cookie": session})
            bare = Client(floor_port)
            floors = [Target(rows, bare, floor, f"/{rows}/") for rows in ("20", "1")]
            targets = [
                Target(f"{who} {page.name}", client, web, page.path, page.floor)
                for who, client in (("anonymous", visitor), ("signed in", member))
                for page in measured
            ]
            self.ground.say(f"Measuring {len(targets)} pages, {rounds} × {requests} requests each")
            return measure(floors, targets, self.ground.postgres(), rounds=rounds, requests=requests)

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

    def _homes(self) -> None:
        """Homes and the lists behind them for the people of two busy companies, a year into their trade."""
        orders = YEAR // 10 if self.quick else YEAR
        urls, year = self.ground.a_year_of(orders)
        self.report.add(
            f"the clock's count of {orders:,} orders for all homes",
            f"{year['counted']} s",
            f"≤ {COUNTED} s",
            year["counted"] <= COUNTED,
            f"written in {year['written']} s",
        )
        cookies = {
            who: f"{self.ground.facts['session_cookie']}={found['session']}"
            for who, found in year["people"].items()
        }
        measured = homes(year["people"])
        self._judge_homes(measured, self._costs_of_homes(urls, measured, cookies), orders)
        asked: dict[str, int] = {}
        lists = beside(year["people"])
        for who, shown in measured.items():
            paths = [page.path for page in (*shown, *lists.get(who, ()))]
            found = json.loads(
                self.ground.module(self.ground.env(urls), "bench.statements", cookies[who], *paths)
            )
            asked |= {f"{who} {path}": count for path, count in found.items()}
        for what, limit, console in (
            ("home or list", STATEMENTS, False),
            ("console of the case office or the operators", CONSOLE_STATEMENTS, True),
        ):
            those = {path: count for path, count in asked.items() if bool(CONSOLE.search(path)) == console}
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
        with self.ground.served(urls) as (port, web, _behind), self.ground.floor(urls) as (floor_port, floor):
            bare = Client(floor_port)
            floors = [Target(rows, bare, floor, f"/{rows}/") for rows in ("20", "1")]
            targets = [
                Target(page.name, Client(port, {"Cookie": cookies[who]}), web, page.path, page.floor)
                for who, shown in measured.items()
                for page in shown
            ]
            self.ground.say(f"Measuring {len(targets)} homes and lists, {rounds} × {requests} requests each")
            return measure(floors, targets, self.ground.postgres(), rounds=rounds, requests=requests)

    def _judge_homes(self, measured: dict[str, list[Page]], costs: dict[str, Cost], orders: int) -> None:
        for page in (page for shown in measured.values() for page in shown):
            self._judge_page(page, costs[page.name], f"{page.name}, {orders:,} orders")

    def _orders(self, urls: Databases) -> None:
        seconds = 5 if self.quick else 15
        with self.ground.served(urls, *BEHIND) as (port, _web, roles_running):
            ordering.rate(port, self.ground.facts, buyers=BUYERS, seconds=2)
            self._delivered(urls)  # so that every worker is up and warm before anything counts
            self.ground.say(f"{BUYERS} buyers order for {seconds} s")
            everybody = {**roles_running, "postgres": self.ground.postgres(), "client": os.getpid()}
            meter = Meter(*everybody.values())
            rate, answered = ordering.rate(port, self.ground.facts, buyers=BUYERS, seconds=seconds)
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
            self.ground.say("The papers of those orders")
            took, left = self._delivered(urls)
            self.report.add(
                "until all their papers lie there", f"{took:.0f} s, {left} left", "0 left", left == 0
            )
            self.ground.say(f"{RIVALS} buyers want {PIECES} pieces")
            answered = ordering.race(port, self.ground.facts, buyers=RIVALS)
        sold, left = self._sold(urls)
        self.report.add(
            f"{PIECES} pieces, {RIVALS} buyers at once",
            f"{sold} sold, {left} left",
            f"exactly {PIECES}",
            sold == PIECES and left == 0 and answered[201] == PIECES,
            _by_status(answered),
        )

    def _callback(self, small: Databases) -> None:
        """Coming back from an issuer, beside the cryptography of the same tokens alone."""
        sign_ins = 15 if self.quick else 60
        self.ground.say(f"{sign_ins} sign-ins at each of two issuers")
        told = json.loads(self.ground.module(self.ground.env(small), "bench.callback", str(sign_ins)))
        for profile, spent in told.items():
            more = spent["view"] - spent["cryptography"]
            self.report.add(
                f"back from an issuer, {profile}",
                f"{more:.1f} ms more than its cryptography",
                f"≤ {CALLBACK_MS:.0f} ms",
                more <= CALLBACK_MS,
                f"{spent['view']:.1f} ms of app CPU, cryptography alone {spent['cryptography']:.1f} ms",
            )

    def _doors(self, small: Databases) -> None:
        """Whether the time that an answer takes tells who has an account."""
        knocks = 10 if self.quick else 40
        self.ground.say(f"{knocks} knocks at each door, by addresses that somebody has and that nobody has")
        told = json.loads(self.ground.module(self.ground.env(small), "bench.doors", str(knocks)))
        for door, spent in told.items():
            apart = abs(spent["known"]["cpu"] - spent["unknown"]["cpu"])
            self.report.add(
                f"{door}, an address known or unknown",
                f"{apart:.1f} ms apart",
                f"≤ {DOORS_MS:.0f} ms",
                apart <= DOORS_MS,
                " and ".join(
                    f"{kind} {each['cpu']:.1f} ms of CPU in {each['wall']:.1f} ms"
                    for kind, each in spent.items()
                ),
            )

    def _screening(self) -> None:
        """A list comes in and is compared with every company, by one worker."""
        companies, entries = SCREENED_COMPANIES, SCREENED_ENTRIES
        urls = self.ground.a_list_and_companies(companies, entries)
        self.ground.say("A worker reads it and compares")
        told = json.loads(self.ground.module(self.ground.env(urls), "bench.screening", "work"))
        what = f"{companies:,} companies against a list of {entries:,}"
        whole = told["screened"] == companies and told["rows"] == entries and not told["missed"]
        self.report.add(
            what,
            f"{told['seconds']} s",
            f"≤ {SCREENING_SECONDS} s",
            whole and told["seconds"] <= SCREENING_SECONDS,
            f"{told['candidates']} to look at, {told['missed']} missed of those that should be",
        )
        self.report.add(
            f"{what}, memory of the worker",
            f"{told['peak_mb']} MB",
            f"≤ {SCREENING_MEGABYTES} MB",
            told["peak_mb"] <= SCREENING_MEGABYTES,
        )

    def _delivered(self, urls: Databases) -> tuple[float, int]:
        """Wait until nothing that is due is left undelivered: the seconds it took, and what was left in the end."""
        begin = time.monotonic()
        due = "SELECT count(*) FROM kernel_delivery WHERE done_at IS NULL AND due_at <= now()"
        while left := int(self.ground.sql(due, urls.owner)[0][0]):
            if time.monotonic() - begin > PATIENCE:
                break
            time.sleep(0.2)
        return time.monotonic() - begin, left

    def _sold(self, urls: Databases) -> tuple[int, int]:
        key = int(self.ground.facts["scarce"]["pk"])
        sold = self.ground.sql(
            f"SELECT coalesce(sum(quantity), 0) FROM orders_orderline WHERE product_id = {key}", urls.owner
        )
        left = self.ground.sql(f"SELECT available FROM catalog_stock WHERE product_id = {key}", urls.owner)
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
    with Ground() as ground:
        report = Bench(
            quick=asked.quick, parts={asked.only} if asked.only else set(PARTS), ground=ground
        ).run()
        report.keep(asked.json or ground.state.root / "bench.json")
    print(report.table())  # noqa: T201
    print(f"\n{'Every limit holds.' if report.holds else 'Some limits do not hold.'}")  # noqa: T201
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
