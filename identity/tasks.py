"""What the clock asks of people's accounts."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from identity import services


@shared_task(name="identity.tidy", ignore_result=True)
def tidy() -> None:
    """Sessions that have expired, and accounts that nobody confirmed, go."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    services.forget_never_confirmed(now=now)
