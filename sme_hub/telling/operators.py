"""What those who run the platform are told: that work stopped and waits for them."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.queries import officers_who_may
from identity.rules.notices import Kind
from kernel.events import Occurrence
from kernel.happenings import DeliveriesReplayed, DeliveryParked
from kernel.queries import lanes_at_a_glance
from sme_hub.telling.rows import Matter, Row

#: all that is parked, one matter
PARKED = UUID("5d6e3f0a-6a0b-5d0c-9a35-0c2f6f2f5b61")


def all_parked(event: DeliveryParked | DeliveriesReplayed, occurrence: Occurrence) -> Matter:
    """With how many wait by now: one line for all of them."""
    count = sum(lane.parked for lane in lanes_at_a_glance(occurrence.now))
    return Matter(
        about=PARKED,
        row=count,
        event=event,
        now=occurrence.now,
        users=officers_who_may("kernel.view_delivery"),
    )


ROWS = (
    Row(
        kind=Kind(
            code="delivery.parked",
            words=_("Work has stopped after its last attempt: look at the parked deliveries"),
            icon="triangle-alert",
            group="office",
        ),
        reader=all_parked,
        path=lambda matter, side: reverse("admin:kernel_delivery_changelist") + "?state=parked",
        to="staff",
        on=(DeliveryParked,),
        waits=True,
        when=lambda matter: matter.row > 0,
        until=(DeliveryParked, DeliveriesReplayed),
    ),
)
