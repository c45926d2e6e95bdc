"""Who is told of what: the table that turns events into lines of people's inboxes, and their mails.

Each module holds the rows of one subject; a new row needs no more than that. `sme_hub.handlers.tell` reads the table, so
that the rooms below stay ignorant of inboxes, and one delivery per event does it all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from identity.rules import notices
from kernel.events import BusinessEvent
from kernel.subscriptions import Subscription, fast, only, when
from sme_hub.telling import (
    approvals,
    cases,
    claims,
    goods,
    identities,
    money,
    office,
    operators,
    orders,
    people,
    recognition,
    rooms,
    screening,
    settlements,
    talk,
)
from sme_hub.telling.rows import Row

ROWS: tuple[Row, ...] = (
    *orders.ROWS,
    *approvals.ROWS,
    *goods.ROWS,
    *cases.ROWS,
    *rooms.ROWS,
    *settlements.ROWS,
    *office.ROWS,
    *money.ROWS,
    *claims.ROWS,
    *people.ROWS,
    *identities.ROWS,
    *recognition.ROWS,
    *screening.ROWS,
    *operators.ROWS,
    *talk.ROWS,
)
#: events of which only some are told of: the others cost no delivery
ONLY: dict[type[BusinessEvent], Callable[[Any], bool]] = {**orders.ONLY}
#: events of which people are told at a moment that the event names, not at once
AT: dict[type[BusinessEvent], str] = {**settlements.AT, **money.AT, **claims.AT}


def told_events() -> set[type[BusinessEvent]]:
    """Every event that somebody is told of, or that ends a waiting."""
    return {event for row in ROWS for event in (*row.on, *row.until)}


def told_by(handler: Callable[[Any, Any], None]) -> dict[type[BusinessEvent], list[Subscription]]:
    """The subscriptions that bring each of these events to `handler`."""
    return {event: [_told(event, fast(handler))] for event in told_events()}


def _told(event: type[BusinessEvent], told: Subscription) -> Subscription:
    if event in AT:
        return when(AT[event], told)
    return only(ONLY[event], told) if event in ONLY else told


def register_kinds() -> None:
    """Let the inbox know the words of every kind; called once, at start."""
    notices.register(row.kind for row in ROWS)
