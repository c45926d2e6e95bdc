"""Where the company is paid: one account per currency, and changes that wait for a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import BankAccountForm
from identity.models import BankAccount, BankAccountChange
from identity.queries import bank_accounts_of, bank_changes_of
from identity.states import BankChangeState, Role
from identity.views.answering import done, sent
from identity.views.companies import READ_OR_SEND
from kernel.errors import Refused
from kernel.money import CURRENCIES

TONES = {
    BankChangeState.WAITING: "warning",
    BankChangeState.CONFIRMED: "success",
    BankChangeState.DECLINED: "danger",
    BankChangeState.WITHDRAWN: "",
    BankChangeState.LAPSED: "danger",
}


@require_safe
@for_company
def bank(request: CompanyRequest) -> HttpResponse:
    accounts = {account.currency: account for account in bank_accounts_of(request.actor)}
    waiting = {
        change.currency: change
        for change in bank_changes_of(request.actor).filter(state=BankChangeState.WAITING)
    }
    verified = {
        account.pk
        for account in accounts.values()
        if services.is_name_of(request.actor.company, account.beneficiary, timezone.now())
    }
    shown = {
        "verified": verified,
        "accounts": [(currency, accounts.get(currency), waiting.get(currency)) for currency in CURRENCIES],
        "may_edit": request.actor.may(Role.FINANCE),
    }
    return render(request, "identity/bank.html", shown)


@READ_OR_SEND
@for_company(Role.FINANCE)
def bank_set(request: CompanyRequest, currency: str) -> HttpResponse:
    """Whoever says where money goes shows once more who they are; what they typed waits meanwhile."""
    if currency not in CURRENCIES:
        raise Http404
    known = bank_accounts_of(request.actor).filter(currency=currency).first()
    form = BankAccountForm(
        *sent(request),
        instance=known,
        initial={} if known else {"beneficiary": request.actor.company.legal_name},
    )
    found = done(
        form,
        lambda: services.set_bank_account(
            actor=request.actor, currency=currency, **form.cleaned_data, now=timezone.now()
        ),
    )
    company = request.actor.company.slug
    if isinstance(found, BankAccountChange):
        messages.success(request, _("The change waits for a second person. All owners are told by mail."))
        return redirect("bank_change", company=company, change=found.public_id)
    if isinstance(found, BankAccount):
        words = _("From now on you are paid in %(currency)s to this account. All owners are told by mail.")
        messages.success(request, words % {"currency": currency})
        return redirect("bank", company=company)
    return render(request, "identity/bank_set.html", {"form": form, "currency": currency, "known": known})


@READ_OR_SEND
@for_company(Role.FINANCE)
def bank_change(request: CompanyRequest, change: str) -> HttpResponse:
    """The new account beside the one in force. Sent, a second person confirms."""
    found: BankAccountChange = bank_changes_of(request.actor).fetch(change)
    now = timezone.now()
    form = forms.Form(*sent(request))
    account = done(form, lambda: services.confirm_bank_change(actor=request.actor, change=found, now=now))
    if account:
        words = _("From now on you are paid in %(currency)s to this account. All owners are told by mail.")
        messages.success(request, words % {"currency": account.currency})
        return redirect("bank", company=request.actor.company.slug)
    return render(request, "identity/bank_change.html", {"form": form, **_shown(request, found, now)})


@require_POST
@for_company(Role.FINANCE)
def bank_change_withdraw(request: CompanyRequest, change: str) -> HttpResponse:
    """Taken back by whoever asked, declined by anybody else who may set accounts."""
    found: BankAccountChange = bank_changes_of(request.actor).fetch(change)
    try:
        services.withdraw_bank_change(actor=request.actor, change=found, now=timezone.now())
        messages.success(request, _("Nothing has changed: the account of before stays in force."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("bank", company=request.actor.company.slug)


@require_POST
@for_company(Role.FINANCE)
def bank_end(request: CompanyRequest, account: str) -> HttpResponse:
    known = bank_accounts_of(request.actor).fetch(account)
    services.end_bank_account(actor=request.actor, account=known, now=timezone.now())
    messages.success(request, _("The %(currency)s account is ended.") % {"currency": known.currency})
    return redirect("bank", company=request.actor.company.slug)


def _shown(request: CompanyRequest, change: BankAccountChange, now: datetime) -> dict[str, Any]:
    waits = change.waits_at(now)
    seconds = services.second_persons(change, now) if waits else []
    return {
        "change": change,
        "tone": TONES[BankChangeState(change.state)],
        "known": bank_accounts_of(request.actor).filter(currency=change.currency).first(),
        "waits": waits,
        "is_own": change.asked_by_id == request.actor.user_id,
        "confirms": any(member.user_id == request.actor.user_id for member in seconds),
        "seconds": [str(member.user) for member in seconds],
        "by_office": change.by_office or not seconds,
    }
