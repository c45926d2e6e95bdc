"""Files that sellers send, good and hostile, made in memory."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import openpyxl

from catalog.rules.columns import NAMES, write_row
from tests.catalog.factories import a_draft


def a_row(sku: str, **cells: str) -> dict[str, str]:
    """A complete row of gloves, published, 500 in stock; `cells` change it."""
    row = dict(zip(NAMES, write_row(a_draft(sku=sku), stock=500, status="published"), strict=True))  # type: ignore[arg-type]
    return {**row, **cells}


def csv_file(
    rows: Iterable[dict[str, str]], *, encoding: str = "utf-8-sig", delimiter: str = ","
) -> io.BytesIO:
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else list(NAMES), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_file(rows: Iterable[dict[str, Any]]) -> io.BytesIO:
    rows = list(rows)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    return _saved(book)


def a_zip(entries: dict[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer


def xlsx_with(part: str, content: bytes) -> io.BytesIO:
    """A workbook in which one part of the archive is replaced, as an attacker would."""
    with zipfile.ZipFile(xlsx_file([a_row("A-1")])) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries[part] = content
    return a_zip(entries)


def _saved(book: openpyxl.Workbook) -> io.BytesIO:
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return buffer
