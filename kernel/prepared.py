"""Statements that PostgreSQL plans once a connection: for the small reads that every page makes.

Planning such a statement costs several times what answering it does. Only for statements whose text never varies, and whose
plan need not know the values: what finds few rows for one and many for another is asked by `kernel.fetching.fetch`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

from kernel.fetching import fetch

#: of each connection of the driver, by the statement and the kinds of its values: the name it was prepared under
_prepared: WeakKeyDictionary[Any, dict[tuple[str, str], str]] = WeakKeyDictionary()
#: a name is never used twice, so that an attempt that failed half-way is in nobody's way
_numbers = count(1)
_PLACE = re.compile(r"%(?:%|s|\((\w+)\)s)")


def fetch_prepared(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """As `kernel.fetching.fetch`, with no parameter that is a tuple.

    A pooler that hands connections on after each transaction forgets what was prepared: `PREPARE_STATEMENTS=0` behind one.
    """
    body, order = _with_numbers(statement)
    if not (order and settings.PREPARE_STATEMENTS):
        return fetch(statement, parameters)
    values = [parameters[key] for key in order]  # type: ignore[index]  # by name or by place, as the statement says
    kinds = ", ".join(map(_kind, values))
    with connection.cursor() as cursor:
        known = _prepared.setdefault(connection.connection, {})
        name = known.get((statement, kinds))
        first = ""
        if name is None:
            name = f"often_{next(_numbers)}"
            first = f"PREPARE {name} ({kinds}) AS {body};\n"
        cursor.execute(f"{first}EXECUTE {name} ({', '.join(['%s'] * len(values))})", values)
        known[statement, kinds] = name
        return cursor.fetchall()


def _kind(value: Any) -> str:
    """PostgreSQL infers a type from where the value stands; but not those that `%s - interval '1 day'` needs."""
    if isinstance(value, datetime):
        return "timestamptz"
    return "date" if isinstance(value, date) else "unknown"


@cache
def _with_numbers(statement: str) -> tuple[str, tuple[str | int, ...]]:
    """The statement with `$1`, `$2` for its places, and what stands for each: a name, or a number from 0 on."""
    order: list[str | int] = []

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return found[0]
        key = found[1] or len(order)
        if key not in order:
            order.append(key)
        return f"${order.index(key) + 1}"

    return _PLACE.sub(place, statement), tuple(order)
