"""Counting days in two countries. Everything is at UTC+8; the day of the event is not counted; a day ends at 23:59:59.

SWD   Singapore working day
CWD   mainland working day; a make-up weekend day is one
JWD   working in both countries; a make-up weekend day is not
Calendar days that end on another day roll forward to the next JWD.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

#: both cities, all year
BOTH = timezone(timedelta(hours=8))
_SATURDAY = 5
_LAST_SECOND = time(23, 59, 59)
#: longer counts are mistakes in a rule set
MOST_DAYS = 3700


class NoCalendar(ValueError):
    """No notice says what the days of that country and year are."""


@dataclass(frozen=True)
class YearOf:
    """One country's year: days off that are weekdays, weekend days that are worked."""

    country: str
    year: int
    off: frozenset[date]
    worked: frozenset[date] = frozenset()
    #: where it is from, with its date: the version that a count stands on
    version: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Calendars:
    """The years of both countries that deadlines are counted with."""

    years: Mapping[tuple[str, int], YearOf] = field(default_factory=dict)

    def is_working(self, count: str, day: date) -> bool:
        """Whether `day` is one of the days that `count` (swd, cwd, jwd) counts."""
        match count:
            case "swd":
                return self._works("SG", day)
            case "cwd":
                return self._works("CN", day)
            case "jwd":
                return self._works("SG", day) and self._works("CN", day)
        raise ValueError(f"there is no count {count}")

    def _works(self, country: str, day: date) -> bool:
        year = self.years.get((country, day.year))
        if year is None:
            raise NoCalendar(f"{country} {day.year}")
        if day in year.worked:
            return True
        return day.weekday() < _SATURDAY and day not in year.off

    def used(self, first: date, last: date) -> list[YearOf]:
        """The years that a count from `first` to `last` stands on."""
        wanted = range(first.year, last.year + 1)
        return [self.years[key] for key in sorted(self.years) if key[1] in wanted]


@dataclass(frozen=True)
class Counted:
    """A deadline with everything that gave it."""

    rule: str
    nominal: date
    rolled: date
    ends_at: datetime
    calendar: str
    provisional: bool


def end_of(day: date) -> datetime:
    return datetime.combine(day, _LAST_SECOND, BOTH)


def morning_of(day: date) -> datetime:
    """When people are told of what falls due on that day."""
    return datetime.combine(day, time(8), BOTH)


def day_of(moment: datetime) -> date:
    """The day it is in both cities."""
    return moment.astimezone(BOTH).date()


def count(rule: Mapping[str, Any], *, start: datetime, calendars: Calendars) -> Counted:
    """`rule` is `{"days": 14, "count": "calendar"}`; raises `NoCalendar` where a year is not known."""
    days, how = int(rule["days"]), str(rule["count"])
    if not 0 < days <= MOST_DAYS:
        raise ValueError(f"{days} days")
    first = day_of(start)
    if how == "calendar":
        nominal = first + timedelta(days=days)
        rolled = next_working("jwd", nominal, calendars)
    else:
        nominal = rolled = _working_day_after(how, first, days, calendars)
    stood_on = calendars.used(first, rolled)
    return Counted(
        rule=f"{days} {how}",
        nominal=nominal,
        rolled=rolled,
        ends_at=end_of(rolled),
        calendar="; ".join(year.version for year in stood_on)[:200],
        provisional=any(year.provisional for year in stood_on),
    )


def rule_in(words: str) -> dict[str, Any]:
    """The rule that a deadline was counted by, from the words it is kept in (`Counted.rule`)."""
    days, how = words.split()
    return {"days": int(days), "count": how}


def next_working(how: str, day: date, calendars: Calendars) -> date:
    """`day`, or the next day that counts."""
    while not calendars.is_working(how, day):
        day += timedelta(days=1)
    return day


def _working_day_after(how: str, first: date, days: int, calendars: Calendars) -> date:
    day = first
    while days:
        day += timedelta(days=1)
        days -= calendars.is_working(how, day)
    return day
