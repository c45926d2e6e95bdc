"""Where the company is paid: one account per currency."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import BankAccountForm
from identity.queries import bank_accounts_of
from identity.states import Role
from identity.views.answering import done, sent
from identity.views.companies import READ_OR_SEND
from kernel.money import CURRENCIES


@require_safe
@for_company
def bank(request: CompanyRequest) -> HttpResponse:
    accounts = {account.currency: account for account in bank_accounts_of(request.actor)}
    shown = {
        "accounts": [(currency, accounts.get(currency)) for currency in CURRENCIES],
        "may_edit": request.actor.may(Role.FINANCE),
    }
    return render(request, "identity/bank.html", shown)


@READ_OR_SEND
@for_company(Role.FINANCE)
@reauthentication_required(allow_get=True)
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
    account = done(
        form,
        lambda: services.set_bank_account(
            actor=request.actor, currency=currency, **form.cleaned_data, now=timezone.now()
        ),
    )
    if account:
        words = _("From now on you are paid in %(currency)s to this account. All owners are told by mail.")
        messages.success(request, words % {"currency": currency})
        return redirect("bank", company=request.actor.company.slug)
    return render(request, "identity/bank_set.html", {"form": form, "currency": currency, "known": known})


@require_POST
@for_company(Role.FINANCE)
def bank_end(request: CompanyRequest, account: str) -> HttpResponse:
    known = bank_accounts_of(request.actor).fetch(account)
    services.end_bank_account(actor=request.actor, account=known, now=timezone.now())
    messages.success(request, _("The %(currency)s account is ended.") % {"currency": known.currency})
    return redirect("bank", company=request.actor.company.slug)
