"""Lists as files that a spreadsheet opens: CSV as it is read, XLSX up to a number of rows.

No cell is ever computed: text that a spreadsheet would take for a formula is guarded in CSV, and is text in XLSX.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refused

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: spreadsheets take a CSV file for UTF-8 only with this
BOM = "\ufeff"
#: what a spreadsheet takes for the beginning of a formula
GUARDED = ("=", "+", "-", "@", "\t", "\r")
#: rows of a workbook, which is made in memory, and of a CSV file, which is not
MOST_XLSX, MOST_CSV = 10_000, 100_000

#: a moment in UTC is shown in the zone that the file was asked for in
Cell = str | Decimal | int | date | datetime | None
Row = Sequence[Cell]
Found = TypeVar("Found")


class TooManyRows(Refused):
    """A workbook is made in memory."""

    code = "sheet.too_many_rows"
    message = _(
        "These are more than %(most)s rows, too many for one XLSX file. Narrow the list, or take it as CSV."
    )


def sheet_of(name: str, header: Sequence[Any], rows: Iterable[Row], form: str) -> HttpResponseBase:
    """`rows` as `name.csv` or `name.xlsx`; raises `TooManyRows` before anything is sent.

    Moments are written in the zone that is current now: a CSV file is sent after the view has returned.
    """
    words = [str(word) for word in header]
    if form == "xlsx":
        return _workbook(f"{name}.xlsx", words, rows)
    response = StreamingHttpResponse(_lines(words, rows), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def read_as(rows: Iterator[Found], row: Callable[[Found], Row]) -> Generator[Row, None, None]:
    """Each of `rows` as `row` writes it. However the file ends, read or cut, the cursor behind them is closed then."""
    try:
        yield from map(row, rows)
    finally:
        _let_go(rows)


def _let_go(rows: Iterable[Any]) -> None:
    """Close what nobody reads on, with the cursor behind it, now and not when memory is cleared."""
    if isinstance(rows, Generator):
        rows.close()


def guarded(cell: str) -> str:
    """A cell for a CSV file that no spreadsheet will compute."""
    return f"'{cell}" if cell.startswith(GUARDED) else cell


def _lines(header: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    zone = timezone.get_current_timezone()
    cut = gettext("This file ends here, at %(most)s rows. Narrow the list for the others.") % {
        "most": f"{MOST_CSV:,}"
    }
    return _written(header, rows, zone, cut)


def _written(header: Sequence[str], rows: Iterable[Row], zone: Any, cut: str) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield BOM
    with closing(_headed(header, rows)) as found:
        for number, row in enumerate(found):
            if number > MOST_CSV:
                row = [cut]
            writer.writerow([_csv_cell(cell, zone) for cell in row])
            yield line.getvalue()
            line.seek(0)
            line.truncate()
            if number > MOST_CSV:
                return


def _headed(header: Row, rows: Iterable[Row]) -> Generator[Row, None, None]:
    """The header, then the rows; closed with it, they close what they are read from."""
    yield header
    yield from rows


def _csv_cell(cell: Cell, zone: Any) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell)
        case Decimal():
            return f"{cell:f}"
        case datetime():
            return f"{timezone.localtime(cell, zone):%Y-%m-%d %H:%M}"
    return str(cell)


def _workbook(name: str, header: Sequence[str], rows: Iterable[Row]) -> FileResponse:
    import openpyxl

    found = list(islice(rows, MOST_XLSX + 1))
    if len(found) > MOST_XLSX:
        _let_go(rows)
        raise TooManyRows(most=f"{MOST_XLSX:,}")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in _headed(header, found):
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=name, content_type=XLSX)


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    """Numbers and dates as such; text always as text, so that no code loses its zeros and nothing is computed."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(cell, datetime):
        return timezone.make_naive(cell)
    if not isinstance(cell, str):
        return cell
    text = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", cell))
    text.data_type = "s"
    text.number_format = "@"
    return text
