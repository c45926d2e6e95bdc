"""What the issuer remembers: one SQLite file, so that what was used stays used after a kill -9."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS seen (kind TEXT, jti TEXT, until REAL NOT NULL, PRIMARY KEY (kind, jti));
CREATE TABLE IF NOT EXISTS pushed (id TEXT PRIMARY KEY, said TEXT NOT NULL, until REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS logins (id TEXT PRIMARY KEY, said TEXT NOT NULL, until REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS codes (id TEXT PRIMARY KEY, said TEXT NOT NULL, until REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, said TEXT NOT NULL, until REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0, code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keys (kid TEXT PRIMARY KEY, secret TEXT NOT NULL, retired INTEGER NOT NULL DEFAULT 0);
"""
#: what is out of date is forgotten so long afterwards: until then it is told apart from what never was
FORGET_SECONDS = 3600.0


class Books:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        with self.open() as books:
            books.executescript(_TABLES)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """One transaction. It outlives the process, though not the machine: it is a simulator's."""
        with self._writing:
            connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous = OFF")
            try:
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    yield connection
            finally:
                connection.close()

    def is_new(self, kind: str, jti: str, *, until: float, now: float) -> bool:
        """Whether this id comes for the first time; it is remembered `until` then."""
        with self.open() as books:
            books.execute("DELETE FROM seen WHERE until < ?", [now])
            made = books.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", [kind, jti, until])
            return made.rowcount == 1

    def keep(self, table: str, name: str, said: dict[str, Any], *, until: float, **more: str) -> None:
        """A row of `table` (a name of ours)."""
        values = {"id": name, "said": json.dumps(said), "until": until, **more}
        names, gaps = ", ".join(values), ", ".join("?" * len(values))
        with self.open() as books:
            books.execute(f"DELETE FROM {table} WHERE until < ?", [until - FORGET_SECONDS])
            books.execute(f"INSERT INTO {table} ({names}) VALUES ({gaps})", list(values.values()))

    def look(self, table: str, name: str, *, now: float) -> dict[str, Any] | None:
        """What was kept, while it holds and is not used."""
        with self.open() as books:
            found = books.execute(
                f"SELECT said FROM {table} WHERE id = ? AND until >= ? AND NOT used", [name, now]
            ).fetchone()
        return json.loads(found["said"]) if found else None

    def note(self, table: str, name: str, said: dict[str, Any]) -> None:
        with self.open() as books:
            books.execute(f"UPDATE {table} SET said = ? WHERE id = ?", [json.dumps(said), name])

    def use(self, table: str, name: str, *, now: float) -> tuple[dict[str, Any] | None, bool]:
        """What was kept, once, or None; and whether it was used before."""
        with self.open() as books:
            found = books.execute(f"SELECT * FROM {table} WHERE id = ?", [name]).fetchone()
            books.execute(f"UPDATE {table} SET used = 1 WHERE id = ?", [name])
        if found is None or found["until"] < now:
            return None, bool(found and found["used"])
        return (None, True) if found["used"] else (json.loads(found["said"]), False)

    def revoke(self, code: str) -> None:
        """What was given for this code is worth nothing any more."""
        with self.open() as books:
            books.execute("UPDATE tokens SET used = 1 WHERE code = ?", [code])
