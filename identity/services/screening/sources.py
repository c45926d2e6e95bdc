"""Which lists there are and how long a copy holds; from which score on an officer looks; what is held. Rows of reference."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db import transaction

from identity.models import ListSource, ScreeningRule, ScreeningThreshold
from identity.states import ListCode, ListKind

_REFERENCE = Path(__file__).resolve().parents[2] / "reference"


@transaction.atomic
def load_list_sources() -> int:
    """Lists and thresholds of the reference files; thresholds that an officer set since stay. Returns how many lists."""
    sources = _rows("list_sources.csv")
    for row in sources:
        ListSource.objects.update_or_create(code=row.pop("code"), defaults=row)
    for row in _rows("screening_thresholds.csv"):
        ScreeningThreshold.objects.get_or_create(valid_from=row.pop("valid_from"), defaults=row)
    for row in _rows("screening_rules.csv"):
        _load_rule(row)
    return len(sources)


def made_up_list() -> ListSource:
    """The list of a demonstration, which says of itself that it is made up. Its copies hold for years."""
    named = {"name_en": "Made-up list (demonstration)", "name_zh": "虚构清单（演示用）"}
    source, _is_new = ListSource.objects.get_or_create(
        code=ListCode.MADE_UP, defaults={"kind": ListKind.NAMES, "max_age_days": 3650, **named}
    )
    return source


def _load_rule(row: dict[str, str]) -> None:
    """Rows that an officer set since have days of their own and stay."""
    which: dict[str, Any] = {name: row[name] for name in ("standing", "kind", "act", "valid_from")}
    said = {"source_en": row["source_en"], "source_zh": row["source_zh"], "holds": row["holds"] == "yes"}
    ScreeningRule.objects.update_or_create(**which, defaults=said)


def _rows(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
