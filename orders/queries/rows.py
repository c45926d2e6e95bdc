"""What a row of a list of orders shows: the columns that are read for it, and no others."""

from __future__ import annotations

from collections.abc import Iterable

#: everything that `orders.rules.next_step` and a row's words look at
COLUMNS = (
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
)
SHOWN = ", ".join(COLUMNS)


def quoted(states: Iterable[str]) -> str:
    """States as an SQL list, always in the same order."""
    return ", ".join(f"'{state}'" for state in sorted(states))
