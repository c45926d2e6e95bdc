"""Pages with a form of their own: payment received, shipment, receipt. Made for a thumb in a warehouse."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from identity.acting import CompanyRequest, for_company
from kernel.errors import Forbidden, NotFound, Refused
from kernel.refusals import add_to_form
from orders import queries, services
from orders.forms import CountForm, JourneyForm, KeyedForm, PaymentForm, initial_payment
from orders.models import Order
from orders.rules import Act, acts_open_to
from orders.rules.roles import may
from orders.views.held import held_shipment


@require_http_methods(["GET", "HEAD", "POST"])
@for_company
def order_payment(request: CompanyRequest, order: str) -> HttpResponse:
    """The seller's finance saw money on the account."""
    found = _open(request, order, Act.RECORD_PAYMENT)
    form = PaymentForm(request.POST or None, initial=initial_payment(found) | _key())
    return _answer(
        request,
        found,
        form,
        "orders/payment.html",
        services.record_payment_once,
        _("The payment is recorded."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_company
def order_despatch(request: CompanyRequest, order: str) -> HttpResponse:
    """The seller sends all or a part."""
    found = _open(request, order, Act.DESPATCH)
    form = JourneyForm(
        request.POST or None,
        lines=queries.lines_of(found),
        initial={"despatched_on": timezone.localdate()} | _key(),
    )
    return _answer(
        request,
        found,
        form,
        "orders/despatch.html",
        services.despatch_once,
        _("The shipment is recorded."),
        held=held_shipment(found, now=timezone.now()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_company
def order_receive(request: CompanyRequest, order: str, despatch: str) -> HttpResponse:
    """The buyer counts what arrived of one shipment."""
    found = _open(request, order, Act.RECEIVE)
    arriving: Any = next((each for each in queries.despatches_of(found) if each.public_id == despatch), None)
    if arriving is None:
        raise NotFound
    form = CountForm(
        request.POST or None,
        contents=arriving.contents,
        lines={line.number: line for line in queries.lines_of(found)},
        initial={"received_on": timezone.localdate()} | _key(),
    )

    def count(**values: Any) -> object:
        return services.receive_once(despatch=despatch, **values)

    return _answer(
        request, found, form, "orders/receive.html", count, _("What arrived is recorded."), arriving
    )


def _open(request: CompanyRequest, order: str, act: Act) -> Order:
    """The order where its party may do this in general; the verb says whether it may be done now."""
    found = queries.order_of(request.actor, order)
    if not may(act, found, request.actor):
        raise Forbidden
    return found


def _answer(
    request: CompanyRequest,
    order: Order,
    form: KeyedForm,
    template: str,
    verb: Callable[..., object],
    done: str,
    despatch: Any = None,
    held: Refused | None = None,
) -> HttpResponse:
    """The form, with what was typed; after the verb, the order."""
    status = 200
    if form.is_bound and form.is_valid():
        try:
            verb(actor=request.actor, order=order.public_id, now=timezone.now(), **form.values())
            messages.success(request, done)
            return redirect("order", company=request.actor.company.slug, order=order.public_id)
        except (NotFound, Forbidden):
            raise
        except Refused as refused:
            add_to_form(form, refused)
            form.data = _with_new_key(request.POST)
            status = refused.status
    context = {
        "form": form,
        "order": order,
        "despatch": despatch,
        "acts": acts_open_to(request.actor, order, timezone.now()),
        "held": held,
    }
    return render(request, template, context, status=status)


def _with_new_key(sent: QueryDict) -> QueryDict:
    """What was typed; another try is another request."""
    data = sent.copy()
    data["key"] = _key()["key"]
    return data


def _key() -> dict[str, str]:
    return {"key": secrets.token_urlsafe(18)}
