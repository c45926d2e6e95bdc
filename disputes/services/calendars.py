"""Calendars and rule sets: loaded as rows with dates; a later notice stands beside the earlier one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import holidays
from django.db import transaction
from django.db.models import QuerySet

from disputes.models import CalendarDay, CalendarNotice, RuleSet
from disputes.services.recounting import recount_provisional

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
    latest = _notices_of(notice).first()
    provisional, source = _marks(notice)
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
    """The mainland's notices of `reference/`, and Singapore's holidays; returns how many notices are new.

    They come again at each start: what was ever loaded, and what only guesses at a year that was announced, never goes
    over a notice that was imported since. Where one is new, open deadlines are counted anew.
    """
    notices = json.loads((REFERENCE / "notices.json").read_text())
    notices += [_singapore(year) for year in SINGAPORE_YEARS]
    made = sum(import_notice(notice, now=now) is not None for notice in notices if _adds(notice))
    if made:
        recount_provisional(now=now)
    return made


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


def _adds(notice: Mapping[str, Any]) -> bool:
    """Whether a shipped notice says what no notice before it has said, and knows no less than the latest."""
    kept = list(_notices_of(notice))
    provisional, source = _marks(notice)
    if kept and provisional and not kept[0].provisional:
        return False
    *_of, rows = _read(notice)
    return all(_says(each) != (provisional, source, rows) for each in kept)


def _notices_of(notice: Mapping[str, Any]) -> QuerySet[CalendarNotice]:
    """Of the same country and year, the latest first."""
    same = CalendarNotice.objects.filter(country=str(notice["country"]), year=int(notice["year"]))
    return same.order_by("-id")


def _marks(notice: Mapping[str, Any]) -> tuple[bool, str]:
    return bool(notice.get("provisional")), str(notice["source"])[:200]


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
