"""The five families and their categories: reference rows that change with releases, read by every public page."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalog.models import Category
from catalog.queries.memo import for_a_minute


@dataclass(frozen=True)
class Place:
    """A family, or a category within one."""

    pk: int
    code: str
    name_en: str
    name_zh: str
    parent: Place | None = field(default=None, repr=False)
    children: list[Place] = field(default_factory=list, repr=False, compare=False)

    def name_in(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en

    @property
    def family(self) -> Place:
        return self.parent or self


@dataclass(frozen=True)
class Tree:
    families: list[Place]
    by_code: dict[str, Place]
    by_pk: dict[int, Place]


@for_a_minute
def category_tree() -> Tree:
    """All families and categories in their order. One statement, remembered for a minute."""
    rows = list(Category.objects.values_list("pk", "code", "name_en", "name_zh", "parent_id"))
    families = [Place(*row[:4]) for row in rows if row[4] is None]
    by_pk = {family.pk: family for family in families}
    for pk, code, name_en, name_zh, parent in rows:
        if parent is not None:
            by_pk[pk] = Place(pk, code, name_en, name_zh, by_pk[parent])
            by_pk[parent].children.append(by_pk[pk])
    return Tree(families, {place.code: place for place in by_pk.values()}, by_pk)
