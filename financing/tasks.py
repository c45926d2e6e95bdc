"""What the clock asks of the room of money."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from financing import services


@shared_task(name="financing.poll_banks", ignore_result=True)
def poll_banks() -> None:
    services.poll_banks(now=timezone.now())


@shared_task(name="financing.refresh_capabilities", ignore_result=True)
def refresh_capabilities() -> None:
    services.refresh_capabilities()


@shared_task(name="financing.count_files", ignore_result=True)
def count_files() -> None:
    """The figures that banks' homes show."""
    services.count_files(now=timezone.now())
