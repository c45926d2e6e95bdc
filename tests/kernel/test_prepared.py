"""Statements that are planned once a connection answer as they would otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction
from django.utils import timezone

from kernel.fetching import fetch
from kernel.prepared import fetch_prepared

pytestmark = pytest.mark.django_db

_NAMED = """
SELECT %(word)s::text || ' 100%%', %(at)s - interval '1 day', %(list)s::int[], %(none)s::text, %(word)s::text
"""
_PLACED = "SELECT 10 / %s::int, %s::text"


def _prepared() -> list[str]:
    return [name for (name,) in fetch("SELECT name FROM pg_prepared_statements ORDER BY prepare_time", [])]


def test_it_answers_as_the_plain_statement_does() -> None:
    for number in range(7):  # PostgreSQL keeps a plan for all values from the sixth time on
        asked = {
            "unused": 1,
            "word": f"50% of {number}'s",
            "at": timezone.now() + timedelta(days=number),
            "list": [number, 2],
            "none": None,
        }
        assert fetch_prepared(_NAMED, asked) == fetch(_NAMED, asked)
    assert fetch_prepared(_PLACED, [2, "%s"]) == [(5, "%s")]
    assert fetch_prepared("SELECT 7", {"unused": 1}) == [(7,)]


def test_a_connection_prepares_a_statement_once() -> None:
    before = _prepared()
    for number in (1, 2, 5):
        fetch_prepared("SELECT %s::int + 1", [number])
    assert len(_prepared()) == len(before) + 1
    fetch_prepared("SELECT %s::int + 1", [None])
    assert len(_prepared()) == len(before) + 1


def test_an_attempt_that_failed_is_in_nobodys_way() -> None:
    for _ in range(2):
        with pytest.raises(DataError), transaction.atomic():
            fetch_prepared("SELECT 12 / %s::int", [0])
    assert fetch_prepared("SELECT 12 / %s::int", [3]) == [(4,)]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew() -> None:
    assert fetch_prepared("SELECT %s::int + 2", [1]) == [(3,)]
    before = connection.connection.info.backend_pid
    connection.close()
    assert fetch("SELECT pg_backend_pid()", []) != [(before,)]
    assert fetch_prepared("SELECT %s::int + 2", [1]) == [(3,)]


def test_behind_a_pooler_nothing_is_prepared(settings) -> None:
    settings.PREPARE_STATEMENTS = False
    before = _prepared()
    assert fetch_prepared("SELECT %s::int + 3", [1]) == [(4,)]
    assert _prepared() == before
