"""A list's file is read, some thousand entries at a time, each time from where the last ended. Nothing is written here.

A CSV goes on at a byte, an XML after so many records (it is read again from its beginning, and thrown away as it is read).
Whatever does not read as the publisher writes it ends in a refusal of the whole file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO, Any, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor
from identity.models import ListSnapshot
from identity.rules.lists import (
    UN_RECORDS,
    UN_ROOT,
    Record,
    acra_columns,
    acra_record,
    ofac_record,
    un_record,
)
from identity.services.screening.taking import ENDED, ListRefusal, keep_part, refuse_list
from identity.states import ListCode, SnapshotState
from kernel.errors import Refused
from kernel.subscriptions import Effect

ROWS_PER_DELIVERY = 2_000
MOST_LINE_BYTES = 256 * 1024
#: old copies of `sdn.csv` close with the end mark of CP/M
END_MARK = "\x1a"


class FileBroken(ListRefusal):
    code = "list.file_broken"
    message = _("The file is damaged or cut off near line %(line)d. Fetch it again from its publisher.")


class NotText(ListRefusal):
    code = "list.not_text"
    message = _("The file is no text in UTF-8: it is not this list.")


class NotThisList(ListRefusal):
    code = "list.another"
    message = _("This is not the XML of this list, or it holds what no such list holds.")


class FileLost(ListRefusal):
    code = "list.file_lost"
    message = _("The file could not be found any more. Send it again.")


@dataclass(frozen=True)
class Part:
    """What one delivery read."""

    records: list[Record]
    #: where the next one begins; `ENDED` behind the last entry
    cursor: int
    columns: list[str]


def read_next(snapshot_id: int, cursor: int, *, actor: Actor, now: datetime) -> Effect | None:
    """The next entries, and how to keep them; None where they are kept already."""
    snapshot = ListSnapshot.objects.select_related("source").get(pk=snapshot_id)
    if snapshot.state != SnapshotState.IMPORTING or snapshot.cursor != cursor:
        return None
    try:
        part = _read(snapshot)
    except Refused as refused:
        return partial(refuse_list, snapshot, refused, actor=actor, now=now)
    return partial(keep_part, snapshot, part.records, part.cursor, part.columns, actor=actor, now=now)


def _read(snapshot: ListSnapshot) -> Part:
    try:
        with snapshot.file.open("rb") as file:
            plain = cast(IO[bytes], file.file)
            if snapshot.source.code == ListCode.UN_CONSOLIDATED:
                return _read_xml(plain, snapshot)
            return _read_csv(plain, snapshot)
    except FileNotFoundError as error:
        raise FileLost from error


# --- CSV -------------------------------------------------------------------------------------------------------------


def _read_csv(file: IO[bytes], snapshot: ListSnapshot) -> Part:
    columns = list(snapshot.columns)
    rows = _csv_rows(file, snapshot.cursor, snapshot.rows + 1)
    if snapshot.source.code == ListCode.ACRA and not columns:
        columns = acra_columns(next(rows, []))
    records: list[Record] = []
    for row in rows:
        line = snapshot.rows + len(records) + 1
        if row == [END_MARK]:
            continue
        records.append(acra_record(row, columns, line) if columns else ofac_record(row, line))
        if len(records) == ROWS_PER_DELIVERY:
            return Part(records, file.tell(), columns)
    return Part(records, ENDED, columns)


def _csv_rows(file: IO[bytes], at: int, line: int) -> Iterator[list[str]]:
    """Rows from byte `at` on; the reader takes one line at a time, so that the file stands behind the row just given."""
    file.seek(at)
    try:
        for row in csv.reader(_lines(file, at, line), strict=True):
            if row:
                line += 1
                yield row
    except csv.Error as error:  # a quotation mark that never closes, a cell without end
        raise FileBroken(line=line) from error
    except UnicodeDecodeError as error:
        raise NotText from error


def _lines(file: IO[bytes], at: int, line: int) -> Iterator[str]:
    while raw := file.readline(MOST_LINE_BYTES):
        if len(raw) == MOST_LINE_BYTES or b"\0" in raw:
            raise FileBroken(line=line)
        yield raw.decode("utf-8-sig" if at == 0 else "utf-8")
        at = -1


# --- XML -------------------------------------------------------------------------------------------------------------


def _read_xml(file: IO[bytes], snapshot: ListSnapshot) -> Part:
    """The records behind the first `cursor` ones."""
    records: list[Record] = []
    number = 0
    try:
        for element in _xml_records(file):
            number += 1
            if number > snapshot.cursor and len(records) < ROWS_PER_DELIVERY:
                records.append(un_record(element, number))
            if number == snapshot.cursor + ROWS_PER_DELIVERY + 1:
                return Part(records, number - 1, [])
    except ParseError as error:
        raise FileBroken(line=error.position[0]) from error
    except DefusedXmlException as error:  # entities that grow, references to elsewhere
        raise NotThisList from error
    return Part(records, ENDED, [])


def _xml_records(file: IO[bytes]) -> Iterator[Element]:
    """`INDIVIDUAL` and `ENTITY` elements one by one; what was read is dropped."""
    path: list[Element] = []
    events: Any = iterparse(file, events=("start", "end"), forbid_dtd=True)
    for event, element in events:
        if event == "start":
            if not path and element.tag != UN_ROOT:
                raise NotThisList
            path.append(element)
            continue
        path.pop()
        if len(path) == 2 and element.tag in UN_RECORDS:
            yield element
        if len(path) <= 2 and path:
            path[-1].remove(element)
