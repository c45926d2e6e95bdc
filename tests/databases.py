"""The tests' database: a copy of a template that the owner migrated once, used as the application's role.

The application may not TRUNCATE, and append-only triggers refuse it anyway. So a test that commits is not
flushed afterwards: the whole database is dropped and copied from the template again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import psycopg2

from footing import CHECKOUT
from footing.preparing import migrations_digest
from footing.roles import as_owner
from footing.servers import Databases

TEMPLATE_PREFIX = "smehub_template_"


class TestDatabase:
    __test__ = False

    def __init__(self, server: Databases, *, name: str = "smehub_test") -> None:
        """`server` names an existing database, from which the others are made; it is not touched."""
        self._server = server
        self.name = name
        self.urls = server.named(name)
        self.template = TEMPLATE_PREFIX + migrations_digest()[:16]

    def prepare(self, env: Mapping[str, str]) -> None:
        """The template, unless an earlier session made it from the same migrations; then the copy."""
        if not self._exists(self.template):
            self._make_template(env)
        self.restore()

    def restore(self) -> None:
        """As it was before any test: the tables and the reference rows of the migrations."""
        self._on_server(
            f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"',
        )

    def drop(self) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _make_template(self, env: Mapping[str, str]) -> None:
        draft = f"{self.template}_{os.getpid()}"
        urls = self._server.named(draft)
        self._on_server(
            *(f'DROP DATABASE "{old}"' for old in self._older_templates()), f'CREATE DATABASE "{draft}"'
        )
        env = as_owner({**env, "DATABASE_OWNER_URL": urls.owner})
        _manage(env, "migrate", "--no-input", "-v", "0")
        if urls.has_two_roles:
            _manage(env, "grant_app_role", str(urls.app_role))
        self._on_server(f'ALTER DATABASE "{draft}" RENAME TO "{self.template}"')

    def _exists(self, name: str) -> bool:
        return bool(self._on_server(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def _older_templates(self) -> list[str]:
        """Those of other migrations that nobody is using."""
        rows = self._on_server(
            f"SELECT datname FROM pg_database d WHERE datname LIKE '{TEMPLATE_PREFIX}%' "
            "AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)"
        )
        return [row[0] for row in rows]

    def _on_server(self, *statements: str) -> list[tuple]:
        """Outside any transaction, as CREATE DATABASE asks; answers with the last statement's rows."""
        connection = psycopg2.connect(self._server.owner)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


def _manage(env: Mapping[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, CHECKOUT / "manage.py", *command],
        env=dict(env),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
