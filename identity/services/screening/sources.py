"""Which lists there are and how long a copy holds; from which score on an officer looks. Rows of reference."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction

from identity.models import ListSource, ScreeningThreshold

_REFERENCE = Path(__file__).resolve().parents[2] / "reference"


@transaction.atomic
def load_list_sources() -> int:
    """Lists and thresholds of the reference files; thresholds that an officer set since stay. Returns how many lists."""
    sources = _rows("list_sources.csv")
    for row in sources:
        ListSource.objects.update_or_create(code=row.pop("code"), defaults=row)
    for row in _rows("screening_thresholds.csv"):
        ScreeningThreshold.objects.get_or_create(valid_from=row.pop("valid_from"), defaults=row)
    return len(sources)


def _rows(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
