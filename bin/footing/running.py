"""bin/run: from an empty checkout to a served page, and back to nothing on Ctrl-C."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import CHECKOUT
from .environment import CannotInstall, Environment
from .footing import Footing, Stopwatch
from .postgres import CannotStart
from .preparing import Preparing, Step, StepFailed
from .processes import Child, Keeper, stop_all, tail
from .roles import children, django_env, roles
from .simulators import Simulators
from .state import Busy, State, held_address, write_privately

HELP = """\
Starts SME Hub and stops it on Ctrl-C. The first start makes the environment, the database and the demo.

These variables choose what it uses:
  PORT            the port of the pages (8000, or a free one; kept in the state folder)
  HOST            the address to serve on (127.0.0.1)
  STATE_DIR       where data, logs, passwords and run.json lie (.state in the checkout)
  DATABASE_URL    your own PostgreSQL, as the application's role
  DATABASE_OWNER_URL   the same database as the role that owns it and migrates (DATABASE_URL)
  DATABASE_DIRECT_URL  the same past any pooler, for LISTEN (DATABASE_URL)
  REDIS_URL       your own Redis or Valkey
  DEMO=0          no demo companies, products and accounts
  DEBUG=1         Django's debug pages
  VENV            where the virtual environment lies (.venv in the checkout)
"""
FIRST_PAGE_SECONDS = 90
FIRST_BANK_SECONDS = 15
USUAL_PORT = 8000


class Interrupted(Exception):
    """Somebody asked us to stop."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/run", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    listen_for_interrupts()
    state = State(Path(os.environ.get("STATE_DIR") or CHECKOUT / ".state"))
    try:
        state.open()
    except Busy:
        return _fail(f"This copy is running already: {_address_of(state)} (its facts: {state.run_file})")
    run = Run(state)
    try:
        run.start()
        run.watch()
    except Interrupted:
        return 0
    except (CannotInstall, CannotStart, StepFailed) as error:
        return _fail(str(error))
    except subprocess.CalledProcessError as error:
        return _fail(f"This failed: {' '.join(str(word) for word in error.cmd)}")
    finally:
        run.stop()
        state.close()
    return 0


