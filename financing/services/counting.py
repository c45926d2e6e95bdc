"""Counting what each bank's files come to: how its offers ended, week by week, and when the money comes back.

The clock asks for it every few minutes. Nothing is added up by increments: a count that was missed is put right by the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from financing.models import Bank, FileFigures
from financing.states import OUT
from orders.rules.year import WEEKS

_WEEKS = """
SELECT offer.bank_id, to_char(date_trunc('week', offer.made_at AT TIME ZONE own.time_zone), 'YYYY-MM-DD'),
    offer.state, count(*)
FROM financing_offer AS offer
JOIN financing_bank AS bank ON bank.id = offer.bank_id JOIN identity_company AS own ON own.id = bank.company_id
WHERE offer.made_at >= %(since)s GROUP BY 1, 2, 3
"""
#: what was paid out and is not back yet, by the week in which it is due
_DUE = """
SELECT bank_id, to_char(date_trunc('week', repay_on), 'YYYY-MM-DD'), currency, sum(advance_amount), count(*)
FROM financing_offer WHERE state = ANY(%(out)s) AND disbursed_at IS NOT NULL GROUP BY 1, 2, 3
"""
_LATE = """
SELECT bank_id, currency, sum(advance_amount), count(*)
FROM financing_offer
WHERE state = ANY(%(out)s) AND disbursed_at IS NOT NULL AND repay_on < %(today)s GROUP BY 1, 2
"""


@transaction.atomic
def count_files(*, now: datetime) -> int:
    """Count the files of every bank anew; how many banks were counted."""
    found: dict[int, Any] = {
        pk: _nothing() for pk in Bank.objects.order_by("pk").values_list("pk", flat=True)
    }
    # a week early: the weeks that a plot shows are cut in the bank's zone
    asked = {"since": now - timedelta(weeks=WEEKS + 1), "today": now.date(), "out": sorted(OUT)}
    for bank, week, state, files in _rows(_WEEKS, asked):
        found[bank]["weeks"][week][state] = files
    for bank, week, currency, amount, files in _rows(_DUE, asked):
        found[bank]["due"][currency][week] = [f"{amount:f}", files]
    for bank, currency, amount, files in _rows(_LATE, asked):
        found[bank]["late"][currency] = [f"{amount:f}", files]
    FileFigures.objects.bulk_create(
        [FileFigures(bank_id=pk, figures=figures, counted_at=now) for pk, figures in found.items()],
        update_conflicts=True,
        unique_fields=["bank"],
        update_fields=["figures", "counted_at"],
    )
    return len(found)


def _nothing() -> dict[str, Any]:
    return {"weeks": defaultdict(dict), "due": defaultdict(dict), "late": {}}


def _rows(statement: str, asked: dict[str, Any]) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        yield from cursor.fetchall()
