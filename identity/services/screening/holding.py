"""What a company may not do because of how it stands against the lists: one rule for every verb that asks.

Whoever may be on a list is never told which one, nor that it is a list at all: that its match is being looked at is what
nobody may tip off. That lists are out of date concerns everybody and is said. A list counts from its first copy in force on:
where none was ever brought in, nothing is held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import ScreeningRule
from identity.models.screening import ASKS_LISTS
from identity.states import ScreenedAct, ScreenedStanding
from kernel.errors import Refused
from kernel.fetching import fetch
from kernel.prepared import fetch_prepared

#: a new copy is compared with every company within this; until then what the copy before said counts
TIME_TO_COMPARE = timedelta(hours=1)


class UnderReview(Refused):
    code = "company.under_review"
    message = _(
        "The programme’s office is reviewing your company, and this waits until it has finished. What was agreed before "
        "stays as it is. Write to the office if you have a question."
    )
    status = 403


class OtherUnderReview(Refused):
    code = "company.other_under_review"
    message = _(
        "This waits: the programme’s office is reviewing the other company. What was agreed before stays as it is."
    )
    status = 409


class ListsOutOfDate(Refused):
    code = "screening.out_of_date"
    message = _(
        "The programme’s records that every company is compared with are out of date, and this waits until the office has "
        "renewed them. It concerns all companies; there is nothing for you to mend."
    )
    status = 409


class NotComparedYet(Refused):
    code = "screening.not_compared_yet"
    message = _("The first check of a company is still running. Try again in a few minutes.")
    status = 409


class CandidateFirst(Refused):
    """For officers, who know of lists."""

    code = "claim.candidate_first"
    message = _("This company may be on a list. Decide that first, then what it claims.")
    status = 409


@dataclass(frozen=True)
class Hold:
    """Why a company is kept from an act."""

    company_id: int
    standing: str


def check_not_held(*, act: str, company_id: int, others: Collection[int] = (), now: datetime) -> None:
    """Let an act of this company, with these others, go on. One statement; two more at acts in `ASKS_LISTS`.

    Raises `UnderReview`, `OtherUnderReview`, `ListsOutOfDate` or `NotComparedYet`.
    """
    refusal = _refusal(holds_on(act, [company_id, *others], now), company_id)
    if refusal is not None:
        raise refusal


def refusals_of(*, act: str, company_id: int, others: Collection[int], now: datetime) -> dict[int, Refused]:
    """With which of these others the act would be refused, by their ids, and in which words: for a page, before anybody
    presses. All of them where the company itself is held. Costs as `check_not_held`.
    """
    holds = holds_on(act, [company_id, *others], now)
    found = {
        other: _refusal([one for one in holds if one.company_id in (company_id, other)], company_id)
        for other in others
    }
    return {other: refusal for other, refusal in found.items() if refusal is not None}


def refusal_of(*, act: str, company_id: int, now: datetime) -> Refused | None:
    """Whether an act of this company alone would be refused, and in which words: for a page, before anybody presses."""
    return _refusal(holds_on(act, [company_id], now), company_id)


def _refusal(holds: Collection[Hold], company_id: int) -> Refused | None:
    """What is said to this company of the holds on it and on whom it acts with."""
    standings = {hold.standing for hold in holds if hold.company_id == company_id}
    if standings & _NAMED:
        return UnderReview()
    if any(hold.standing in _NAMED for hold in holds):
        return OtherUnderReview()
    if any(hold.standing == ScreenedStanding.STALE for hold in holds):
        return ListsOutOfDate()
    return NotComparedYet() if holds else None


def check_may_be_verified(company_id: int, now: datetime) -> None:
    """For an officer who is about to verify something of the company. Raises `CandidateFirst`, or as `check_not_held`."""
    try:
        check_not_held(act=ScreenedAct.VERIFY, company_id=company_id, now=now)
    except UnderReview as held:
        raise CandidateFirst from held


def holds_on(act: str, companies: Collection[int], now: datetime) -> list[Hold]:
    """What keeps these companies from the act; empty where it may go on."""
    found = _found(companies)
    if act in ASKS_LISTS:
        found += _by_age(companies, now)
    if not found:
        return []
    held = _held_by_rule(act, now)
    return [Hold(company, standing) for company, standing, kind in found if (standing, kind) in held]


_NAMED = frozenset({ScreenedStanding.OPEN, ScreenedStanding.CONFIRMED})
#: company, how it stands, and the kind of the list
Found = tuple[int, str, str]

_CANDIDATES = """
SELECT candidate.company_id, candidate.state, source.kind
FROM identity_candidate AS candidate JOIN identity_listsource AS source ON source.id = candidate.source_id
WHERE candidate.company_id = ANY(%s) AND candidate.ended_at IS NULL AND candidate.state IN ('open', 'confirmed')
"""


def _found(companies: Collection[int]) -> list[Found]:
    return [(company, state, kind) for company, state, kind in fetch_prepared(_CANDIDATES, [list(companies)])]


#: each list in force with each of the companies
_AGES = """
WITH standing AS (
    SELECT DISTINCT ON (source_id) id, source_id, base_id, as_of, imported_at FROM identity_listsnapshot
    WHERE state = 'ready' ORDER BY source_id, as_of DESC, id DESC
)
SELECT company.id, source.kind, standing.as_of + source.max_age_days < %(today)s,
    EXISTS (
        SELECT 1 FROM identity_screening AS compared WHERE compared.company_id = company.id
            AND (compared.snapshot_id = standing.id
                OR standing.imported_at > %(lately)s AND compared.snapshot_id = standing.base_id))
FROM standing JOIN identity_listsource AS source ON source.id = standing.source_id
CROSS JOIN unnest(%(companies)s::bigint[]) AS company(id)
"""


def _by_age(companies: Collection[int], now: datetime) -> list[Found]:
    facts = {
        "today": timezone.localdate(now),
        "lately": now - TIME_TO_COMPARE,
        "companies": list(companies),
    }
    return list(_said_of(fetch(_AGES, facts)))


def _said_of(rows: Iterable[tuple[int, str, bool, bool]]) -> Iterator[Found]:
    for company, kind, is_stale, is_compared in rows:
        if is_stale:
            yield company, ScreenedStanding.STALE, kind
        if not is_compared:
            yield company, ScreenedStanding.UNSCREENED, kind


def _held_by_rule(act: str, now: datetime) -> set[tuple[str, str]]:
    """By the latest rule of each standing and kind that has begun."""
    begun = ScreeningRule.objects.filter(act=act, valid_from__lte=timezone.localdate(now))
    latest = begun.order_by("standing", "kind", "-valid_from").distinct("standing", "kind")
    return {(rule.standing, rule.kind) for rule in latest if rule.holds}
