"""Reads of people and companies, scoped by who acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Lower

from identity.actors import DECIDE, Actor, CompanyActor, Member, Staff, member_of
from identity.models import (
    Address,
    ApiToken,
    BankAccount,
    BankAccountChange,
    Claim,
    Company,
    Invitation,
    Mandate,
    Membership,
    User,
)
from identity.models.members import InvitationQuerySet, MembershipQuerySet
from identity.models.owned import LastingQuerySet, OwnedQuerySet
from identity.states import BankChangeState, ClaimKind, ClaimState, CompanyState, Role
from kernel.errors import NotFound
from kernel.fetching import columns, take
from kernel.ids import MalformedId, parse_public_id
from kernel.prepared import fetch_prepared

# --- what other rooms keep and ask ---------------------------------------------------------------------------------


def party_snapshot(company: Company) -> dict[str, Any]:
    """The company as an order or a paper keeps it for ever."""
    return party_snapshots(company)[0]


def party_snapshots(*companies: Company) -> list[dict[str, Any]]:
    """Several companies as an order keeps them, each with the oldest address that bills go to: one statement."""
    statement = _BILLING.format(columns=columns(Address, "address"))
    billing = [
        take(Address, row)[0] for row in fetch_prepared(statement, [[company.pk for company in companies]])
    ]
    addresses = {address.company_id: address.snapshot() for address in billing}
    return [_snapshot(company, addresses.get(company.pk)) for company in companies]


#: the oldest standing billing address of each company; written out, since every order asks
_BILLING = """
SELECT DISTINCT ON (address.company_id) {columns} FROM identity_address AS address
WHERE address.company_id = ANY(%s) AND address.ended_at IS NULL AND address.for_billing
ORDER BY address.company_id, address.id
"""


def addresses_named(actor: Actor, *public_ids: str) -> dict[str, Address]:
    """Those of the acting company's standing addresses, by their ids: one statement."""
    uids = {uid for uid in map(_address_uid, public_ids) if uid is not None}
    statement = _NAMED.format(columns=columns(Address, "address"))
    named = [take(Address, row)[0] for row in fetch_prepared(statement, [actor.company_id, list(uids)])]
    return {address.public_id: address for address in named}


_NAMED = """
SELECT {columns} FROM identity_address AS address
WHERE address.company_id = %s AND address.ended_at IS NULL AND address.uid = ANY(%s::uuid[])
"""


def _address_uid(public_id: str) -> UUID | None:
    try:
        return parse_public_id(Address.PREFIX, public_id)
    except MalformedId:
        return None


def _snapshot(company: Company, address: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "public_id": company.public_id,
        "legal_name": company.legal_name,
        "name_en": company.name_en,
        "name_zh": company.name_zh,
        "country": company.country,
        "city": company.city,
        "registration_kind": company.registration_kind,
        "registration_number": company.registration_number,
        "address": address,
    }


def bank_account_for(company_id: int, currency: str) -> BankAccount | None:
    """Where the company is paid in `currency` now."""
    return BankAccount.objects.standing().filter(company_id=company_id, currency=currency).first()


def bank_instructions(company_id: int, currency: str, *, reference: str) -> dict[str, str]:
    """The company's account of now as an order or a paper keeps it, with what to write on the transfer; empty without one."""
    account = bank_account_for(company_id, currency)
    if account is None:
        return {}
    fields = ("beneficiary", "bank_name", "bic", "account_number", "currency")
    return {field: getattr(account, field) for field in fields} | {"reference": reference}


def people_of(company_id: int, *roles: str, now: datetime) -> list[User]:
    """Who is told of something: members now in one of `roles`, or owners where nobody else has them."""
    memberships = (
        Membership.objects.active(now)
        .select_related("user")
        .filter(company_id=company_id, user__is_active=True)
        .order_by("pk")
    )
    wanted = set(roles)
    holders = [membership.user for membership in memberships if wanted & set(membership.roles)]
    return holders or [membership.user for membership in memberships if Role.OWNER in membership.roles]


