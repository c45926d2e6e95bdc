"""Parked deliveries: an operator looks at the error, mends its cause and replays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kernel.happenings import DeliveriesReplayed, Kernel
from kernel.models import Delivery
from kernel.services.recording import record, wake


@transaction.atomic
def replay(delivery_ids: Iterable[int], *, now: datetime) -> int:
    """Let parked deliveries start again from the first attempt. Returns how many."""
    parked = Delivery.objects.select_for_update().filter(pk__in=list(delivery_ids), parked_at__isnull=False)
    lanes = {delivery.lane for delivery in parked}
    count = parked.update(parked_at=None, attempts=0, due_at=now, leased_until=None, token=None)
    wake(lanes)
    if count:
        record(DeliveriesReplayed(count=count), actor=Kernel(), now=now)
    return count
