"""bin/screenshots: start the product with its demo, look at it as its people do, keep what the guides show."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import CHECKOUT
from .environment import CannotInstall, Environment
from .processes import Command

HELP = """\
Takes the pictures that the guides at /en/help/ show, anew: starts a copy of the product with its demo in a state folder of its
own, signs in as the demo's people, and writes static/help/<language>/<name>.webp (1440 px wide) and <name>-phone.webp (390 px).
What is taken, by whom and how it is cut, stands in sme_hub/help/pictures.toml. Dates are moved to one day, so that pictures
taken tomorrow differ only where the product does. Look at what changed before you commit it.

  bin/screenshots                  all
  bin/screenshots inbox listings   these
  bin/screenshots --at URL         of a copy that runs already, with the demo loaded

  STATE_DIR     where the copy keeps its data (.state/screenshots); kept between runs, so that the second is quick
  BROWSER_EXE   the Chromium to use
"""
LOADING_SECONDS = 1800
OFFICER = "officer@programme.example"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/screenshots", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="pictures to take; all without")
    parser.add_argument("--at", help="address of a running copy")
    chosen = parser.parse_args()
    environment = Environment()
    if Path(sys.prefix) != environment.home:
        return _again_inside(environment)
    from .shooting import Shooting  # needs Playwright, which the environment has

    with _product(environment, chosen.at) as address:
        return Shooting(address).take(chosen.names)


def _again_inside(environment: Environment) -> int:
    """The same command under the environment's Python."""
    try:
        environment.provide("test", say=_say)
    except CannotInstall as error:
        print(f"bin/screenshots: {error}", file=sys.stderr)
        return 1
    script = CHECKOUT / "bin" / "screenshots"
    env = os.environ | {"VENV": str(environment.home)}
    return subprocess.run([environment.python, script, *sys.argv[1:]], env=env).returncode


@contextmanager
def _product(environment: Environment, at: str | None) -> Iterator[str]:
    """The address of a copy whose demo is loaded."""
    if at:
        yield at.rstrip("/")
        return
    state = Path(os.environ.get("STATE_DIR") or CHECKOUT / ".state" / "screenshots").absolute()
    env = os.environ | {"STATE_DIR": str(state), "VENV": str(environment.home), "DEMO": "1"}
    run = subprocess.Popen([environment.python, CHECKOUT / "bin" / "run"], env=env)
    try:
        facts = _loaded(run, state / "run.json")
        _appoint_an_operator(environment, facts)
        yield facts["address"].rstrip("/")
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(60)


def _loaded(run: subprocess.Popen[bytes], facts: Path) -> dict[str, Any]:
    deadline = time.monotonic() + LOADING_SECONDS
    while time.monotonic() < deadline and run.poll() is None:
        time.sleep(1)
        try:
            found: dict[str, Any] = json.loads(facts.read_text())
        except (OSError, ValueError):
            continue
        if found["demo"] == "loaded" and found["pids"]["run"] == run.pid:
            return found
    raise SystemExit("bin/screenshots: the product did not start, or its demo did not load")


def _appoint_an_operator(environment: Environment, facts: dict[str, Any]) -> None:
    """In the demo nobody is one: the officer sees deliveries in this copy."""
    env = os.environ | {"DATABASE_URL": facts["database_url"], "SECRET_KEY": "only-for-this"}
    command: Command = [environment.python, CHECKOUT / "manage.py", "appoint_operator", OFFICER]
    subprocess.run(command, env=env, check=True)


def _say(line: str) -> None:
    print(line, flush=True)
