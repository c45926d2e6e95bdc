"""A connection that the server has ended is noticed before it is used; one that serves is not asked."""

from __future__ import annotations

import pytest
from django.db import connection, connections


@pytest.mark.django_db
def test_one_that_serves_costs_no_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(
        "django.db.backends.postgresql.base.DatabaseWrapper.is_usable", lambda self: pytest.fail()
    )
    assert connection.is_usable()


def test_one_that_the_server_ended_is_replaced(committed_db: None) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not other.is_usable()
    other.close()
