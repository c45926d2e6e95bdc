from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.around import undone_after_the_module
from tests.roof.crowd import Crowd, a_crowd
from tests.roof.world import World, a_world


@pytest.fixture(scope="module")
def world_of_module(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with undone_after_the_module(django_db_blocker):
        yield a_world()


@pytest.fixture
def world(world_of_module: World, db: None) -> World:
    return world_of_module


@pytest.fixture(scope="module")
def crowd_of_module(world_of_module: World) -> Crowd:
    return a_crowd(world_of_module)


@pytest.fixture
def crowd(crowd_of_module: Crowd, world: World) -> Crowd:
    return crowd_of_module
