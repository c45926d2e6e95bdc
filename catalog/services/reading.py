"""A seller's file becomes rows of text: CSV in UTF-8, UTF-16 or GBK, and XLSX. Hostile files are refused in words.

What is limited: bytes, unpacked bytes (the zip directory is read first), rows, columns, cell length, seconds. Formulas
are never computed and no external reference is followed.
"""

from __future__ import annotations

import codecs
import csv
import io
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from catalog.rules.columns import NAMES
from catalog.rules.drafts import line
from kernel.errors import Refused
from kernel.sheets import GUARDED

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 48 * 1024 * 1024
MOST_ZIP_ENTRIES = 100
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CELL_CHARACTERS = 8_000
MOST_SECONDS = 25.0


class FileTooLarge(Refused):
    code = "import.file_too_large"
    message = _("The file is larger than %(most)d MB. Split it into several files.")
    field = "file"


class FileEmpty(Refused):
    code = "import.file_empty"
    message = _("The file holds no rows below its header.")
    field = "file"


class FileTypeUnknown(Refused):
    code = "import.file_type_unknown"
    message = _("This is neither CSV nor XLSX. Save it from your spreadsheet as one of them.")
    field = "file"


class FileOfAnotherKind(Refused):
    """By what it begins with; its name proves nothing."""

    code = "import.file_of_another_kind"
    message = _(
        "This is a %(kind)s file, whatever its name says. Accepted are CSV and XLSX:"
        " save the table from your spreadsheet as one of them."
    )
    field = "file"


class FileBroken(Refused):
    code = "import.file_broken"
    message = _("The file is damaged or cut off. Save it again and send it once more.")
    field = "file"


class FileUnpacksTooLarge(Refused):
    code = "import.file_unpacks_too_large"
    message = _("Unpacked, this workbook is far too large. Copy the rows into a new, plain workbook.")
    field = "file"


class EncodingUnknown(Refused):
    code = "import.encoding_unknown"
    message = _("The text is neither UTF-8 nor GBK. Save the file as “CSV UTF-8”.")
    field = "file"


class QuoteOpen(Refused):
    code = "import.quote_open"
    message = _(
        "From line %(line)d on the quotation marks do not close. Save the file from your spreadsheet again."
    )
    field = "file"


class TooManyRows(Refused):
    code = "import.too_many_rows"
    message = _("The file has more than %(most)d rows. Split it into several files.")
    field = "file"


class NoSkuColumn(Refused):
    code = "import.no_sku_column"
    message = _("The first row must name the columns, and one of them must be “sku”.")
    field = "file"


class ColumnUnknown(Refused):
    code = "import.column_unknown"
    message = _("These columns are unknown: %(columns)s. Take the names from the template.")
    field = "file"


class ColumnTwice(Refused):
    code = "import.column_twice"
    message = _("The column “%(column)s” is there twice.")
    field = "file"


class TakesTooLong(Refused):
    code = "import.takes_too_long"
    message = _("The file takes too long to read. Copy the rows into a new, plain file.")
    field = "file"


class CellIsFormula(Refused):
    code = "import.cell_is_formula"
    message = _("This cell holds a formula. Replace it by its value.")


class CellIsDate(Refused):
    code = "import.cell_is_date"
    message = _("The spreadsheet has made this cell a date. Format the column as text and write it again.")


class CellIsError(Refused):
    code = "import.cell_is_error"
    message = _("This cell holds an error of the spreadsheet.")


class CellTooLong(Refused):
    code = "import.cell_too_long"
    message = _("This cell holds more than %(most)d characters.")


class CellsBeyondHeader(Refused):
    code = "import.cells_beyond_header"
    message = _("This row has more cells than the header has columns.")


@dataclass(frozen=True)
class Cell:
    """A cell's text, or the refusal of it."""

    text: str
    refused: type[Refused] | None = None


@dataclass(frozen=True)
class RawRow:
    """One row with its line in the file (the header being 1), and what is wrong with its cells."""

    line: int
    cells: dict[str, str]
    problems: tuple[tuple[str, Refused], ...] = ()


@dataclass(frozen=True)
class Sheet:
    encoding: str
    rows: list[RawRow]


Lines = Iterator[tuple[int, list[Cell]]]


