"""The relay: turns commits' NOTIFY into Celery wake-ups. One process; it holds no state and may be killed."""

from __future__ import annotations

import logging
import select
import time
from typing import Any

import psycopg2
import psycopg2.extensions
from celery.exceptions import OperationalError
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from kernel.models import Delivery
from kernel.models.deliveries import Lane
from kernel.services.draining import due
from kernel.services.recording import CHANNEL
from kernel.tasks import drain

logger = logging.getLogger(__name__)

#: how often the table is looked at even when nothing was notified: retries, timers and expired leases fall due silently
TICK_SECONDS = 1.0
#: after a failed wake-up, how long to leave the broker alone
BROKER_PAUSE_SECONDS = 2.0


class Command(BaseCommand):
    help = "Send a Celery wake-up for each lane that has due deliveries."

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            try:
                self._listen()
            except psycopg2.OperationalError:
                logger.warning("relay: the database is gone, trying again")
                connection.close()
                time.sleep(TICK_SECONDS)

    def _listen(self) -> None:
        with psycopg2.connect(settings.DATABASE_DIRECT_URL) as listener:
            listener.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
            with listener.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            while True:
                wake_lanes()
                select.select([listener], [], [], TICK_SECONDS)
                listener.poll()
                listener.notifies.clear()


def wake_lanes() -> None:
    """As many wake-ups per lane as there are due deliveries or processes, whichever is fewer."""
    for lane in Lane.values:
        processes = settings.LANE_PROCESSES[lane]
        waiting = Delivery.objects.filter(due(lane, timezone.now()))[:processes].count()
        for _ in range(waiting):
            if not _wake(lane):
                return


def _wake(lane: str) -> bool:
    try:
        drain.apply_async(args=[lane], queue=lane, retry=False)
    except (OperationalError, BrokerDown, OSError) as error:
        logger.warning("relay: no broker, the sweep takes over: %s", error)
        time.sleep(BROKER_PAUSE_SECONDS)
        return False
    return True
