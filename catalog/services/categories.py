"""Categories and their attributes: reference rows from `catalog/reference/`. Repeatable."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from django.db import transaction

from catalog.models import Category, CategoryAttribute

REFERENCE = Path(__file__).parents[1] / "reference"


@transaction.atomic
def load_categories() -> int:
    """Keep the five families, their categories and attributes as the files have them. Returns how many categories."""
    ids: dict[str, int] = {}
    rows = _rows("categories.csv")
    for position, row in enumerate(rows):
        category, _created = Category.objects.update_or_create(
            code=row["code"],
            defaults={
                "parent_id": ids[row["parent"]] if row["parent"] else None,
                "name_en": row["name_en"],
                "name_zh": row["name_zh"],
                "unspsc_prefix": row["unspsc"],
                "position": position,
            },
        )
        ids[row["code"]] = category.pk
    _load_attributes(ids)
    return len(rows)


def _load_attributes(category_ids: dict[str, int]) -> None:
    of_category: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows("attributes.csv"):
        of_category[row["category"]].append(row)
    for category, rows in of_category.items():
        for position, row in enumerate(rows):
            CategoryAttribute.objects.update_or_create(
                category_id=category_ids[category],
                code=row["code"],
                defaults={
                    "label_en": row["label_en"],
                    "label_zh": row["label_zh"],
                    "kind": row["kind"],
                    "unit": row["unit"],
                    "choices": [
                        choice.replace(":", "=", 2) for choice in row["choices"].split("|") if choice
                    ],
                    "required": row["required"] == "yes",
                    "position": position,
                },
            )


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
