"""Two countries' working days, with the make-up weekends that the mainland works in 2026."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from disputes import queries, services
from disputes.models import CalendarNotice, Deadline
from disputes.rules.deadlines import BOTH, NoCalendar, count, next_working
from disputes.services.fetching import CalendarMissing
from tests.disputes.factories import NOW, a_case

pytestmark = pytest.mark.django_db

#: as the notice of 4 Nov 2025 has them
MAKE_UP = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOTH)


@pytest.mark.parametrize("day", MAKE_UP)
def test_a_make_up_weekend_day_is_worked_on_the_mainland_only(day: str) -> None:
    calendars, found = queries.calendars(), date.fromisoformat(day)
    assert calendars.is_working("cwd", found)
    assert not calendars.is_working("swd", found)
    assert not calendars.is_working("jwd", found), "no day of both"


@pytest.mark.parametrize(
    ("day", "swd", "cwd"),
    [
        ("2026-02-16", True, False),  # Spring Festival has begun in China only
        ("2026-02-17", False, False),
        ("2026-04-03", False, True),  # Good Friday
        ("2026-05-27", False, True),  # Eid al-Adha
        ("2026-06-19", True, False),  # Dragon Boat
        ("2026-08-10", False, True),  # National Day, observed
        ("2026-10-05", True, False),
        ("2026-11-09", False, True),  # Diwali, observed
        ("2026-11-23", True, True),
    ],
)
def test_holidays_of_either_country_are_no_days_of_both(day: str, swd: bool, cwd: bool) -> None:
    calendars, found = queries.calendars(), date.fromisoformat(day)
    assert calendars.is_working("swd", found) == swd
    assert calendars.is_working("cwd", found) == cwd
    assert calendars.is_working("jwd", found) == (swd and cwd)


@pytest.mark.parametrize(
    ("rule", "start", "rolled"),
    [
        # the day of the event is not counted
        (("1", "jwd"), "2026-11-23T00:00:01", "2026-11-24"),
        (("1", "jwd"), "2026-11-23T23:59:59", "2026-11-24"),
        # 5 mainland days over the make-up Saturday of 28 February
        (("5", "cwd"), "2026-02-13T10:00:00", "2026-02-27"),
        (("6", "cwd"), "2026-02-13T10:00:00", "2026-02-28"),
        # the same in days of both: Saturday does not count
        (("5", "jwd"), "2026-02-13T10:00:00", "2026-03-02"),
        # over National Day: Singapore works, the mainland does not; 10 October counts for the mainland only
        (("3", "cwd"), "2026-09-30T09:00:00", "2026-10-10"),
        (("3", "jwd"), "2026-09-30T09:00:00", "2026-10-12"),
        (("3", "swd"), "2026-09-30T09:00:00", "2026-10-05"),
        # calendar days roll forward to the next day of both
        (("14", "calendar"), "2026-09-17T12:00:00", "2026-10-08"),
        (("14", "calendar"), "2026-11-09T12:00:00", "2026-11-23"),
        (("14", "calendar"), "2026-01-31T12:00:00", "2026-02-24"),
    ],
)
def test_counting(rule: tuple[str, str], start: str, rolled: str) -> None:
    days, how = rule
    counted = count({"days": days, "count": how}, start=at(start), calendars=queries.calendars())
    assert counted.rolled.isoformat() == rolled
    assert counted.ends_at.isoformat() == f"{rolled}T23:59:59+08:00"
    assert not counted.provisional


def test_a_day_begins_at_midnight_in_both_cities_not_in_utc() -> None:
    late_evening_utc = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # the 24th, one o'clock
    counted = count({"days": 1, "count": "jwd"}, start=late_evening_utc, calendars=queries.calendars())
    assert counted.rolled == date(2026, 11, 25)


def test_a_count_into_2027_says_that_it_is_provisional() -> None:
    counted = count(
        {"days": 56, "count": "calendar"}, start=at("2026-12-01T10:00"), calendars=queries.calendars()
    )
    assert counted.provisional
    assert "CN 2027" in counted.calendar


def test_a_year_that_nobody_announced_is_not_guessed() -> None:
    with pytest.raises(NoCalendar):
        next_working("jwd", date(2040, 1, 2), queries.calendars())
    with pytest.raises(CalendarMissing):
        a_case(now=datetime(2040, 1, 2, tzinfo=UTC))


def test_a_case_keeps_how_its_deadline_was_counted() -> None:
    case = a_case()
    kept = Deadline.objects.get(case=case)
    assert (kept.code, kept.rule, kept.ends_at) == ("negotiate", "14 calendar", case.respond_by)
    assert kept.calendar


def test_a_later_notice_counts_from_now_on_and_the_earlier_stays(tmp_path) -> None:
    before = queries.calendars().is_working("cwd", date(2027, 2, 9))
    file = tmp_path / "2027.json"
    notice = {
        "country": "CN",
        "year": 2027,
        "source": "a notice",
        "provisional": False,
        "off": [{"day": "2027-02-09", "name": "Spring Festival"}],
        "worked": [{"day": "2027-02-20", "name": ""}],
    }
    file.write_text(json.dumps(notice))
    call_command("import_calendar", str(file))
    call_command("import_calendar", str(file))
    assert before
    calendars = queries.calendars()
    assert not calendars.is_working("cwd", date(2027, 2, 9))
    assert calendars.is_working("cwd", date(2027, 2, 20))
    assert not calendars.years["CN", 2027].provisional
    assert CalendarNotice.objects.filter(country="CN", year=2027).count() == 2


def test_loading_again_puts_no_guess_over_what_was_announced() -> None:
    """The reference rows come at each start, the guess at a year included."""
    shipped = CalendarNotice.objects.get(country="CN", year=2027)
    services.import_notice({"country": "CN", "year": 2027, "source": "a notice"}, now=NOW)
    corrected = {"country": "CN", "year": 2026, "source": "a correction", "off": [{"day": "2026-03-03"}]}
    services.import_notice(corrected, now=NOW)
    assert services.load_calendars(now=NOW) == 0
    years = queries.calendars().years
    assert shipped.provisional and not years["CN", 2027].provisional
    assert not queries.calendars().is_working("cwd", date(2026, 3, 3)), "the correction stands as well"


def test_a_shipped_notice_that_is_new_recounts_open_deadlines(tmp_path, monkeypatch) -> None:
    opened = datetime(2026, 12, 20, 4, 0, tzinfo=UTC)
    case = a_case(now=opened)
    off = [{"day": f"2027-01-0{n}", "name": "New Year’s Day"} for n in (1, 4)]
    announced = [{"country": "CN", "year": 2027, "source": "shipped later", "off": off}]
    (tmp_path / "notices.json").write_text(json.dumps(announced))
    monkeypatch.setattr("disputes.services.calendars.REFERENCE", tmp_path)
    assert services.load_calendars(now=opened) == 1
    case.refresh_from_db()
    assert case.respond_by.astimezone(BOTH).date() == date(2027, 1, 5)


def test_a_provisional_deadline_is_counted_anew_and_never_earlier() -> None:
    opened = datetime(2026, 12, 20, 4, 0, tzinfo=UTC)  # 14 days lead to a Sunday, and over New Year
    case = a_case(now=opened)
    assert case.respond_by.astimezone(BOTH).date() == date(2027, 1, 4)
    assert case.deadlines.get().provisional
    announced = {
        "country": "CN",
        "year": 2027,
        "source": "a notice",
        "off": [{"day": f"2027-01-0{n}", "name": "New Year’s Day"} for n in (1, 4)],
    }
    services.import_notice(announced, now=opened)
    assert services.recount_provisional(now=opened) == 1
    assert services.recount_provisional(now=opened) == 0
    case.refresh_from_db()
    assert case.respond_by.astimezone(BOTH).date() == date(2027, 1, 5)
    assert [kept.rolled.day for kept in case.deadlines.all()] == [4, 5]
    services.import_notice(announced | {"off": [], "provisional": True}, now=opened)
    services.recount_provisional(now=opened)
    case.refresh_from_db()
    assert case.respond_by.astimezone(BOTH).date() == date(2027, 1, 5), "never earlier"


@pytest.mark.parametrize(
    "change",
    [
        {"off": [{"day": "2026-02-09"}]},
        {"worked": [{"day": "2027-02-09"}]},
        {"country": "MY"},
        {"off": [{"day": "nonsense"}]},
    ],
)
def test_an_absurd_notice_is_refused(tmp_path, change) -> None:
    notice = {"country": "CN", "year": 2027, "source": "x"} | change
    (tmp_path / "n.json").write_text(json.dumps(notice))
    with pytest.raises(CommandError):
        call_command("import_calendar", str(tmp_path / "n.json"))
    assert CalendarNotice.objects.filter(country="CN", year=2027).count() == 1


def test_a_changed_rule_moves_no_old_case() -> None:
    from disputes.models import RuleSet

    case = a_case()
    rules = {name: dict(rule) for name, rule in case.rules["rules"].items()}
    rules["answer"]["days"] = 3
    tomorrow = timezone.localdate(NOW) + timedelta(days=1)
    RuleSet.objects.create(name="next", valid_from=tomorrow, source="test", rules=rules)
    services.request_mediation(actor=_bo(), case=case.public_id, urgent=True, now=NOW + timedelta(days=2))
    from tests.disputes.factories import served

    served(case, now=NOW + timedelta(days=2))
    assert case.deadlines.get(code="answer").rule == "14 calendar"
    assert queries.rules_of_day(tomorrow)["name"] == "next"


def _bo():
    from tests import factories as people

    return people.bo()
