"""Two database roles: the application cannot change tables or history; the owner is stopped by a trigger."""

from __future__ import annotations

import os
from contextlib import closing

import psycopg2
import psycopg2.errors
import pytest
from django.db import ProgrammingError, connection, transaction

from footing.servers import named
from kernel.management.commands.grant_app_role import append_only_tables

HISTORY = append_only_tables()


def _refused(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_there_is_history_to_protect():
    assert {"kernel_event", "catalog_stockmovement", "orders_payment", "documents_paperversion"} <= set(
        HISTORY
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE notes (id int)",
        "ALTER TABLE kernel_delivery ADD COLUMN note text",
        "DROP TABLE kernel_delivery",
        "DROP TRIGGER kernel_event_append_only ON kernel_event",
        "ALTER TABLE kernel_event DISABLE TRIGGER ALL",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DELETE FROM django_migrations",
    ],
)
def test_the_application_cannot_change_tables(statement):
    _refused(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("table", HISTORY)
def test_the_application_cannot_change_history(table):
    _refused(f"UPDATE {table} SET id = id")
    _refused(f"DELETE FROM {table}")
    _refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_owner_is_stopped_by_a_trigger(django_db_setup, table, act):
    """By a sign-in of the owner's own, who commits nothing."""
    with closing(psycopg2.connect(_owner_url())) as owner:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"):
            owner.cursor().execute(act.format(table))
        owner.rollback()


def _owner_url() -> str:
    """The owner's sign-in on the tests' database."""
    return named(os.environ["DATABASE_OWNER_URL"], str(connection.settings_dict["NAME"]))
