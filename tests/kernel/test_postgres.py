"""A connection that the server has ended is noticed before it is used; one that serves is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction


@pytest.fixture
def other(committed_db: None) -> Iterator[Any]:
    """A connection of its own, as another thread has."""
    made = connections.create_connection("default")
    made.ensure_connection()
    yield made
    made.close()


def test_one_that_serves_costs_no_statement(other: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.is_usable", lambda self: False)
    assert other.is_usable()


def test_one_that_the_server_ended_is_replaced(other: Any) -> None:
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not other.is_usable()


@pytest.mark.django_db
def test_one_whose_transaction_failed_is_not_usable() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor, pytest.raises(DatabaseError):
            cursor.execute("SELECT 1/0")
        assert not connection.is_usable()
        raise DatabaseError
