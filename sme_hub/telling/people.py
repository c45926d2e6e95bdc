"""What people are told of claims, invitations, members and bank accounts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.actors import CONFIRM_BANK_ACCOUNT
from identity.events import (
    BankAccountSet,
    BankChangeAsked,
    BankChangeClosed,
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
from identity.models import BankAccount, BankAccountChange, Claim, Company, Invitation, Membership
from identity.queries import invitation_behind, officers_who_decide, officers_who_may, reader_of
from identity.rules.notices import Kind
from identity.services import invitation_link, second_persons
from identity.states import BankChangeState, ClaimState, Role
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


def change_of(event: BankChangeAsked | BankChangeClosed, occurrence: Occurrence) -> Matter:
    """The change, with the people who can confirm it: members of the company, else officers of the programme."""
    change = BankAccountChange.objects.select_related("company", "asked_by", "decided_by").get(
        pk=event.change_id
    )
    if change.by_office:
        users = officers_who_may(CONFIRM_BANK_ACCOUNT)
    else:
        users = [member.user_id for member in second_persons(change, occurrence.now)]
    return _matter(
        change,
        event,
        occurrence,
        change.company,
        params={"currency": change.currency, "asker": str(change.asked_by)},
        users=users,
        respond_by=change.respond_by,
    )


def _change_page(matter: Matter, side: str) -> str:
    return reverse("bank_change", args=[matter.sides["company"][1], matter.row.public_id])


def _ended_as(state: str) -> Any:
    return lambda matter: matter.row.state == state


def company_of(event: CompanySuspended | CompanyReinstated, occurrence: Occurrence) -> Matter:
    company = Company.objects.get(pk=event.company_id)
    return _matter(company, event, occurrence, company)


def _page(name: str) -> Any:
    return lambda matter, side: reverse(name, args=[matter.sides["company"][1]])


def _row(code: str, words: Any, icon: str, *, group: str = "company", mail: bool = True, **row: Any) -> Row:
    return Row(kind=Kind(code=code, words=words, icon=icon, group=group, mail=mail), **row)


OWNERS: dict[str, Any] = {"to": "company", "roles": (Role.OWNER,)}

TO_ASKER: dict[str, Any] = {
    "reader": change_of,
    "path": _change_page,
    "on": (BankChangeClosed,),
    "to": "company",
    "also": lambda matter, side: [matter.row.asked_by_id],
    "or_owners": False,
}

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
        "bank.to_confirm",
        _("%(asker)s wants to change the %(currency)s account where %(company)s is paid: confirm or decline"),
        "landmark",
        reader=change_of,
        path=_change_page,
        on=(BankChangeAsked,),
        to="company",
        also=lambda matter, side: matter.users,
        or_owners=False,
        waits=True,
        when=lambda matter: matter.row.waits_at(matter.now) and not matter.row.by_office,
        until=(BankChangeClosed,),
    ),
    _row(
        "bank.to_confirm_office",
        _("%(company)s has nobody else who could confirm its %(currency)s account: look at it"),
        "landmark",
        group="office",
        reader=change_of,
        path=lambda matter, side: reverse("admin:identity_bankaccountchange_decide", args=[matter.row.pk]),
        on=(BankChangeAsked,),
        to="staff",
        waits=True,
        when=lambda matter: matter.row.waits_at(matter.now) and matter.row.by_office,
        until=(BankChangeClosed,),
    ),
    _row(
        "bank.change_confirmed",
        _("The change of the %(currency)s account of %(company)s is confirmed"),
        "circle-check",
        when=_ended_as(BankChangeState.CONFIRMED),
        **TO_ASKER,
    ),
    _row(
        "bank.change_declined",
        _("The change of the %(currency)s account of %(company)s was declined: the account of before stays"),
        "circle-x",
        when=_ended_as(BankChangeState.DECLINED),
        **TO_ASKER,
    ),
    _row(
        "bank.change_lapsed",
        _("Nobody confirmed the change of the %(currency)s account of %(company)s in time"),
        "hourglass",
        when=_ended_as(BankChangeState.LAPSED),
        **TO_ASKER,
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
