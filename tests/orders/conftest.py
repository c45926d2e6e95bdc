"""Words in these tests are English, whatever page was read before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests import factories as people
from tests.around import at_hand

people_at_hand = at_hand(people.alice, people.bo)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield
