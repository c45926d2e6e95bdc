from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import factories as people
from tests.around import at_hand
from tests.financing.bank import ThreadBank, running
from tests.financing.factories import a_bank

people_at_hand = at_hand(people.alice, people.bo)


@pytest.fixture
def bank_process(tmp_path: Path) -> Iterator[ThreadBank]:
    """A simulated bank that answers, known to the hub but not enrolled."""
    with running(tmp_path) as bank:
        yield bank


@pytest.fixture
def bank(db: None, bank_process: ThreadBank) -> ThreadBank:
    """The same, enrolled."""
    a_bank()
    return bank_process
