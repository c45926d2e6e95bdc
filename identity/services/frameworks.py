"""Loading of reference rows: frameworks of trust, their levels, and what each kind of act asks for. Repeatable.

No recognition is among them: a policy needs two officers.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from identity.models import AssuranceLevel, FrameworkDraft, PurposeRequirement, TrustFramework

REFERENCE = Path(__file__).parents[1] / "reference"


@transaction.atomic
def load_frameworks() -> int:
    """Keep the rows of `reference/`; what officers have decided of a framework or a level stays. Returns how many rows there are."""
    ours = set(
        FrameworkDraft.objects.filter(confirmed=True).values_list("framework_code", "level_code").distinct()
    )
    return _load_frameworks(ours) + _load_levels(ours) + _load_requirements()


def _load_frameworks(ours: set[tuple[str, str]]) -> int:
    rows = _rows("frameworks")
    for row in rows:
        code = row.pop("code")
        if (code, "") not in ours:
            TrustFramework.objects.update_or_create(code=code, defaults=row)
    return len(rows)


def _load_levels(ours: set[tuple[str, str]]) -> int:
    rows = _rows("levels")
    for row in rows:
        if (row["framework"], row["code"]) in ours:
            continue
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
