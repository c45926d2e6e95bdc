"""Files as the world sends them: hostile, broken, huge. Always rows or a clear refusal, quickly."""

from __future__ import annotations

import io
import time
import zipfile

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.rules.columns import NAMES
from catalog.services import reading
from catalog.services.reading import read_sheet
from kernel.errors import Refused
from kernel.sheets import guarded
from tests.catalog.files import a_row, a_zip, csv_file, xlsx_file, xlsx_with

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refusal(file: io.BytesIO | bytes) -> type[Refused]:
    """How the file is refused."""
    with pytest.raises(Refused) as raised:
        read_sheet(io.BytesIO(file) if isinstance(file, bytes) else file)
    assert str(raised.value)
    return raised.type


def cells(file: io.BytesIO) -> list[dict[str, str]]:
    return [row.cells for row in read_sheet(file).rows]


def of_text(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", reading.FileEmpty),
        (b"  \n\n", reading.FileEmpty),
        (b"sku,name_en\n", reading.FileEmpty),
        (b"\xd0\xcf\x11\xe0old excel", reading.FileOfAnotherKind),
        (b"%PDF-1.7", reading.FileOfAnotherKind),
        (b"<HTML><table>", reading.FileOfAnotherKind),
        (b"<table>", reading.FileTypeUnknown),
        (b"\x89PNG\r\n\x1a\n\0\0", reading.FileOfAnotherKind),
        (b"sku\0,name\n", reading.FileTypeUnknown),
        (b"sku,name_en\nA,\xff\xff\xff\n", reading.EncodingUnknown),
        ("sku,name_zh\nA,螺栓".encode()[:-1], reading.FileBroken),
        (b'sku,name_en\nA,"never closed\nB,x\n', reading.QuoteOpen),
        (b"name_en,name_zh\na,b\n", reading.NoSkuColumn),
        (b"sku,prize\na,b\n", reading.ColumnUnknown),
        (b"sku,image\na,glove.png\n", reading.ColumnUnknown),
        (b"sku,moq,moq\na,1,2\n", reading.ColumnTwice),
        (b"sku\n" + b"a" * (reading.MOST_BYTES + 1), reading.FileTooLarge),
        (b"sku\n" + b"a\n" * (reading.MOST_ROWS + 1), reading.TooManyRows),
        (b"PK\x03\x04 cut off", reading.FileBroken),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(content: bytes, expected: type[Refused]) -> None:
    assert refusal(content) is expected


def test_a_picture_named_like_a_workbook_is_told_what_it_is() -> None:
    with pytest.raises(reading.FileOfAnotherKind) as raised:
        read_sheet(io.BytesIO(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"))
    assert "PNG" in str(raised.value) and "CSV and XLSX" in str(raised.value)
    with translation.override("zh-hans"):
        assert "PNG" in str(raised.value) and "CSV 和 XLSX" in str(raised.value)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert refusal(a_zip({"evil.txt": b"x"})) is reading.FileTypeUnknown


def test_a_workbook_cut_off_is_refused() -> None:
    whole = xlsx_file([a_row("A-1")]).getvalue()

    assert refusal(whole[: len(whole) // 2]) is reading.FileBroken


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = xlsx_with(SHEET, b"<worksheet>" + b" " * (60 * 1024 * 1024) + b"</worksheet>")
    assert len(bomb.getvalue()) < 200_000
    began = time.process_time()

    assert refusal(bomb) is reading.FileUnpacksTooLarge
    assert time.process_time() - began < 1


def test_a_directory_that_lies_about_its_sizes_unpacks_no_further() -> None:
    bomb = bytearray(xlsx_with(SHEET, b" " * (60 * 1024 * 1024)).getvalue())
    for entry in zipfile.ZipFile(io.BytesIO(bomb)).infolist():
        if entry.filename == SHEET:
            real = entry.file_size.to_bytes(4, "little")
            while (at := bomb.find(real)) != -1:
                bomb[at : at + 4] = (1000).to_bytes(4, "little")

    assert refusal(bytes(bomb)) is reading.FileBroken


def test_entities_are_never_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    document = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet {NAMESPACE}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l8;</t></is></c></row></sheetData></worksheet>'

    assert refusal(xlsx_with(SHEET, document.encode())) is reading.FileBroken


def test_external_files_are_never_read() -> None:
    document = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><worksheet {NAMESPACE}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row></sheetData></worksheet>'

    assert refusal(xlsx_with(SHEET, document.encode())) is reading.FileBroken


def test_a_cell_at_the_end_of_the_sheet_costs_no_time() -> None:
    document = f'<worksheet {NAMESPACE}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>sku</t></is></c><c r="XFD1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    began = time.process_time()

    assert issubclass(refusal(xlsx_with(SHEET, document.encode())), Refused)
    assert time.process_time() - began < 5


def test_formulas_dates_and_errors_are_refused_cell_by_cell() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["sku", "name_en", "cas", "brand"])
    sheet.append(["A-1", "=HYPERLINK(1)", None, None])
    sheet.append(["A-2", "Plain", __import__("datetime").date(1967, 6, 3), "#N/A"])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)

    first, second = read_sheet(file).rows

    assert [(column, type(problem)) for column, problem in first.problems] == [
        ("name_en", reading.CellIsFormula)
    ]
    assert [(column, type(problem)) for column, problem in second.problems] == [
        ("cas", reading.CellIsDate),
        ("brand", reading.CellIsError),
    ]


def test_numbers_of_a_workbook_are_read_as_they_were_typed() -> None:
    (row,) = cells(
        xlsx_file([{"sku": 12345, "gtin": 4006381333931, "moq": 0.1, "tiers_sgd": "1:2", "stock": 1e6}])
    )

    assert (row["sku"], row["gtin"], row["moq"], row["stock"]) == ("12345", "4006381333931", "0.1", "1000000")


def test_rows_longer_than_the_header_and_endless_cells_are_named() -> None:
    rows = read_sheet(of_text("sku,name_en\nA,b,c\nB," + "x" * 9000 + "\n")).rows

    assert [type(problem) for row in rows for _column, problem in row.problems] == [
        reading.CellsBeyondHeader,
        reading.CellTooLong,
    ]


def test_lines_are_counted_as_an_editor_does() -> None:
    rows = read_sheet(of_text('\nsku,description_en\n\nA,"two\nlines"\nB,x\n')).rows

    assert [row.line for row in rows] == [4, 6]


def test_a_header_may_be_written_loosely() -> None:
    assert cells(of_text(" SKU ,Name EN,,\nA,b,,\n")) == [{"sku": "A", "name_en": "b"}]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_compute_is_guarded_and_read_back(start: str) -> None:
    written = guarded(f"{start}1+1")
    assert written.startswith("'")

    (row,) = cells(csv_file([{"sku": "A", "name_en": written}]))

    assert row["name_en"] == f"{start}1+1"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_do_more_than_be_refused(content: bytes) -> None:
    for data in (content, b"PK\x03\x04" + content, b"sku\n" + content):
        try:
            read_sheet(io.BytesIO(data))
        except Refused as refused:
            assert str(refused)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.integers(min_value=0, max_value=5000))
def test_no_damage_to_a_workbook_does_more_than_be_refused(damage: bytes, at: int) -> None:
    data = bytearray(_WORKBOOK)
    at %= len(data)
    data[at : at + len(damage)] = damage
    try:
        read_sheet(io.BytesIO(bytes(data)))
    except Refused as refused:
        assert str(refused)


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(st.lists(_TEXT, min_size=1, max_size=5), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_text_survives_the_way_through_a_file(names: list[str], encoding: str) -> None:
    rows = [{"sku": f"A{number}", "name_en": guarded(name)} for number, name in enumerate(names)]

    assert [row["name_en"] for row in cells(csv_file(rows, encoding=encoding))] == names


_WORKBOOK = xlsx_file([a_row("A-1"), a_row("A-2")]).getvalue()
assert set(a_row("A")) == set(NAMES)
