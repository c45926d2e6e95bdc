"""The workspace of a bank's officer: the files that were sent to this bank, their evidence, and what to have the bank do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from financing import queries, services
from financing.forms import ActForm, FilterForm
from financing.models import Bank, Offer
from financing.services.registering import verdict_on
from financing.services.telling import asks_open_to_officer
from financing.views.rows import file_of, list_context, toned
from identity.acting import CompanyRequest, for_company
from identity.actors import require
from identity.states import ClaimKind, Role
from kernel.errors import Forbidden, NotFound, Refused
from kernel.templatetags.look import day


@require_safe
@for_company
def financing(request: CompanyRequest) -> HttpResponse:
    """The files of this bank and of no other."""
    bank = _bank(request)
    form = FilterForm(request.GET)
    found = queries.lines_by(request.actor, form.filters(), after=form.cursor())
    slug = request.actor.company.slug
    context = list_context(form, found, address="financing_file", company=slug, now=timezone.now())
    context["bank"] = bank
    return render(request, "financing/files.html", context)


@require_safe
@for_company
def financing_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    _bank(request)
    filters = FilterForm(request.GET).filters()
    return file_of(queries.exported(queries.offers_by(request.actor, filters)), "financing", form)


@require_safe
@for_company
def financing_file(request: CompanyRequest, offer: str) -> HttpResponse:
    """One file: the offer, the signed evidence, what the registry says, and what the officer can do now."""
    bank = _bank(request)
    found = _own(request, offer)
    context = {
        "bank": bank,
        "offer": toned([found])[0],
        "evidence": _readable(found.request.evidence),
        "verdict": found.get_verdict_display() if found.verdict else verdict_on(found).label,
        "asks": asks_open_to_officer(found),
        "now": timezone.now(),
    }
    return render(request, "financing/file.html", context)


@require_POST
@for_company
def financing_act(request: CompanyRequest, offer: str) -> HttpResponse:
    """The officer has the bank do something."""
    _bank(request)
    form = ActForm(request.POST)
    if not form.is_valid():
        raise NotFound
    try:
        services.instruct_bank(
            actor=request.actor, offer=offer, ask=form.cleaned_data["ask"], now=timezone.now()
        )
        messages.success(request, _("The bank’s books are being asked to do it."))
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("financing_file", company=request.actor.company.slug, offer=offer)


def _bank(request: CompanyRequest) -> Bank:
    """The bank that the acting member deals with money for. Of a company that is none there is no such page."""
    bank = queries.bank_of(request.actor)
    require(request.actor, Role.FINANCE)
    return bank


def _readable(evidence: dict[str, Any]) -> dict[str, Any]:
    """The pack with each check in words."""
    sides = {side: evidence.get(side, {}) for side in ("seller", "buyer")}
    words = dict(ClaimKind.choices)
    for party in sides.values():
        checks = party.get("verified", [])
        party["verified"] = [
            check
            | {
                "label": words.get(check["claim"], ""),
                "checked_on": day(date.fromisoformat(check["checked_on"])),
            }
            for check in checks
        ]
    return evidence | sides


def _own(request: CompanyRequest, offer: str) -> Offer:
    found = queries.offer_of(request.actor, offer)
    if found.bank.company_id != request.actor.company_id:
        raise NotFound
    return found
