"""What the application's database role may do. Run by the owner after every migrate."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection


def append_only_tables() -> list[str]:
    """Tables whose rows are history: models that say `append_only = True` (events, ledgers, movements)."""
    return [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]


class Command(BaseCommand):
    help = "Grant ROLE reading and writing, and on append-only tables nothing but reading and inserting."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        with connection.cursor() as cursor:
            quoted = connection.ops.quote_name(role)
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
            cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {quoted}")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
            cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {quoted}")
            for table in append_only_tables():
                cursor.execute(
                    f"REVOKE UPDATE, DELETE, TRUNCATE ON {connection.ops.quote_name(table)} FROM {quoted}"
                )
