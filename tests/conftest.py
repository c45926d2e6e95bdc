"""What every test stands on: real servers, started here where DATABASE_URL and REDIS_URL name none.

Fixtures and marks:
    db, @pytest.mark.django_db        a transaction, rolled back
    committed_db                      commits for real; the database is copied anew afterwards
    stack                             the real processes on a fresh database for each module
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bin"))

from footing import CHECKOUT
from footing.environment import Environment
from footing.footing import Footing
from footing.roles import django_env
from footing.simulators import Simulators
from footing.state import Busy, State
from tests.databases import TestDatabase
from tests.stack import Stack

ENVIRONMENT = Environment(Path(sys.prefix))


def _open_state() -> State:
    """A folder that no other session is using: the databases in it are dropped and made at will."""
    root = Path(os.environ.get("STATE_DIR") or CHECKOUT / ".state")
    for number in range(1, 10):
        state = State(root / ("test" if number == 1 else f"test-{number}"))
        try:
            state.open()
        except Busy:
            continue
        return state
    raise pytest.UsageError(f"Nine test sessions are using {root} already")


def _start() -> tuple[State, Footing, TestDatabase, dict[str, str]]:
    """Before any conftest below imports a model: Django reads the addresses as it is set up."""
    state = _open_state()
    footing = Footing(ENVIRONMENT, state, quick=True)
    footing.start()
    alone = footing.postgres is not None
    name = "smehub_test" if alone else f"smehub_test_{os.getpid()}"
    database = TestDatabase(footing.databases, name=name, alone=alone)
    for folder in (state.media, state.root / "mail"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    (state.root / "static").mkdir(exist_ok=True)  # WhiteNoise warns where it is missing
    env = django_env(
        ENVIRONMENT,
        state,
        databases=database.urls,
        redis_url=footing.redis_url,
        base_url="http://testserver",
        DJANGO_SETTINGS_MODULE="tests.settings",
        ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
        MEDIA_ROOT=str(state.media),
        DEBUG="0",
        DEMO="1",
        EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
        **Simulators(ENVIRONMENT, state, hub="http://testserver").told_to_hub(),
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright's loop runs in the thread of the test
    )
    os.environ.update(env)
    return state, footing, database, env


STATE, FOOTING, DATABASE, ENV = _start()

import django  # noqa: E402

django.setup()

from sme_hub import words  # noqa: E402
from sme_hub.memory import settle  # noqa: E402

words.compile_if_stale()


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay to the end: nobody need look through them for garbage."""
    settle()


def pytest_unconfigure() -> None:
    FOOTING.stop()
    STATE.close()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> Iterator[None]:
    """In place of pytest-django's, which would create the tables as the application's role."""
    DATABASE.prepare(ENV)
    yield
    _leave_database()
    DATABASE.drop()


@pytest.fixture(scope="session", autouse=True)
def restore_instead_of_flush() -> Iterator[None]:
    """Django would TRUNCATE after a test that commits; the application's role may not, and must not."""
    from django.test import TransactionTestCase

    def restore(_: TransactionTestCase) -> None:
        _leave_database()
        DATABASE.restore()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
        yield


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """For tests of relays, races and processes: what they commit is there for others, and gone afterwards."""


@pytest.fixture(autouse=True)
def fresh_cache(request: pytest.FixtureRequest) -> None:
    """No test meets another's counters. The stack has a Redis of its own, which this does not touch."""
    from django.core.cache import cache

    marked = request.node.get_closest_marker("django_db")
    if marked or {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()


@pytest.fixture
def scia_desk(settings, tmp_path: Path):
    """The simulated arbitration desk in a thread of this test; it thinks for no time. Settings lead to it."""
    import threading
    from datetime import timedelta

    from simulators.scia.desk import Desk
    from simulators.scia.server import Server

    settings.SCIA_SECRET, settings.SCIA_TIMEOUT_SECONDS = "a secret of this test", 2
    desk = Desk(tmp_path / "scia.json", delay=timedelta(0))
    server = Server(("127.0.0.1", 0), desk=desk, secret=settings.SCIA_SECRET)
    settings.SCIA_URL = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def redis_gone(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counters of sign-in limits find nobody at Redis' address."""
    from django.core.cache import caches

    from kernel.cache import ForgivingRedisCache

    broken = ForgivingRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", broken)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.cache", broken)
    caches["limits"].clear()


@pytest.fixture(autouse=True)
def fresh_language() -> None:
    """Every test begins in English, whatever page the one before has asked for."""
    from django.utils import translation

    translation.activate("en")


@pytest.fixture(scope="session")
def processes(django_db_setup: None) -> Iterator[Stack]:
    stack = Stack(ENVIRONMENT, STATE, ENV)
    stack.redis.forget_everything()
    yield stack
    stack.end()


@pytest.fixture(scope="module")
def stack(processes: Stack, django_db_blocker, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The real processes on a fresh copy of the database, which the module's tests may use as well.

    A module that needs few of them names their roles: ROLES = ("web",).
    """
    failed_before = request.session.testsfailed
    try:
        processes.begin(*getattr(request.module, "ROLES", ()))
        with django_db_blocker.unblock():
            yield processes
    finally:
        failed = request.session.testsfailed > failed_before
        if failed:
            print(processes.last_words(40))  # noqa: T201
        processes.hand_on(wanted=not failed and _is_wanted_next(request))
        _leave_database()
        DATABASE.restore()


def _is_wanted_next(request: pytest.FixtureRequest) -> bool:
    """Whether the module after this one uses the processes as well: else they would work on what other tests commit."""
    tests = request.session.items
    last = max(place for place, test in enumerate(tests) if test.path == request.path)
    return any("stack" in test.fixturenames for test in tests[last + 1 : last + 2])


def _leave_database() -> None:
    from django.db import connections

    connections.close_all()
