"""What an act asks of whoever looks at its page, told before they begin: nobody meets it by surprise at the last button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from identity.actors import Member
from identity.models import ExternalIdentity, IdentityLink, Issuer
from identity.queries.enforcement import asking_at
from identity.queries.recognition import (
    day_of,
    effective_rank,
    issuers_for,
    proofs_of,
    requirement_on,
    standing_bindings,
)
from identity.states import LinkState, SubjectKind


@dataclass(frozen=True)
class AskedOf:
    """An act asks a person for more than they have shown in this session, now or from a day on."""

    #: from when on, as officers have decided; None: now
    begins: datetime | None
    rank: int
    #: of an identity that counts only for minutes; 0 for any time in this session
    minutes: int
    #: whether an identity proves the acting company, anybody's
    company_is_proved: bool
    #: whether one of the person's own counts for it
    person_is_known: bool
    #: who could give it; none where nobody is recognised
    issuers: list[Issuer]


def asked_of(member: Member, purpose: str, now: datetime) -> AskedOf | None:
    """None where nothing is asked, and where what they have shown is enough. One statement where nothing is."""
    asking = asking_at(now).get(purpose)
    if asking is None or not (asking.since or asking.next):
        return None
    requirement = requirement_on(purpose, day_of(now))
    if requirement is None or requirement.rank == 0:
        return None
    where = member.company.country
    shown = proofs_of(member, now=now, max_age_seconds=requirement.max_age_seconds)
    if asking.since and effective_rank(shown, purpose, where, now) >= requirement.rank:
        return None
    bound = standing_bindings(member.company_id, now).values_list("identity", flat=True)
    return AskedOf(
        begins=None if asking.since else asking.next,
        rank=requirement.rank,
        minutes=requirement.max_age_minutes,
        company_is_proved=bool(bound),
        person_is_known=_is_known(member, set(bound)),
        issuers=issuers_for(purpose, where, requirement.rank, now),
    )


def _is_known(member: Member, bound: set[int]) -> bool:
    """By an identity that is bound to the company, linked with one that is, or a person's own beside one that is."""
    mine = ExternalIdentity.objects.filter(user_id=member.user_id, ended_at__isnull=True)
    kinds = dict(mine.values_list("pk", "issuer__subject_kind"))
    if not bound or not kinds:
        return False
    if bound & kinds.keys() or SubjectKind.PERSON in kinds.values():
        return True
    links = IdentityLink.objects.filter(user_id=member.user_id, state=LinkState.ACTIVE)
    return any(bound & {first, second} for first, second in links.values_list("first", "second"))