def officers_who_decide() -> list[int]:
    """Keys of the programme's officers who may decide claims."""
    return officers_who_may(DECIDE)


def officers_who_may(permission: str) -> list[int]:
    """Keys of the programme's officers who hold this permission, by themselves or by a group."""
    label, codename = permission.split(".")
    mine = {"content_type__app_label": label, "codename": codename}
    granted = Permission.objects.filter(**mine)
    may = Q(is_superuser=True) | Q(user_permissions__in=granted) | Q(groups__permissions__in=granted)
    return list(
        User.objects.filter(may, is_active=True, is_staff=True)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )


def reader_of(email: str) -> User | None:
    """The person who has confirmed that they read mail at this address."""
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    found = confirmed.select_related("user").first()
    return found.user if found else None


def invitation_behind(membership_id: int) -> Invitation | None:
    """The invitation that a membership began with; founders had none."""
    membership = Membership.objects.get(pk=membership_id)
    begun = Invitation.objects.filter(company=membership.company_id, accepted_at=membership.valid_from)
    addresses = EmailAddress.objects.filter(user=membership.user_id).values(lowered=Lower("email"))
    return begun.filter(email__in=addresses).select_related("company").first()


# --- the person ----------------------------------------------------------------------------------------------------


def memberships_of(user: User, now: datetime) -> list[Membership]:
    """Companies that the person may act for, for the switcher and the desk."""
    return list(
        Membership.objects.active(now)
        .select_related("company")
        .filter(user=user)
        .order_by("company__legal_name")
    )


def members_for(user: User, now: datetime) -> list[Member]:
    """The person as a member of each of their companies."""
    return [member_of(membership, user) for membership in memberships_of(user, now)]


def invitations_to(user: User, now: datetime) -> list[Invitation]:
    """Invitations that wait at one of the person's confirmed addresses."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values(lowered=Lower("email"))
    waiting = Invitation.objects.open().filter(email__in=addresses, expires_at__gt=now)
    return list(waiting.select_related("company", "invited_by").order_by("pk"))


# --- the acting company --------------------------------------------------------------------------------------------


def company_of(actor: CompanyActor) -> Company:
    """The acting company, read anew: a form may play with it."""
    return Company.objects.get(pk=actor.company_id)


def members_of(actor: Actor, now: datetime) -> MembershipQuerySet:
    return (
        Membership.objects.visible_to(actor).active(now).select_related("user").order_by("valid_from", "pk")
    )


def mandates_of(actor: Actor) -> QuerySet[Mandate]:
    """The company's, ended ones too, the latest first."""
    return Mandate.objects.visible_to(actor).select_related("holder", "issuer").order_by("-pk")[:200]


def former_members_of(actor: Actor, now: datetime) -> QuerySet[Membership]:
    ended = Membership.objects.visible_to(actor).filter(ended_at__lte=now)
    return ended.select_related("user").order_by("-ended_at")


def invitations_of(actor: Actor) -> InvitationQuerySet:
    """Invitations that wait, the latest first."""
    return Invitation.objects.visible_to(actor).open().select_related("invited_by").order_by("-pk")


def addresses_of(
    actor: Actor, *, for_billing: bool | None = None, for_shipping: bool | None = None
) -> LastingQuerySet:
    """The acting company's address book, by label; narrowed to those that bills or goods go to."""
    addresses = Address.objects.visible_to(actor).standing().order_by("label", "pk")
    if for_billing is not None:
        addresses = addresses.filter(for_billing=for_billing)
    if for_shipping is not None:
        addresses = addresses.filter(for_shipping=for_shipping)
    return addresses


def bank_accounts_of(actor: Actor) -> LastingQuerySet:
    return BankAccount.objects.visible_to(actor).standing().order_by("currency")


