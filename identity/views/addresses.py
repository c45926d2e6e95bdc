"""The address book."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity import services
from identity.acting import CompanyRequest, for_company
from identity.forms import AddressForm
from identity.queries import addresses_of
from identity.services.addresses import KEEPERS
from identity.views.answering import done, sent
from identity.views.companies import READ_OR_SEND


@require_safe
@for_company
def addresses(request: CompanyRequest) -> HttpResponse:
    shown = {"addresses": addresses_of(request.actor), "may_edit": request.actor.may(*KEEPERS)}
    return render(request, "identity/addresses.html", shown)


@READ_OR_SEND
@for_company(*KEEPERS)
def address_new(request: CompanyRequest) -> HttpResponse:
    form = AddressForm(*sent(request), initial={"country": request.actor.company.country})
    address = done(
        form,
        lambda: services.add_address(actor=request.actor, details=form.details(), now=timezone.now()),
    )
    if address:
        messages.success(request, _("“%(label)s” is in the address book.") % {"label": address.label})
        return redirect("addresses", company=request.actor.company.slug)
    return render(request, "identity/address_form.html", {"form": form, "address": None})


@READ_OR_SEND
@for_company(*KEEPERS)
def address_edit(request: CompanyRequest, address: str) -> HttpResponse:
    known = addresses_of(request.actor).fetch(address)
    label = known.label
    form = AddressForm(*sent(request), instance=known)
    edited = done(
        form,
        lambda: services.edit_address(
            actor=request.actor, address=known, details=form.details(), now=timezone.now()
        ),
    )
    if edited:
        messages.success(request, _("“%(label)s” is saved.") % {"label": edited.label})
        return redirect("addresses", company=request.actor.company.slug)
    return render(request, "identity/address_form.html", {"form": form, "address": known, "label": label})


@require_POST
@for_company(*KEEPERS)
def address_end(request: CompanyRequest, address: str) -> HttpResponse:
    known = addresses_of(request.actor).fetch(address)
    services.end_address(actor=request.actor, address=known, now=timezone.now())
    messages.success(request, _("“%(label)s” is removed. Orders keep their copy.") % {"label": known.label})
    return redirect("addresses", company=request.actor.company.slug)
