"""A case as those concerned are told of it: where it stands, and who has done their part; never what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from disputes.events import MediatorNotAvailable
from disputes.queries import CaseInBrief, case_in_brief, mediator_of, officials
from disputes.rules import PARTY_ROLES
from disputes.states import OfficeKind
from identity.models import Company
from identity.rules.notices import Kind
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row

SIDES = {"claimant": "a", "respondent": "b"}


def case_of(event: Any, occurrence: Occurrence) -> Matter:
    """The case as it is now, for its parties; each reads the other's name as `party`."""
    return matter_of(event, occurrence, users=())


def for_its_manager(event: Any, occurrence: Occurrence) -> Matter:
    return matter_of(event, occurrence, users=case_in_brief(event.case_id).manager)


def for_any_manager(event: Any, occurrence: Occurrence) -> Matter:
    return matter_of(event, occurrence, users=officials(OfficeKind.MANAGER))


def for_the_desk(event: Any, occurrence: Occurrence) -> Matter:
    return matter_of(event, occurrence, users=officials(OfficeKind.SCIA))


def for_its_mediator(event: Any, occurrence: Occurrence) -> Matter:
    return matter_of(event, occurrence, users=case_in_brief(event.case_id).mediator)


def for_who_mediates(event: Any, occurrence: Occurrence) -> Matter:
    return matter_of(event, occurrence, users=case_in_brief(event.case_id).mediates)


def for_who_was_asked(event: MediatorNotAvailable, occurrence: Occurrence) -> Matter:
    """The mediator whom the event is about, who has no part in the case any more."""
    return matter_of(event, occurrence, users=[mediator_of(event.appointment_id)])


def matter_of(event: Any, occurrence: Occurrence, *, users: Iterable[int]) -> Matter:
    case = case_in_brief(event.case_id)
    companies = {"claimant": case.claimant, "respondent": case.respondent}
    return Matter(
        about=case.uid,
        row=case,
        event=event,
        now=occurrence.now,
        sides={side: (company.pk, company.slug) for side, company in companies.items()},
        params={"case": case.number, "order": case.order},
        params_of={
            "claimant": {"party": _names(case.respondent)},
            "respondent": {"party": _names(case.claimant)},
        },
        respond_by=case.respond_by,
        users=users,
    )


def _names(company: Company) -> dict[str, str]:
    return {"en": company.name_in("en"), "zh": company.name_in("zh-hans")}


def case_page(matter: Matter, side: str) -> str:
    case = matter.row.public_id if isinstance(matter.row, CaseInBrief) else matter.params["id"]
    if side == "person":
        return reverse("mediation:case", args=[case])
    return reverse("case", args=[matter.sides[side][1], case])


def row(
    code: str,
    words: Any,
    icon: str,
    *,
    to: str,
    reader: Any = case_of,
    until_when: Any = None,
    **more: Any,
) -> Row:
    """`until_when` says what the deadline means, where it is not that of an answer."""
    group = "office" if to == "person" else "cases"
    meaning = {"until": until_when} if until_when else {}
    kind = Kind(code=f"case.{code}", words=words, icon=icon, group=group, **meaning)
    more.setdefault("roles", () if to == "person" else PARTY_ROLES)
    more.setdefault("path", case_page)
    return Row(kind=kind, reader=reader, to=to, **more)


def for_each(
    code: str, words: Any, icon: str, *, when: Callable[[Matter, str], bool] | None = None, **more: Any
) -> Iterable[Row]:
    """The same row for either side; `when` is asked with the letter of the side."""
    for side, letter in SIDES.items():
        if when is not None:
            more["when"] = _of_side(when, letter)
        yield row(f"{code}_{side}", words, icon, to=side, **more)


def _of_side(when: Callable[[Matter, str], bool], letter: str) -> Callable[[Matter], bool]:
    return lambda matter: when(matter, letter)


def stands(*states: str) -> Any:
    """Whether the case is in one of these states; for a party's row and for a person's."""
    return lambda matter, letter="": matter.row.state in states


def undone(what: str, state: str) -> Callable[[Matter, str], bool]:
    """Whether the case is in `state` and the side has not done its part: it is not among `what` of the case."""
    return lambda matter, letter: matter.row.state == state and letter not in getattr(matter.row, what)
