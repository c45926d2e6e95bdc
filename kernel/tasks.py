"""The one Celery task that does work: drain a lane. Wake-ups carry no data, ack early and expire."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kernel import services


@shared_task(name="kernel.drain", ignore_result=True, acks_late=False, expires=10)
def drain(lane: str) -> None:
    """A few seconds of deliveries from `lane`."""
    services.drain(lane)


@shared_task(name="kernel.forget_old_keys", ignore_result=True)
def forget_old_keys() -> None:
    """Drop idempotency keys that nobody repeats any more."""
    services.forget_old_keys(now=timezone.now())
