"""Names against names, numbers against the register. Reads only; what is found is kept by `finding`.

Companies are few and lists are long, so some thousand companies lie in memory by their keys while the entries pass by,
a page at a time: memory does not grow with the list.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from identity.models import Company, EntityBinding, ListEntry, ListSnapshot, ScreeningThreshold
from identity.rules.lists import is_live
from identity.rules.names import Form, Likeness, best_likeness, forms_of, keys_of, same_entity
from identity.states import RegistrationKind

#: entries read at a time
PAGE = 2_000
#: a name that is like so many entries tells nothing by the rest of them
MOST_PER_COMPANY = 50


@dataclass(frozen=True)
class Threshold:
    score: int
    weak_score: int

    def of(self, *, weak: bool) -> int:
        return self.weak_score if weak else self.score


@dataclass(frozen=True, order=True)
class Found:
    """A company that may be an entry, and why."""

    score: int
    entry_id: int
    company_id: int = field(compare=False)
    ref: str = field(compare=False)
    why: Mapping[str, Any] = field(compare=False)
    seen: str = field(compare=False)


def threshold_on(day: date) -> Threshold:
    row = ScreeningThreshold.objects.filter(valid_from__lte=day).latest("valid_from")
    return Threshold(row.score, row.weak_score)


def names_of(company: Company) -> tuple[str, ...]:
    """What it is called, each name once."""
    return tuple(
        dict.fromkeys(name for name in (company.legal_name, company.name_en, company.name_zh) if name)
    )


def with_proved_names(companies: QuerySet[Company]) -> QuerySet[Company]:
    """Each with `proved_names`: what issuers of identities call it."""
    bindings = EntityBinding.objects.standing().filter(company=OuterRef("pk")).order_by("pk")
    return companies.annotate(proved_names=ArraySubquery(bindings.values("entity_name")))


def all_names_of(company: Company) -> tuple[str, ...]:
    """What it calls itself and what issuers call it (`with_proved_names`), each name once."""
    proved: list[str] = getattr(company, "proved_names", [])
    return tuple(dict.fromkeys([*names_of(company), *proved]))


def seen_of(company: Company, entry_digest: str, names: Sequence[str]) -> str:
    """What an officer decides on: the entry and the names that were compared with it, as they are now."""
    whole = json.dumps([entry_digest, company.registration_number, *names], ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def compare(
    snapshot: ListSnapshot, companies: Sequence[Company], *, since_base: Collection[int], day: date
) -> list[Found]:
    """What is found of these companies. Those in `since_base` were compared with the copy before: only what is fresh
    counts for them, apart from a register, of which they are asked by their number.
    """
    if snapshot.source.is_register:
        return list(_against_register(snapshot, companies))
    return Names(companies, threshold_on(day)).against(snapshot, since_base=since_base)


class Names:
    """The names of some companies, by their keys."""

    def __init__(self, companies: Sequence[Company], threshold: Threshold) -> None:
        self.companies = {company.pk: company for company in companies}
        self.threshold = threshold
        self.forms: list[tuple[int, str, tuple[Form, ...]]] = []
        self.by_key: dict[str, list[int]] = defaultdict(list)
        for company in companies:
            for name in all_names_of(company):
                self._add(company.pk, name)

    def _add(self, company_id: int, name: str) -> None:
        forms = forms_of(name)
        for key in keys_of(forms):
            self.by_key[key[:80]].append(len(self.forms))
        self.forms.append((company_id, name, forms))

    def against(self, snapshot: ListSnapshot, *, since_base: Collection[int]) -> list[Found]:
        """The best of each company."""
        best: dict[int, list[Found]] = defaultdict(list)
        older_too = any(company not in since_base for company in self.companies)
        entries = ListEntry.objects.filter(snapshot=snapshot)
        for entry in _pages(entries if older_too else entries.filter(fresh=True), list(self.by_key)):
            for found in self._like(entry, since_base):
                kept = best[found.company_id]
                heapq.heappush(kept, found)
                if len(kept) > MOST_PER_COMPANY:
                    heapq.heappop(kept)
        return [found for kept in best.values() for found in kept]

    def _like(self, entry: ListEntry, since_base: Collection[int]) -> Iterator[Found]:
        """Each company that this entry may be, by the names that are most alike."""
        near = {at for key in entry.keys for at in self.by_key.get(key, ())}
        if not near:
            return
        listed = [(name, forms_of(name["name"])) for name in entry.names]
        best: dict[int, tuple[Likeness, Mapping[str, Any], str]] = {}
        for at in near:
            company_id, called, forms = self.forms[at]
            if not entry.fresh and company_id in since_base:
                continue
            for name, listed_forms in listed:
                known = best.get(company_id)
                least = self.threshold.of(weak=name["weak"])
                alike = best_likeness(forms, listed_forms, max(least, known[0].score + 1 if known else 0))
                if alike is not None:
                    best[company_id] = (alike, name, called)
        for company_id, (alike, name, called) in best.items():
            why = {"called": called, "listed": name["name"], "how": alike.how, "weak": name["weak"]}
            company = self.companies[company_id]
            seen = seen_of(company, entry.digest, all_names_of(company))
            yield Found(alike.score, entry.pk, company_id, entry.ref, why, seen)


#: below so many keys the index is asked for the entries that have one of them
FEW_KEYS = 500


def _pages(entries: QuerySet[ListEntry], keys: list[str]) -> Iterator[ListEntry]:
    """Entries that may share a key, without what only people read."""
    if len(keys) <= FEW_KEYS:
        entries = entries.filter(keys__overlap=keys)
    after = 0
    while page := list(entries.filter(pk__gt=after).defer("facts", "programme").order_by("pk")[:PAGE]):
        yield from page
        after = page[-1].pk


def _against_register(snapshot: ListSnapshot, companies: Sequence[Company]) -> Iterator[Found]:
    """Companies of this register whose name there is another, or that no longer trade. One that is not there at all is
    left: publishers give some parts of a register apart. What issuers call a company is not compared with a register:
    a decision outlives that a binding comes to stand or ends.
    """
    numbered = {
        company.registration_number: company
        for company in companies
        if company.registration_kind == RegistrationKind.UEN
    }
    for entry in ListEntry.objects.filter(snapshot=snapshot, ref__in=list(numbered)):
        company = numbered[entry.ref]
        differs = list(_differences(company, entry))
        if differs:
            why = {
                "differs": differs,
                "called": company.legal_name,
                "listed": entry.names[0]["name"],
                "status": entry.facts.get("status", ""),
            }
            seen = seen_of(company, entry.digest, names_of(company))
            yield Found(100, entry.pk, company.pk, entry.ref, why, seen)


def _differences(company: Company, entry: ListEntry) -> Iterator[str]:
    if not same_entity(company.legal_name, entry.names[0]["name"]):
        yield "name"
    if not is_live(entry.facts.get("status", "")):
        yield "status"
