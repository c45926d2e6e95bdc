"""The sweep: drains what nobody took, when Redis, the relay or a worker is gone. Needs nothing but PostgreSQL."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from kernel.models.deliveries import Lane
from kernel.services import drain

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
#: how long a due delivery is left to its own worker first
GRACE = {Lane.FAST: timedelta(seconds=2), Lane.SLOW: timedelta(seconds=5), Lane.OUTSIDE: timedelta(seconds=5)}


class Command(BaseCommand):
    help = "Drain deliveries that have waited longer than their lane's worker should have let them."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        while True:
            try:
                for lane, grace in GRACE.items():
                    drain(lane, grace=grace)
            except OperationalError:
                logger.warning("sweep: the database is gone, trying again")
                connection.close()
            if once:
                return
            time.sleep(PAUSE_SECONDS)
