"""The calendars and the rule set that deadlines are counted with today."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from disputes.models import CalendarDay, CalendarNotice, RuleSet
from disputes.rules.deadlines import Calendars, YearOf


def calendars() -> Calendars:
    """The latest notice of every country and year. Two statements."""
    latest = CalendarNotice.objects.order_by("country", "year", "-id").distinct("country", "year")
    notices = {notice.pk: notice for notice in latest}
    off: dict[int, set[date]] = defaultdict(set)
    worked: dict[int, set[date]] = defaultdict(set)
    for row in CalendarDay.objects.filter(notice__in=notices):
        (worked if row.working else off)[row.notice_id].add(row.day)
    years = {
        (notice.country, notice.year): YearOf(
            country=notice.country,
            year=notice.year,
            off=frozenset(off[pk]),
            worked=frozenset(worked[pk]),
            version=f"{notice.country} {notice.year}#{pk}",
            provisional=notice.provisional,
        )
        for pk, notice in notices.items()
    }
    return Calendars(years)


def rules_of_day(day: date) -> dict[str, Any]:
    """The rule set of that day as a case keeps it: `{"name": …, "rules": {…}}`."""
    found = RuleSet.objects.filter(valid_from__lte=day).latest("valid_from")
    return {"name": found.name, "rules": found.rules}
