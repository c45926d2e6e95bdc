"""The relay: turns commits' NOTIFY into Celery wake-ups. One process; it holds no state and may be killed."""

from __future__ import annotations

import logging
import select
import time
from contextlib import closing
from typing import Any

import psycopg2
import psycopg2.extensions
from celery.exceptions import OperationalError as TaskNotSent
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from kernel.models.deliveries import Lane
from kernel.services.claiming import lease, wanted_processes
from kernel.services.draining import DRAIN_SECONDS
from kernel.services.recording import CHANNEL
from kernel.tasks import drain

logger = logging.getLogger(__name__)

#: how often the table is looked at even when nothing was notified: retries, timers and expired leases fall due silently
TICK_SECONDS = 1.0
#: commits that come closer together than this share one look
GATHER_SECONDS = 0.05
#: after a failed wake-up, how long to leave the broker alone
BROKER_PAUSE_SECONDS = 2.0


class Command(BaseCommand):
    help = "Send a Celery wake-up for each lane that has due deliveries."

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            try:
                self._listen()
            except (psycopg2.Error, OperationalError, InterfaceError):
                logger.warning("relay: the database is gone, trying again")
                connection.close()
                time.sleep(TICK_SECONDS)

    def _listen(self) -> None:
        with closing(psycopg2.connect(settings.DATABASE_DIRECT_URL)) as listener:
            listener.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
            with listener.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            while True:
                wake_lanes()
                time.sleep(GATHER_SECONDS)
                select.select([listener], [], [], TICK_SECONDS)
                listener.poll()
                listener.notifies.clear()


def wake_lanes() -> None:
    """As many wake-ups per lane as there are due deliveries or idle processes, whichever is fewer."""
    processes = {lane: settings.LANE_PROCESSES[lane] for lane in Lane}
    for lane, wanted in wanted_processes(processes, now=timezone.now()).items():
        for _ in range(wanted):
            if not _wake(lane):
                return


def _wake(lane: Lane) -> bool:
    try:
        drain.apply_async(
            args=[lane.value], queue=lane.value, retry=False, time_limit=DRAIN_SECONDS + lease(lane).seconds
        )
    except (TaskNotSent, BrokerDown, OSError) as error:
        logger.warning("relay: no broker, the sweep takes over: %s", error)
        time.sleep(BROKER_PAUSE_SECONDS)
        return False
    return True
