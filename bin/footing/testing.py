"""bin/test: everything that must hold before a change is taken in."""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import CHECKOUT
from .browser import find_browser, install_browser
from .environment import CannotInstall, Environment
from .footing import Stopwatch
from .processes import Command

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
    return _check_all(environment, env, arguments)


def _check_all(environment: Environment, env: dict[str, str], arguments: list[str]) -> int:
    python = environment.python
    tests: list[str | Path] = [python, "-m", "pytest", *arguments]
    if arguments:
        return subprocess.run(tests, cwd=CHECKOUT, env=env).returncode
    checks: dict[str, Command] = {
        "ruff check": [environment.bin / "ruff", "check", "."],
        "ruff format": [environment.bin / "ruff", "format", "--check", "."],
        "mypy": [environment.bin / "mypy"],
        "architecture": [environment.bin / "lint-imports"],
        "pytest": tests,
    }
    failed = [name for name, command in checks.items() if not _passes(name, command, env)]
    _say("Failed: " + ", ".join(failed) if failed else "Everything holds")
    return 1 if failed else 0


def _passes(name: str, command: Command, env: dict[str, str]) -> bool:
    _say(f"--- {name}")
    clock = Stopwatch()
    env = env if name == "pytest" else env | IMPORTABLE
    passed = subprocess.run(command, cwd=CHECKOUT, env=env).returncode == 0
    _say(f"--- {name}: {'ok' if passed else 'FAILED'} in {clock.seconds:.0f} s")
    return passed


def _env(environment: Environment) -> dict[str, str]:
    env = {**os.environ, "VIRTUAL_ENV": str(environment.home), "PYTHONUNBUFFERED": "1"}
    env["PATH"] = f"{environment.bin}{os.pathsep}{env.get('PATH', os.defpath)}"
    env.pop("PYTHONPATH", None)
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
