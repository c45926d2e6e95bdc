"""What people are told of claims, invitations, members and bank accounts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.events import (
    BankAccountSet,
    ClaimDecided,
    ClaimSubmitted,
    ClaimWithdrawn,
    CompanyReinstated,
    CompanySuspended,
    InvitationRevoked,
    MemberInvited,
    MemberJoined,
    MemberRolesChanged,
    MembershipEnded,
)
from identity.models import BankAccount, Claim, Company, Invitation, Membership
from identity.queries import invitation_behind, officers_who_decide, reader_of
from identity.rules.notices import Kind
from identity.services import invitation_link
from identity.states import ClaimState, Role
from kernel.events import Occurrence
from sme_hub.telling.rows import Matter, Row


def _names(company: Company) -> dict[str, str]:
    return {"en": company.name_in("en"), "zh": company.name_in("zh-hans")}


def _matter(row: Any, event: Any, occurrence: Occurrence, company: Company, **facts: Any) -> Matter:
    params = {"company": _names(company)} | facts.pop("params", {})
    return Matter(
        about=facts.pop("about", row.uid),
        row=row,
        event=event,
        now=occurrence.now,
        sides={"company": (company.pk, company.slug)},
        params=params,
        **facts,
    )


def claim_of(event: ClaimSubmitted | ClaimDecided | ClaimWithdrawn, occurrence: Occurrence) -> Matter:
    claim = Claim.objects.select_related("company").get(pk=event.claim_id)
    kinds = {"kind": claim.kind}
    return _matter(claim, event, occurrence, claim.company, params=kinds, users=officers_who_decide())


def invitation_of(
    event: MemberInvited | InvitationRevoked | MemberJoined, occurrence: Occurrence
) -> Matter | None:
    """The invitation, for the person who reads mail at its address, if they have an account."""
    if isinstance(event, MemberJoined):
        invitation = invitation_behind(event.membership_id)
    else:
        invitation = Invitation.objects.select_related("company").filter(pk=event.invitation_id).first()
    if invitation is None:
        return None
    reader = reader_of(invitation.email)
    return _matter(
        invitation,
        event,
        occurrence,
        invitation.company,
        users=[reader.pk] if reader else [],
        respond_by=invitation.expires_at,
    )


def membership_of(
    event: MemberJoined | MemberRolesChanged | MembershipEnded, occurrence: Occurrence
) -> Matter:
    found = Membership.objects.select_related("company", "user").get(pk=event.membership_id)
    return _matter(found, event, occurrence, found.company, params={"member": str(found.user)})


def account_of(event: BankAccountSet, occurrence: Occurrence) -> Matter:
    account = BankAccount.objects.select_related("company").get(pk=event.bank_account_id)
    return _matter(account, event, occurrence, account.company, params={"currency": account.currency})


def company_of(event: CompanySuspended | CompanyReinstated, occurrence: Occurrence) -> Matter:
    company = Company.objects.get(pk=event.company_id)
    return _matter(company, event, occurrence, company)


def _page(name: str) -> Any:
    return lambda matter, side: reverse(name, args=[matter.sides["company"][1]])


def _row(code: str, words: Any, icon: str, *, group: str = "company", mail: bool = True, **row: Any) -> Row:
    return Row(kind=Kind(code=code, words=words, icon=icon, group=group, mail=mail), **row)


OWNERS: dict[str, Any] = {"to": "company", "roles": (Role.OWNER,)}

ROWS = (
    _row(
        "claim.to_decide",
        _("%(company)s asks for a check: look at its evidence"),
        "shield-check",
        group="office",
        reader=claim_of,
        path=lambda matter, side: reverse("admin:identity_claim_decide", args=[matter.row.pk]),
        on=(ClaimSubmitted,),
        to="staff",
        waits=True,
        when=lambda matter: matter.row.state == ClaimState.SUBMITTED,
        until=(ClaimDecided, ClaimWithdrawn),
    ),
    # some have letters of their own, which say more
    _row(
        "claim.verified",
        _("The programme’s office has verified a statement of %(company)s"),
        "badge-check",
        mail=False,
        reader=claim_of,
        path=_page("claims"),
        on=(ClaimDecided,),
        when=lambda matter: matter.event.state == ClaimState.VERIFIED,
        **OWNERS,
    ),
    _row(
        "claim.refused",
        _("The programme’s office could not accept a statement of %(company)s: read why and send it again"),
        "circle-alert",
        mail=False,
        reader=claim_of,
        path=_page("claims"),
        on=(ClaimDecided,),
        when=lambda matter: matter.event.state == ClaimState.REFUSED,
        **OWNERS,
    ),
    _row(
        "invitation.to_answer",
        _("%(company)s invites you to act for it"),
        "user-plus",
        mail=False,
        reader=invitation_of,
        path=lambda matter, side: invitation_link(matter.row),
        on=(MemberInvited,),
        to="person",
        waits=True,
        when=lambda matter: matter.row.stands_at(matter.now),
        until=(MemberJoined, InvitationRevoked),
    ),
    _row(
        "member.joined",
        _("%(member)s now acts for %(company)s"),
        "users",
        reader=membership_of,
        path=_page("members"),
        on=(MemberJoined,),
        **OWNERS,
    ),
    _row(
        "member.roles_changed",
        _("Your roles at %(company)s are changed"),
        "users",
        reader=membership_of,
        path=_page("members"),
        on=(MemberRolesChanged,),
        to="company",
        also=lambda matter, side: [matter.row.user_id],
        or_owners=False,
    ),
    _row(
        "member.ended",
        _("%(member)s no longer acts for %(company)s"),
        "users",
        reader=membership_of,
        path=_page("members"),
        on=(MembershipEnded,),
        **OWNERS,
    ),
    _row(
        "bank.set",
        _("The %(currency)s account where %(company)s is paid has changed"),
        "landmark",
        mail=False,
        reader=account_of,
        path=_page("bank"),
        on=(BankAccountSet,),
        **OWNERS,
    ),
    _row(
        "company.suspended",
        _("The programme’s office has suspended %(company)s: read why"),
        "ban",
        mail=False,
        reader=company_of,
        path=_page("company"),
        on=(CompanySuspended,),
        when=lambda matter: matter.row.is_suspended,
        **OWNERS,
    ),
    _row(
        "company.reinstated",
        _("%(company)s is reinstated"),
        "circle-check",
        mail=False,
        reader=company_of,
        path=_page("company"),
        on=(CompanyReinstated,),
        when=lambda matter: not matter.row.is_suspended,
        **OWNERS,
    ),
)
