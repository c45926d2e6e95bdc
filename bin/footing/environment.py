"""The virtual environment, made from the locked requirements and made again when they change."""

from __future__ import annotations

import configparser
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from . import CHECKOUT
from .processes import Command
from .state import Lock

REQUIREMENTS = CHECKOUT / "requirements"


class CannotInstall(Exception):
    """Says to the person at the terminal what to install by hand."""


class Environment:
    """`.venv` in the checkout, or where $VENV says."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home or Path(os.environ.get("VENV") or CHECKOUT / ".venv").absolute()
        self.bin = self.home / "bin"
        self.python = self.bin / "python"
        self._mark = self.home / "locked"

    def provide(self, kind: str, *, say: Callable[[str], None]) -> None:
        """Have the requirements of `kind`, "run" or "test"; those for tests hold all that running needs."""
        if self._holds(kind):
            return
        self.home.mkdir(parents=True, exist_ok=True)
        with Lock(self.home / "lock").wait():  # two copies may start at once
            if self._holds(kind):
                return
            kind = "test" if self._marked().startswith("test") else kind
            say(f"Installing the locked requirements into {self.home}")
            self._mark.unlink(missing_ok=True)
            self._install(REQUIREMENTS / f"{kind}.txt")
            self._mark.write_text(_digest(kind))

    def _holds(self, kind: str) -> bool:
        enough = {_digest(kind), _digest("test")}
        return self._marked() in enough and _succeeds([self.python, "-c", "import django"])

    def _marked(self) -> str:
        return self._mark.read_text() if self._mark.exists() else ""

    def _install(self, requirements: Path) -> None:
        uv = self._uv()
        settings = os.environ | _index_settings()
        if not _starts(self.python):
            make: Command = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, self.home]
            subprocess.run(make, check=True, env=settings)
        sync: Command = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--python",
            self.python,
            requirements,
        ]
        try:
            subprocess.run(sync, check=True, env=settings)
        except subprocess.CalledProcessError as error:
            raise CannotInstall(f"Installing {requirements.name} failed; the lines above say why.") from error

    def _uv(self) -> Path:
        """uv from PATH, or one of our own beside the environment; pip fetches it, since every pip can."""
        found = shutil.which("uv")
        if found and _starts(Path(found)):
            return Path(found)
        tools = self.home / "tools"
        uv = tools / "bin" / "uv"
        if not _starts(uv):
            fetch: list[str | Path] = ["install", "--quiet", "--disable-pip-version-check"]
            fetch += ["--root-user-action=ignore"] if os.geteuid() == 0 else []
            fetch += ["--require-hashes", "--upgrade", "--target", tools, "-r", REQUIREMENTS / "uv.txt"]
            subprocess.run([*self._pip(), *fetch], check=True)
        return uv

    def _pip(self) -> list[str | Path]:
        """A pip that runs, whichever of its packages the system left out (Debian splits them off)."""
        if importlib.util.find_spec("pip"):
            return [sys.executable, "-m", "pip"]
        if importlib.util.find_spec("ensurepip"):
            home = self.home / "pip"
            subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
            return [home / "bin" / "python", "-m", "pip"]
        apt = shutil.which("apt-get")
        if apt and os.geteuid() == 0:
            subprocess.run(
                [apt, "install", "-y", "-qq", "python3-pip"], check=True, stdout=subprocess.DEVNULL
            )
            return [sys.executable, "-m", "pip"]
        raise CannotInstall(
            f"{sys.executable} has neither pip nor venv. On Debian and Ubuntu: apt install python3-venv"
        )


def _starts(program: Path) -> bool:
    return _succeeds([program, "--version"])


def _succeeds(command: Command) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _digest(kind: str) -> str:
    return f"{kind} {hashlib.sha256((REQUIREMENTS / f'{kind}.txt').read_bytes()).hexdigest()}"


def _index_settings() -> dict[str, str]:
    """pip's mirror and certificate settings in uv's words: uv reads none of pip's."""
    pip = _pip_settings()
    words = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": pip.get("extra-index-url"),
        "UV_FIND_LINKS": pip.get("find-links", "").replace(" ", ","),
        "SSL_CERT_FILE": pip.get("cert"),
    }
    # An extra folder may hold one version of a package and the index the locked one: look in all.
    words["UV_INDEX_STRATEGY"] = "unsafe-best-match" if words["UV_INDEX"] else None
    return {name: value for name, value in words.items() if value and name not in os.environ}


def _pip_settings() -> dict[str, str]:
    config = configparser.RawConfigParser()
    home = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    files = ["/etc/pip.conf", Path("~/.pip/pip.conf").expanduser(), home / "pip" / "pip.conf"]
    try:
        config.read([*map(str, files), os.environ.get("PIP_CONFIG_FILE", "")])
    except configparser.Error:
        return {}
    found = (
        {k: " ".join(v.split()) for k, v in config.items("global")} if config.has_section("global") else {}
    )
    for name in ("index-url", "extra-index-url", "find-links", "cert"):
        value = os.environ.get("PIP_" + name.replace("-", "_").upper())
        if value:
            found[name] = value
    return found
