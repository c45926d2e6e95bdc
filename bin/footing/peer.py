"""MockPass, the peer of the legacy dialects: installed as its lock says, where Node.js and a registry of packages are there."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from . import CHECKOUT

LOCKED = CHECKOUT / "tests" / "vendor" / "mockpass"
FILES = ("package.json", "package-lock.json")
SECONDS = 180


def peer_folder() -> Path:
    """Where it lies: in the state folder, or where MOCKPASS says."""
    return Path(os.environ.get("MOCKPASS") or CHECKOUT / ".state" / "mockpass")


def install_peer(say: Callable[[str], None]) -> bool:
    """Whether it is there afterwards, exactly as locked. Nothing fails by it: without it its tests are skipped, and say why."""
    npm, folder = shutil.which("npm"), peer_folder()
    if is_installed(folder):
        return True
    if "MOCKPASS" in os.environ:
        say(f"MockPass in {folder} is another than the locked one, or none")
        return False
    if npm is None or shutil.which("node") is None:
        say("NO NODE.JS: the tests against MockPass are skipped")
        return False
    say("Installing MockPass, the peer of the legacy dialects")
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(LOCKED / name, folder / name)
    # no script of a package runs, and what npm says is for nobody
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError):
        say("MockPass could not be installed: the tests against it are skipped")
        return False
    _stamp(folder).write_text(_lock())
    return True


def is_installed(folder: Path) -> bool:
    """By npm, to its end, from the lock of this checkout."""
    stamp = _stamp(folder)
    return stamp.is_file() and stamp.read_text() == _lock()


def _stamp(folder: Path) -> Path:
    return folder / "installed"


def _lock() -> str:
    return hashlib.sha256((LOCKED / "package-lock.json").read_bytes()).hexdigest()
