"""The basket of somebody who acts for no company yet: it lives in the session and becomes part of a company's cart."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from identity.acting import current_actor
from identity.actors import Member
from identity.states import Role
from kernel.errors import Refused
from kernel.templatetags.look import chosen_currency
from orders import queries, services
from orders.forms import LineForm
from orders.rules.lines import MOST_UNITS

KEY = "basket"
#: products in a session's basket
MOST = 50


@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """What was chosen before signing in; a buyer is taken to the company's cart, and the basket with them."""
    actor = current_actor(request)
    if isinstance(actor, Member) and actor.may(Role.BUYER):
        return redirect("cart", company=actor.company.slug)
    view = queries.basket_of(
        read_basket(request), currency=chosen_currency(request.COOKIES), as_of=timezone.localdate()
    )
    return render(request, "orders/basket.html", {"cart": view})


@require_POST
def basket_add(request: HttpRequest) -> HttpResponse:
    """Put a product into the cart of the company that one acts for, else into the session's basket."""
    form = LineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a quantity above 0."))
        return redirect("basket")
    actor = current_actor(request)
    if isinstance(actor, Member) and actor.may(Role.BUYER):
        return _add_to_cart(request, actor, form)
    _add_to_session(request, form.cleaned_data["product"], form.cleaned_data["quantity"])
    return redirect("basket")


@require_POST
def basket_set(request: HttpRequest) -> HttpResponse:
    """Change a quantity of the session's basket; 0 takes the product out."""
    form = LineForm(request.POST)
    if form.is_valid():
        held = read_basket(request)
        held.pop(form.cleaned_data["product"], None)
        if 0 < form.cleaned_data["quantity"] <= MOST_UNITS:
            held[form.cleaned_data["product"]] = form.cleaned_data["quantity"]
        write_basket(request, held)
    else:
        messages.error(request, _("Give a quantity above 0."))
    return redirect("basket")


def take_over_basket(request: HttpRequest, actor: Member) -> None:
    """Merge the session's basket into the company's cart; nothing is read or written where there is none."""
    held = read_basket(request)
    if not held or not actor.may(Role.BUYER):
        return
    taken = services.merge_basket(actor=actor, basket=held, now=timezone.now())
    write_basket(request, {})
    if taken:
        messages.success(request, _("What you chose before signing in is in the cart. Products: %d") % taken)


def read_basket(request: HttpRequest) -> dict[str, Decimal]:
    """Quantities by product id, as far as they can be read."""
    held = {}
    for product, quantity in list(request.session.get(KEY, {}).items())[:MOST]:
        try:
            held[product] = Decimal(quantity)
        except InvalidOperation:
            continue
    return held


def write_basket(request: HttpRequest, held: dict[str, Decimal]) -> None:
    request.session[KEY] = {product: f"{quantity:f}" for product, quantity in held.items()}


def _add_to_cart(request: HttpRequest, actor: Member, form: LineForm) -> HttpResponse:
    take_over_basket(request, actor)
    try:
        services.put_in_cart(
            actor=actor,
            product=form.cleaned_data["product"],
            quantity=form.cleaned_data["quantity"],
            currency=chosen_currency(request.COOKIES),
            now=timezone.now(),
        )
        messages.success(request, _("The product is in the cart."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("cart", company=actor.company.slug)


def _add_to_session(request: HttpRequest, product: str, quantity: Decimal) -> None:
    held = read_basket(request)
    total = held.get(product, Decimal(0)) + quantity
    if not 0 < total <= MOST_UNITS:
        messages.error(request, str(services.NotAQuantity()))
    elif not queries.products_on_sale([product]).exists():
        messages.error(request, _("This product is no longer on sale."))
    elif product not in held and len(held) >= MOST:
        messages.error(request, str(services.CartFull(most=MOST)))
    else:
        write_basket(request, held | {product: total})
        messages.success(request, _("The product is in the cart."))
