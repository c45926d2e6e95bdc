"""`manage.py check_codes [PATH …]`: check sellers' files, or everything that the demo consists of."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sme_hub.demo.checks import (
    Finding,
    attributes_by_category,
    check_catalogue,
    check_companies,
    check_listing,
)
from sme_hub.demo.files import DATA, REFERENCE, listing_files, rows_of


class Command(BaseCommand):
    help = "Check HS, UNSPSC, CAS, UN, GTIN, GHS, units, tiers, packs and words of sellers’ CSV files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, help="CSV files; none: the whole demo")

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        files = paths or listing_files()
        listings = {path.stem: rows_of(path) for path in files}
        findings = check_rows(listings)
        if not paths:
            findings += check_all(listings)
        for finding in findings:
            self.stdout.write(str(finding))
        count = sum(map(len, listings.values()))
        if findings:
            raise CommandError(f"{len(findings)} findings in {count} listings of {len(files)} files")
        self.stdout.write(f"{count} listings of {len(files)} files: nothing found")


def check_rows(listings: dict[str, list[dict[str, str]]]) -> list[Finding]:
    """Row by row."""
    attributes = attributes_by_category(rows_of(REFERENCE / "attributes.csv"))
    families = {row["code"]: row["parent"] for row in rows_of(REFERENCE / "categories.csv") if row["parent"]}
    return [
        finding
        for rows in listings.values()
        for row in rows
        for finding in check_listing(row, families=families, attributes=attributes)
    ]


def check_all(listings: dict[str, list[dict[str, str]]]) -> list[Finding]:
    """The demo as a whole: its companies and what its catalogues are together."""
    return [
        *check_catalogue(
            listings, types=rows_of(DATA / "product_types.csv"), pictures=rows_of(DATA / "pictures.csv")
        ),
        *check_companies(rows_of(DATA / "sellers.csv"), rows_of(DATA / "buyers.csv")),
    ]