def listen_for_interrupts() -> None:
    """Also where a shell started us in the background and had SIGINT ignored; nohup keeps its meaning."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


def _interrupt(*_: Any) -> None:
    raise Interrupted


class Run:
    """One run of the product, from the first process to the last."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._clock = Stopwatch()
        self._environment = Environment()
        self._footing = Footing(self._environment, state)
        self._children: dict[str, Child] = {}
        self._simulators: Simulators | None = None
        self._demo: Step | None = None
        self._with_demo = os.environ.get("DEMO", "1") not in {"0", "false", "no"}

    # -- up --------------------------------------------------------------------------------------

    def start(self) -> None:
        self._state.run_file.unlink(missing_ok=True)
        self._web_socket = self._open_socket()
        self._environment.provide("run", say=self.say)
        self.say("Starting PostgreSQL and Redis")
        self._footing.start()
        self._env = self._settings()
        self._prepare()
        self._make_children()
        self._start_children("web")
        self._wait_for_first_page()
        self._start_children(*self._children)
        self._write_facts()
        self._introduce()
        if self._with_demo:
            self._demo = self._preparing.demo(self._footing.databases)
            if self._demo:
                self.say("Loading the rest of the demo behind the served site")

    def _open_socket(self) -> Any:
        """Held from the first moment, so that no other copy takes the port, and while web starts again."""
        host = os.environ.get("HOST", "127.0.0.1")
        chosen = os.environ.get("PORT")
        if chosen:
            wanted = [int(chosen)]
        elif kept := self._state.recall("port web"):
            wanted = [kept, 0]
        else:
            wanted = [USUAL_PORT, 0]
        for port in wanted:
            try:
                held = held_address(host, port)
            except OSError:
                continue
            self._host, self._port = host, held.getsockname()[1]
            if not chosen:
                if wanted[0] not in (USUAL_PORT, self._port):
                    self.say(f"Port {wanted[0]}, which this copy had, is taken: it moves to {self._port}")
                self._state.remember("port web", self._port)
            return held
        raise CannotStart(f"Port {wanted[0]} is taken: choose another with PORT")

    def _settings(self) -> dict[str, str]:
        more = {"DEMO": "1" if self._with_demo else "0"}
        base_url = os.environ.get("BASE_URL") or self.address
        if self._with_demo:
            self._simulators = Simulators(self._environment, self._state, hub=base_url)
            more |= self._simulators.told_to_hub()
        # Cookies know hosts, not ports: without this two copies would sign each other out.
        more["SESSION_COOKIE_NAME"] = os.environ.get("SESSION_COOKIE_NAME", f"session_{self._port}")
        if "EMAIL_BACKEND" not in os.environ:
            more["EMAIL_BACKEND"] = "django.core.mail.backends.filebased.EmailBackend"
        return django_env(
            self._environment,
            self._state,
            databases=self._footing.databases,
            redis_url=self._footing.redis_url,
            base_url=base_url,
            **more,
        )

    def _prepare(self) -> None:
        self._preparing = Preparing(self._environment, self._state, self._env)
        side_by_side = [step for step in (self._preparing.words(), self._preparing.static()) if step]
        for step in side_by_side:
            self.say(f"Preparing: {step.name}")
        self.say("Preparing the tables")
        self._preparing.tables(self._footing.databases)
        self._preparing.reference(self._footing.databases)
        for step in side_by_side:
            step.finish()
        if self._simulators:
            self._children = self._simulators.children()
            self._start_children(*self._children)
            self._wait_for_bank(self._simulators)
        if self._with_demo and (basics := self._preparing.demo(self._footing.databases, "--basics")):
            self.say("Preparing the demo accounts")
            basics.finish()

    def _make_children(self) -> None:
        beat_file = self._state.root / "beat-schedule"
        wanted = roles(self._environment, web_socket=self._web_socket.fileno(), beat_file=beat_file)
        self._children |= children(
            wanted, env=self._env, state=self._state, keep_open=[self._web_socket.fileno()]
        )

    def _start_children(self, *names: str) -> None:
        due = [self._children[name] for name in names if not self._children[name].alive]
        self.say(f"Starting {', '.join(child.role for child in due)}")
        for child in due:
            child.start()
        self._remember_births()

    def _wait_for_bank(self, simulators: Simulators) -> None:
        """The demo connects it; without it the site runs on, and finance says that no bank is there."""
        deadline = time.monotonic() + FIRST_BANK_SECONDS
        while not answers(simulators.addresses["bank"] + "/healthz") and time.monotonic() < deadline:
            time.sleep(0.1)

    def _wait_for_first_page(self) -> None:
        web = self._children["web"]
        deadline = time.monotonic() + FIRST_PAGE_SECONDS
        while not answers(self.address + "/healthz"):
            if not web.alive or time.monotonic() > deadline:
                raise CannotStart(
                    f"The site does not answer; the last words of its log ({web.log}):\n{web.tail(25)}"
                )
            time.sleep(0.1)

    # -- while it runs -----------------------------------------------------------------------------

    def watch(self) -> None:
        """Until somebody interrupts: start dead processes again, and see the demo to its end."""
        keepers = [Keeper(child, self.say) for child in [*self._footing.servers, *self._children.values()]]
        heard = ""
        while True:
            time.sleep(0.25)
            changed = [keeper.child.role for keeper in keepers if keeper.look()]
            if changed:
                self.say(f"Started again: {', '.join(changed)}")
                self._remember_births()
                self._write_facts()
            if self._demo:
                heard = self._follow_demo(self._demo, heard)

    def _follow_demo(self, demo: Step, heard: str) -> str:
        if demo.running:
            said = tail(demo.log, 1)
            if said and said != heard:
                self.say(f"  demo: {said}")
            return said
        self._demo = None
        try:
            demo.finish()
            self.say("The demo is loaded")
        except StepFailed as error:
            self.say(f"{error}\nThe site runs on without it; the next start tries again.")
        self._write_facts()
        return ""

    def _remember_births(self) -> None:
        self._footing.remember_births([*self._footing.servers, *self._children.values()])

    # -- down --------------------------------------------------------------------------------------

    def stop(self) -> None:
        """All at once, then the servers they used. A second Ctrl-C kills instead of waiting."""
        self._state.run_file.unlink(missing_ok=True)
        if self._children or self._footing.servers:
            self.say("Stopping")
        patience = 15.0
        while True:
            try:
                if self._demo:
                    self._demo.stop()
                stop_all(list(self._children.values()), patience)
                self._footing.stop()
                return
            except Interrupted:
                self.say("Killing what does not stop")
                patience = 0.0

    # -- what it tells -----------------------------------------------------------------------------

    @property
    def address(self) -> str:
        host = "127.0.0.1" if self._host in {"", "0.0.0.0"} else self._host
        return f"http://{host}:{self._port}"

    def say(self, line: str) -> None:
        try:
            print(f"[{self._clock.seconds:5.1f} s] {line}", flush=True)
        except OSError:  # the terminal is gone; the site need not be
            return

    def facts(self) -> dict[str, Any]:
        databases = self._footing.databases
        everyone = [*self._footing.servers, *self._children.values()]
        return {
            "address": self.address + "/",
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "checkout": str(CHECKOUT),
            "state_dir": str(self._state.root),
            "pids": {"run": os.getpid()} | {child.role: child.pid for child in everyone},
            "database_url": databases.app,
            "database_owner_url": databases.owner,
            "database_direct_url": databases.direct,
            "redis_url": self._footing.redis_url,
            "simulators": self._simulators.addresses if self._simulators else {},
            "demo": self._demo_state(),
            "accounts": demo_accounts(self._state),
        }

    def _demo_state(self) -> str:
        if not self._with_demo:
            return "none"
        return "loaded" if self._state.recall("done load_demo") and not self._demo else "loading"

    def _write_facts(self) -> None:
        write_privately(self._state.run_file, json.dumps(self.facts(), indent=2, ensure_ascii=False) + "\n")

    def _introduce(self) -> None:
        self.say(f"SME Hub is at {self.address}/")
        for line in introduction(demo_accounts(self._state)):
            print(line, flush=True)
        print(f"  Facts and logs: {self._state.run_file}, {self._state.logs}\n  Ctrl-C stops it.", flush=True)


