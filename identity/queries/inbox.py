"""Reads of a person's inbox."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any, NamedTuple
from uuid import UUID

from identity.actors import Member
from identity.models import Notice, NoticePreference, User
from identity.models.notices import NoticeQuerySet
from identity.rules.notices import GROUPS
from kernel.ids import MalformedId, parse_public_id, public_id
from kernel.prepared import fetch_prepared

PAGE_SIZE = 30
#: the bell says "99+" from here on
COUNTED_TO = 100

#: the companies that the person acts for now
_ACTING = """(
    SELECT company_id FROM identity_membership
    WHERE user_id = %(user)s AND valid_from <= %(now)s AND (ended_at IS NULL OR ended_at > %(now)s))"""

#: their own lines, as `NoticeQuerySet.seen_by` has them: none of companies and offices that they left
_SEEN = f"""notice.user_id = %(user)s AND (
    notice.company_id IN {_ACTING} OR notice.company_id IS NULL AND (%(is_staff)s OR NOT notice.for_staff))"""

_LINES = f"""
SELECT notice.uid, notice.event_id, notice.code, notice.params::text, notice.at, notice.waits, notice.respond_by,
    notice.read_at, notice.settled_at, notice.reminded_at, company.name_en, company.name_zh
FROM identity_notice AS notice LEFT JOIN identity_company AS company ON company.id = notice.company_id
WHERE {_SEEN} {{narrowed}}
ORDER BY notice.id DESC LIMIT %(most)s
"""

_UNREAD = f"""
SELECT count(*) FROM (
    SELECT 1 FROM identity_notice AS notice
    WHERE {_SEEN} AND notice.read_at IS NULL LIMIT %(most)s) AS bounded
"""
_WAITING = """
SELECT id, uid, code, params, respond_by FROM identity_notice
WHERE user_id = %(user)s AND company_id = %(company)s AND waits AND settled_at IS NULL AND NOT code = ANY(%(but)s)
ORDER BY respond_by, id LIMIT %(most)s
"""


class InboxLine(NamedTuple):
    """A line as the inbox shows it; columns as `_LINES` reads them."""

    uid: UUID
    event_id: int
    code: str
    params: dict[str, Any]
    at: datetime
    waits: bool
    respond_by: datetime | None
    read_at: datetime | None
    settled_at: datetime | None
    reminded_at: datetime | None
    #: for which company they are told; None where it concerns the person, or the programme's office
    company_en: str | None
    company_zh: str | None

    @property
    def public_id(self) -> str:
        return public_id(Notice.PREFIX, self.uid)

    @property
    def is_waiting(self) -> bool:
        return self.waits and self.settled_at is None


@dataclass(frozen=True)
class InboxPage:
    notices: list[InboxLine]
    #: cursor of the following page; empty on the last one
    after: str


def inbox_of(
    user: User, *, now: datetime, unread: bool = False, after: str = "", size: int = PAGE_SIZE
) -> InboxPage:
    """One page of the person's lines, the newest first. One statement, two behind a cursor."""
    last = _key_of(user, after)
    narrowed = "AND notice.read_at IS NULL " if unread else ""
    narrowed += "AND notice.id < %(last)s" if last is not None else ""
    asked = _asked(user, now) | {"last": last, "most": size + 1}
    found = [_line(row) for row in fetch_prepared(_LINES.format(narrowed=narrowed), asked)]
    return InboxPage(found[:size], found[size - 1].public_id if len(found) > size else "")


def lines_of(user: User, *, now: datetime, unread: bool = False, size: int = 500) -> Generator[InboxLine]:
    """All of the person's lines, the newest first, read by `size`: two statements for so many."""
    after = ""
    while True:
        page = inbox_of(user, now=now, unread=unread, after=after, size=size)
        yield from page.notices
        after = page.after
        if not after:
            return


def _line(row: Sequence[Any]) -> InboxLine:
    return InboxLine._make((*row[:3], loads(row[3]), *row[4:]))


def _asked(user: User, now: datetime) -> dict[str, Any]:
    return {"user": user.pk, "now": now, "is_staff": user.is_staff}


def notices_of(user: User, now: datetime) -> NoticeQuerySet:
    """All lines that the person may still see."""
    return Notice.objects.seen_by(user, now)


def unread_count(user: User, now: datetime) -> int:
    """How many unread lines there are, counted up to 100. One statement."""
    return int(fetch_prepared(_UNREAD, _asked(user, now) | {"most": COUNTED_TO})[0][0])


def waiting_for(actor: Member, now: datetime, *, but: tuple[str, ...] = (), most: int = 20) -> list[Notice]:
    """What waits for this member in the acting company, the most urgent first, without the kinds named in `but`.

    What orders wait for is asked of the orders themselves (`orders.queries.orders_waiting`): they are the truth, and the
    inbox is the record of who was told when.
    """
    asked = {"user": actor.user_id, "company": actor.company_id, "but": list(but), "most": most}
    return list(Notice.objects.raw(_WAITING, asked))


def preferences_of(user: User) -> dict[str, NoticePreference]:
    """How the person is told of each group, with what holds where they chose nothing."""
    chosen = {row.group: row for row in NoticePreference.objects.filter(user=user)}
    return {group: chosen.get(group) or NoticePreference(user=user, group=group) for group in GROUPS}


def _key_of(user: User, public_id: str) -> int | None:
    try:
        uid = parse_public_id(Notice.PREFIX, public_id)
    except MalformedId:
        return None
    return Notice.objects.filter(user=user, uid=uid).values_list("pk", flat=True).first()
