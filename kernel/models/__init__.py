from kernel.models.deliveries import Delivery
from kernel.models.events import Event
from kernel.models.idempotency import IdempotencyKey
from kernel.models.rows import PublicQuerySet, PublicRow
from kernel.models.switches import Switch

__all__ = ["Delivery", "Event", "IdempotencyKey", "PublicQuerySet", "PublicRow", "Switch"]
