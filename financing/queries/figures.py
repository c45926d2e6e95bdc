"""The figures of a bank's files, as the clock last counted them: one row, whatever the bank has offered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from financing.states import OUTCOMES
from identity.actors import Actor
from kernel.fetching import fetch
from orders.rules.year import WEEKS


@dataclass(frozen=True)
class BankFigures:
    """What the actor's bank has under way, as the clock last counted it."""

    said: Mapping[str, Any]
    #: None until the clock has come round for the first time
    counted_at: datetime | None

    def weeks(self, today: date) -> list[tuple[date, dict[str, int]]]:
        """The Mondays of the last twelve weeks with how many offers of each of `OUTCOMES` were made in them."""
        monday = today - timedelta(days=today.weekday())
        return [
            (week, self._outcomes(week))
            for week in (monday - timedelta(weeks=back) for back in reversed(range(WEEKS)))
        ]

    def _outcomes(self, week: date) -> dict[str, int]:
        states = self.said.get("weeks", {}).get(week.isoformat(), {})
        return {outcome: sum(states.get(state, 0) for state in held) for outcome, held in OUTCOMES.items()}

    def due(self, today: date) -> dict[str, list[tuple[date, Decimal, int]]]:
        """By currency: the Mondays of this week and the eleven after it, with what comes back in them, of how many files."""
        monday = today - timedelta(days=today.weekday())
        mondays = [monday + timedelta(weeks=ahead) for ahead in range(WEEKS)]
        return {
            currency: [(each, *_amount(weeks.get(each.isoformat()))) for each in mondays]
            for currency, weeks in sorted(self.said.get("due", {}).items())
        }

    @property
    def out(self) -> list[Out]:
        """By currency: all that was paid out and is not back."""
        late = self.said.get("late", {})
        return [
            Out(currency, *_sum(weeks.values()), *_amount(late.get(currency)))
            for currency, weeks in sorted(self.said.get("due", {}).items())
        ]


@dataclass(frozen=True)
class Out:
    currency: str
    amount: Decimal
    files: int
    #: of it, past the day on which it was to come back
    late: Decimal
    late_files: int


_FIGURES = """
SELECT counted_at, figures::text FROM financing_filefigures AS figures
JOIN financing_bank AS bank ON bank.id = figures.bank_id WHERE bank.company_id = %s
"""


def figures_of(actor: Actor) -> BankFigures:
    """Those of the bank that the actor works for; empty for everybody else. One statement, one row."""
    found = fetch(_FIGURES, [actor.company_id])
    counted_at, text = found[0] if found else (None, "{}")
    return BankFigures(json.loads(text), counted_at)


def _amount(said: Sequence[Any] | None) -> tuple[Decimal, int]:
    return (Decimal(said[0]), int(said[1])) if said else (Decimal(0), 0)


def _sum(said: Iterable[Sequence[Any]]) -> tuple[Decimal, int]:
    amounts = [_amount(each) for each in said]
    return sum((amount for amount, _files in amounts), Decimal(0)), sum(files for _amount, files in amounts)
