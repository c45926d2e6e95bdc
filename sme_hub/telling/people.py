"""What people are told of invitations, members, bank accounts and where their company stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity.actors import CONFIRM_BANK_ACCOUNT
from identity.events import (
    BankAccountSet,
    BankChangeAsked,
    BankChangeClosed,
    CompanyReinstated,
    CompanySuspended,
    InvitationRevoked,
    MemberInvited,
    MemberJoined,
    MemberRolesChanged,
    MembershipEnded,
)
from identity.models import BankAccount, BankAccountChange, Company, Invitation, Membership
from identity.queries import invitation_behind, officers_who_may, reader_of
from identity.services import invitation_link, second_persons
from identity.states import BankChangeState
from kernel.events import Occurrence
from sme_hub.telling.company_matters import OWNERS, matter_about, page, row
from sme_hub.telling.rows import Matter


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
    return matter_about(
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
    return matter_about(found, event, occurrence, found.company, params={"member": str(found.user)})


def account_of(event: BankAccountSet, occurrence: Occurrence) -> Matter:
    account = BankAccount.objects.select_related("company").get(pk=event.bank_account_id)
    return matter_about(account, event, occurrence, account.company, params={"currency": account.currency})


def change_of(event: BankChangeAsked | BankChangeClosed, occurrence: Occurrence) -> Matter:
    """The change, with the people who can confirm it: members of the company, else officers of the programme."""
    change = BankAccountChange.objects.select_related("company", "asked_by", "decided_by").get(
        pk=event.change_id
    )
    if change.by_office:
        users = officers_who_may(CONFIRM_BANK_ACCOUNT)
    else:
        users = [member.user_id for member in second_persons(change, occurrence.now)]
    return matter_about(
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
    return matter_about(company, event, occurrence, company)


TO_ASKER: dict[str, Any] = {
    "reader": change_of,
    "path": _change_page,
    "on": (BankChangeClosed,),
    "to": "company",
    "also": lambda matter, side: [matter.row.asked_by_id],
    "or_owners": False,
}

ROWS = (
    row(
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
    row(
        "member.joined",
        _("%(member)s now acts for %(company)s"),
        "users",
        reader=membership_of,
        path=page("members"),
        on=(MemberJoined,),
        **OWNERS,
    ),
    row(
        "member.roles_changed",
        _("Your roles at %(company)s are changed"),
        "users",
        reader=membership_of,
        path=page("members"),
        on=(MemberRolesChanged,),
        to="company",
        also=lambda matter, side: [matter.row.user_id],
        or_owners=False,
    ),
    row(
        "member.ended",
        _("%(member)s no longer acts for %(company)s"),
        "users",
        reader=membership_of,
        path=page("members"),
        on=(MembershipEnded,),
        **OWNERS,
    ),
    row(
        "bank.set",
        _("The %(currency)s account where %(company)s is paid has changed"),
        "landmark",
        mail=False,
        reader=account_of,
        path=page("bank"),
        on=(BankAccountSet,),
        **OWNERS,
    ),
    row(
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
    row(
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
    row(
        "bank.change_confirmed",
        _("The change of the %(currency)s account of %(company)s is confirmed"),
        "circle-check",
        when=_ended_as(BankChangeState.CONFIRMED),
        **TO_ASKER,
    ),
    row(
        "bank.change_declined",
        _("The change of the %(currency)s account of %(company)s was declined: the account of before stays"),
        "circle-x",
        when=_ended_as(BankChangeState.DECLINED),
        **TO_ASKER,
    ),
    row(
        "bank.change_lapsed",
        _("Nobody confirmed the change of the %(currency)s account of %(company)s in time"),
        "hourglass",
        when=_ended_as(BankChangeState.LAPSED),
        **TO_ASKER,
    ),
    row(
        "company.suspended",
        _("The programme’s office has suspended %(company)s: read why"),
        "ban",
        mail=False,
        reader=company_of,
        path=page("company"),
        on=(CompanySuspended,),
        when=lambda matter: matter.row.is_suspended,
        **OWNERS,
    ),
    row(
        "company.reinstated",
        _("%(company)s is reinstated"),
        "circle-check",
        mail=False,
        reader=company_of,
        path=page("company"),
        on=(CompanyReinstated,),
        when=lambda matter: not matter.row.is_suspended,
        **OWNERS,
    ),
)
