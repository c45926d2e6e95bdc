"""Who hears of what: the registry that `sme_hub.subscriptions` fills at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kernel.events import BusinessEvent, Occurrence
from kernel.models.deliveries import Lane

#: A fast handler does its work inside the delivery's transaction and returns None. A slow or outside handler works with
#: no transaction open, must be repeatable, and returns the effect to write: a callable that runs in the transaction that
#: marks the delivery done, or None.
Effect = Callable[[], None]
Handler = Callable[[Any, Occurrence], Effect | None]


@dataclass(frozen=True)
class Subscription:
    handler: Handler
    lane: Lane
    #: name of the event's field that says when; None means at once
    at: str | None = None
    #: which events of the class are delivered; None means all
    only: Callable[[Any], bool] | None = None

    @property
    def name(self) -> str:
        """Stable across versions of the module layout inside a room: `<app>.<function>`."""
        return f"{self.handler.__module__.split('.')[0]}.{self.handler.__name__}"

    def due_at(self, event: BusinessEvent, now: datetime) -> datetime | None:
        """When to deliver; None when the event is not wanted, or names no such moment: nothing is to be delivered."""
        if self.only is not None and not self.only(event):
            return None
        return now if self.at is None else getattr(event, self.at)


def fast(handler: Handler) -> Subscription:
    return Subscription(handler, Lane.FAST)


def slow(handler: Handler) -> Subscription:
    return Subscription(handler, Lane.SLOW)


def outside(handler: Handler) -> Subscription:
    return Subscription(handler, Lane.OUTSIDE)


def when(field: str, subscription: Subscription) -> Subscription:
    """Deliver at the moment that the event's `field` names: `when("respond_by", fast(orders.handlers.lapse))`."""
    return replace(subscription, at=field)


def only(wanted: Callable[[Any], bool], subscription: Subscription) -> Subscription:
    """Deliver only events that `wanted` says yes to, by what they carry: the others cost nothing."""
    return replace(subscription, only=wanted)


_by_event: dict[str, list[Subscription]] = {}
_by_name: dict[str, Subscription] = {}


def register(subscriptions: Mapping[type[BusinessEvent], Sequence[Subscription]]) -> None:
    """Take the whole table; called once, when the roof starts."""
    _by_event.clear()
    _by_name.clear()
    for event, wanted in subscriptions.items():
        _by_event[event.__name__] = list(wanted)
        for subscription in wanted:
            known = _by_name.setdefault(subscription.name, subscription)
            if known.handler is not subscription.handler:
                raise ValueError(f"two handlers are called {subscription.name}")


def subscriptions_to(event: BusinessEvent) -> list[Subscription]:
    return _by_event.get(type(event).__name__, [])


def names_of_handlers() -> list[str]:
    """Of all that are registered, sorted."""
    return sorted(_by_name)


def subscription_named(name: str) -> Subscription:
    """KeyError when no handler of this name is registered any more: the delivery is then parked for an operator."""
    return _by_name[name]
