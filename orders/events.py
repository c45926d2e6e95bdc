"""What happens to an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(BusinessEvent):
    order_id: int
    respond_by: datetime
    #: what the act rests on (`identity.services.Evidence`), where it was asked for
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class FreightOffered(BusinessEvent):
    order_id: int
    freight: Decimal
    respond_by: datetime
    #: as with `OrderPlaced`
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(BusinessEvent):
    order_id: int
    #: as with `OrderPlaced`
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class OrderRefused(BusinessEvent):
    """The reason stands on the order (`close_reason`): people write names in it. Schema 1 carried it."""

    schema: ClassVar[int] = 2
    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderLapsed(BusinessEvent):
    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(BusinessEvent):
    """The reason stands on the order, as with `OrderRefused`."""

    schema: ClassVar[int] = 2
    order_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(BusinessEvent):
    order_id: int
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentHeld(BusinessEvent):
    """Nothing is recorded as paid until the hold is released."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class PaymentReleased(BusinessEvent):
    order_id: int


@dataclass(frozen=True, kw_only=True)
class GoodsDespatched(BusinessEvent):
    order_id: int
    despatch_id: int
    #: as with `OrderPlaced`
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class GoodsReceived(BusinessEvent):
    order_id: int
    receipt_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(BusinessEvent):
    order_id: int


@dataclass(frozen=True, kw_only=True)
class SpendingLimitSet(BusinessEvent):
    """Orders over `amount` need an approver; none do where it is None."""

    amount: Decimal | None
    currency: str
    days: int


@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(BusinessEvent):
    """Who asked, and for what, stands on the approval."""

    approval_id: int
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class ApprovalGiven(BusinessEvent):
    approval_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class ApprovalDeclined(BusinessEvent):
    """The reason stands on the approval: people write names in it."""

    approval_id: int


@dataclass(frozen=True, kw_only=True)
class ApprovalWithdrawn(BusinessEvent):
    approval_id: int


@dataclass(frozen=True, kw_only=True)
class ApprovalLapsed(BusinessEvent):
    approval_id: int
