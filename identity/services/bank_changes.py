"""A change of where a company is paid: one person asks, a second one confirms, or nobody does in time.

The second person is another member who may set accounts, and was there before the change was asked for in the roles of now:
nobody is invited, or given the role, to confirm what is asked for already. Where the company has nobody else, an officer of
the programme confirms. What was in force stays in force meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.actors import CONFIRM_BANK_ACCOUNT, Actor, Member, Staff, System, member_of, require_person
from identity.events import BankAccountSet, BankChangeAsked, BankChangeClosed, MemberRolesChanged
from identity.models import BankAccount, BankAccountChange, Company, Membership
from identity.services.assurance import Evidence, guard
from identity.services.beneficiaries import checked_beneficiary
from identity.services.locking import lock_company
from identity.services.mandates import check_mandate
from identity.services.screening.holding import check_not_held
from identity.states import BANK_CHANGE_MOVES, BankChangeState, Purpose, Role, ScreenedAct
from kernel.errors import Conflict, Forbidden, Refused
from kernel.models import Event
from kernel.services import record
from kernel.states import check_move

#: how long a change waits for its second person
TIME_TO_CONFIRM = timedelta(days=7)


class Wanted(TypedDict):
    """An account, checked."""

    beneficiary: str
    bank_name: str
    bic: str
    account_number: str


class ChangeWaiting(Conflict):
    code = "bank.change_waiting"
    message = _("Another change of this account waits for a second person. Take it back first.")


class ChangeTooLate(Conflict):
    """The deadline decides, not the timer that closes the change."""

    code = "bank.change_too_late"
    message = _("The time to confirm has passed. The account of before stays in force.")


class OwnChange(Forbidden):
    code = "bank.own_change"
    message = _("Nobody confirms a change that they asked for themselves. A second person does.")


class JoinedSince(Forbidden):
    code = "bank.joined_since"
    message = _("You joined after this change was asked for. Somebody who was there before confirms it.")


class RolesChangedSince(Forbidden):
    code = "bank.roles_changed_since"
    message = _(
        "Your roles were changed after this change was asked for. Somebody whose roles stayed as they were confirms it, or it "
        "is taken back and asked for again."
    )


class ChangeAskerGone(Conflict):
    code = "bank.asker_gone"
    message = _("Whoever asked for this may set accounts no longer. Decline it.")


class ChangeReasonMissing(Refused):
    code = "bank.reason_missing"
    message = _("Say what you compared, and with what result: the company reads it.")
    field = "reason"


class NotForTheOffice(Refused):
    code = "bank.not_for_the_office"
    message = _("Somebody else of this company can confirm: the office does it only where nobody can.")
    status = 403


class OwnCompanysAccount(Refused):
    code = "bank.own_company"
    message = _("You act for this company yourself. Another officer has to decide.")
    status = 403


def ask_change(
    company: Company,
    currency: str,
    wanted: Wanted,
    *,
    keeper: Member,
    evidence: Evidence | None,
    now: datetime,
) -> BankAccountChange:
    """Keep what is wanted until a second person confirms. Joins the caller's transaction; `company` is locked."""
    if BankAccountChange.objects.filter(
        company=company, currency=currency, state=BankChangeState.WAITING
    ).exists():
        raise ChangeWaiting
    change: BankAccountChange = BankAccountChange.objects.create(
        company=company,
        currency=currency,
        **wanted,
        asked_by=keeper.user,
        asked_at=now,
        respond_by=now + TIME_TO_CONFIRM,
    )
    change.by_office = not second_persons(change, now)
    change.save(update_fields=["by_office"])
    event = BankChangeAsked(change_id=change.pk, respond_by=change.respond_by, assurance=evidence)
    record(event, actor=keeper, now=now, subject=change, audience=[company.pk])
    return change


def second_persons(change: BankAccountChange, now: datetime) -> list[Member]:
    """Members who can confirm the change now: they may set accounts, have a mandate where one is needed, and were there in
    these roles.
    """
    able = (
        Membership.objects.active(now)
        .filter(company_id=change.company_id, user__is_active=True, valid_from__lt=change.asked_at)
        .filter(roles__overlap=[Role.OWNER, Role.FINANCE])
        .exclude(user_id=change.asked_by_id)
    )
    members = list(able.select_related("company", "user").order_by("pk"))
    changed = _changed_since(members, change.asked_at)
    found = [member_of(one, one.user) for one in members if one.uid not in changed]
    return [member for member in found if _has_mandate(member, now)]


@transaction.atomic
def confirm_bank_change(*, actor: Actor, change: BankAccountChange, now: datetime) -> BankAccount:
    """The second person agrees: from now on the company is paid to this account. Repeatable.

    Everything is checked again. Raises `OwnChange`, `JoinedSince`, `RolesChangedSince`, `ChangeTooLate`, `ChangeAskerGone`,
    and what setting an account raises.
    """
    second = require_person(actor, Role.FINANCE)
    company = lock_company(second)
    asked = _locked(change, second)
    if asked.asked_by_id == second.user_id:
        raise OwnChange
    if asked.account is not None:
        return asked.account
    assured = guard(actor=second, purpose=Purpose.CHANGE_BANK_ACCOUNT, now=now)
    membership = Membership.objects.get(pk=second.membership_id)
    if membership.valid_from >= asked.asked_at:
        raise JoinedSince
    if _changed_since([membership], asked.asked_at):
        raise RolesChangedSince
    return _confirm(asked, company, by=second, evidence=assured.evidence, reason="", now=now)


