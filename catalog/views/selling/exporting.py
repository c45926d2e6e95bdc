"""Files of listings: the export, and the template that an import begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.queries.listings import Wanted, export_rows
from catalog.rules.columns import COLUMNS, NAMES
from identity.actors import Actor
from kernel.sheets import guarded

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: spreadsheets take a CSV file for UTF-8 only with this
BOM = "\ufeff"


def listings_file(actor: Actor, wanted: Wanted, form: str) -> HttpResponseBase:
    rows = export_rows(actor=actor, wanted=wanted)
    name = f"listings-{timezone.localdate():%Y-%m-%d}.{form}"
    return xlsx_file(name, rows) if form == "xlsx" else csv_file(name, [NAMES], rows)


def template_file(form: str) -> HttpResponseBase:
    """The header alone; the workbook has a second sheet that explains the columns."""
    return (
        xlsx_file("listings.xlsx", [], guide=True)
        if form == "xlsx"
        else csv_file("listings.csv", [NAMES], [])
    )


def csv_file(
    name: str, header: Iterable[Iterable[str]], rows: Iterable[Iterable[str]]
) -> StreamingHttpResponse:
    """Rows as they are read, every cell guarded against being computed by a spreadsheet."""
    response = StreamingHttpResponse(_csv_lines([*header], rows), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_file(name: str, rows: Iterable[Iterable[str]], *, guide: bool = False) -> FileResponse:
    """A workbook in which every cell is text, so that no code loses its zeros and nothing is computed."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("Listings"))
    sheet.freeze_panes = "B2"
    for row in [NAMES, *rows] if guide else _with_header(rows):
        sheet.append([_text_cell(sheet, cell) for cell in row])
    if guide:
        explained = book.create_sheet(_("Columns"))
        explained.append(
            [_text_cell(explained, cell) for cell in (_("Column"), _("What to write"), _("Example"))]
        )
        for column in COLUMNS:
            cells = (column.name, str(column.guide), column.example)
            explained.append([_text_cell(explained, cell) for cell in cells])
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=name, content_type=XLSX)


def _with_header(rows: Iterable[Iterable[str]]) -> Iterator[Iterable[str]]:
    yield NAMES
    yield from rows


def _text_cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _csv_lines(header: list[Iterable[str]], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield BOM
    for source in (header, rows):
        for row in source:
            writer.writerow([guarded(cell) for cell in row])
            yield line.getvalue()
            line.seek(0)
            line.truncate()