def read_sheet(file: BinaryIO) -> Sheet:
    """All rows of the file. Raises the refusal that fits when the file as a whole cannot be used."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // 1024 // 1024)
    if not data.strip():
        raise FileEmpty
    stop_at = time.monotonic() + MOST_SECONDS
    if kind := _another_kind(data):
        raise FileOfAnotherKind(kind=kind)
    if data.startswith(b"PK"):
        return Sheet("xlsx", list(_rows(_xlsx_lines(data, stop_at))))
    encoding, text = _decode(data)
    return Sheet(encoding, list(_rows(_csv_lines(text, stop_at))))


#: what files begin with that people take for a table, or name like one
_SIGNATURES = {
    b"\x89PNG\r\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS (Excel 97–2003)",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "GZIP",
    b"<html": "HTML",
    b"<!doctype html": "HTML",
    b"{\\rtf": "RTF",
}


def _another_kind(data: bytes) -> str:
    """The kind of a file that is surely no table of ours; empty for what has to be looked into."""
    head = data[:64].lstrip().lower() if data[:1] in b" \r\n<" else data[:64]
    return next((kind for mark, kind in _SIGNATURES.items() if head.startswith(mark)), "")


def _decode(data: bytes) -> tuple[str, str]:
    """UTF-8 first, since Chinese text in GBK is practically never valid UTF-8; then GB 18030, which holds GBK."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", _decode_as("utf-16", data)
    if b"\0" in data or data.startswith((b"{", b"<")):
        raise FileTypeUnknown
    try:
        return "utf-8", data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.start > 0 and error.reason == "unexpected end of data":
            raise FileBroken from error
    return "gb18030", _decode_as("gb18030", data)


def _decode_as(encoding: str, data: bytes) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingUnknown from error


def _csv_lines(text: str, stop_at: float) -> Lines:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise QuoteOpen(line=number) from error
        _check_clock(stop_at)
        yield number, [Cell(_unguarded(cell)) for cell in cells[: MOST_COLUMNS + 1]]
        number = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The separator that splits the first line into the most columns that we know."""
    header = text.lstrip("\r\n").split("\n", 1)[0][:4000]
    return max(",;\t", key=lambda mark: len(set(NAMES).intersection(_names(header.split(mark)))))


def _unguarded(cell: str) -> str:
    """Without the apostrophe that our exports put before what a spreadsheet would take for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in GUARDED else cell


def _xlsx_lines(data: bytes, stop_at: float) -> Lines:
    _check_archive(data)
    import openpyxl
    from openpyxl.cell.read_only import EMPTY_CELL
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise RuntimeError("openpyxl reads XML without defusedxml")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(
            sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1), start=1
        ):
            _check_clock(stop_at)
            yield number, [] if all(cell is EMPTY_CELL for cell in row) else [_cell(cell) for cell in row]
    except (Refused, GeneratorExit):
        raise
    except Exception as error:  # a damaged or forged workbook fails anywhere inside the parser, in any way
        raise FileBroken from error


def _check_archive(data: bytes) -> None:
    """Look at the zip directory before anything is unpacked; entries cannot grow beyond what it says."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileBroken from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise FileTypeUnknown
    if len(entries) > MOST_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise FileUnpacksTooLarge


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return Cell("")
    match kind:
        case "f":
            return Cell(str(value), CellIsFormula)
        case "d":
            return Cell(str(value), CellIsDate)
        case "e":
            return Cell(str(value), CellIsError)
        case "b":
            return Cell("yes" if value else "no")
        case "n":
            return Cell(_number_text(value))
    return Cell(str(value))


def _number_text(value: Any) -> str:
    """A number as it was typed: the shortest decimal that the stored binary number stands for."""
    number = Decimal(repr(value) if isinstance(value, float) else str(value))
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rows(lines: Lines) -> Iterator[RawRow]:
    """Named cells of every row that is not blank. Raises when the header cannot be used."""
    header: list[str] | None = None
    count = 0
    for number, cells in lines:
        if not any(cell.text.strip() for cell in cells):
            continue
        if header is None:
            header = _header(cells)
            continue
        count += 1
        if count > MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        yield _row(number, header, cells)
    if header is None or not count:
        raise FileEmpty


def _header(cells: list[Cell]) -> list[str]:
    names = _names(cell.text for cell in cells)
    while names and not names[-1]:
        names.pop()
    if "sku" not in names:
        raise NoSkuColumn
    unknown = [name or "–" for name in names if name not in NAMES]
    if unknown:
        raise ColumnUnknown(columns=", ".join(name[:40] for name in unknown[:10]))
    for name in names:
        if names.count(name) > 1:
            raise ColumnTwice(column=name)
    return names


def _names(cells: Iterable[str]) -> list[str]:
    return [line(cell).strip("\"'").lower().replace(" ", "_") for cell in cells]


def _row(number: int, header: list[str], cells: list[Cell]) -> RawRow:
    problems: list[tuple[str, Refused]] = []
    named: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=False):
        if cell.refused:
            problems.append((name, cell.refused()))
        elif len(cell.text) > MOST_CELL_CHARACTERS:
            problems.append((name, CellTooLong(most=MOST_CELL_CHARACTERS)))
        named[name] = cell.text[:MOST_CELL_CHARACTERS].replace("\0", "")
    for name in header[len(cells) :]:
        named[name] = ""
    if any(cell.text.strip() for cell in cells[len(header) :]):
        problems.append(("", CellsBeyondHeader()))
    return RawRow(number, named, tuple(problems))


def _check_clock(stop_at: float) -> None:
    if time.monotonic() > stop_at:
        raise TakesTooLong
