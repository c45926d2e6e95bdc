"""Registering a company, and its own pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import EditCompanyForm, NewCompanyForm
from identity.queries import bank_accounts_of, claims_of, company_of
from identity.rules import district_of, division_of
from identity.states import ClaimKind, Role
from identity.views.answering import done, sent

READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@READ_OR_SEND
@login_required
def company_new(request: HttpRequest) -> HttpResponse:
    form = NewCompanyForm(*sent(request))
    company = done(
        form,
        lambda: services.register_company(
            user=request.user,  # type: ignore[arg-type]
            country=form.cleaned_data["country"],
            registration_number=form.cleaned_data["registration_number"],
            details=form.details(),
            now=timezone.now(),
        ),
    )
    if company:
        messages.success(request, _("%(name)s is registered. You are its owner.") % {"name": company})
        return redirect("workspace", company=company.slug)
    return render(request, "identity/company_new.html", {"form": form})


@require_safe
@for_company
def company(request: CompanyRequest) -> HttpResponse:
    """What the company says of itself, what was checked, where it is paid."""
    company = request.actor.company
    shown = {
        "company": company,
        "district": district_of(company.registration_kind, company.registration_number),
        "division": division_of(company.registration_kind, company.registration_number),
        "claims": [(ClaimKind(kind), claim) for kind, claim in claims_of(request.actor).items()],
        "accounts": bank_accounts_of(request.actor),
        "may_edit": request.actor.may(Role.OWNER),
        "today": timezone.localdate(),
    }
    return render(request, "identity/company.html", shown)


@READ_OR_SEND
@for_company(Role.OWNER)
def company_edit(request: CompanyRequest) -> HttpResponse:
    form = EditCompanyForm(*sent(request), instance=company_of(request.actor))
    if done(
        form,
        lambda: services.edit_company(actor=request.actor, details=form.details(), now=timezone.now()),
    ):
        messages.success(request, _("The company's details are saved."))
        return redirect("company", company=request.actor.company.slug)
    return render(request, "identity/company_edit.html", {"form": form})
