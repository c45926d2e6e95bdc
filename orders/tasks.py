"""What the clock asks of orders."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from orders import services


@shared_task(name="orders.count_figures", ignore_result=True)
def count_figures() -> None:
    """The year's figures of every company that trades, and of the marketplace."""
    services.count_figures(now=timezone.now())
