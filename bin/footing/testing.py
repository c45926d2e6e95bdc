"""bin/test: everything that must hold before a change is taken in."""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import CHECKOUT
from .browser import find_browser, install_browser
from .environment import CannotInstall, Environment
from .footing import Stopwatch
from .peer import install_peer
from .processes import Command
from .roles import UNWANTED

JOURNEYS = "tests/journeys"
#: journeys that go with the tests, so that both halves take about as long
WITH_THE_TESTS = (f"{JOURNEYS}/test_security.py",)
HELP = """\
Checks everything: linters, types, architecture contracts, tests on real servers, journeys in a browser.
With arguments only pytest runs, with those arguments: bin/test tests/orders -k expiry

  ALLOW_NO_BROWSER=1   skip the journeys where no Chromium is to be had
  BROWSER_EXE          the Chromium to use
  DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL   your own servers (databases named smehub_t... are made there)
  VENV                 where the virtual environment lies (.venv in the checkout)
"""
# Enough to be imported; nothing in these checks opens a connection.
IMPORTABLE = {"SECRET_KEY": "only-for-checking", "DJANGO_SETTINGS_MODULE": "sme_hub.settings"}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/test", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    _, arguments = parser.parse_known_args()
    environment = Environment()
    env = _env(environment)
    try:
        environment.provide("test", say=_say)
    except CannotInstall as error:
        print(f"bin/test: {error}", file=sys.stderr)
        return 1
    if not find_browser() and not install_browser(environment, env, _say):
        _say("NO CHROMIUM: the journeys " + ("are skipped" if _may_skip() else "will fail"))
    install_peer(_say)
    return _check_all(environment, env, arguments)


def _check_all(environment: Environment, env: dict[str, str], arguments: list[str]) -> int:
    tests: list[str | Path] = [environment.python, "-m", "pytest"]
    if arguments:
        return subprocess.run([*tests, *arguments], cwd=CHECKOUT, env=env).returncode
    tests.append("--durations=12")
    checks: dict[str, Command] = {
        "ruff check": [environment.bin / "ruff", "check", "."],
        "ruff format": [environment.bin / "ruff", "format", "--check", "."],
        "mypy": [environment.bin / "mypy"],
        "architecture": [environment.bin / "lint-imports"],
    }
    with _begun([*tests, JOURNEYS, *_ignored(with_the_tests=True)], env) as journeys:
        failed = [name for name, command in checks.items() if not _passes(name, command, env | IMPORTABLE)]
        if not _passes("tests", [*tests, *_ignored(with_the_tests=False)], env):
            failed.append("tests")
        if not _ended_well("journeys", *journeys):
            failed.append("journeys")
    _say("Failed: " + ", ".join(failed) if failed else "Everything holds")
    return 1 if failed else 0


def _ignored(*, with_the_tests: bool) -> list[str]:
    """The journeys that go with the tests, or the others, as pytest leaves them out."""
    journeys = (f"{JOURNEYS}/{file.name}" for file in sorted((CHECKOUT / JOURNEYS).glob("test_*.py")))
    return [f"--ignore={journey}" for journey in journeys if (journey in WITH_THE_TESTS) == with_the_tests]


def _passes(name: str, command: Command, env: dict[str, str]) -> bool:
    _say(f"--- {name}")
    clock = Stopwatch()
    passed = subprocess.run(command, cwd=CHECKOUT, env=env).returncode == 0
    return _said(name, passed, clock)


@contextmanager
def _begun(
    command: Command, env: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], Path, Stopwatch]]:
    """Run beside what comes next, on servers of its own: a machine has two cores, and a journey mostly waits."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process, Path(log.name), Stopwatch()
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)  # pytest then stops its servers
                process.wait(60)


def _ended_well(name: str, process: subprocess.Popen[bytes], log: Path, clock: Stopwatch) -> bool:
    _say(f"--- {name}, beside the tests")
    shown = 0
    while True:
        ended = process.poll() is not None
        with log.open("rb") as written:
            written.seek(shown)
            sys.stdout.buffer.write(written.read())
            sys.stdout.flush()
            shown = written.tell()
        if ended:
            return _said(name, process.returncode == 0, clock)
        time.sleep(1)


def _said(name: str, passed: bool, clock: Stopwatch) -> bool:
    _say(f"--- {name}: {'ok' if passed else 'FAILED'} in {clock.seconds:.0f} s")
    return passed


def _env(environment: Environment) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    env = {**inherited, "VIRTUAL_ENV": str(environment.home), "PYTHONUNBUFFERED": "1"}
    env["PATH"] = f"{environment.bin}{os.pathsep}{env.get('PATH', os.defpath)}"
    node = shutil.which("node")
    if node and not _has_atomic_library():
        env.setdefault("PLAYWRIGHT_NODEJS_PATH", node)
    return env


def _has_atomic_library() -> bool:
    """What the node inside Playwright's wheel is linked against and minimal Debian leaves out."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def _may_skip() -> bool:
    return os.environ.get("ALLOW_NO_BROWSER") == "1"


def _say(line: str) -> None:
    print(line, flush=True)
