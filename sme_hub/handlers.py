"""What the roof does when something happens: it tells people, by its table (`sme_hub.telling`)."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from identity.services import settle_notices
from identity.services import tell as give_notice
from kernel.events import BusinessEvent, Occurrence
from sme_hub import telling
from sme_hub.telling.rows import Matter, Reader, Row

#: sides that are people: those of `Matter.users`
BY_NAME = ("staff", "person")


def tell(event: BusinessEvent, occurrence: Occurrence) -> None:
    """End what no longer waits, then tell whoever the table names. Deliveries come in any order: what the rows ask is
    asked of the thing as it is now.
    """
    matters: dict[Reader, Matter | None] = {}
    _take_turns(occurrence.about or occurrence.subject_id)
    for row in telling.ROWS:
        ends, begins = type(event) in row.until, type(event) in row.on
        if not (ends or begins):
            continue
        if row.reader not in matters:
            matters[row.reader] = row.reader(event, occurrence)
        matter = matters[row.reader]
        if matter is None:
            continue
        if ends:
            _settle(row, matter, occurrence)
        if begins and row.when(matter):
            _tell(row, matter, occurrence)


def _settle(row: Row, matter: Matter, occurrence: Occurrence) -> None:
    """It waits for nobody any more, or, where people are told by name, no longer for who is not among them."""
    waits = row.waits_yet(matter)
    if waits and row.to not in BY_NAME:
        return
    still = matter.users if waits else ()
    settle_notices(about=matter.about, code=row.code, but=still, now=occurrence.now)


def _tell(row: Row, matter: Matter, occurrence: Occurrence) -> None:
    as_person, waits = row.to in BY_NAME, row.waits_yet(matter)
    give_notice(
        company_id=None if as_person else matter.sides[row.to][0],
        roles=row.roles,
        users=matter.users if as_person else row.also(matter, row.to),
        code=row.code,
        params={**matter.params, **matter.params_of.get(row.to, {})},
        path=row.path(matter, row.to),
        about=matter.about,
        event_id=occurrence.event_id,
        at=matter.at or occurrence.at,
        now=occurrence.now,
        waits=waits,
        respond_by=row.respond_by(matter) if waits else None,
        remind_after=row.remind_after,
        may_move=row.may_move,
        by=occurrence.actor,
        or_owners=row.or_owners,
        for_staff=row.to == "staff",
    )
    if waits:
        for user_id in row.seen_by(matter, row.to):
            settle_notices(about=matter.about, code=row.code, user_id=user_id, now=occurrence.now)


def _take_turns(about: UUID | None) -> None:
    """One at a time for one matter: else a wait could be written down just as another process ends it."""
    if about is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(about)])
