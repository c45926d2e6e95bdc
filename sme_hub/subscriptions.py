"""The business's table of contents: who hears of what. The only module that knows both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kernel.events import BusinessEvent
from kernel.subscriptions import Subscription

SUBSCRIPTIONS: Mapping[type[BusinessEvent], Sequence[Subscription]] = {}
