"""A transaction around all tests of a module, for worlds that take long to make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