@transaction.atomic
def withdraw_bank_change(*, actor: Actor, change: BankAccountChange, now: datetime) -> None:
    """Whoever asked takes it back, or a colleague who may set accounts declines. Nothing changes."""
    keeper = require_person(actor, Role.FINANCE)
    lock_company(keeper)
    asked = _locked(change, keeper)
    own = asked.asked_by_id == keeper.user_id
    state = BankChangeState.WITHDRAWN if own else BankChangeState.DECLINED
    _close(asked, state, actor=keeper, reason="", now=now)


@transaction.atomic
def decide_bank_change(
    *, actor: Actor, change: BankAccountChange, confirmed: bool, reason: str, now: datetime
) -> BankAccountChange:
    """An officer is the second person of a company that has none. Needs to say what was compared; the company reads it."""
    company = Company.objects.select_for_update().get(pk=change.company_id)
    asked = BankAccountChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    officer = _officer(actor, asked, now)
    if not reason.strip():
        raise ChangeReasonMissing
    if confirmed:
        _confirm(asked, company, by=officer, evidence=None, reason=reason, now=now)
    else:
        _close(asked, BankChangeState.DECLINED, actor=officer, reason=reason, now=now)
    return asked


@transaction.atomic
def lapse_bank_change(*, change_id: int, now: datetime) -> bool:
    """The deadline closes a change that nobody confirmed. Repeatable; tells whether it did."""
    asked = BankAccountChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    if not asked.is_waiting or now < asked.respond_by:
        return False
    _close(asked, BankChangeState.LAPSED, actor=System(reason="deadline"), reason="", now=now)
    return True


def put_in_force(
    company: Company,
    currency: str,
    wanted: Wanted,
    *,
    actor: Member | Staff,
    evidence: Evidence | None,
    now: datetime,
) -> BankAccount:
    """From now on the company is paid to this account; an earlier one ends and is kept. `company` is locked."""
    BankAccount.objects.standing().filter(company=company, currency=currency).update(ended_at=now)
    account: BankAccount = BankAccount.objects.create(company=company, currency=currency, **wanted)
    event = BankAccountSet(bank_account_id=account.pk, currency=currency, assurance=evidence)
    record(event, actor=actor, now=now, subject=account, audience=[company.pk])
    return account


def _confirm(
    asked: BankAccountChange,
    company: Company,
    *,
    by: Member | Staff,
    evidence: Evidence | None,
    reason: str,
    now: datetime,
) -> BankAccount:
    check_move(BANK_CHANGE_MOVES, asked.state, BankChangeState.CONFIRMED)
    if not asked.waits_at(now):
        raise ChangeTooLate
    _check_asker(asked, now)
    check_not_held(act=ScreenedAct.BANK_ACCOUNT, company_id=company.pk, now=now)
    proved = bool(evidence and evidence.get("rank"))
    wanted: Wanted = {
        "beneficiary": checked_beneficiary(company, asked.beneficiary, now, proved=proved),
        "bank_name": asked.bank_name,
        "bic": asked.bic,
        "account_number": asked.account_number,
    }
    asked.account = put_in_force(company, asked.currency, wanted, actor=by, evidence=evidence, now=now)
    _close(asked, BankChangeState.CONFIRMED, actor=by, reason=reason, now=now)
    return asked.account


def _close(
    asked: BankAccountChange, state: str, *, actor: Member | Staff | System, reason: str, now: datetime
) -> None:
    check_move(BANK_CHANGE_MOVES, asked.state, state)
    asked.state, asked.reason, asked.decided_at = state, reason.strip()[:500], now
    asked.decided_by_id = actor.user_id
    asked.save(update_fields=["state", "reason", "decided_by", "decided_at", "account"])
    event = BankChangeClosed(change_id=asked.pk, state=state)
    record(event, actor=actor, now=now, subject=asked, audience=[asked.company_id])


def _locked(change: BankAccountChange, actor: Member) -> BankAccountChange:
    changes = BankAccountChange.objects.visible_to(actor).select_for_update(of=("self",))
    found: BankAccountChange = changes.select_related("account").fetch(change.public_id)
    return found


def _check_asker(asked: BankAccountChange, now: datetime) -> None:
    """Roles are read again: nothing is changed for somebody who has left."""
    asker = Membership.objects.active(now).filter(company_id=asked.company_id, user_id=asked.asked_by_id)
    if not asker.filter(roles__overlap=[Role.OWNER, Role.FINANCE], user__is_active=True).exists():
        raise ChangeAskerGone


def _changed_since(members: Collection[Membership], moment: datetime) -> set[UUID | None]:
    """Whose roles were changed at that moment or later, by uid. Roles carry no date: the history of the member says it."""
    changes = Event.objects.filter(subject_id__in=[member.uid for member in members], at__gte=moment)
    return set(changes.filter(name=MemberRolesChanged.__name__).values_list("subject_id", flat=True))


def _has_mandate(member: Member, now: datetime) -> bool:
    try:
        check_mandate(actor=member, act=Purpose.CHANGE_BANK_ACCOUNT, now=now)
    except Forbidden:
        return False
    return True


def _officer(actor: Actor, asked: BankAccountChange, now: datetime) -> Staff:
    if not isinstance(actor, Staff) or not actor.has(CONFIRM_BANK_ACCOUNT):
        raise Forbidden
    if Membership.objects.active(now).filter(company_id=asked.company_id, user_id=actor.user_id).exists():
        raise OwnCompanysAccount
    if not asked.by_office and second_persons(asked, now):
        raise NotForTheOffice
    return actor
