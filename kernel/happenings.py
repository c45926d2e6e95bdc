"""What happens to deliveries themselves, for those who run the platform."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class DeliveryParked(BusinessEvent):
    """Every attempt has failed: it waits for an operator."""

    delivery_id: int
    handler: str


@dataclass(frozen=True, kw_only=True)
class DeliveriesReplayed(BusinessEvent):
    """An operator let them start again."""

    count: int


@dataclass(frozen=True)
class Kernel:
    """The actor of both."""

    key: str = "system:deliveries"
    company_id: None = None
