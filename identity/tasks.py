"""What the clock asks of people's accounts."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from identity import services


@shared_task(name="identity.tidy", ignore_result=True)
def tidy() -> None:
    """Sessions that have expired, accounts that nobody confirmed, sign-ins that came back and entries of lists no longer in force go; claims
    whose end nobody watches are watched.
    """
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    services.forget_ended_sessions()
    services.forget_never_confirmed(now=now)
    services.forget_old_enquiries(now=now)
    services.forget_old_entries()
    services.forget_read_files()
    services.forget_returned_logins(now=now)
    services.watch_claims(now=now)


@shared_task(name="identity.send_digests", ignore_result=True)
def send_digests() -> None:
    """What people want to hear once a day. Runs a few times each morning; everybody gets one letter a day."""
    services.send_digests(now=timezone.now())
