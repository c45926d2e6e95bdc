"""When things happened in the demo's past: on working days, in office hours of UTC+8, the same in every run of a day."""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

#: both cities keep the same time
CITY = ZoneInfo("Asia/Singapore")
OPENS, CLOSES = time(9, 0), time(18, 0)
MINUTES_A_DAY = 9 * 60
SATURDAY = 5
#: what is younger than this is told in hours, since answers to it are still awaited
RECENT = timedelta(days=3)
#: how long an order may have been lying when its seller still has some hours to answer
STILL_OPEN = timedelta(hours=64)
#: when a recent thing happened that would otherwise lie before a weekend
LATELY = timedelta(minutes=50)


def number(text: str, below: int) -> int:
    """The same number for the same text, in every process."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) % below


def days_before(now: datetime, days: float, what: str) -> datetime:
    """A working moment about `days` before `now`; `what` decides the minute of the day."""
    if timedelta(days=days) < RECENT:
        found = last_at_work(now - timedelta(days=days))
        return found if found > now - STILL_OPEN else last_at_work(now - LATELY)
    day = (now - timedelta(days=days)).astimezone(CITY).date()
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    opening = datetime.combine(day, OPENS, CITY)
    return opening + timedelta(minutes=number(what, MINUTES_A_DAY - 60))


def later_at_work(moment: datetime, pause: timedelta, what: str) -> datetime:
    """About `pause` after `moment`, in office hours; `what` decides the minute."""
    wanted = moment + pause + timedelta(minutes=number(what, 90))
    found = at_work(wanted)
    return found if found == wanted else found + timedelta(minutes=number(f"{what} opening", 45))


def at_work(moment: datetime) -> datetime:
    """`moment` itself in office hours, else the opening of the next working day."""
    local = moment.astimezone(CITY)
    if local.time() >= CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, CITY)
    elif local.time() < OPENS:
        local = datetime.combine(local.date(), OPENS, CITY)
    while local.weekday() >= SATURDAY:
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, CITY)
    return local


def last_at_work(moment: datetime) -> datetime:
    """`moment` itself in office hours, else a little before the last closing."""
    local = moment.astimezone(CITY)
    if local.weekday() < SATURDAY and OPENS <= local.time() < CLOSES:
        return local
    if local.time() < OPENS:
        local -= timedelta(days=1)
    while local.weekday() >= SATURDAY:
        local -= timedelta(days=1)
    return datetime.combine(local.date(), CLOSES, CITY) - timedelta(minutes=10)
