from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import translation

from tests.roof.world import World, a_world


@pytest.fixture(scope="module")
def world_of_module(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """Made once for a module, in a transaction around those of its tests, and undone at its end.

    No test of such a module commits. What one does is undone before the next: its transaction is a savepoint in this one.
    """
    with django_db_blocker.unblock(), translation.override("en"):
        around = transaction.atomic(durable=True)
        around._from_testcase = True
        with around:
            cache.clear()
            yield a_world()
            transaction.set_rollback(True)


@pytest.fixture
def world(world_of_module: World, db: None) -> World:
    return world_of_module
