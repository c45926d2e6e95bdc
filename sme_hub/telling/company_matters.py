"""A company and what belongs to it, as its people are told of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from identity.models import Company
from identity.rules.notices import ANSWER_BY, Kind
from identity.states import Role
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row

OWNERS: dict[str, Any] = {"to": "company", "roles": (Role.OWNER,)}


def names_of(company: Company) -> dict[str, str]:
    return {"en": company.name_in("en"), "zh": company.name_in("zh-hans")}


def matter_about(row: Any, event: Any, occurrence: Occurrence, company: Company, **facts: Any) -> Matter:
    params = {"company": names_of(company)} | facts.pop("params", {})
    return Matter(
        about=facts.pop("about", row.uid),
        row=row,
        event=event,
        now=occurrence.now,
        sides={"company": (company.pk, company.slug)},
        params=params,
        **facts,
    )


def page(name: str) -> Any:
    return lambda matter, side: reverse(name, args=[matter.sides["company"][1]])


def row(
    code: str,
    words: Any,
    icon: str,
    *,
    group: str = "company",
    mail: bool = True,
    until_when: Any = ANSWER_BY,
    **more: Any,
) -> Row:
    return Row(kind=Kind(code=code, words=words, icon=icon, group=group, mail=mail, until=until_when), **more)
