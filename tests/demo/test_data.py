"""The demo's files: real codes, enough goods, both languages, nothing that could be somebody's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog.services.reading import read_sheet
from sme_hub.demo.checks import attributes_by_category, check_catalogue, check_companies, check_listing
from sme_hub.demo.files import DATA, REFERENCE, SAMPLES, listing_files, rows_of

ATTRIBUTES = attributes_by_category(rows_of(REFERENCE / "attributes.csv"))
FAMILIES = {row["code"]: row["parent"] for row in rows_of(REFERENCE / "categories.csv") if row["parent"]}


def findings(row: dict[str, str]) -> list[str]:
    return [str(found) for found in check_listing(row, families=FAMILIES, attributes=ATTRIBUTES)]


@pytest.mark.parametrize("path", listing_files(), ids=lambda path: path.stem)
def test_every_row_of_a_sellers_file_passes(path: Path) -> None:
    assert [found for row in rows_of(path) for found in findings(row)] == []


def test_the_catalogue_is_large_and_various_and_tells_nothing_twice() -> None:
    listings = {path.stem: rows_of(path) for path in listing_files()}
    types, pictures = rows_of(DATA / "product_types.csv"), rows_of(DATA / "pictures.csv")
    assert check_catalogue(listings, types=types, pictures=pictures) == []


def test_companies_have_numbers_with_right_check_digits_and_nobodys_addresses() -> None:
    buyers = [*rows_of(DATA / "buyers.csv"), *rows_of(DATA / "screened.csv")]
    assert check_companies(rows_of(DATA / "sellers.csv"), buyers) == []


def test_every_seller_has_a_catalogue() -> None:
    sellers = {row["code"] for row in rows_of(DATA / "sellers.csv")}
    assert {path.stem for path in listing_files()} == sellers


def test_every_category_has_listings() -> None:
    used = {row["category"] for path in listing_files() for row in rows_of(path)}
    assert used == set(FAMILIES)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("hs6", "401511"),  # of HS 2017, gone in 2022
        ("gtin", "9520001000070"),
        ("unspsc", "10101500"),
        ("unit", "pcs"),
        ("tiers_sgd", "12:1.90|120:1.90"),
        ("tiers_sgd", "1:1.90|120:1.80"),
        ("packs", "XBG:12:10x10x10mm:9kg"),
        ("moq", "7"),
        ("name_zh", "Gloves"),
        ("ghs", "GHS10"),
        ("category", "gloves"),
    ],
)
def test_a_wrong_cell_is_found(column: str, wrong: str) -> None:
    row = rows_of(DATA / "listings" / "tuas-safety.csv")[0]
    assert findings(row) == []
    assert any(column.split("_")[0] in found for found in findings(row | {column: wrong}))


def test_the_broken_sample_is_broken_in_every_row() -> None:
    with (SAMPLES / "bad-rows.csv").open("rb") as file:
        rows = read_sheet(file).rows
    assert len(rows) == 20
    again = [row.line for row in rows if row.cells["sku"] == "BAD-17"][1:]
    assert [row.line for row in rows if row.line not in again and not findings(dict(row.cells))] == []


@pytest.mark.parametrize(
    ("name", "encoding", "seller"),
    [
        ("pioneer-acids.gbk.csv", "gb18030", "pioneer-acids"),
        ("ayer-rajah-metrology.xlsx", "xlsx", "ayer-rajah-metrology"),
    ],
)
def test_the_samples_in_gbk_and_xlsx_read_as_the_sellers_file(name: str, encoding: str, seller: str) -> None:
    with (SAMPLES / name).open("rb") as file:
        sheet = read_sheet(file)
    assert sheet.encoding == encoding
    assert [dict(row.cells) for row in sheet.rows] == rows_of(DATA / "listings" / f"{seller}.csv")


def test_the_command_names_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="findings in 20 listings"):
        call_command("check_codes", SAMPLES / "bad-rows.csv")
    assert "BAD-02: gtin" in capsys.readouterr().out
