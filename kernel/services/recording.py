"""Recording: an event and its deliveries, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import connection, transaction
from psycopg2.extras import Json

from kernel.events import BusinessEvent
from kernel.models import Event, PublicRow
from kernel.subscriptions import subscriptions_to

#: PostgreSQL channel on which the relay listens; the payload is the lane
CHANNEL = "deliveries"


class Actor(Protocol):
    """As much of `identity.actors.Actor` as the kernel needs to know."""

    @property
    def key(self) -> str: ...

    @property
    def company_id(self) -> int | None: ...


def record(
    event: BusinessEvent,
    *,
    actor: Actor,
    now: datetime,
    subject: PublicRow | None = None,
    about: PublicRow | None = None,
    audience: Iterable[int] = (),
) -> Event:
    """Write `event` and one delivery per subscriber; the commit wakes the relay.

    `audience` holds the ids of the companies that may read it. Raises RuntimeError outside a transaction: an event
    without its change, or a change without its event, must not exist.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of the verb")
    row = Event(
        name=type(event).__name__,
        schema=event.schema,
        actor=actor.key,
        company_id=actor.company_id,
        subject_id=subject.uid if subject else None,
        about=about.uid if about else None,
        audience=sorted(set(audience)),
        payload=event.to_payload(),
        at=now,
    )
    row.pk = _write(row, _schedule(event, now), now)
    return row


@dataclass(frozen=True)
class _Wanted:
    """A delivery to be written."""

    handler: str
    lane: str
    due_at: datetime


def _schedule(event: BusinessEvent, now: datetime) -> list[_Wanted]:
    due = [(subscription, subscription.due_at(event, now)) for subscription in subscriptions_to(event)]
    return [
        _Wanted(subscription.name, subscription.lane.value, at) for subscription, at in due if at is not None
    ]


#: event, deliveries and wake-ups in one statement: every change in the house waits for this one
_WRITE = """
WITH event AS (
    INSERT INTO kernel_event (name, schema, actor, company_id, subject_id, about, audience, payload, at)
    VALUES (%s, %s, %s, %s, %s, %s, %s::bigint[], %s, %s) RETURNING id
), deliveries AS (
    INSERT INTO kernel_delivery (event_id, handler, lane, due_at, attempts, error)
    SELECT event.id, handler, lane, due_at, 0, ''
    FROM event, unnest(%s::text[], %s::text[], %s::timestamptz[]) AS wanted(handler, lane, due_at)
)
SELECT id, (SELECT count(pg_notify(%s, lane)) FROM unnest(%s::text[]) AS lane) FROM event
"""


def _write(row: Event, wanted: list[_Wanted], now: datetime) -> int:
    values = [
        *(row.name, row.schema, row.actor, row.company_id, row.subject_id, row.about, row.audience),
        *(Json(row.payload), row.at),
        *([one.handler for one in wanted], [one.lane for one in wanted], [one.due_at for one in wanted]),
        *(CHANNEL, sorted({one.lane for one in wanted if one.due_at <= now})),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        return int(cursor.fetchone()[0])


def wake(lanes: Iterable[str]) -> None:
    """Tell the relay, when this transaction commits, that these lanes have work (no work rides on it)."""
    names = sorted({str(lane) for lane in lanes})
    if names:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, lane) FROM unnest(%s) AS lane", [CHANNEL, names])
