"""Calendars and rule sets: loaded as rows with dates; a later notice stands beside the earlier one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import holidays
from django.db import transaction

from disputes.models import CalendarDay, CalendarNotice, RuleSet

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
#: years of Singapore's public holidays that are loaded
SINGAPORE_YEARS = range(2025, 2029)


class NotANotice(ValueError):
    """The file says something that a calendar cannot hold."""


@transaction.atomic
def import_notice(notice: Mapping[str, Any], *, now: datetime) -> CalendarNotice | None:
    """Keep a country's year as announced; None when the latest notice says the same already.

    `{"country", "year", "source", "provisional", "off": [{"day", "name"}], "worked": [...]}`.
    """
    country, year, rows = _read(notice)
    latest = CalendarNotice.objects.filter(country=country, year=year).order_by("-id").first()
    provisional, source = bool(notice.get("provisional")), str(notice["source"])[:200]
    if latest is not None and _says(latest) == (provisional, source, rows):
        return None
    made = CalendarNotice.objects.create(
        country=country, year=year, source=source, provisional=provisional, loaded_at=now
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(notice=made, day=day, working=working, name=name) for day, (working, name) in rows.items()
    )
    return made


def load_calendars(*, now: datetime) -> int:
    """The mainland's notices of `reference/`, and Singapore's holidays; returns how many notices are new."""
    notices = json.loads((REFERENCE / "notices.json").read_text())
    notices += [_singapore(year) for year in SINGAPORE_YEARS]
    return sum(import_notice(notice, now=now) is not None for notice in notices)


@transaction.atomic
def load_rule_sets() -> int:
    """Rule sets of `reference/`; one that stands is never changed."""
    made = 0
    for row in json.loads((REFERENCE / "rule_sets.json").read_text()):
        _row, created = RuleSet.objects.get_or_create(
            name=row["name"],
            defaults={
                "valid_from": date.fromisoformat(row["valid_from"]),
                "source": row["source"],
                "rules": row["rules"],
            },
        )
        made += created
    return made


Rows = dict[date, tuple[bool, str]]


def _read(notice: Mapping[str, Any]) -> tuple[str, int, Rows]:
    country, year = str(notice["country"]), int(notice["year"])
    rows: Rows = {}
    for working, listed in ((False, notice.get("off", [])), (True, notice.get("worked", []))):
        for row in listed:
            day = date.fromisoformat(row["day"])
            if day.year != year or day in rows or (working and day.weekday() < 5):
                raise NotANotice(f"{country} {year}: {row}")
            rows[day] = (working, str(row.get("name", ""))[:80])
    if country not in ("SG", "CN"):
        raise NotANotice(country)
    return country, year, rows


def _says(notice: CalendarNotice) -> tuple[bool, str, Rows]:
    rows = {row.day: (row.working, row.name) for row in notice.days.all()}
    return notice.provisional, notice.source, rows


def _singapore(year: int) -> dict[str, Any]:
    """The package is right for Singapore; it is asked here and nowhere else."""
    found: Iterable[tuple[date, str]] = holidays.country_holidays("SG", years=year).items()
    return {
        "country": "SG",
        "year": year,
        "source": f"Ministry of Manpower, public holidays {year}",
        "provisional": year > 2027,
        "off": [{"day": day.isoformat(), "name": name} for day, name in sorted(found)],
    }
