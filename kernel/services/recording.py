"""Recording: an event and its deliveries, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db import connection, transaction

from kernel.events import BusinessEvent
from kernel.models import Delivery, Event, PublicRow
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
    row = Event.objects.create(
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
    _schedule(row.pk, event, now)
    return row


def _schedule(event_id: int, event: BusinessEvent, now: datetime) -> None:
    deliveries = []
    for subscription in subscriptions_to(event):
        due_at = subscription.due_at(event, now)
        if due_at is not None:
            deliveries.append(
                Delivery(event_id=event_id, handler=subscription.name, lane=subscription.lane, due_at=due_at)
            )
    Delivery.objects.bulk_create(deliveries)
    wake({delivery.lane for delivery in deliveries if delivery.due_at <= now})


def wake(lanes: Iterable[str]) -> None:
    """Tell the relay, when this transaction commits, that these lanes have work (no work rides on it)."""
    names = sorted({str(lane) for lane in lanes})
    if names:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, lane) FROM unnest(%s) AS lane", [CHANNEL, names])
