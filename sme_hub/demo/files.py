"""Where the demo's files lie, and how they are read: plain CSV in UTF-8, the header in the first row."""

from __future__ import annotations

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"
LISTINGS = DATA / "listings"
SAMPLES = DATA / "samples"
REFERENCE = Path(__file__).parents[2] / "catalog" / "reference"


def rows_of(path: Path) -> list[dict[str, str]]:
    """The file's rows by column name."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def listing_files() -> list[Path]:
    """The sellers' catalogues, each named after the seller's code."""
    return sorted(LISTINGS.glob("*.csv"))
