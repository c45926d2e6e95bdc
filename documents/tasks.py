"""What the clock asks of papers."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from documents import services


@shared_task(name="documents.remove_orphans", ignore_result=True)
def remove_orphans() -> None:
    services.remove_orphans(now=timezone.now())
