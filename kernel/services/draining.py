"""Draining a lane: claim, work, write the effect. Safe to run in any number of processes, and to kill at any moment.

1. A short transaction claims a due row: attempts + 1, a lease and a token.
2. Slow and outside handlers work with no transaction open; they may run twice, so they must be repeatable.
3. A second transaction locks the row again, checks the token, writes the effect and `done_at`.
A killed process leaves a lease that runs out; the next claim starts again.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from kernel.errors import Refused
from kernel.events import Occurrence, event_class
from kernel.models import Delivery, Event
from kernel.models.deliveries import Lane
from kernel.subscriptions import Effect, Subscription, subscription_named

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE = {
    Lane.FAST: timedelta(seconds=10),
    Lane.SLOW: timedelta(seconds=45),
    Lane.OUTSIDE: timedelta(seconds=60),
}
FIRST_BACKOFF = timedelta(seconds=1)
LONGEST_BACKOFF = timedelta(minutes=5)

Clock = Callable[[], datetime]


def drain(
    lane: str, *, seconds: float = 3.0, grace: timedelta = timedelta(0), clock: Clock = timezone.now
) -> int:
    """Deliver what is due in `lane` until nothing is, or `seconds` have passed. Returns how many were attempted.

    `grace` leaves what fell due only just now to the lane's own worker (the sweep uses it).
    """
    stop_at = time.monotonic() + seconds
    attempted = 0
    while time.monotonic() < stop_at:
        delivery = _claim(Lane(lane), clock=clock, grace=grace)
        if delivery is None:
            break
        _deliver(delivery, clock)
        attempted += 1
    return attempted


def due(lane: str, now: datetime) -> Q:
    """Deliveries of `lane` that may be claimed at `now`."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    return Q(lane=lane, due_at__lte=now, done_at__isnull=True, parked_at__isnull=True) & free


@transaction.atomic
def _claim(lane: Lane, *, clock: Clock, grace: timedelta) -> Delivery | None:
    now = clock()
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(due(lane, now), due_at__lte=now - grace)
        .order_by("due_at")
        .first()
    )
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.token = uuid.uuid4()
    delivery.leased_until = now + LEASE[lane]
    delivery.save(update_fields=["attempts", "token", "leased_until"])
    return delivery


def _deliver(delivery: Delivery, clock: Clock) -> None:
    try:
        subscription = subscription_named(delivery.handler)
        event = Event.objects.get(pk=delivery.event_id)
        occurrence = _occurrence(event, delivery, clock())
        if subscription.lane == Lane.FAST:
            _finish(delivery, clock, lambda: _run(subscription, event, occurrence))
        else:
            effect = _run(subscription, event, occurrence)
            _finish(delivery, clock, lambda: effect and effect())
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


def _finish(delivery: Delivery, clock: Clock, effect: Callable[[], object]) -> None:
    """Write the effect and `done_at` together, unless the lease was lost to another process meanwhile.

    A refusal is an answer, not a fault: the effect is rolled back, the delivery is done and says why.
    """
    with transaction.atomic():
        mine = Delivery.objects.select_for_update().filter(
            pk=delivery.pk, token=delivery.token, done_at__isnull=True
        )
        if not mine.exists():
            return
        refusal = _apply(effect)
        mine.update(done_at=clock(), leased_until=None, error=refusal)


def _apply(effect: Callable[[], object]) -> str:
    try:
        with transaction.atomic():
            effect()
    except Refused as refused:
        return f"refused: {refused.code}"
    return ""


def _postpone(delivery: Delivery, error: Exception, now: datetime) -> None:
    """Try again after a growing pause; park after the last attempt."""
    words = f"{type(error).__name__}: {error}"[:2000]
    backoff = min(FIRST_BACKOFF * 2 ** (delivery.attempts - 1), LONGEST_BACKOFF)
    last = delivery.attempts >= MAX_ATTEMPTS
    try:
        Delivery.objects.filter(pk=delivery.pk, token=delivery.token).update(
            error=words, leased_until=None, due_at=now + backoff, parked_at=now if last else None
        )
    except DatabaseError:  # the database itself is gone: the lease runs out by itself
        logger.exception("delivery %s could not be postponed", delivery.pk)
