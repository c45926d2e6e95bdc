"""What orders do when something happens: the clock closes what nobody answered."""

from __future__ import annotations

from kernel.events import Occurrence
from orders import services
from orders.events import ApprovalAsked, FreightOffered, OrderPlaced


def lapse(event: OrderPlaced | FreightOffered, occurrence: Occurrence) -> None:
    """Due at `respond_by`. An offer of freight moves the deadline and brings a delivery of its own."""
    services.lapse_order(order_id=event.order_id, now=occurrence.now)


def lapse_approval(event: ApprovalAsked, occurrence: Occurrence) -> None:
    """Due at `respond_by`."""
    services.lapse_approval(approval_id=event.approval_id, now=occurrence.now)
