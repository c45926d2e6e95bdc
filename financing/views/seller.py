"""The seller's pages of finance: the fragment of a deal's page, the list, one offer with its confirm step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from financing import queries, services
from financing.forms import AcceptForm, FilterForm, PreferenceForm
from financing.models import Offer
from financing.states import UNDER_WAY, OfferState
from financing.views.rows import file_of, list_context, toned
from identity.acting import CompanyRequest, for_company
from identity.states import Role
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import add_to_form
from orders.models import Order

#: how long after an order was confirmed its page still waits for offers
ASKING_FOR = timedelta(minutes=2)


@require_safe
@for_company
def order_finance(request: CompanyRequest, order: str) -> HttpResponse:
    """The fragment of a deal's page, which asks for itself again while banks are being asked."""
    deal: Order = Order.objects.visible_to(request.actor).fetch(order)
    shown = panel(deal, request)
    if shown["money"] is None:
        raise NotFound
    return render(request, "financing/panel.html", shown)


def panel(order: Order, request: CompanyRequest) -> dict[str, Any]:
    """What `financing/panel.html` shows of `order`; `money` is None for everybody but the seller's people."""
    now = timezone.now()
    money = queries.finance_of(request.actor, order, now)
    fresh = order.confirmed_at is not None and now < order.confirmed_at + ASKING_FOR
    if money is None or (money.request is None and not fresh):
        return {"money": None, "order": order}
    toned(money.offers)
    under_way = any(offer.state in UNDER_WAY and offer.awaiting for offer in money.offers)
    return {
        "money": money,
        "order": order,
        "offers_stand": [offer for offer in money.offers if offer.stands_at(now)],
        "offers_past": [offer for offer in money.offers if not offer.stands_at(now)],
        "money_is_awaited": money.asking or under_way,
        "money_pause": "400ms" if money.asking else "2s",
        "money_now": now,
    }


@require_safe
@for_company(Role.FINANCE)
def finance(request: CompanyRequest) -> HttpResponse:
    """Every offer that banks made to the company."""
    form = FilterForm(request.GET)
    found = queries.lines_to(request.actor, form.filters(), after=form.cursor())
    company = request.actor.company
    context = list_context(form, found, address="finance_offer", company=company.slug, now=timezone.now()) | {
        "wants_offers": queries.wants_offers(company.pk)
    }
    return render(request, "financing/finance.html", context)


@require_safe
@for_company(Role.FINANCE)
def finance_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    filters = FilterForm(request.GET).filters()
    return file_of(queries.exported(queries.offers_to(request.actor, filters)), "finance", form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Role.FINANCE)
def finance_offer(request: CompanyRequest, offer: str) -> HttpResponse:
    """One offer in full; a POST of the confirm step accepts it."""
    found = _own(request, offer)
    form = AcceptForm(
        request.POST or None, initial={"key": AcceptForm.new_key(), "net_seen": found.net_proceeds}
    )
    status = 200
    if form.is_bound and form.is_valid():
        try:
            services.accept_once(
                actor=request.actor,
                offer=offer,
                net_seen=form.cleaned_data["net_seen"],
                key=form.cleaned_data["key"],
                now=timezone.now(),
            )
            messages.success(request, _("The offer is accepted. The bank is being told."))
            return redirect("finance_offer", company=request.actor.company.slug, offer=offer)
        except (NotFound, Forbidden):
            raise
        except Refused as refused:
            add_to_form(form, refused)
            status = refused.status
            found = _own(request, offer)
    now = timezone.now()
    context = {
        "offer": toned([found])[0],
        "form": form,
        "now": now,
        "may_accept": found.stands_at(now),
        "may_withdraw": found.state in {OfferState.ACCEPTED, OfferState.RESERVED}
        and found.facility_ref
        and not found.awaiting,
    }
    return render(request, "financing/offer.html", context, status=status)


@require_POST
@for_company(Role.FINANCE)
def finance_decline(request: CompanyRequest, offer: str) -> HttpResponse:
    _act(request, services.decline_offer, offer, _("The offer is declined."))
    return redirect("finance_offer", company=request.actor.company.slug, offer=offer)


@require_POST
@for_company(Role.FINANCE)
def finance_withdraw(request: CompanyRequest, offer: str) -> HttpResponse:
    done = _("The bank is asked to cancel. Nothing is paid out once it has.")
    _act(request, services.withdraw_acceptance, offer, done)
    return redirect("finance_offer", company=request.actor.company.slug, offer=offer)


@require_POST
@for_company(Role.FINANCE)
def finance_ask(request: CompanyRequest, order: str) -> HttpResponse:
    """Ask the banks again about the invoice of an order."""
    try:
        services.ask_again(actor=request.actor, order=order, now=timezone.now())
        messages.success(request, _("The banks are being asked."))
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("order", company=request.actor.company.slug, order=order)


@require_POST
@for_company(Role.FINANCE)
def finance_preference(request: CompanyRequest) -> HttpResponse:
    form = PreferenceForm(request.POST)
    wants = form.is_valid() and form.cleaned_data["wants_offers"]
    services.set_preference(actor=request.actor, wants_offers=wants, now=timezone.now())
    told = (
        _("Banks are asked about your next invoices on credit.")
        if wants
        else _("No further invoice is shown to a bank.")
    )
    messages.success(request, told)
    return redirect("finance", company=request.actor.company.slug)


def _own(request: CompanyRequest, offer: str) -> Offer:
    """An offer made to the acting company; the bank reads it in its own workspace."""
    found = queries.offer_of(request.actor, offer)
    if found.company_id != request.actor.company_id:
        raise NotFound
    return found


def _act(request: CompanyRequest, verb: Callable[..., object], offer: str, done: str) -> None:
    try:
        verb(actor=request.actor, offer=offer, now=timezone.now())
        messages.success(request, done)
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
