"""What people are told by mail about their company, and lists that it is compared with. Every handler may run twice; a
letter leaves once.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from identity.actors import Actor, System, rebuild
from identity.events import (
    BankAccountEnded,
    BankAccountSet,
    BankChangeAsked,
    ClaimDecided,
    CompanyEdited,
    CompanyRegistered,
    CompanyReinstated,
    CompanySuspended,
    EnquirySent,
    EntityBound,
    IdentityConnected,
    IdentityEnded,
    ListPartTaken,
    ListReady,
    ListReceived,
    MemberInvited,
    NoticeGiven,
    ScreeningWanted,
)
from identity.models import (
    BankAccount,
    BankAccountChange,
    Claim,
    Company,
    Enquiry,
    EntityBinding,
    ExternalIdentity,
    Invitation,
    User,
)
from identity.queries import people_of
from identity.services import end_accounts_never_verified as end_never_verified
from identity.services import lapse_bank_change as lapse_change
from identity.services import mailing, screening
from identity.services.letters import send_letter
from identity.services.members import invitation_link
from identity.services.telling import MAILED_WITHIN
from identity.states import ClaimState, Role
from kernel.events import Occurrence
from kernel.subscriptions import Effect


def mail_invitation(event: MemberInvited, occurrence: Occurrence) -> None:
    """The link, to whoever was invited, unless the invitation no longer stands."""
    invitation = Invitation.objects.select_related("company", "invited_by").get(pk=event.invitation_id)
    if not invitation.stands_at(occurrence.now):
        return
    invited = User.objects.filter(email__iexact=invitation.email).first()
    link = settings.BASE_URL + invitation_link(invitation)
    send_letter(
        to=invitation.email,
        language=(invited or invitation.invited_by).language,
        name="identity/letters/invitation",
        context={"invitation": invitation, "company": invitation.company, "link": link},
        key=occurrence.idempotency_key,
        now=occurrence.now,
    )


def mail_claim_decision(event: ClaimDecided, occurrence: Occurrence) -> None:
    """What the programme office decided, to the owners."""
    claim = Claim.objects.select_related("company").get(pk=event.claim_id)
    if claim.state != event.state:
        return
    _tell_owners(claim.company, "claim_decided", {"claim": claim}, "claims", occurrence)


def mail_bank_account_set(event: BankAccountSet, occurrence: Occurrence) -> None:
    """Where the company is paid has changed: every owner hears of it, whoever did it."""
    account = BankAccount.objects.select_related("company").get(pk=event.bank_account_id)
    _tell_owners(account.company, "bank_account_set", {"account": account}, "bank", occurrence)


def end_accounts_never_verified(event: ClaimDecided | EntityBound, occurrence: Occurrence) -> None:
    """Somebody has verified what a company is called: an account in another name, given before, is its own no longer."""
    said: Claim | EntityBinding = (
        Claim.objects.get(pk=event.claim_id)
        if isinstance(event, ClaimDecided)
        else EntityBinding.objects.get(pk=event.binding_id)
    )
    end_never_verified(company_id=said.company_id, now=occurrence.now)


def mail_bank_account_ended(event: BankAccountEnded, occurrence: Occurrence) -> None:
    """Buyers are told to pay to it no more: every owner hears of it, whoever did it."""
    account = BankAccount.objects.select_related("company").get(pk=event.bank_account_id)
    _tell_owners(account.company, "bank_account_ended", {"account": account}, "bank", occurrence)


def mail_bank_change_asked(event: BankChangeAsked, occurrence: Occurrence) -> None:
    """Somebody wants the company to be paid elsewhere: every owner hears of it before anything changes."""
    change = BankAccountChange.objects.select_related("company", "asked_by").get(pk=event.change_id)
    if change.is_waiting:
        _tell_owners(change.company, "bank_change_asked", {"change": change}, "bank", occurrence)


def lapse_bank_change(event: BankChangeAsked, occurrence: Occurrence) -> None:
    """Due at `respond_by`."""
    lapse_change(change_id=event.change_id, now=occurrence.now)


def mail_standing(event: CompanySuspended | CompanyReinstated, occurrence: Occurrence) -> None:
    """The programme office suspended or reinstated the company: to the owners, unless it has decided otherwise since."""
    company = Company.objects.get(pk=event.company_id)
    if company.is_suspended == isinstance(event, CompanySuspended):
        _tell_owners(company, "standing_decided", {}, "company", occurrence)


def mail_identity(event: IdentityConnected | IdentityEnded, occurrence: Occurrence) -> None:
    """An identity lets somebody into an account from now on, or no more: to its person, whatever they chose about mails."""
    identity = ExternalIdentity.objects.select_related("user", "issuer").get(pk=event.identity_id)
    person = identity.user
    with translation.override(person.language):
        link = settings.BASE_URL + reverse("identities")
    send_letter(
        to=person.email,
        language=person.language,
        name="identity/letters/identity_changed",
        context={
            "identity": identity,
            "connected": isinstance(event, IdentityConnected),
            "at": occurrence.at,
            "link": link,
        },
        key=occurrence.idempotency_key,
        now=occurrence.now,
    )


def mail_notice(event: NoticeGiven, occurrence: Occurrence) -> Effect | None:
    """The line by mail, to those who want it at once and have not read it meanwhile."""
    mailed = mailing.mail_notices(
        event_id=event.told_event_id, code=event.code, key=occurrence.idempotency_key, now=occurrence.now
    )
    return (lambda: mailing.keep_mailed(mailed, now=occurrence.now)) if mailed else None


def remind(event: NoticeGiven, occurrence: Occurrence) -> Effect | None:
    """Due at half time: what waits still is unread again, and said once more by mail; long after it nothing is."""
    if event.remind_at is None or occurrence.now - event.remind_at > MAILED_WITHIN:
        return None
    reminded = mailing.mail_reminders(
        event_id=event.told_event_id, code=event.code, key=occurrence.idempotency_key, now=occurrence.now
    )
    return (lambda: mailing.keep_reminded(reminded, now=occurrence.now)) if reminded else None


def _tell_owners(
    company: Company, letter: str, context: dict[str, Any], page: str, occurrence: Occurrence
) -> None:
    for owner in people_of(company.pk, Role.OWNER, now=occurrence.now):
        with translation.override(owner.language):
            link = settings.BASE_URL + reverse(page, kwargs={"company": company.slug})
        send_letter(
            to=owner.email,
            language=owner.language,
            name=f"identity/letters/{letter}",
            context={**context, "company": company, "reader": owner, "link": link},
            key=f"{occurrence.idempotency_key}-{owner.pk}",
            now=occurrence.now,
        )


def mail_enquiry(event: EnquirySent, occurrence: Occurrence) -> None:
    """To the programme office, which answers to the address that was given."""
    enquiry = Enquiry.objects.filter(pk=event.enquiry_id).first()
    if enquiry is None:  # forgotten meanwhile
        return
    send_letter(
        to=settings.PROGRAMME_OFFICE_EMAIL,
        language="en",
        name="identity/letters/enquiry",
        context={"enquiry": enquiry},
        key=occurrence.idempotency_key,
        now=occurrence.now,
        reply_to=enquiry.email,
    )


# --- lists -----------------------------------------------------------------------------------------------------------


def read_list(event: ListReceived | ListPartTaken, occurrence: Occurrence) -> Effect | None:
    """The next entries of a file, with no transaction open; then keep them, or why the file cannot be used."""
    cursor = event.cursor if isinstance(event, ListPartTaken) else 0
    return screening.read_next(event.snapshot_id, cursor, actor=_for(occurrence), now=occurrence.now)


def note_stale(event: ListReady, occurrence: Occurrence) -> None:
    """Due when the copy is too old: those who bring lists in are told."""
    screening.note_stale(event.snapshot_id, actor=SCREENING, now=occurrence.now)


def compare_list(event: ListReady, occurrence: Occurrence) -> Effect:
    """What is new in the copy is compared with every company, some thousand a delivery."""
    return partial(screening.plan_comparison, event.snapshot_id, actor=_for(occurrence), now=occurrence.now)


def compare_companies(event: ScreeningWanted, occurrence: Occurrence) -> Effect | None:
    return screening.compare_part(
        event.snapshot_id, event.after, event.upto, actor=_for(occurrence), now=occurrence.now
    )


def compare_company(event: CompanyRegistered | CompanyEdited, occurrence: Occurrence) -> Effect | None:
    """A company that is new or called otherwise is compared with the lists in force."""
    return screening.compare_company(event.company_id, actor=SCREENING, at=occurrence.at, now=occurrence.now)


def compare_bound(event: EntityBound, occurrence: Occurrence) -> Effect | None:
    """An issuer may call a company otherwise than it calls itself."""
    company_id = EntityBinding.objects.values_list("company_id", flat=True).get(pk=event.binding_id)
    return screening.compare_company(company_id, actor=SCREENING, at=occurrence.at, now=occurrence.now)


def verifies_a_name(event: ClaimDecided) -> bool:
    return event.state == ClaimState.VERIFIED


def changes_names(event: CompanyEdited) -> bool:
    return not {"legal_name", "name_en", "name_zh"}.isdisjoint(event.fields)


#: who may be on a list is the office's own business: it stands under no company's name
SCREENING = System(reason="screening")


def _for(occurrence: Occurrence) -> Actor:
    """The officer who brought the list in, or the office itself."""
    return rebuild(occurrence.actor, occurrence.now) or SCREENING
