"""How surely somebody is known, asked before an act: what was shown in this session, by whom, how long ago.

A verb calls `guard` with its purpose, once it knows that the role is right. Nothing is asked until officers say that it is
(`services.enforcing`); then `AssuranceNeeded` tells the edge what is missing and who could give it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, Member, System, Token
from identity.models import ExternalIdentity, Issuer, Mandate, Proof, RecognitionPolicy, User
from identity.queries.enforcement import is_asked
from identity.queries.recognition import (
    Requirement,
    day_of,
    issuers_for,
    policy_counted,
    proofs_carried,
    proofs_of,
    requirement_on,
)
from identity.services.mandates import Worth, check_mandate
from kernel.errors import Forbidden, Halted, Refused
from kernel.fetching import columns, fetch, take

#: `rank`, and keys of what it rested on: `proofs` (`Proof`, which keeps the digest of what the issuer sent), the `policy` by which
#: they counted and the `bindings` that proved the company; `mandate` where the company works by mandates
Evidence = dict[str, Any]


class AssuranceNeeded(Halted):
    """Somebody has to show who they are before this act, more surely or again, and comes back to it.

    No `Refused`: forms do not catch it, so that it reaches the one edge that knows the way (`identity.middleware`).
    """

    code = "assurance.needed"
    message = _("Show who you are with your city's identity before this, and come back: %(purpose)s.")
    status = 403

    def __init__(self, *, requirement: Requirement, issuers: list[Issuer], rank: int) -> None:
        super().__init__(purpose=requirement.label)
        self.purpose = requirement.purpose
        #: needed, and what was shown counts as
        self.needed, self.rank = requirement.rank, rank
        self.max_age_seconds = requirement.max_age_seconds
        #: who could give it, for the acting company; none where nobody is recognised
        self.issuers = issuers

    @property
    def details(self) -> dict[str, Any]:
        """A token carries what its maker had shown: one made after signing in at one of `issuers` may."""
        return {
            "purpose": self.purpose,
            "rank_needed": self.needed,
            "rank_shown": self.rank,
            "max_age_seconds": self.max_age_seconds,
            "issuers": [
                {"code": issuer.code, "name_en": issuer.name_en, "name_zh": issuer.name_zh}
                for issuer in self.issuers
            ],
        }


class FreshProofNeeded(Forbidden):
    """An act that asks for an identity shown minutes before is no program's."""

    code = "assurance.fresh_proof_needed"
    message = _("A person does this, in the workspace, just after showing who they are: %(purpose)s.")


class NothingLaidDown(Refused):
    code = "assurance.nothing_laid_down"
    message = _("Nobody may do this yet: what it asks for has not been laid down.")
    status = 403


class LevelUnknown(Refused):
    code = "assurance.unknown_level"
    message = _("The issuer gave a level of assurance that is not known here.")


@dataclass(frozen=True)
class Assured:
    """What an act may rest on."""

    #: None where nobody asks for it yet
    requirement: Requirement | None
    #: the rank that counts; 0 where nothing was asked for
    rank: int
    #: the proofs that were counted, the newest first: evidence for a signature
    proofs: tuple[Proof, ...] = ()
    #: by which they count as `rank`
    policy: RecognitionPolicy | None = None
    #: what the person may do for the company, where it works by mandates
    mandate: Mandate | None = None

    @property
    def evidence(self) -> Evidence | None:
        """What an event keeps, whatever becomes of the identities afterwards; None where nothing was asked."""
        if not self.rank and self.mandate is None:
            return None
        kept: Evidence = {"rank": self.rank, "proofs": [proof.pk for proof in self.proofs]}
        if self.policy is not None:
            bindings = {key for proof in self.proofs for key in proof.rests_on}
            kept |= {"policy": self.policy.pk, "bindings": sorted(bindings)}
        return kept if self.mandate is None else kept | {"mandate": self.mandate.pk}

    def or_else(self, other: Assured) -> Assured:
        """Of an act that is of two kinds: what was asked for here, else what was asked for there; each mandate counts."""
        surer = self if self.rank >= other.rank else other
        return replace(surer, mandate=self.mandate or other.mandate)

    @property
    def two_persons(self) -> bool:
        """Whether the verb has to find a second person."""
        return self.requirement is not None and self.requirement.two_persons


