"""All sellers' files together: enough and various goods, no text that is told twice, no number given twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sme_hub.demo.checks.findings import Finding

FEWEST_LISTINGS = 1500
FEWEST_TYPES = 200
MOST_OF_A_TYPE = 12
FAMILIES = 5

Row = Mapping[str, str]


def check_catalogue(
    listings: Mapping[str, Sequence[Row]], *, types: Sequence[Row], pictures: Iterable[Row]
) -> list[Finding]:
    """`listings` by seller; `types` and `pictures` as their index files have them.

    What a listing's picture is filed under is its product type; without one it has none.
    """
    drawn = {(picture["seller"], picture["sku"]): picture["type"] for picture in pictures}
    rows = [
        {**row, "type": drawn.get((seller, row["sku"]), "")}
        for seller, rows in listings.items()
        for row in rows
    ]
    return [
        *_counted(rows, types),
        *_listed_types(rows, types),
        *_told_once(rows),
        *_unique(rows, "gtin"),
        *(finding for rows in listings.values() for finding in _unique(rows, "sku")),
        *_drawn(rows),
    ]


def _counted(rows: Sequence[Row], types: Sequence[Row]) -> Iterable[Finding]:
    if len(rows) < FEWEST_LISTINGS:
        yield Finding("catalogue", "", f"{len(rows)} listings, fewer than {FEWEST_LISTINGS}")
    if len(types) < FEWEST_TYPES:
        yield Finding("catalogue", "", f"{len(types)} product types, fewer than {FEWEST_TYPES}")
    if len({row["family"] for row in types}) != FAMILIES:
        yield Finding("catalogue", "", "not all five families")
    for type_, count in Counter(row["type"] for row in rows).items():
        if count > MOST_OF_A_TYPE:
            yield Finding(type_, "", f"{count} listings of one type")


def _listed_types(rows: Sequence[Row], types: Sequence[Row]) -> Iterable[Finding]:
    known = {row["type"] for row in types}
    for type_ in sorted({row["type"] for row in rows} ^ known):
        yield Finding(type_, "", "stands either in the index or in the files, not in both")


def _told_once(rows: Sequence[Row]) -> Iterable[Finding]:
    for column in ("description_en", "description_zh"):
        types: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            types[row[column]].add(row["type"])
        for shared in types.values():
            if len(shared) > 1:
                yield Finding(", ".join(sorted(shared)), column, "is shared across product types")


def _unique(rows: Sequence[Row], column: str) -> Iterable[Finding]:
    for value, count in Counter(row[column] for row in rows if row[column]).items():
        if count > 1:
            yield Finding(value, column, f"is given {count} times")


def _drawn(rows: Sequence[Row]) -> Iterable[Finding]:
    for row in rows:
        if not row["type"]:
            yield Finding(row["sku"], "", "has no drawing")
