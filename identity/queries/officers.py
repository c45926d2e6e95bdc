"""What waits for the programme's officers: claims by age, companies that are suspended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from identity.actors import DECIDE, SUSPEND, Staff
from identity.models import Claim, Company
from identity.states import ClaimState, CompanyState
from kernel.prepared import fetch_prepared

#: counts stop here and read "1,000+"
COUNTED_TO = 1000
#: rows that the officers' home names
FEW = 8
#: working in two languages, a claim is looked at within two days, and is late after five
SOON, LATE = timedelta(days=2), timedelta(days=5)


@dataclass(frozen=True)
class ClaimsByAge:
    """The oldest claims, and how many wait for how long; counted over the oldest 1,001."""

    oldest: list[Claim]
    fresh: int
    older: int
    late: int

    @property
    def all(self) -> int:
        return self.fresh + self.older + self.late


#: the oldest claims, each with the counts over the bounded queue
_CLAIMS = """
WITH queue AS MATERIALIZED (
    SELECT id, company_id, kind, submitted_at FROM identity_claim
    WHERE state = %s ORDER BY submitted_at, id LIMIT %s
), counted AS (
    SELECT count(*) FILTER (WHERE submitted_at > %s) AS fresh,
        count(*) FILTER (WHERE submitted_at <= %s AND submitted_at > %s) AS older,
        count(*) FILTER (WHERE submitted_at <= %s) AS late
    FROM queue
)
SELECT counted.*, claim.*, company.id, company.legal_name, company.name_en, company.name_zh
FROM counted, (SELECT * FROM queue ORDER BY submitted_at, id LIMIT %s) AS claim
JOIN identity_company AS company ON company.id = claim.company_id
ORDER BY claim.submitted_at, claim.id
"""


def claims_by_age(officer: Staff, now: datetime) -> ClaimsByAge | None:
    """The queue of claims, for officers who decide. One statement that walks the index of the queue.

    Claims and companies carry what is shown of them; the rest would be read when asked for.
    """
    if not officer.has(DECIDE):
        return None
    soon, late = now - SOON, now - LATE
    found = fetch_prepared(_CLAIMS, [ClaimState.SUBMITTED, COUNTED_TO + 1, soon, soon, late, late, FEW])
    return ClaimsByAge([_claim(row[3:]) for row in found], *(found[0][:3] if found else (0, 0, 0)))


def _claim(values: Sequence[Any]) -> Claim:
    """In the order of the model's columns, as `from_db` takes them."""
    claim = Claim.from_db(connection.alias, ("id", "company_id", "kind", "submitted_at"), values[:4])
    claim.company = _company(values[4:])
    return claim


def _company(values: Sequence[Any]) -> Company:
    """Its key, its three names, and where it was read why it stands as it does."""
    named = ("id", "legal_name", "name_en", "name_zh", "standing_reason")
    return Company.from_db(connection.alias, named[: len(values)], values)


_SUSPENDED = """
SELECT id, legal_name, name_en, name_zh, standing_reason FROM identity_company
WHERE state = %s ORDER BY id DESC LIMIT %s
"""


def suspended_companies(officer: Staff) -> list[Company] | None:
    """The companies suspended last, for officers who suspend; `FEW` + 1 tell that there are more. One statement."""
    if not officer.has(SUSPEND):
        return None
    return [_company(row) for row in fetch_prepared(_SUSPENDED, [CompanyState.SUSPENDED, FEW + 1])]