def demo_accounts(state: State) -> Any:
    """What load_demo wrote about the accounts it made."""
    try:
        return json.loads(state.accounts_file.read_text())
    except FileNotFoundError:
        return []


def introduction(accounts: Any) -> list[str]:
    """The accounts as a table; whatever else load_demo tells of them stays in run.json."""
    rows = (
        [account for account in accounts if isinstance(account, dict)] if isinstance(accounts, list) else []
    )
    if not rows:
        return []
    told = [
        [str(row.get(column) or "") for column in ("email", "password", "role", "company")] for row in rows
    ]
    widths = [max(len(row[i]) for row in told) for i in range(4)]
    return [
        "  Demo accounts:",
        *("    " + "  ".join(w.ljust(n) for w, n in zip(row, widths, strict=True)) for row in told),
    ]


def answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by a proxy to ourselves
    try:
        with opener.open(address, timeout=20) as page:
            return page.status == 200
    except (OSError, urllib.error.URLError):
        return False


def _address_of(state: State) -> str:
    try:
        return json.loads(state.run_file.read_text())["address"]
    except (OSError, ValueError, KeyError):
        return "it is just starting or stopping"


def _fail(message: str) -> int:
    print(f"bin/run: {message}", file=sys.stderr, flush=True)
    return 1
