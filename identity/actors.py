"""Who acts: exactly one of Member, Staff, Token, Anonymous or System(reason).

A verb takes an `actor`; an event stores its `key`; a handler rebuilds it with `rebuild`, which reads the roles again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from identity.models import ApiToken, Company, Membership, User
from identity.states import Role
from kernel.errors import Forbidden
from kernel.fetching import columns, take
from kernel.prepared import fetch_prepared

ALL_ROLES = frozenset(Role.values)
#: permission of programme officers to verify and refuse claims
DECIDE = "identity.decide_claim"
#: permission of programme officers to suspend and reinstate companies
SUSPEND = "identity.suspend_company"
#: permission of programme officers to draft, approve and end recognition, and to add and suspend issuers
GOVERN = "identity.govern_recognition"
DECIDE_LINK = "identity.decide_link"
#: permission of programme officers to say whether a company is the one on a list
DECIDE_CANDIDATE = "identity.decide_candidate"
#: permission of programme officers to confirm where a company of one person is paid
CONFIRM_BANK_ACCOUNT = "identity.confirm_bank_account"
#: permission of programme officers to bring in lists that companies are compared with
IMPORT_LIST = "identity.import_list"


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person acting for one company."""

    user: User = field(compare=False)
    membership_id: int
    company: Company = field(compare=False)
    roles: frozenset[str]
    #: hash of the session in which they act (`services.subjects.session_hash`); empty outside of requests
    session: str = field(default="", compare=False, repr=False)

    @property
    def key(self) -> str:
        return f"member:{self.membership_id}"

    @property
    def company_id(self) -> int:
        return self.company.pk

    @property
    def user_id(self) -> int:
        return self.user.pk

    def may(self, *roles: str) -> bool:
        return Role.OWNER in self.roles or not self.roles.isdisjoint(roles)


@dataclass(frozen=True, kw_only=True)
class Token:
    """A program acting for one company: its maker's present roles, cut down to the token's."""

    token_id: int
    user: User = field(compare=False)
    company: Company = field(compare=False)
    roles: frozenset[str]
    last_used_on: date | None = field(compare=False, default=None)
    #: key of what its maker had shown (`identity.Proof`) when it was made
    proof_id: int | None = field(compare=False, default=None)

    @property
    def key(self) -> str:
        return f"token:{self.token_id}"

    @property
    def company_id(self) -> int:
        return self.company.pk

    @property
    def user_id(self) -> int:
        return self.user.pk

    def may(self, *roles: str) -> bool:
        return Role.OWNER in self.roles or not self.roles.isdisjoint(roles)


@dataclass(frozen=True, kw_only=True)
class Staff:
    """A programme officer or operator; acts for no company."""

    user: User = field(compare=False)
    permissions: frozenset[str] = frozenset()
    company_id: None = None

    @property
    def key(self) -> str:
        return f"staff:{self.user.pk}"

    @property
    def user_id(self) -> int:
        return self.user.pk

    def may(self, *roles: str) -> bool:
        return False

    def has(self, permission: str) -> bool:
        return self.user.is_superuser or permission in self.permissions


@dataclass(frozen=True, kw_only=True)
class Anonymous:
    """Somebody who has not signed in, or acts for no company."""

    user_id: int | None = None
    company_id: None = None
    key: str = "anonymous"

    def may(self, *roles: str) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class System:
    """The clock or a workflow acts, and says why. May do what its caller's code says."""

    reason: str
    company_id: None = None
    user_id: None = None

    @property
    def key(self) -> str:
        return f"system:{self.reason}"

    def may(self, *roles: str) -> bool:
        return True


CompanyActor = Member | Token
Actor = Member | Token | Staff | Anonymous | System


def require(actor: Actor, *roles: str) -> CompanyActor:
    """The actor as one who acts for a company in one of `roles` (none named: owner); raises `Forbidden` otherwise."""
    if isinstance(actor, Member | Token) and actor.may(*roles):
        return actor
    raise Forbidden


def require_person(actor: Actor, *roles: str) -> Member:
    """As `require`, but programs are refused: who may act, and where money goes, is changed by people only."""
    if isinstance(actor, Member) and actor.may(*roles):
        return actor
    raise Forbidden


