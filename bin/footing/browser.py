"""The Chromium that journeys are driven in: found, or installed where we may."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from .environment import Environment
from .processes import Command

#: the shell first: the same engine without windows and their services, a third less work
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FETCHED = ("chromium_headless_shell-*/chrome-*/*headless*shell", "chromium-*/chrome-*/chrome")
#: as Debian calls them; the first that it has is installed
BROWSERS = ("chromium-headless-shell", "chromium")
PACKAGES = ("fonts-noto-cjk", "libatomic1")  # Chinese text; the library Playwright's driver asks for


def find_browser() -> str | None:
    """$BROWSER_EXE, else one on PATH, else one that Playwright has fetched."""
    named = os.environ.get("BROWSER_EXE")
    if named:
        return named if Path(named).exists() else None
    for name in NAMES:
        if found := shutil.which(name):
            return found
    fetched = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path("~/.cache/ms-playwright").expanduser())
    kept = (str(path) for pattern in FETCHED for path in sorted(fetched.glob(pattern), reverse=True))
    return next(kept, None)


def install_browser(
    environment: Environment, env: Mapping[str, str], say: Callable[[str], None]
) -> str | None:
    """Debian's by apt when root, else Playwright's own; None where neither works."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        say("Installing Chromium by apt")
        quiet = {**env, "DEBIAN_FRONTEND": "noninteractive"}
        install = [apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        if not _installs(install, quiet) and _succeeds([apt, "update", "-qq"], quiet):
            _installs(install, quiet)
    if not find_browser():
        say("Fetching Playwright's Chromium")
        _succeeds([environment.python, "-m", "playwright", "install", "chromium"], env)
    return find_browser()


def _installs(install: list[str], env: Mapping[str, str]) -> bool:
    return any(_succeeds([*install, browser], env) for browser in BROWSERS)


def _succeeds(command: Command, env: Mapping[str, str]) -> bool:
    return subprocess.run(command, env=dict(env), stdout=subprocess.DEVNULL).returncode == 0