def guard(*, actor: Actor, purpose: str, now: datetime, worth: Worth | None = None) -> Assured:
    """Let an act go on, as the platform and the acting company want it; first thing in a verb that knows the role.

    Raises `AssuranceNeeded` from the moment on that officers have said, and what `check_mandate` raises. The clock and
    workflows go on: somebody was asked when these began. One statement where nothing is asked of an owner, two else.
    """
    if isinstance(actor, System):
        return Assured(None, 0)
    if is_asked(purpose, now):
        assured = require_assurance(actor=actor, purpose=purpose, now=now)
    else:
        assured = Assured(None, 0)
    if not isinstance(actor, Member | Token):
        return assured
    return replace(assured, mandate=check_mandate(actor=actor, act=purpose, worth=worth, now=now))


def require_assurance(*, actor: Actor, purpose: str, now: datetime, jurisdiction: str = "") -> Assured:
    """Let an act go on, or raise `AssuranceNeeded`. Read anew at each act: what was suspended or ended counts no more.

    `jurisdiction` is that of whoever relies on the identity; the acting company's own where none is said. The clock and
    workflows (`System`) were let through when somebody began them.
    """
    requirement = requirement_on(purpose, day_of(now))
    if requirement is None:
        raise NothingLaidDown
    if requirement.rank == 0 or isinstance(actor, System):
        return Assured(requirement, 0)
    if not isinstance(actor, Member | Token):
        raise Forbidden
    where = jurisdiction or actor.company.country
    proofs = _shown_by(actor, requirement, now)
    policy = policy_counted(proofs, purpose, where, now)
    rank = policy.recognised_rank if policy else 0
    if rank < requirement.rank:
        issuers = issuers_for(purpose, where, requirement.rank, now)
        raise AssuranceNeeded(requirement=requirement, issuers=issuers, rank=rank)
    return Assured(requirement, rank, tuple(proofs), policy)


#: at the level of that code in the framework of the identity's issuer; nothing where it knows none
_PROOF = f"""
INSERT INTO identity_proof AS proof (user_id, session, identity_id, level_id, auth_time, evidence_digest, at)
SELECT %s, %s, %s, level.id, %s, %s, %s FROM identity_issuer AS issuer
JOIN identity_assurancelevel AS level ON level.framework_id = issuer.framework_id
WHERE issuer.id = %s AND level.code = %s
RETURNING {columns(Proof, "proof")}
"""


@transaction.atomic
def note_proof(
    *,
    user: User,
    identity: ExternalIdentity,
    level_code: str,
    auth_time: datetime,
    digest: str,
    session: str,
    now: datetime,
) -> Proof:
    """Keep that this session has shown `identity`, at the level that was returned.

    `digest` is the SHA-256 of what the issuer sent; `session` is `subjects.session_hash` of the session as it is after signing in: the key changes with it.
    """
    if identity.user_id != user.pk or identity.ended_at is not None or not session:
        raise Forbidden
    # the issuer's clock may be a little ahead of ours; nobody has shown anything in the future
    shown_at = min(auth_time, now)
    made = fetch(
        _PROOF, [user.pk, session, identity.pk, shown_at, digest, now, identity.issuer_id, level_code]
    )
    if not made:
        raise LevelUnknown
    return take(Proof, made[0])[0]


def _shown_by(actor: Member | Token, requirement: Requirement, now: datetime) -> list[Proof]:
    """A program has no session: it carries what its maker had shown, and that is never fresh."""
    if isinstance(actor, Token):
        if requirement.max_age_seconds is not None:
            raise FreshProofNeeded(purpose=requirement.label)
        return proofs_carried(actor, now=now)
    return proofs_of(actor, now=now, max_age_seconds=requirement.max_age_seconds)
