"""What a sign-in at an issuer is compared with: statements written out, since somebody waits for all of them."""

from __future__ import annotations

from datetime import datetime

from identity.models import Company, EntityBinding, ExternalIdentity, Issuer, Mandate, User
from identity.rules import Registration
from identity.states import CandidateState, CompanyState, IssuerState
from kernel.fetching import columns, fetch, take


def ranks_of(issuer: Issuer) -> list[tuple[str, int]]:
    """Codes of the levels of the issuer's framework, and where they stand on the common scale."""
    statement = "SELECT code, rank FROM identity_assurancelevel WHERE framework_id = %s"
    return [(code, rank) for code, rank in fetch(statement, [issuer.framework_id])]


def is_standing(issuer_id: int) -> bool:
    """Whether new acts may rest on the issuer now. Whoever suspends it waits until the transaction ends, or was before it."""
    found = fetch(
        "SELECT issuer.state, framework.state FROM identity_issuer AS issuer "
        "JOIN identity_trustframework AS framework ON framework.id = issuer.framework_id "
        "WHERE issuer.id = %s FOR SHARE OF issuer",
        [issuer_id],
    )
    return bool(found) and set(found[0]) == {IssuerState.ACTIVE}


def held_identity(issuer: Issuer, subject_hash: str) -> ExternalIdentity | None:
    """The standing identity of this subject, with its person, locked until the transaction ends."""
    found = fetch(
        f"SELECT {columns(ExternalIdentity, 'identity')}, {columns(User, 'person')} "
        "FROM identity_externalidentity AS identity JOIN identity_user AS person ON person.id = identity.user_id "
        "WHERE identity.issuer_id = %s AND identity.subject_hash = %s AND identity.ended_at IS NULL "
        "FOR UPDATE OF identity",
        [issuer.pk, subject_hash],
    )
    if not found:
        return None
    identity, rest = take(ExternalIdentity, found[0])
    identity.user, _rest = take(User, rest)
    identity.issuer = issuer
    return identity


_BINDABLE = """
SELECT {company}, {binding} FROM identity_membership AS membership
JOIN identity_company AS company ON company.id = membership.company_id
LEFT JOIN identity_entitybinding AS binding
    ON binding.company_id = company.id AND binding.identity_id = %(identity)s AND binding.ended_at IS NULL
WHERE membership.user_id = %(user)s AND membership.valid_from <= %(now)s
    AND (membership.ended_at IS NULL OR membership.ended_at > %(now)s)
    AND company.registration_kind = %(kind)s AND company.registration_number = %(number)s AND company.state = %(state)s
    AND NOT EXISTS (
        SELECT FROM identity_candidate AS struck WHERE struck.company_id = company.id AND struck.ended_at IS NULL
            AND struck.state <> %(cleared)s AND struck.why -> 'differs' @> '"status"')
LIMIT 1
"""


def bindable_company(
    identity: ExternalIdentity, registration: Registration, now: datetime
) -> tuple[Company, EntityBinding | None] | None:
    """The company of this number for which the identity's person acts, and what binds them already; None for none.

    None as well while its register's own copy calls it no longer live and no officer has found otherwise.
    """
    statement = _BINDABLE.format(
        company=columns(Company, "company"), binding=columns(EntityBinding, "binding")
    )
    found = fetch(
        statement,
        {
            "identity": identity.pk,
            "user": identity.user_id,
            "now": now,
            "kind": registration.kind,
            "number": registration.number,
            "state": CompanyState.ACTIVE.value,
            "cleared": CandidateState.CLEARED.value,
        },
    )
    if not found:
        return None
    company, rest = take(Company, found[0])
    if rest[0] is None:
        return company, None
    binding, _rest = take(EntityBinding, rest)
    binding.company, binding.identity = company, identity
    return company, binding


def mandates_said(company: Company, identity: ExternalIdentity, now: datetime) -> list[Mandate]:
    """What the identity's issuer has said that its person may do for the company: what lasts, and what an owner revoked."""
    found = fetch(
        f"SELECT {columns(Mandate, 'mandate')} FROM identity_mandate AS mandate "
        "WHERE company_id = %s AND holder_id = %s AND issuer_id = %s "
        "AND (valid_to IS NULL OR valid_to > %s OR revoked_at IS NOT NULL) ORDER BY id",
        [company.pk, identity.user_id, identity.issuer_id, now],
    )
    return [take(Mandate, row)[0] for row in found]
