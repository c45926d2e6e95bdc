"""What has to be done before the first page, each step once until what it is made from changes."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import CHECKOUT
from .environment import REQUIREMENTS, Environment
from .processes import die_with_parent, give_way, tail
from .roles import BEHIND_THE_PAGES, as_owner
from .servers import Databases
from .state import State


class StepFailed(Exception):
    """Carries the last words of the command that failed."""


@dataclass
class Step:
    """One management command under way. Its output is in a log; its mark is set when it has succeeded."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    state: State
    made_from: str

    def finish(self) -> None:
        if self.process.wait():
            raise StepFailed(f"{self.name} failed; its last words ({self.log}):\n{tail(self.log, 20)}")
        self.state.remember(f"done {self.name}", self.made_from)

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


class Preparing:
    """Starts the steps that are due; the caller says when it needs one finished."""

    def __init__(self, environment: Environment, state: State, env: Mapping[str, str]) -> None:
        self._environment, self._state, self._env = environment, state, env
        self._locked = digest([REQUIREMENTS / "run.txt"])

    def words(self) -> Step | None:
        texts = list(CHECKOUT.glob("locale/parts/*.po"))
        compiled = CHECKOUT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
        return self._step("compile_words", made_from=digest(texts), also=compiled) if texts else None

    def static(self) -> Step | None:
        if self._env.get("DEBUG", "0").lower() in {"1", "true", "yes", "on"}:
            return None  # served from where the files lie
        files = [*CHECKOUT.glob("static/**/*"), *CHECKOUT.glob("[!.]*/static/**/*")]
        made_from = digest(files) + self._locked
        place = Path(self._env.get("STATIC_ROOT") or self._state.root / "static")
        return self._step(
            "collectstatic", "--no-input", "-v", "0", "--clear", made_from=made_from, also=place
        )

    def tables(self, databases: Databases) -> None:
        """Migrate as the owner, then give the application's role its rights."""
        made_from = migrations_digest() + hashlib.sha256(databases.owner.encode()).hexdigest()
        if self._state.recall("done tables") == made_from:
            return
        self._run("migrate", "--no-input", "-v", "1", env=as_owner(self._env))
        if databases.has_two_roles:
            self._run("grant_app_role", str(databases.app_role), env=as_owner(self._env))
        self._state.remember("done tables", made_from)

    def reference(self, databases: Databases) -> None:
        """Categories, rates and the like: the product cannot work without them. As the application."""
        made_from = reference_digest() + hashlib.sha256(databases.owner.encode()).hexdigest()
        if self._state.recall("done reference") == made_from:
            return
        self._run("load_reference", env=self._env)
        self._state.remember("done reference", made_from)

    def demo(self, databases: Databases, *options: str) -> Step | None:
        if not any(CHECKOUT.glob("*/management/commands/load_demo.py")):
            return None
        name = " ".join(["load_demo", *options])
        made_from = hashlib.sha256(databases.app.encode()).hexdigest()
        nice = 0 if options else BEHIND_THE_PAGES
        return self._step("load_demo", *options, name=name, made_from=made_from, nice=nice)

    def _run(self, *command: str, env: Mapping[str, str]) -> None:
        self._started(command[0], command, env=env, made_from="").finish()

    def _step(
        self, *command: str, made_from: str, name: str = "", also: Path | None = None, nice: int = 0
    ) -> Step | None:
        """None where the step was done before from the same input and `also`, what it made, is still there."""
        name = name or command[0]
        if self._state.recall(f"done {name}") == made_from and (also is None or also.exists()):
            return None
        return self._started(name, command, env=self._env, made_from=made_from, nice=nice)

    def _started(
        self, name: str, command: Sequence[str], *, env: Mapping[str, str], made_from: str, nice: int = 0
    ) -> Step:
        log = self._state.logs / f"{name.replace(' --', '-')}.log"
        manage: list[str | Path] = [self._environment.python, CHECKOUT / "manage.py", *command]
        ask_to_die = die_with_parent(15)

        def prepare() -> None:
            ask_to_die()
            give_way(nice)

        with log.open("wb") as output:
            process = subprocess.Popen(
                manage,
                env=dict(env),
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=prepare,  # safe: this process has one thread
                start_new_session=True,
            )
        return Step(name, process, log, self._state, made_from)


def migrations_digest() -> str:
    """Changes when tables or rights might: migrations, models (which say what is append-only), packages."""
    ours = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/management/commands/grant_app_role.py")
    return digest([path for pattern in ours for path in CHECKOUT.glob(pattern)] + [REQUIREMENTS / "run.txt"])


def reference_digest() -> str:
    """Changes when the reference rows might: the files, and what reads them."""
    ours = (
        "*/reference/**/*",
        "*/management/commands/load_reference.py",
        "tariffs/*.py",
        "catalog/services/*.py",
        "disputes/services/calendars.py",
        "identity/services/frameworks.py",
    )
    return digest([path for pattern in ours for path in CHECKOUT.glob(pattern) if path.suffix != ".pyc"])


def digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        whole.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()
