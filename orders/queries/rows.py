"""What a row of a list of orders shows: the columns that are read for it, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from kernel.fetching import fetch
from orders.models import Order

#: everything that `orders.rules.next_step` and a row's words look at
_LOOKED_AT = {
    "id",
    "uid",
    "reference",
    "po_number",
    "state",
    "buyer_id",
    "seller_id",
    "buyer_party",
    "seller_party",
    "currency",
    "total",
    "amount_paid",
    "payment_terms",
    "payment_due_on",
    "requested_date",
    "placed_at",
    "respond_by",
    "held_by",
}
#: in the order of the model, as it wants them
COLUMNS = tuple(field.attname for field in Order._meta.concrete_fields if field.attname in _LOOKED_AT)
SHOWN = ", ".join(COLUMNS)
_PARTIES = tuple(COLUMNS.index(name) for name in ("buyer_party", "seller_party"))


def orders_by(statement: str, parameters: Mapping[str, Any]) -> list[Order]:
    """The orders that a written-out statement selects `SHOWN` of."""
    return [_order(values) for values in fetch(statement, parameters)]


def _order(values: Sequence[Any]) -> Order:
    own = [json.loads(value) if at in _PARTIES else value for at, value in enumerate(values)]
    return Order.from_db(connection.alias, COLUMNS, own)


def quoted(states: Iterable[str]) -> str:
    """States as an SQL list, always in the same order."""
    return ", ".join(f"'{state}'" for state in sorted(states))
