"""The tests' database: a copy of a template that the owner migrated once, used as the application's role.

The application may not TRUNCATE, and append-only triggers refuse it anyway. So a test that commits is not
flushed afterwards: the whole database is dropped and copied from the template again.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

import psycopg2

from footing import CHECKOUT
from footing.preparing import migrations_digest, reference_digest
from footing.roles import as_owner
from footing.servers import Databases

TEMPLATE_PREFIX = "smehub_template_"


class TestDatabase:
    __test__ = False

    def __init__(self, server: Databases, *, name: str, alone: bool) -> None:
        """`server` names an existing database, beside which ours are made; it is not touched.

        `alone` says that no other session uses the server, so that old templates may go.
        """
        self._server = server
        self._alone = alone
        self.name = name
        self.urls = server.named(name)
        #: tables and rights; then the same with reference rows, which is what tests get a copy of
        self._tables = TEMPLATE_PREFIX + migrations_digest()[:16]
        self.template = TEMPLATE_PREFIX + _short(self._tables + reference_digest())

    def prepare(self, env: Mapping[str, str]) -> None:
        """The templates, unless an earlier session made them from the same files; then the copy."""
        if not self._exists(self.template):
            if not self._exists(self._tables):
                if self._alone:
                    self._on_server(*(f'DROP DATABASE "{old}"' for old in self._all_templates()))
                self._make(self._tables, "template1", lambda urls: _migrate(env, urls))
            self._make(self.template, self._tables, lambda urls: _load_reference(env, urls))
        self.restore()

    def restore(self) -> None:
        """As it was before any test: the tables and the reference rows of the migrations."""
        self._on_server(
            f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"',
        )

    def drop(self) -> None:
        self._on_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _make(self, name: str, source: str, fill: Callable[[Databases], None]) -> None:
        """Under another name first, so that a session which is killed leaves nothing that looks whole."""
        draft = f"{name}_{os.getpid()}"
        self._on_server(f'CREATE DATABASE "{draft}" TEMPLATE "{source}"')
        fill(self._server.named(draft))
        self._on_server(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')

    def _exists(self, name: str) -> bool:
        return bool(self._on_server(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def _all_templates(self) -> list[str]:
        rows = self._on_server(f"SELECT datname FROM pg_database WHERE datname LIKE '{TEMPLATE_PREFIX}%'")
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


def _migrate(env: Mapping[str, str], urls: Databases) -> None:
    env = as_owner({**env, "DATABASE_OWNER_URL": urls.owner})
    _manage(env, "migrate", "--no-input", "-v", "0")
    if urls.has_two_roles:
        _manage(env, "grant_app_role", str(urls.app_role))


def _load_reference(env: Mapping[str, str], urls: Databases) -> None:
    _manage({**env, "DATABASE_URL": urls.app, "DATABASE_DIRECT_URL": urls.app}, "load_reference")


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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