_MEMBER = """
SELECT {membership}, {company}
FROM identity_company AS company JOIN identity_membership AS membership ON membership.company_id = company.id
WHERE company.slug = %s AND membership.user_id = %s
    AND membership.valid_from <= %s AND (membership.ended_at IS NULL OR membership.ended_at > %s)
ORDER BY membership.id LIMIT 1
"""


def actor_for_member(user: User, company_slug: str, now: datetime, *, session: str = "") -> Member | None:
    """The person as a member of that company; None when they are not one now. One query."""
    statement = _MEMBER.format(
        membership=columns(Membership, "membership"), company=columns(Company, "company")
    )
    found = fetch_prepared(statement, [company_slug, user.pk, now, now])
    if not found:
        return None
    membership, rest = take(Membership, found[0])
    membership.company, _rest = take(Company, rest)
    return member_of(membership, user, session=session)


def rebuild(key: str, now: datetime) -> Actor | None:
    """The actor of a stored event with the roles of today; None when the membership or token has ended."""
    kind, _, rest = key.partition(":")
    match kind:
        case "member":
            found = (
                Membership.objects.active(now)
                .select_related("company", "user")
                .filter(pk=int(rest), user__is_active=True)
                .first()
            )
            return None if found is None else member_of(found, found.user)
        case "token":
            return token_actor(now, pk=int(rest))
        case "staff":
            officer = User.objects.filter(pk=int(rest), is_active=True, is_staff=True).first()
            return None if officer is None else staff_actor(officer)
        case "system":
            return System(reason=rest)
        case _:
            return Anonymous()


def staff_actor(user: User) -> Staff:
    return Staff(user=user, permissions=frozenset(user.get_all_permissions()))


#: of tokens and makers that stand; the maker's roles last. One step after the other, since PostgreSQL would plan the join
#: of four tables for longer than it reads them
_TOKEN = """
WITH token AS MATERIALIZED (
    SELECT * FROM identity_apitoken WHERE {column} = %s AND revoked_at IS NULL AND expires_at > %s
), maker AS MATERIALIZED (
    SELECT * FROM identity_user WHERE id = (SELECT user_id FROM token) AND is_active
), company AS MATERIALIZED (
    SELECT * FROM identity_company WHERE id = (SELECT company_id FROM token)
), membership AS MATERIALIZED (
    SELECT roles FROM identity_membership
    WHERE company_id = (SELECT company_id FROM token) AND user_id = (SELECT user_id FROM token)
        AND valid_from <= %s AND (ended_at IS NULL OR ended_at > %s)
    ORDER BY id LIMIT 1
)
SELECT {token}, {maker}, {company}, membership.roles FROM token, maker, company, membership
"""


def token_actor(now: datetime, *, digest: str = "", pk: int = 0) -> Token | None:
    """The token of this digest or key, if it holds, with maker, membership and company. One query.

    Where its maker has none of its roles any more it does not hold: it would still read what every role reads.
    """
    statement = _TOKEN.format(
        token=columns(ApiToken, "token"),
        maker=columns(User, "maker"),
        company=columns(Company, "company"),
        column="digest" if digest else "id",
    )
    found = fetch_prepared(statement, [digest or pk, now, now, now])
    if not found:
        return None
    token, rest = take(ApiToken, found[0])
    maker, rest = take(User, rest)
    company, (maker_roles,) = take(Company, rest)
    held = ALL_ROLES if Role.OWNER in maker_roles else frozenset(maker_roles)
    if held.isdisjoint(token.roles):
        return None
    return Token(
        token_id=token.pk,
        user=maker,
        company=company,
        roles=held & frozenset(token.roles),
        last_used_on=token.last_used_on,
        proof_id=token.proof_id,
    )


def member_of(membership: Membership, user: User, *, session: str = "") -> Member:
    """`membership`, with its company, as an actor."""
    return Member(
        user=user,
        membership_id=membership.pk,
        company=membership.company,
        roles=frozenset(membership.roles),
        session=session,
    )
