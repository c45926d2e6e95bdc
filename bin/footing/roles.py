"""The processes that the product consists of, and the environment that Django reads its settings from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import CHECKOUT
from .environment import Environment
from .processes import Child, Command
from .servers import Databases
from .state import State

LANES = ("fast", "slow", "outside")
#: niceness of work that nobody waits for with a page open; offers of banks, of the outside lane, are waited for
BEHIND_THE_PAGES = 10


@dataclass(frozen=True)
class Role:
    name: str
    command: Command
    nice: int = 0


def roles(environment: Environment, *, web_socket: int, beat_file: Path, web_workers: int = 2) -> list[Role]:
    """In the order of their start. `web_socket` is the file descriptor of a bound socket."""
    python, manage = environment.python, CHECKOUT / "manage.py"
    celery: list[str | Path] = [python, "-m", "celery", "-A", "sme_hub"]
    return [
        Role("web", [python, "-m", "gunicorn", "sme_hub.wsgi", *_gunicorn(web_socket, web_workers)]),
        Role("relay", [python, manage, "relay"]),
        *(Role(lane, [*celery, *_worker(lane)], BEHIND_THE_PAGES if lane == "slow" else 0) for lane in LANES),
        Role("sweep", [python, manage, "sweep"], BEHIND_THE_PAGES),
        Role("beat", [*celery, "beat", "-s", beat_file, "--pidfile", "", "-l", "info"], BEHIND_THE_PAGES),
    ]


def _gunicorn(web_socket: int, workers: int) -> list[str]:
    size = ["-k", "gthread", "-w", str(workers), "--threads", "4"]
    manners = ["--timeout", "60", "--graceful-timeout", "10", "--no-control-socket", "--access-logfile", "-"]
    memory = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
    return ["--bind", f"fd://{web_socket}", *size, *manners, *memory]


def _worker(lane: str) -> list[str]:
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return ["worker", "-Q", lane, "-n", f"{lane}@%h", "-c", "1", "-l", "info", *quiet]


def children(
    wanted: Sequence[Role], *, env: Mapping[str, str], state: State, keep_open: Sequence[int]
) -> dict[str, Child]:
    return {
        role.name: Child(
            role.name,
            role.command,
            env=env,
            cwd=CHECKOUT,
            log=state.logs / f"{role.name}.log",
            nice=role.nice,
            keep_open=keep_open if role.name == "web" else (),
        )
        for role in wanted
    }


#: what our processes do not inherit; a container often forbids bytecode, and each start would compile a thousand modules
UNWANTED = frozenset({"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"})


def django_env(
    environment: Environment,
    state: State,
    *,
    databases: Databases,
    redis_url: str,
    base_url: str,
    **more: str,
) -> dict[str, str]:
    """What every Django process is told; what the user has set himself wins for the rest."""
    told = {
        "PATH": f"{environment.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(environment.home),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "sme_hub.settings",
        "DATABASE_URL": databases.app,
        "DATABASE_OWNER_URL": databases.owner,
        "DATABASE_DIRECT_URL": databases.direct,
        "REDIS_URL": redis_url,
        "BASE_URL": base_url,
        "STATE_DIR": str(state.root),
    }
    default = {
        "SECRET_KEY": state.secret("django"),
        "CASE_SECRETS": state.secret("cases"),
        "FACTOR_KEY": state.secret("factors"),
        "SUBJECT_KEY": state.secret("subjects"),
        "MEDIA_ROOT": str(state.media),
        "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
        "DEBUG": "0",
    }
    inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    return default | inherited | told | more


def as_owner(env: Mapping[str, str]) -> dict[str, str]:
    """The same settings for the role that may change tables."""
    owner = env["DATABASE_OWNER_URL"]
    return {**env, "DATABASE_URL": owner, "DATABASE_DIRECT_URL": owner}
