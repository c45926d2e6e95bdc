"""Cases in lists: the columns that a list shows, without the case behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from identity.models import Company


class Named(NamedTuple):
    """A company's names and nothing else of it."""

    name_en: str
    name_zh: str
    legal_name: str

    def name_in(self, language: str) -> str:
        return Company.name_in(self, language)  # type: ignore[arg-type]


#: columns of the parties' names, for `Named`
PARTIES = tuple(f"{party}__{name}" for party in ("claimant", "respondent") for name in Named._fields)


class CaseLine(NamedTuple):
    """A case in a party's list."""

    pk: int
    uid: UUID
    number: str
    state: str
    respond_by: datetime | None
    amount: Decimal
    currency: str
    claimant_id: int
    order: str
    claimant: Named
    respondent: Named


CASE_LINE = (*CaseLine._fields[:8], "order__reference", *PARTIES)


def case_line(values: Sequence[Any]) -> CaseLine:
    """A row of `CASE_LINE`."""
    return CaseLine._make((*values[:9], Named(*values[9:12]), Named(*values[12:15])))


class DeskLine(NamedTuple):
    """A case on an official's home."""

    uid: UUID
    number: str
    state: str
    respond_by: datetime | None
    #: whether it is the official's turn
    mine: bool
    claimant: Named
    respondent: Named


def desk_line(values: Sequence[Any]) -> DeskLine:
    """A row of the line's columns, the names of both parties last."""
    return DeskLine._make((*values[:5], Named(*values[5:8]), Named(*values[8:11])))
