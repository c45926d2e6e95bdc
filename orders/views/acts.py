"""Acts on an order that need a button or a reason: one verb each, then back to the order's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.acting import CompanyRequest, for_company
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import about
from orders import services
from orders.forms import AgreementForm, FreightForm, ReasonForm


@require_POST
@for_company
def order_accept(request: CompanyRequest, order: str) -> HttpResponse:
    return _act(request, order, services.accept_order, _("The order is confirmed."))


@require_POST
@for_company
def order_refuse(request: CompanyRequest, order: str) -> HttpResponse:
    done = _("The order is refused, and its stock is released.")
    return _act(request, order, services.refuse_order, done, ReasonForm(request.POST))


@require_POST
@for_company
def order_cancel(request: CompanyRequest, order: str) -> HttpResponse:
    done = _("The order is cancelled, and its stock is released.")
    return _act(request, order, services.cancel_order, done, ReasonForm(request.POST))


@require_POST
@for_company
def order_freight(request: CompanyRequest, order: str) -> HttpResponse:
    form = FreightForm(request.POST)
    done = _("The freight is offered. The buyer has 72 hours to agree.")
    return _act(request, order, services.offer_freight, done, form, amount="freight")


@require_POST
@for_company
def order_agree(request: CompanyRequest, order: str) -> HttpResponse:
    return _act(
        request, order, services.agree_freight, _("The order is confirmed."), AgreementForm(request.POST)
    )


@require_POST
@for_company
def order_again(request: CompanyRequest, order: str) -> HttpResponse:
    """Into the cart at today's prices, saying what is no longer on sale."""
    again = services.order_again(actor=request.actor, order=order, now=timezone.now())
    if again.added:
        messages.success(request, _("In the cart, at today’s prices. Products: %d") % len(again.added))
    if again.missing:
        names = ", ".join(line.sku for line in again.missing)
        messages.warning(request, _("No longer on sale: %s") % names)
    return redirect("cart", company=request.actor.company.slug)


def _act(
    request: CompanyRequest,
    order: str,
    verb: Callable[..., object],
    done: str,
    form: forms.Form | None = None,
    **renamed: str,
) -> HttpResponse:
    """Do it and say so, or say why not; either way back to the order. The unseen and the forbidden have pages."""
    values: dict[str, Any] = {}
    if form is not None:
        if not form.is_valid():
            messages.error(request, _first_error(form))
            return _to(request, order)
        values = {renamed.get(name, name): value for name, value in form.cleaned_data.items()}
    try:
        verb(actor=request.actor, order=order, now=timezone.now(), **values)
        messages.success(request, done)
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return _to(request, order)


def _first_error(form: forms.Form) -> str:
    field, errors = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else ""
    return about(label, errors[0]) if label else str(errors[0])


def _to(request: CompanyRequest, order: str) -> HttpResponse:
    return redirect("order", company=request.actor.company.slug, order=order)
