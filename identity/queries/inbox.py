"""Reads of a person's inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from identity.actors import Member
from identity.models import Notice, NoticePreference, User
from identity.models.notices import NoticeQuerySet
from identity.rules.notices import GROUPS
from kernel.fetching import fetch
from kernel.ids import MalformedId, parse_public_id

PAGE_SIZE = 30
#: the bell says "99+" from here on
COUNTED_TO = 100

_UNREAD = """
SELECT count(*) FROM (
    SELECT 1 FROM identity_notice AS notice
    WHERE notice.user_id = %s AND notice.read_at IS NULL AND (
        EXISTS (
            SELECT 1 FROM identity_membership AS membership
            WHERE membership.user_id = notice.user_id AND membership.company_id = notice.company_id
              AND membership.valid_from <= %s AND (membership.ended_at IS NULL OR membership.ended_at > %s))
        OR notice.company_id IS NULL AND (%s OR NOT notice.for_staff))
    LIMIT %s) AS bounded
"""
_WAITING = """
SELECT id, uid, code, params, respond_by FROM identity_notice
WHERE user_id = %(user)s AND company_id = %(company)s AND waits AND settled_at IS NULL AND NOT code = ANY(%(but)s)
ORDER BY respond_by, id LIMIT %(most)s
"""


@dataclass(frozen=True)
class InboxPage:
    notices: list[Notice]
    #: cursor of the following page; empty on the last one
    after: str


def inbox_of(
    user: User, *, now: datetime, unread: bool = False, after: str = "", size: int = PAGE_SIZE
) -> InboxPage:
    """One page of the person's lines, the newest first. One statement, two behind a cursor."""
    lines = notices_of(user, now).select_related("company").order_by("-id")
    if unread:
        lines = lines.unread()
    last = _key_of(user, after)
    if last is not None:
        lines = lines.filter(id__lt=last)
    found = list(lines[: size + 1])
    return InboxPage(found[:size], found[size - 1].public_id if len(found) > size else "")


def notices_of(user: User, now: datetime) -> NoticeQuerySet:
    """All lines that the person may still see."""
    return Notice.objects.seen_by(user, now)


def unread_count(user: User, now: datetime) -> int:
    """How many unread lines there are, counted up to 100. One statement."""
    values = [user.pk, now, now, user.is_staff, COUNTED_TO]
    return int(fetch(_UNREAD, values)[0][0])


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
