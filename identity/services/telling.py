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
#: whoever caused the event finds the line read; a wait that still lasts is not told again
_INSERT = """
INSERT INTO identity_notice (uid, user_id, company_id, for_staff, code, about, event_id, params, path, waits, respond_by,
                             at, read_at, mail)
SELECT uuidv7(), people.user_id, %(company)s, %(for_staff)s, %(code)s, %(about)s, %(event_id)s, %(params)s, %(path)s,
       %(waits)s, %(respond_by)s, %(at)s, CASE WHEN people.membership_id = %(by)s THEN %(at)s::timestamptz END,
       CASE WHEN people.membership_id = %(by)s OR NOT %(mails)s THEN 'never' ELSE coalesce(preference.mail, 'now') END
FROM people LEFT JOIN identity_noticepreference AS preference
     ON preference.user_id = people.user_id AND preference."group" = %(group)s
WHERE {wanted}
ON CONFLICT (user_id, code, event_id) DO NOTHING
RETURNING mail
"""
_WAITS = """
NOT EXISTS (
    SELECT 1 FROM identity_notice AS twin
    WHERE twin.about = %(about)s AND twin.code = %(code)s AND twin.user_id = people.user_id
      AND twin.waits AND twin.settled_at IS NULL)
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
    by: str = "",
    or_owners: bool = True,
    for_staff: bool = False,
) -> int:
    """Put a line into the inbox of the company's members in one of `roles` and of those among `users`; returns how many.

    Without a company, `users` are told as themselves, or, `for_staff`, as officers of the programme.

    Owners are told where nobody has such a role, unless `or_owners` is false. `at` is when it happened, `by` the key of
    who did it: their own line is read already. Told twice, it stands there once. The mails leave by deliveries of their
    own, and, where something waits until `respond_by`, a reminder at half time.
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
        "by": _membership_of(by),
        "mails": kind.mail and now - at < MAILED_WITHIN,
        "at": at,
        "now": now,
    }
    people = _USERS if company_id is None else _MEMBERS
    with connection.cursor() as cursor:
        cursor.execute(people + _INSERT.format(wanted=_WAITS if waits else _INFORMS), told)
        mails = [mail for (mail,) in cursor.fetchall()]
    mail_at = now + kind.patience if NoticeMail.NOW in mails else None
    remind_at = half_time(at, respond_by) if waits else None
    if mails and (mail_at or remind_at):
        given = NoticeGiven(code=code, told_event_id=event_id, mail_at=mail_at, remind_at=remind_at)
        record(given, actor=TELLER, now=now)
    return len(mails)


def settle_notices(
    *,
    about: UUID,
    code: str | None = None,
    company_id: int | None = None,
    user_id: int | None = None,
    now: datetime,
) -> int:
    """What waited has happened, or cannot happen any more: the lines about it wait no longer, and count as read."""
    waiting = Notice.objects.waiting().filter(about=about)
    narrowed = {"code": code, "company_id": company_id, "user_id": user_id}
    waiting = waiting.filter(**{name: value for name, value in narrowed.items() if value is not None})
    return waiting.update(settled_at=now, read_at=Coalesce("read_at", Value(now)))


def _membership_of(key: str) -> int:
    """The membership that acted; 0 where no person did."""
    kind, _, rest = key.partition(":")
    return int(rest) if kind == "member" and rest.isdigit() else 0
