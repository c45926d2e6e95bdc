"""What an event is: a frozen dataclass of plain ids, numbers, dates and codes.

    @dataclass(frozen=True, kw_only=True)
    class OrderConfirmed(BusinessEvent):
        order_id: int
        respond_by: datetime

The class name is the event's name everywhere: in the table, in the API, in subscriptions.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

_REGISTRY: dict[str, type[BusinessEvent]] = {}


@dataclass(frozen=True, kw_only=True)
class BusinessEvent:
    """Base of all events. A change of shape raises `schema`; old rows are read with missing fields defaulted."""

    schema: ClassVar[int] = 1

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if _REGISTRY.setdefault(cls.__name__, cls).__module__ != cls.__module__:
            raise TypeError(f"two events are called {cls.__name__}")

    def to_payload(self) -> dict[str, Any]:
        """The event as JSON-ready values."""
        return {field.name: _to_json(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """The event again, from what `to_payload` made; unknown keys of later schemas are left out."""
        decoders = _decoders(cls)  # type: ignore[arg-type]  # mypy takes a class of Self for unhashable
        return cls(**{name: decoders[name](value) for name, value in payload.items() if name in decoders})


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """What a handler is told besides the event itself."""

    event_id: int
    delivery_id: int
    #: `identity.actors` key of who caused it
    actor: str
    company_id: int | None
    subject_id: uuid.UUID | None
    about: uuid.UUID | None
    audience: tuple[int, ...]
    #: when it happened
    at: datetime
    #: when it is handled
    now: datetime

    @property
    def idempotency_key(self) -> str:
        """The same at every attempt: outside effects carry it."""
        return f"delivery-{self.delivery_id}"


def event_class(name: str) -> type[BusinessEvent]:
    """The dataclass called `name`; KeyError when no room defines it."""
    return _REGISTRY[name]


def names_of_events() -> list[str]:
    """Of all that some room defines, sorted."""
    return sorted(_REGISTRY)


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [_to_json(item) for item in value]
    return value


@functools.cache
def _decoders(cls: type[BusinessEvent]) -> dict[str, Callable[[Any], Any]]:
    hints = typing.get_type_hints(cls)
    return {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(cls)}


def _decoder(hint: Any) -> Callable[[Any], Any]:
    from_text: dict[Any, Callable[[Any], Any]] = {
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
        Decimal: Decimal,
        uuid.UUID: uuid.UUID,
    }
    for candidate in (hint, *typing.get_args(hint)):
        if candidate in from_text:
            convert = from_text[candidate]
            return lambda value: None if value is None else convert(value)
    if typing.get_origin(hint) is tuple:
        return tuple
    return lambda value: value
