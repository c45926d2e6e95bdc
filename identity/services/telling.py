"""Telling people: a line in the inbox of each who is concerned, and the end of what waited for them.

Every order tells somebody, so people, preferences and lines are one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from psycopg2.extras import Json

from identity.actors import System
from identity.events import NoticeGiven
from identity.models import Notice
from identity.rules.notices import half_time, kind_of
from identity.states import NoticeMail
from kernel.services import record

TELLER = System(reason="telling")
#: mails about what happened longer ago tell nobody anything: the line in the inbox stays
MAILED_WITHIN = timedelta(days=3)

#: one pass over the members: planning a statement of many parts would cost more than running it
_MEMBERS = """
WITH people AS (
    SELECT membership_id, user_id FROM (
        SELECT membership.id AS membership_id, membership.user_id, 'owner' = ANY(membership.roles) AS owns,
               membership.roles && %(roles)s::varchar[] OR membership.user_id = ANY(%(users)s) AS is_meant,
               bool_or(membership.roles && %(roles)s::varchar[]) OVER () AS is_somebodys_role
        FROM identity_membership AS membership
        JOIN identity_user AS person ON person.id = membership.user_id AND person.is_active
        WHERE membership.company_id = %(company)s AND membership.valid_from <= %(now)s
          AND (membership.ended_at IS NULL OR membership.ended_at > %(now)s)
    ) AS members
    WHERE is_meant OR %(or_owners)s AND owns AND NOT is_somebodys_role
)
"""
_USERS = """
WITH people AS (
    SELECT NULL::bigint AS membership_id, id AS user_id FROM identity_user WHERE id = ANY(%(users)s) AND is_active
)
"""
#: whoever caused the event finds the line read, and is written to only where it waits for them as well: at half time. So
#: does the event's own letter count as the first mail. A wait that still lasts is not told again
_INSERT = """
INSERT INTO identity_notice (uid, user_id, company_id, for_staff, code, about, event_id, params, path, waits, respond_by,
                             at, read_at, mail, mailed_at)
SELECT uuidv7(), people.user_id, %(company)s, %(for_staff)s, %(code)s, %(about)s, %(event_id)s, %(params)s, %(path)s,
       %(waits)s, %(respond_by)s, %(at)s, CASE WHEN is_own THEN %(at)s::timestamptz END,
       CASE WHEN NOT %(mails)s OR is_own AND NOT %(waits)s THEN 'never' ELSE coalesce(preference.mail, 'now') END,
       CASE WHEN is_own AND %(waits)s OR %(has_letter)s THEN %(at)s::timestamptz END
FROM (SELECT *, membership_id IS NOT DISTINCT FROM %(by)s OR user_id = %(by_staff)s AS is_own FROM people) AS people
     LEFT JOIN identity_noticepreference AS preference
     ON preference.user_id = people.user_id AND preference."group" = %(group)s
WHERE {wanted}
ON CONFLICT (user_id, code, event_id) DO NOTHING
RETURNING mail, mailed_at IS NULL
"""
_WAITS = """
NOT EXISTS (
    SELECT 1 FROM identity_notice AS twin
    WHERE twin.about = %(about)s AND twin.code = %(code)s AND twin.user_id = people.user_id
      AND twin.waits AND twin.settled_at IS NULL {same})
"""
#: a wait whose end has moved is told anew; the line of before is done
_SAME_END = "AND twin.respond_by IS NOT DISTINCT FROM %(respond_by)s"
_END_MOVED = """
, moved AS (
    UPDATE identity_notice SET settled_at = %(now)s, read_at = coalesce(read_at, %(now)s)
    WHERE about = %(about)s AND code = %(code)s AND waits AND settled_at IS NULL
      AND respond_by IS DISTINCT FROM %(respond_by)s
)
"""
_INFORMS = "coalesce(preference.informs, true)"


@transaction.atomic(savepoint=False)
def tell(
    *,
    company_id: int | None,
    roles: Iterable[str] = (),
    users: Iterable[int] = (),
    code: str,
    params: Mapping[str, Any],
    path: str,
    about: UUID,
    event_id: int,
    at: datetime,
    now: datetime,
    waits: bool = False,
    respond_by: datetime | None = None,
    remind_after: timedelta | None = None,
    may_move: bool = False,
    by: str = "",
    or_owners: bool = True,
    for_staff: bool = False,
) -> int:
    """Put a line into the inbox of the company's members in one of `roles` and of those among `users`; returns how many.

    Without a company, `users` are told as themselves, or, `for_staff`, as officers of the programme.

    Owners are told where nobody has such a role, unless `or_owners` is false. `at` is when it happened, `by` the key of
    who did it: their own line is read already. Told twice, it stands there once. The mails leave by deliveries of their
    own, and, where something waits until `respond_by`, a reminder at half time; where nothing says until when, after
    `remind_after`. `may_move` says that `respond_by` may be another than when it was told first: it is told anew then.
    """
    kind = kind_of(code)
    told = {
        "company": company_id,
        "roles": list(roles),
        "users": list(users),
        "or_owners": or_owners,
        "for_staff": for_staff,
        "code": code,
        "group": kind.group,
        "params": Json(dict(params)),
        "path": path,
        "about": about,
        "event_id": event_id,
        "waits": waits,
        "respond_by": respond_by,
        "by": _key_of("member", by),
        "by_staff": _key_of("staff", by),
        "mails": now - at < MAILED_WITHIN,
        "has_letter": not kind.mail,
        "at": at,
        "now": now,
    }
    people = _USERS if company_id is None else _MEMBERS
    wanted = _WAITS.format(same=_SAME_END if may_move else "") if waits else _INFORMS
    statement = people + (_END_MOVED if waits and may_move else "") + _INSERT.format(wanted=wanted)
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        lines = cursor.fetchall()
    mail_at = now + kind.patience if (NoticeMail.NOW, True) in lines else None
    remind_at = _remind_at(at, respond_by, remind_after, now) if waits else None
    if lines and (mail_at or remind_at):
        given = NoticeGiven(code=code, told_event_id=event_id, mail_at=mail_at, remind_at=remind_at)
        record(given, actor=TELLER, now=now)
    return len(lines)


def _remind_at(
    at: datetime, respond_by: datetime | None, remind_after: timedelta | None, now: datetime
) -> datetime | None:
    """Half way to the deadline; of what is left of it, where people are told late. None where that has passed."""
    if respond_by is None:
        due = at + remind_after if remind_after else None
    else:
        due = half_time(at, respond_by)
        if due is not None and due <= now:
            due = half_time(now, respond_by)
    return due if due is not None and due > now else None


def settle_notices(
    *,
    about: UUID,
    code: str | None = None,
    company_id: int | None = None,
    user_id: int | None = None,
    but: Iterable[int] = (),
    now: datetime,
) -> int:
    """What waited has happened, or cannot happen any more: the lines about it wait no longer, and count as read.

    For the people in `but` it waits still.
    """
    waiting = Notice.objects.waiting().filter(about=about)
    if still := list(but):
        waiting = waiting.exclude(user_id__in=still)
    narrowed = {"code": code, "company_id": company_id, "user_id": user_id}
    waiting = waiting.filter(**{name: value for name, value in narrowed.items() if value is not None})
    return waiting.update(settled_at=now, read_at=Coalesce("read_at", Value(now)))


def _key_of(kind: str, actor: str) -> int:
    """Of the membership, or of the member of the staff, that acted; 0 where none did."""
    found, _, rest = actor.partition(":")
    return int(rest) if found == kind and rest.isdigit() else 0