def bank_changes_of(actor: Actor) -> OwnedQuerySet:
    """Changes that wait for a second person, and what became of the last ones."""
    changes = BankAccountChange.objects.visible_to(actor).select_related("asked_by", "decided_by", "account")
    return changes.order_by("-pk")


def tokens_of(actor: Actor) -> OwnedQuerySet:
    """An owner sees all tokens of the company, everybody else their own."""
    tokens = ApiToken.objects.visible_to(actor).select_related("user").order_by("-pk")
    return tokens if actor.may(Role.OWNER) else tokens.filter(user_id=actor.user_id)


def claims_of(actor: Actor) -> dict[str, Claim | None]:
    """Every kind of claim, with the acting company's claim of that kind where it has made one."""
    made = {claim.kind: claim for claim in Claim.objects.visible_to(actor)}
    return {kind: made.get(kind) for kind in ClaimKind.values}


_READINESS = """
SELECT
    EXISTS (SELECT 1 FROM identity_claim
        WHERE company_id = %(company)s AND kind = 'registration' AND state <> 'withdrawn'),
    EXISTS (SELECT 1 FROM identity_address WHERE company_id = %(company)s AND ended_at IS NULL),
    EXISTS (SELECT 1 FROM identity_bankaccount WHERE company_id = %(company)s AND ended_at IS NULL),
    EXISTS (SELECT 1 FROM identity_invitation WHERE company_id = %(company)s AND revoked_at IS NULL)
"""


def readiness_of(actor: CompanyActor) -> dict[str, bool]:
    """What the company has seen to before its first deal. One statement."""
    [found] = fetch_prepared(_READINESS, {"company": actor.company_id})
    return dict(zip(("claimed", "addressed", "banked", "staffed"), found, strict=True))


# --- files and officers --------------------------------------------------------------------------------------------


def may_read_evidence(actor: Actor, name: str) -> bool:
    """Whether a stored evidence file is for this reader: the company's own people, and officers who decide."""
    claims = Claim.objects.filter(evidence=name)
    if isinstance(actor, Staff):
        return actor.has(DECIDE) and claims.exists()
    return isinstance(actor, Member) and claims.visible_to(actor).exists()


# --- what everybody may see ----------------------------------------------------------------------------------------


def public_company(slug: str) -> Company:
    """A company by the name in addresses; `NotFound` where there is none, or it is suspended."""
    found = fetch_prepared(
        f"SELECT {columns(Company, 'company')} FROM identity_company AS company WHERE slug = %s AND state = %s",
        [slug, CompanyState.ACTIVE],
    )
    if not found:
        raise NotFound
    return take(Company, found[0])[0]


def verified_claims_of(company_id: int) -> dict[str, Claim]:
    """What officers verified of a company, by kind; a check may have expired since (`Claim.holds_on`)."""
    found = fetch_prepared(
        f"SELECT {columns(Claim, 'claim')} FROM identity_claim AS claim WHERE company_id = %s AND state = %s",
        [company_id, ClaimState.VERIFIED],
    )
    verified = [take(Claim, row)[0] for row in found]
    return {claim.kind: claim for claim in verified}


@dataclass(frozen=True)
class ClaimsWaiting:
    """How many claims, or changes, no officer has decided, and since when the oldest lies there."""

    count: int
    since: datetime | None


def claims_waiting() -> ClaimsWaiting:
    """The officers' queue at a glance. One statement."""
    found = Claim.objects.filter(state=ClaimState.SUBMITTED).aggregate(
        count=Count("pk"), since=Min("submitted_at")
    )
    return ClaimsWaiting(**found)


def bank_changes_waiting() -> ClaimsWaiting:
    """Changes of bank accounts that wait for an officer. One statement."""
    waiting = BankAccountChange.objects.filter(by_office=True, state=BankChangeState.WAITING)
    return ClaimsWaiting(**waiting.aggregate(count=Count("pk"), since=Min("asked_at")))
