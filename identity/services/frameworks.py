"""Loading of reference rows: frameworks of trust, their levels, and what each kind of act asks for. Repeatable.

No recognition is among them: a policy needs two officers.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from identity.models import AssuranceLevel, PurposeRequirement, TrustFramework

REFERENCE = Path(__file__).parents[1] / "reference"


@transaction.atomic
def load_frameworks() -> int:
    """Keep the rows of `reference/`; whether a framework is suspended stays as it is. Returns how many rows there are."""
    return _load_frameworks() + _load_levels() + _load_requirements()


def _load_frameworks() -> int:
    rows = _rows("frameworks")
    for row in rows:
        TrustFramework.objects.update_or_create(code=row.pop("code"), defaults=row)
    return len(rows)


def _load_levels() -> int:
    rows = _rows("levels")
    for row in rows:
        AssuranceLevel.objects.update_or_create(
            framework=TrustFramework.objects.get(code=row["framework"]),
            code=row["code"],
            defaults={"rank": int(row["rank"]), "name_en": row["name_en"], "name_zh": row["name_zh"]},
        )
    return len(rows)


def _load_requirements() -> int:
    rows = _rows("requirements")
    for row in rows:
        PurposeRequirement.objects.update_or_create(
            purpose=row["purpose"],
            valid_from=date.fromisoformat(row["valid_from"]),
            defaults={
                "rank": int(row["rank"]),
                "max_age_seconds": int(row["max_age_seconds"]) if row["max_age_seconds"] else None,
                "two_persons": row["two_persons"] == "yes",
                "source_en": row["source_en"],
                "source_zh": row["source_zh"],
            },
        )
    return len(rows)


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
