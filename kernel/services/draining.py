"""Draining a lane: claim, work, write the effect. Safe to run in any number of processes, and to kill at any moment.

1. A claim takes due rows: attempts + 1, a lease and a token, committed at once (`claiming`).
2. Slow and outside handlers work with no transaction open; they may run twice, so they must be repeatable.
3. One transaction locks the row again, checks the token, writes `done_at` and the effect.
A killed process leaves a lease that runs out; the next claim starts again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.utils import timezone

from kernel.errors import Halted
from kernel.events import Occurrence, event_class
from kernel.happenings import DeliveryParked, Kernel
from kernel.models import Delivery, Event
from kernel.models.deliveries import Lane
from kernel.services.claiming import claim
from kernel.services.recording import record, wake
from kernel.subscriptions import Effect, Subscription, subscription_named

logger = logging.getLogger(__name__)

#: how long one wake-up keeps a process busy; then others get their turn
DRAIN_SECONDS = 3.0
MAX_ATTEMPTS = 8
FIRST_BACKOFF = timedelta(seconds=1)
LONGEST_BACKOFF = timedelta(minutes=5)

Clock = Callable[[], datetime]


def drain(
    lane: str, *, seconds: float = DRAIN_SECONDS, grace: timedelta = timedelta(0), clock: Clock = timezone.now
) -> int:
    """Deliver what is due in `lane` until nothing is, or `seconds` have passed. Returns how many were attempted.

    `grace` leaves what fell due only just now to the lane's own worker (the sweep uses it).
    """
    stop_at = time.monotonic() + seconds
    attempted = 0
    while time.monotonic() < stop_at:
        round_of = _round(Lane(lane), clock=clock, grace=grace)
        if round_of == 0:
            return attempted
        attempted += round_of
    wake([lane])  # time is up, work may be left
    return attempted


def _round(lane: Lane, *, clock: Clock, grace: timedelta) -> int:
    """One claim, worked through."""
    deliveries = claim(lane, now=clock(), grace=grace)
    events = Event.objects.in_bulk([delivery.event_id for delivery in deliveries]) if deliveries else {}
    for delivery in deliveries:
        _deliver(delivery, events.get(delivery.event_id), clock)
    return len(deliveries)


def _deliver(delivery: Delivery, event: Event | None, clock: Clock) -> None:
    try:
        if event is None:
            raise LookupError(f"there is no event {delivery.event_id}")
        subscription = subscription_named(delivery.handler)
        occurrence = _occurrence(event, delivery, clock())
        if subscription.lane == Lane.FAST:
            _finish(delivery, clock, lambda: _run(subscription, event, occurrence))
        else:
            effect = _run(subscription, event, occurrence)
            _finish(delivery, clock, effect)
    except Halted as refused:  # an answer, not a fault: nothing was written, and the delivery says why
        _finish(delivery, clock, None, answer=f"refused: {refused.code}")
    except Exception as error:  # a handler's bug must not stop the lane: it is kept, shown and tried again
        logger.exception("delivery %s (%s) failed", delivery.pk, delivery.handler)
        _postpone(delivery, error, clock())


def _run(subscription: Subscription, event: Event, occurrence: Occurrence) -> Effect | None:
    return subscription.handler(event_class(event.name).from_payload(event.payload), occurrence)


def _occurrence(event: Event, delivery: Delivery, now: datetime) -> Occurrence:
    return Occurrence(
        event_id=event.pk,
        delivery_id=delivery.pk,
        actor=event.actor,
        company_id=event.company_id,
        subject_id=event.subject_id,
        about=event.about,
        audience=tuple(event.audience),
        at=event.at,
        now=now,
    )


def _finish(
    delivery: Delivery, clock: Clock, effect: Callable[[], object] | None, *, answer: str = ""
) -> None:
    """Write `done_at` and the effect together, unless the claim was lost to another process meanwhile."""
    with transaction.atomic():
        if _mark_done(delivery, clock(), answer) and effect is not None:
            effect()


#: written out: every delivery pays for it
_DONE = """
UPDATE kernel_delivery SET done_at = %s, leased_until = NULL, error = %s
WHERE id = %s AND token = %s AND done_at IS NULL
"""


def _mark_done(delivery: Delivery, now: datetime, answer: str) -> bool:
    """False where the delivery is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [now, answer, delivery.pk, delivery.token])
        return bool(cursor.rowcount)


def _postpone(delivery: Delivery, error: Exception, now: datetime) -> None:
    """Try again after a growing pause; park after the last attempt."""
    words = f"{type(error).__name__}: {error}".replace("\x00", "")[:2000]
    backoff = min(FIRST_BACKOFF * 2 ** (delivery.attempts - 1), LONGEST_BACKOFF)
    last = delivery.attempts >= MAX_ATTEMPTS
    try:
        with transaction.atomic():
            kept = Delivery.objects.filter(pk=delivery.pk, token=delivery.token, done_at__isnull=True).update(
                error=words, leased_until=None, due_at=now + backoff, parked_at=now if last else None
            )
            if kept and last:
                _say_parked(delivery, now)
    except Error:  # the database itself is gone: the lease runs out by itself
        logger.exception("delivery %s could not be postponed", delivery.pk)


def _say_parked(delivery: Delivery, now: datetime) -> None:
    """Unless it was to say this very thing: who says nothing of that is not told of it for ever."""
    if Event.objects.filter(pk=delivery.event_id, name=DeliveryParked.__name__).exists():
        return
    record(DeliveryParked(delivery_id=delivery.pk, handler=delivery.handler), actor=Kernel(), now=now)
