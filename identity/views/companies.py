"""Registering a company, and its own page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from identity.forms import NewCompanyForm
from identity.services import register_company
from kernel.errors import Refused
from kernel.refusals import add_to_form


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def company_new(request: HttpRequest) -> HttpResponse:
    form = NewCompanyForm(request.POST or None)
    if form.is_valid():
        try:
            company = register_company(
                user=request.user,  # type: ignore[arg-type]
                country=form.cleaned_data["country"],
                registration_number=form.cleaned_data["registration_number"],
                details=form.details(),
                now=timezone.now(),
            )
            messages.success(request, _("%(name)s is registered. You are its owner.") % {"name": company})
            return redirect("workspace", company=company.slug)
        except Refused as refused:
            add_to_form(form, refused)
    return render(request, "identity/company_new.html", {"form": form})
