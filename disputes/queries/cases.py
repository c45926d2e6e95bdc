"""Cases of the acting company or office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from disputes.models import Case, CaseQuerySet
from disputes.queries.lines import CASE_LINE, CaseLine, case_line
from disputes.states import ENDED
from identity.actors import Actor
from kernel.ids import MalformedId, parse_public_id, public_id
from orders.models import Order

PAGE = 25


@dataclass(frozen=True)
class Filters:
    open_only: bool = False
    words: str = ""


@dataclass(frozen=True)
class Page:
    cases: list[CaseLine]
    #: cursor of the next page; empty on the last
    after: str


def case_of(actor: Actor, case: str) -> Case:
    """One case (`cas_…`); `NotFound` for everybody it is not for."""
    found: Case = _whole(Case.objects.visible_to(actor)).fetch(case)
    return found


def page_of(actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> Page:
    """The actor's cases, newest first."""
    found = _narrowed(actor, filters)
    last = _key_of(actor, after)
    if last is not None:
        found = found.filter(pk__lt=last)
    cases = [case_line(values) for values in found.values_list(*CASE_LINE)[: size + 1]]
    return Page(cases[:size], public_id(Case.PREFIX, cases[size - 1].uid) if len(cases) > size else "")


def exported(actor: Actor, filters: Filters) -> Iterator[Case]:
    """All that the filters let through, newest first, read as they are asked for."""
    found = _whole(_narrowed(actor, filters)).defer("evidence", "statement", "answer")
    rows: Iterator[Case] = found.iterator(chunk_size=500)
    return rows


def cases_named(actor: Actor, words: str, *, most: int) -> list[CaseLine]:
    """The actor's cases by their number, their order's reference or the other party's name, newest first."""
    parties = Q()
    for name in ("legal_name", "name_en", "name_zh"):
        parties |= Q(claimant_id=actor.company_id, **{f"respondent__{name}__icontains": words})
        parties |= Q(respondent_id=actor.company_id, **{f"claimant__{name}__icontains": words})
    found = Case.objects.visible_to(actor).filter(_numbered(words) | parties).order_by("-pk")
    return [case_line(values) for values in found.values_list(*CASE_LINE)[:most]]


def _narrowed(actor: Actor, filters: Filters) -> CaseQuerySet:
    found = Case.objects.visible_to(actor)
    if filters.open_only:
        found = found.exclude(state__in=sorted(ENDED))
    if words := filters.words.replace("\0", "").strip()[:80]:
        found = found.filter(_numbered(words))
    return found.order_by("-pk")


def _numbered(words: str) -> Q:
    return Q(number__istartswith=words) | Q(order__reference__istartswith=words)


def open_case_of_order(actor: Actor, order: Order) -> Case | None:
    """The case about an order that has not ended, for those who may see it."""
    return Case.objects.visible_to(actor).filter(order=order).exclude(state__in=sorted(ENDED)).first()


def _whole(cases: CaseQuerySet) -> Any:
    return cases.select_related("order", "claimant", "respondent", "manager", "mediator")


def _key_of(actor: Actor, after: str) -> int | None:
    try:
        uid = parse_public_id(Case.PREFIX, after)
    except MalformedId:
        return None
    return Case.objects.visible_to(actor).filter(uid=uid).values_list("pk", flat=True).first()
