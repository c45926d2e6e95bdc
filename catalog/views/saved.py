"""Favourites and saved searches of a company."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from catalog import services
from catalog.models import Favourite
from catalog.queries import saved as queries
from catalog.rules.wanted import read
from catalog.states import ProductState
from catalog.views.currency import chosen_currency
from catalog.views.filters import parameters
from catalog.views.public import VIEWS
from catalog.views.rows import image_address, place_words, price_text, rounded
from identity.acting import CompanyRequest, for_company
from identity.states import CompanyState
from kernel.errors import Refused
from kernel.templatetags.look import quantity
from tariffs.rules.units import counted_unit, unit_name

SHOWN = {"products": _("Products"), "sellers": _("Sellers"), "searches": _("Searches")}


@require_safe
@for_company
def saved(request: CompanyRequest) -> HttpResponse:
    """What the company keeps, in three lists."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "products"
    after = request.GET.get("after", "")[:60]
    context: dict[str, Any] = {
        "show": show,
        "tabs": [(label, f"?show={code}", code == show) for code, label in SHOWN.items()],
    }
    if show == "searches":
        context["searches"] = queries.saved_searches(request.actor)
        return render(request, "catalog/saved/saved.html", context)
    page = (queries.saved_products if show == "products" else queries.saved_sellers)(
        request.actor, after=after
    )
    row = _product_row if show == "products" else _seller_row
    context["rows"] = [row(favourite, chosen_currency(request)) for favourite in page.rows]
    context["next_url"] = f"?{urlencode({'show': show, 'after': page.after})}" if page.after else ""
    return render(request, "catalog/saved/saved.html", context)


@require_POST
@for_company
def product_saved(request: CompanyRequest, product: str) -> HttpResponse:
    """The heart of a product: `kept=1` keeps it, anything else lets it go."""
    kept = request.POST.get("kept") == "1"
    address = reverse("saved_product", args=[request.actor.company.slug, product])
    try:
        services.keep_product(actor=request.actor, product=product, kept=kept, now=timezone.now())
    except services.TooManySaved as refused:
        return _refused(request, refused)
    return _told(request, address, kept)


@require_POST
@for_company
def seller_saved(request: CompanyRequest, seller: str) -> HttpResponse:
    """The heart of a seller."""
    kept = request.POST.get("kept") == "1"
    address = reverse("saved_seller", args=[request.actor.company.slug, seller])
    try:
        services.keep_seller(actor=request.actor, seller=seller, kept=kept, now=timezone.now())
    except services.TooManySaved as refused:
        return _refused(request, refused)
    return _told(request, address, kept)


@require_POST
@for_company
def search_saved(request: CompanyRequest) -> HttpResponse:
    """Keep the search that the form names by its address."""
    query = search_query(request, request.POST.get("query", ""))
    try:
        found = services.save_search(
            actor=request.actor, name=request.POST.get("name", ""), query=query, now=timezone.now()
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('search')}?{query}")
    messages.success(request, gettext("Saved: %(name)s") % {"name": found.name})
    return _to_searches(request)


@require_POST
@for_company
def search_renamed(request: CompanyRequest, search: str) -> HttpResponse:
    try:
        services.rename_search(actor=request.actor, search=search, name=request.POST.get("name", ""))
    except (services.NameMissing, services.NameTaken) as refused:
        messages.error(request, str(refused))
    return _to_searches(request)


@require_POST
@for_company
def search_forgotten(request: CompanyRequest, search: str) -> HttpResponse:
    found = services.forget_search(actor=request.actor, search=search)
    messages.success(request, gettext("Removed: %(name)s") % {"name": found.name})
    return _to_searches(request)


def search_query(request: HttpRequest, text: str) -> str:
    """A search's address written anew: what the search does not understand is not kept."""
    asked = QueryDict(text[:4000].lstrip("?"))
    wanted = read(asked, currency=chosen_currency(request), many=asked.getlist)
    view = asked.get("view", "")
    return urlencode(parameters(wanted, "currency" in asked, view if view in VIEWS else ""))


def _to_searches(request: CompanyRequest) -> HttpResponse:
    return redirect(f"{reverse('saved', args=[request.actor.company.slug])}?show=searches")


def _told(request: CompanyRequest, address: str, kept: bool) -> HttpResponse:
    """The heart as it is now, for a page that swaps it; else back to where it was pressed."""
    if getattr(request, "htmx", False):
        return render(request, "catalog/saved/heart.html", {"heart": address, "heart_on": kept})
    messages.success(request, gettext("Kept among your favourites.") if kept else gettext("No longer kept."))
    return redirect(_back(request))


def _refused(request: CompanyRequest, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused))
    response: HttpResponse = redirect(_back(request))
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return response


def _back(request: CompanyRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("saved", args=[request.actor.company.slug])


def _product_row(favourite: Favourite, currency: str) -> dict[str, Any]:
    """A kept product with its price and stock of now."""
    language = get_language() or "en"
    product = favourite.product
    assert product is not None
    active = product.company.state == CompanyState.ACTIVE
    on_sale = active and product.state == ProductState.PUBLISHED
    shelf = getattr(product, "shelf_row", None) if on_sale else None
    low, high = (getattr(shelf, f"{end}_{currency.lower()}", None) for end in ("from", "to"))
    available = product.stock.available if hasattr(product, "stock") else Decimal(0)
    return {
        "id": product.public_id,
        "name": product.name_in(language) or product.sku,
        "sku": product.sku,
        "url": reverse("product", args=[product.public_id]) if on_sale else "",
        "picture": image_address(shelf.thumbnail) if shelf else "",
        "seller": product.company.name_in(language),
        "seller_url": reverse("storefront", args=[product.company.slug]) if active else "",
        "price": price_text(rounded(low), rounded(high), currency),
        "unit": unit_name(product.unit, language),
        "stock": f"{quantity(available)} {counted_unit(product.unit, available, language)}"
        if on_sale
        else "",
        "on_sale": on_sale,
        "by": str(favourite.saved_by),
        "at": favourite.saved_at,
    }


def _seller_row(favourite: Favourite, currency: str) -> dict[str, Any]:
    language = get_language() or "en"
    seller = favourite.seller
    assert seller is not None
    active = seller.state == CompanyState.ACTIVE
    return {
        "id": seller.slug,
        "name": seller.name_in(language),
        "url": reverse("storefront", args=[seller.slug]) if active else "",
        "place": place_words(seller.city, seller.country, language),
        "on_sale": active,
        "by": str(favourite.saved_by),
        "at": favourite.saved_at,
    }
