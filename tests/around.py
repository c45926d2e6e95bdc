"""A transaction around all tests of a module, for worlds that take long to make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import translation


@contextmanager
def undone_after_the_module(django_db_blocker: Any) -> Iterator[None]:
    """For fixtures of scope "module", which also ask for `django_db_setup`.

    No test of such a module commits. What one does is undone before the next: its transaction is a savepoint in this one.
    """
    with django_db_blocker.unblock(), translation.override("en"):
        around = transaction.atomic(durable=True)
        around._from_testcase = True
        with around:
            cache.clear()
            yield
            transaction.set_rollback(True)


def for_the_module(make: Callable[[], Any]) -> Any:
    """A fixture of scope "module": what `make` makes is there for all tests from the first one that asks for it.

    A fixture of each test's own asks for it and for `db`, and reads rows anew: a test may have changed those in hand.
    """

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with undone_after_the_module(django_db_blocker):
            yield make()

    return made


def at_hand(*make: Callable[[], Any]) -> Any:
    """For the conftest of a room: who is in nearly all of its tests is made once for each module, unless a test in it commits.

    Factories give whom they find, so that tests ask for them as anywhere.
    """

    @pytest.fixture(scope="module", autouse=True)
    def made(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
        tests = [test for test in request.session.items if test.path == request.path]
        if not any(_asks_for_the_database(test) for test in tests) or any(_commits(test) for test in tests):
            yield
            return
        request.getfixturevalue("django_db_setup")
        with undone_after_the_module(django_db_blocker):
            for one in make:
                one()
            yield

    return made


def _asks_for_the_database(test: pytest.Item) -> bool:
    return bool(test.get_closest_marker("django_db")) or "db" in test.fixturenames


def _commits(test: pytest.Item) -> bool:
    marked = test.get_closest_marker("django_db")
    return "transactional_db" in test.fixturenames or bool(marked and marked.kwargs.get("transaction"))
