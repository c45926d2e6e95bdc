"""The company's cart."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity.acting import CompanyRequest, for_company
from identity.queries import asked_of
from identity.states import Purpose, Role
from kernel.errors import Forbidden, Refused
from kernel.money import CURRENCIES
from orders import queries, services
from orders.forms import CurrencyForm, LineForm
from orders.views.basket import take_over_basket
from orders.views.held import say_what_is_held


@require_safe
@for_company
def cart(request: CompanyRequest) -> HttpResponse:
    """Split by seller; each part becomes an order of its own."""
    take_over_basket(request, request.actor)
    view = queries.cart_of(request.actor, as_of=timezone.localdate())
    removed = {
        "product": request.GET.get("removed", "")[:40],
        "quantity": request.GET.get("quantity", "")[:30],
    }
    now, asks = timezone.now(), None
    if view.groups and request.actor.may(Role.BUYER):
        asks = asked_of(request.actor, Purpose.ORDER, now)
        say_what_is_held(view.groups, buyer=request.actor, now=now)
    shown = {"cart": view, "removed": removed, "currencies": CURRENCIES, "asks": asks}
    return render(request, "orders/cart.html", shown)


@require_POST
@for_company
def cart_set(request: CompanyRequest) -> HttpResponse:
    """Change a quantity, or put a removed product back."""
    form = LineForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(services.NotAQuantity()))
        return _back(request)
    try:
        services.set_quantity(actor=request.actor, now=timezone.now(), **form.cleaned_data)
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(request)


@require_POST
@for_company
def cart_remove(request: CompanyRequest) -> HttpResponse:
    """Take a product out; the next page offers to put it back."""
    product = request.POST.get("product", "")[:40]
    quantity = services.remove_from_cart(actor=request.actor, product=product)
    back = reverse("cart", kwargs={"company": request.actor.company.slug})
    if not quantity:
        return redirect(back)
    undo = urlencode({"removed": product, "quantity": f"{quantity.normalize():f}"})
    return redirect(f"{back}?{undo}")


@require_POST
@for_company
def cart_currency(request: CompanyRequest) -> HttpResponse:
    form = CurrencyForm(request.POST)
    if form.is_valid():
        services.choose_currency(actor=request.actor, now=timezone.now(), **form.cleaned_data)
    else:
        messages.error(request, _("Choose SGD, CNY or USD."))
    return _back(request)


def _back(request: CompanyRequest) -> HttpResponse:
    return redirect("cart", company=request.actor.company.slug)
