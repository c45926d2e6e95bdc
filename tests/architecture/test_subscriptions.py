"""The table of contents: every handler stands in its room's `handlers` and takes the event it is told."""

from __future__ import annotations

import inspect
import typing

from kernel.events import Occurrence
from sme_hub.subscriptions import SUBSCRIPTIONS


def _lines():
    for event, wanted in SUBSCRIPTIONS.items():
        for subscription in wanted:
            yield event, subscription


def test_handlers_stand_at_the_edge_of_their_room():
    wrong = [s.name for _event, s in _lines() if s.handler.__module__.split(".")[1:2] != ["handlers"]]
    assert wrong == []


def test_handlers_take_the_event_and_its_occurrence():
    for event, subscription in _lines():
        hints = typing.get_type_hints(subscription.handler)
        first, second, *more = inspect.signature(subscription.handler).parameters
        assert not more, subscription.name
        taken = typing.get_args(hints[first]) or (hints[first],)
        assert issubclass(event, taken), subscription.name
        assert hints[second] is Occurrence, subscription.name


def test_timers_name_a_moment_of_their_event():
    for event, subscription in _lines():
        assert subscription.at is None or subscription.at in event.__dataclass_fields__, subscription.name
