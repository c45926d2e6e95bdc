"""The bank's books: quotations, facilities, answers by key. One SQLite file; what was answered survives a kill -9."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS quotes (
    id TEXT PRIMARY KEY, request TEXT NOT NULL, figures TEXT NOT NULL, digest TEXT NOT NULL,
    invoice TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS facilities (
    id TEXT PRIMARY KEY, quote TEXT NOT NULL UNIQUE REFERENCES quotes, offer TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL, registry TEXT NOT NULL, net TEXT NOT NULL, changed_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS outbox (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL, done_at REAL);
CREATE TABLE IF NOT EXISTS calls (path TEXT PRIMARY KEY, count INTEGER NOT NULL);
"""


class Books:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        with self.open() as books:
            books.executescript(_TABLES)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on disk before anybody is answered."""
        with self._writing:
            connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous = FULL")
            try:
                with connection:
                    connection.execute("BEGIN IMMEDIATE")
                    yield connection
            finally:
                connection.close()


def row(books: sqlite3.Connection, table: str, **where: Any) -> dict[str, Any] | None:
    """The row of `table` (a name of ours) in which these columns say so."""
    said = " AND ".join(f"{name} = ?" for name in where)
    found = books.execute(f"SELECT * FROM {table} WHERE {said}", list(where.values())).fetchone()
    return dict(found) if found else None


def insert(books: sqlite3.Connection, table: str, **values: Any) -> None:
    names, gaps = ", ".join(values), ", ".join("?" * len(values))
    books.execute(f"INSERT INTO {table} ({names}) VALUES ({gaps})", list(values.values()))


def counted(books: sqlite3.Connection, path: str) -> None:
    """How often a path was asked: what tests look at."""
    books.execute(
        "INSERT INTO calls VALUES (?, 1) ON CONFLICT (path) DO UPDATE SET count = count + 1", [path]
    )


def is_new_nonce(books: sqlite3.Connection, nonce: str) -> bool:
    books.execute("DELETE FROM nonces WHERE at < ?", [time.time() - 3600])
    made = books.execute("INSERT OR IGNORE INTO nonces VALUES (?, ?)", [nonce, time.time()])
    return made.rowcount == 1


def as_text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
