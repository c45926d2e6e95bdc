"""Checkout: one seller's part of the cart becomes an order, or a request for approval of one."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from identity.acting import CompanyRequest, for_company
from identity.forms import AddressForm
from identity.models import Address
from identity.queries import addresses_of, asked_of
from identity.services import add_address
from identity.states import Purpose, Role
from kernel.errors import Refused
from kernel.refusals import add_to_form
from orders import queries, services
from orders.forms import PLACES, CheckoutForm, LinesMissing, wanted_lines
from orders.queries import SellerGroup
from orders.queries.taxes import tax_of_day
from orders.rules import sum_up
from orders.views.held import say_what_is_held
from tariffs.rules import incoterms


@require_http_methods(["GET", "HEAD", "POST"])
@for_company(Role.BUYER)
def checkout(request: CompanyRequest, seller: str) -> HttpResponse:
    """Addresses, terms and the total; placing it, or asking for approval, checks everything again."""
    if request.method != "POST" or "update" in request.POST:
        return _page(request, seller)
    if "new_address" in request.POST:
        return _page(request, seller, new=_new_address(request))
    if "add_address" in request.POST:
        return _add_address(request, seller)
    return _place(request, seller)


def _place(request: CompanyRequest, seller: str) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        return _page(request, seller, form=form)
    asks = "ask" in request.POST
    verb = services.ask_once if asks else services.place_once
    try:
        done = verb(
            actor=request.actor,
            request=form.request(seller=seller, lines=wanted_lines(request.POST)),
            key=form.cleaned_data["key"],
            now=timezone.now(),
        )
    except LinesMissing:
        messages.error(request, _("This page was incomplete. Look at the cart again."))
        return redirect("cart", company=request.actor.company.slug)
    except Refused as refused:
        add_to_form(form, refused)
        return _page(request, seller, form=form, status=refused.status)
    if asks:
        messages.success(request, _("The approvers of your company are asked. Nothing is ordered yet."))
        return redirect("approval", company=request.actor.company.slug, approval=done["id"])
    messages.success(request, _("The order %(reference)s is placed.") % {"reference": done["reference"]})
    return redirect("order", company=request.actor.company.slug, order=done["id"])


def _add_address(request: CompanyRequest, seller: str) -> HttpResponse:
    """Into the address book, and chosen here; everything else in the form stays as typed."""
    new = AddressForm(request.POST, prefix="new", use_required_attribute=False)
    if not new.is_valid():
        return _page(request, seller, new=new)
    try:
        address = add_address(actor=request.actor, details=new.details(), now=timezone.now())
    except Refused as refused:
        add_to_form(new, refused)
        return _page(request, seller, new=new)
    return _page(request, seller, chosen=address)


def _page(
    request: CompanyRequest,
    seller: str,
    *,
    form: CheckoutForm | None = None,
    new: AddressForm | None = None,
    chosen: Address | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form with what was typed, today's prices, a fresh key, and the total of the address that is chosen."""
    view = queries.cart_of(request.actor, as_of=timezone.localdate(), seller=seller)
    group = view.of_seller(seller)
    if group is None:
        messages.info(request, _("Nothing of this seller is in the cart."))
        return redirect("cart", company=request.actor.company.slug)
    addresses = list(addresses_of(request.actor))
    shown = CheckoutForm(initial=_typed(request, chosen), addresses=addresses)
    ship_to = next((each for each in addresses if each.public_id == shown.initial["ship_to"]), None)
    tax, totals = _totals(group, view.currency, ship_to)
    if form is not None:
        shown.take_errors_of(form)
    now = timezone.now()
    if status == HTTPStatus.OK:  # a refusal is said by the form
        say_what_is_held([group], buyer=request.actor, now=now)
    excess = queries.excess_of(request.actor, totals.total, view.currency, timezone.localdate(now))
    shown.agree_on(currency=view.currency, total=totals.total, key=secrets.token_urlsafe(18))
    context = {
        "form": shown,
        "new": new or (_new_address(request) if _adds(request, addresses, chosen) else None),
        "addresses": addresses,
        "group": group,
        "currency": view.currency,
        "rate": next((row.rate for row in group.rows if row.rate), None),
        "tax": tax,
        "totals": totals,
        "excess": excess,
        # who asks for approval commits the company to nothing
        "asks": None if excess else asked_of(request.actor, Purpose.ORDER, now),
        "places": PLACES,
        "terms": incoterms.INCOTERMS.values(),
    }
    return render(request, "orders/checkout.html", context, status=status)


def _adds(request: CompanyRequest, addresses: list[Address], chosen: Address | None) -> bool:
    """Whether the form for one more address is open: it was, or there is none to choose."""
    return not addresses or ("new-label" in request.POST and chosen is None)


def _new_address(request: CompanyRequest) -> AddressForm:
    """The form for one more address, with what was typed; it is no reason to hold an order up."""
    begun = {"country": request.actor.company.country, "for_billing": True, "for_shipping": True}
    typed = {
        name: request.POST[f"new-{name}"] for name in AddressForm.base_fields if f"new-{name}" in request.POST
    }
    return AddressForm(prefix="new", initial=begun | typed, use_required_attribute=False)


def _form(request: CompanyRequest) -> CheckoutForm:
    return CheckoutForm(request.POST, addresses=addresses_of(request.actor))


def _typed(request: CompanyRequest, chosen: Address | None) -> dict[str, Any]:
    """What stands in the form: as typed, else as it begins."""
    names = CheckoutForm.base_fields
    typed = {name: request.POST[name] for name in names if name in request.POST}
    if chosen is not None:
        typed |= {"bill_to": chosen.public_id} if chosen.for_billing else {}
        typed |= {"ship_to": chosen.public_id} if chosen.for_shipping else {}
    return typed


def _totals(group: SellerGroup, currency: str, ship_to: Address | None) -> Any:
    """Tax by where the goods go, as the door counts it."""
    country = ship_to.country if ship_to else ""
    tax = tax_of_day(group.seller.country, country, timezone.localdate()) if country else None
    return tax, sum_up(
        [row.offer.total for row in group.rows if row.offer.total is not None],
        currency=currency,
        freight=None,
        tax_percent=tax.percent if tax else None,
    )
