"""Whom the company lets do what: its mandates, for its owners."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import MandateForm
from identity.queries import mandates_of, members_of
from identity.states import Role
from identity.views.answering import done, sent
from identity.views.companies import READ_OR_SEND


@require_safe
@for_company(Role.OWNER)
def mandates(request: CompanyRequest) -> HttpResponse:
    shown = {"mandates": mandates_of(request.actor), "now": timezone.now()}
    return render(request, "identity/mandates.html", shown)


@READ_OR_SEND
@for_company(Role.OWNER)
def mandate_new(request: CompanyRequest) -> HttpResponse:
    now = timezone.now()
    form = MandateForm(
        *sent(request),
        members=members_of(request.actor, now),
        initial={"currency": request.actor.company.currency},
    )
    mandate = done(form, lambda: services.give_mandate(actor=request.actor, **form.given(), now=now))
    if mandate:
        words = _("%(name)s has the mandate. From now on only owners and people with one do this.")
        messages.success(request, words % {"name": mandate.holder})
        return redirect("mandates", company=request.actor.company.slug)
    return render(request, "identity/mandate_new.html", {"form": form})


@require_POST
@for_company(Role.OWNER)
def mandate_revoke(request: CompanyRequest, mandate: str) -> HttpResponse:
    services.revoke_mandate(actor=request.actor, mandate=mandate, now=timezone.now())
    messages.success(request, _("The mandate is revoked."))
    return redirect("mandates", company=request.actor.company.slug)
