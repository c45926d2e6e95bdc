"""The sweep: drains what nobody took, when Redis, the relay or a worker is gone. Needs nothing but PostgreSQL."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from kernel.models.deliveries import Lane
from kernel.services import drain
from kernel.services.claiming import is_left_alone

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
#: how long one lane is drained before the others get their turn
TURN_SECONDS = 1.0
#: how long a due delivery is left to its own worker first
GRACE = {Lane.FAST: timedelta(seconds=2), Lane.SLOW: timedelta(seconds=5), Lane.OUTSIDE: timedelta(seconds=5)}


class Command(BaseCommand):
    help = "Drain deliveries that have waited longer than their lane's worker should have let them."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, once: bool = False, **options: Any) -> None:
        while True:
            swept = sweep_lanes()
            if once:
                return
            if not swept:
                time.sleep(PAUSE_SECONDS)


def sweep_lanes() -> int:
    """One turn in each lane that its own worker leaves alone (a busy worker's backlog is its own). Returns how many
    deliveries were attempted.
    """
    swept = 0
    try:
        for lane, grace in GRACE.items():
            if is_left_alone(lane, timezone.now()):
                swept += drain(lane, seconds=TURN_SECONDS, grace=grace)
    except (OperationalError, InterfaceError):
        logger.warning("sweep: the database is gone, trying again")
        connection.close()
    return swept
