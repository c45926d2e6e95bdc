"""The business's table of contents: who hears of what. The only module that knows both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kernel.events import BusinessEvent
from kernel.subscriptions import Subscription, fast, when
from orders import handlers as orders
from orders.events import FreightOffered, OrderPlaced

SUBSCRIPTIONS: Mapping[type[BusinessEvent], Sequence[Subscription]] = {
    OrderPlaced: [when("respond_by", fast(orders.lapse))],
    FreightOffered: [when("respond_by", fast(orders.lapse))],
}
