"""What was found waits for an officer; what was decided holds until the entry or the company's names change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from identity.models import Candidate, Company, ListSnapshot, Screening
from identity.services.screening.comparing import Found
from identity.services.screening.striking import strike_companies
from identity.states import CandidateEnd, CandidateState


def keep_found(
    snapshot: ListSnapshot,
    companies: Collection[Company],
    found: Iterable[Found],
    *,
    whole: bool,
    at: datetime,
    now: datetime,
) -> bool:
    """Keep what was found of these companies, and that they were compared. Returns whether anything waits or waits no more.

    `whole`: the companies were compared with all entries, because they are new or are called otherwise. Who is called
    otherwise does not shake off what is open: it ends only when the list itself has changed. `at` is when they were called
    as they were compared. Joins the caller's transaction.
    """
    keys = [company.pk for company in companies]
    standing = _standing(snapshot, keys)
    new: list[Candidate] = []
    moved: list[Candidate] = []
    for one in found:
        known = standing.pop((one.company_id, one.ref), None)
        if known is not None and not _is_decided_anew(known, one):
            if _follow(known, one):
                moved.append(known)
            continue
        if known is not None:
            moved.append(_ended(known, CandidateEnd.CHANGED, now))
        new.append(_candidate(snapshot, one, now))
    ended = [
        _ended(old, CandidateEnd.UNLIKE, now) for old in standing.values() if _ends(old, snapshot, whole)
    ]
    fields = ["entry", "score", "why", "seen", "ended_at", "ended_for"]
    Candidate.objects.bulk_update([*moved, *ended], fields, batch_size=500)
    Candidate.objects.bulk_create(new, batch_size=500)
    _keep_compared(snapshot, keys, at)
    strike_companies(snapshot, keys, now=now)
    return bool(new or ended)


def _keep_compared(snapshot: ListSnapshot, companies: list[int], at: datetime) -> None:
    compared = [Screening(company_id=key, snapshot=snapshot, at=at) for key in companies]
    Screening.objects.bulk_create(compared, ignore_conflicts=True, batch_size=1000)
    Screening.objects.filter(snapshot=snapshot, company_id__in=companies, at__lt=at).update(at=at)


def _standing(snapshot: ListSnapshot, companies: list[int]) -> dict[tuple[int, str], Candidate]:
    known = Candidate.objects.standing().filter(source_id=snapshot.source_id, company_id__in=companies)
    found = known.select_related("entry").select_for_update(of=("self",)).order_by("pk")
    return {(candidate.company_id, candidate.ref): candidate for candidate in found}


def _is_decided_anew(known: Candidate, found: Found) -> bool:
    """What somebody cleared was another entry, or a company of other names. What is confirmed stays so."""
    return known.state == CandidateState.CLEARED and known.seen != found.seen


def _follow(known: Candidate, found: Found) -> bool:
    """The same candidate, as it is seen now. Returns whether that is another sight."""
    if known.seen == found.seen and known.entry_id == found.entry_id:
        return False
    known.entry_id, known.score, known.why, known.seen = (
        found.entry_id,
        found.score,
        dict(found.why),
        found.seen,
    )
    return True


def _ends(known: Candidate, snapshot: ListSnapshot, whole: bool) -> bool:
    """An open one that was not found again: its entry says something else now, or the register agrees."""
    if known.state != CandidateState.OPEN:
        return False
    return snapshot.source.is_register or (known.entry.fresh and not whole)


def _ended(known: Candidate, why: str, now: datetime) -> Candidate:
    known.ended_at, known.ended_for = now, why
    return known


def _candidate(snapshot: ListSnapshot, found: Found, now: datetime) -> Candidate:
    return Candidate(
        company_id=found.company_id,
        source_id=snapshot.source_id,
        ref=found.ref,
        entry_id=found.entry_id,
        score=found.score,
        why=dict(found.why),
        seen=found.seen,
        found_at=now,
    )
