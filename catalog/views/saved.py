"""Favourites and saved searches of a company."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from catalog import services
from catalog.queries import saved as queries
from catalog.rules.wanted import read
from catalog.views import kept
from catalog.views.currency import chosen_currency
from catalog.views.filters import parameters
from catalog.views.public import VIEWS
from identity.acting import CompanyRequest, for_company
from kernel.errors import Refused
from kernel.sheets import Row, sheet_of

SHOWN = {"products": _("Products"), "sellers": _("Sellers"), "searches": _("Searches")}


@require_safe
@for_company
def saved(request: CompanyRequest) -> HttpResponse:
    """What the company keeps, in three lists."""
    show = _shown(request)
    after = request.GET.get("after", "")[:60]
    context: dict[str, Any] = {
        "show": show,
        "tabs": [(label, f"?show={code}", code == show) for code, label in SHOWN.items()],
    }
    if show == "searches":
        searches = queries.saved_searches(request.actor)
        context["searches"] = kept.search_rows(searches, _search_forms(request)) if searches else []
        return render(request, "catalog/saved/saved.html", context)
    currency, heart = chosen_currency(request), _heart(request, show)
    if show == "products":
        page = queries.saved_products(request.actor, after=after)
        shown = [kept.product_row(each, currency) for each in page.rows]
    else:
        page = queries.saved_sellers(request.actor, after=after)
        shown = [kept.seller_row(each) for each in page.rows]
    context["rows"] = [kept.cells(each, heart) for each in shown]
    context["next_url"] = f"?{urlencode({'show': show, 'after': page.after})}" if page.after else ""
    return render(request, "catalog/saved/saved.html", context)


def _heart(request: CompanyRequest, show: str) -> str:
    """The form by which a row is no longer kept."""
    address = "saved_product" if show == "products" else "saved_seller"
    told = {
        "heart": _of_any(address, request),
        "heart_on": True,
        "next": request.get_full_path(),
    }
    return render_to_string("catalog/saved/heart.html", told, request)


def _search_forms(request: CompanyRequest) -> tuple[str, str]:
    """To rename a search, and to remove it."""
    told = {"place": kept.PLACE, "name": kept.NAME}
    rename = {**told, "address": _of_any("saved_search_rename", request)}
    remove = {**told, "address": _of_any("saved_search_remove", request)}
    return (
        render_to_string("catalog/saved/rename.html", rename, request),
        render_to_string("catalog/saved/remove.html", remove, request),
    )


def _of_any(address: str, request: CompanyRequest) -> str:
    return reverse(address, args=[request.actor.company.slug, "0"]).replace("/0/", f"/{kept.PLACE}/")


@require_safe
@for_company
def saved_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """The list that the page shows, whole, as a file."""
    show = _shown(request)
    return sheet_of(f"saved-{show}-{timezone.localdate():%Y%m%d}", *_sheet(request, show), form)


def _shown(request: CompanyRequest) -> str:
    show = request.GET.get("show", "")
    return show if show in SHOWN else "products"


def _sheet(request: CompanyRequest, show: str) -> tuple[Sequence[Any], Iterator[Row]]:
    actor, currency, absolute = request.actor, chosen_currency(request), request.build_absolute_uri
    if show == "searches":
        return kept.SEARCH_COLUMNS, (
            kept.search_cells(search, absolute) for search in queries.saved_searches(actor)
        )
    if show == "sellers":
        return kept.SELLER_COLUMNS, (
            kept.seller_cells(favourite, absolute) for favourite in queries.all_saved_sellers(actor)
        )
    return kept.PRODUCT_COLUMNS, (
        kept.product_cells(favourite, currency, absolute) for favourite in queries.all_saved_products(actor)
    )


@require_POST
@for_company
def product_saved(request: CompanyRequest, product: str) -> HttpResponse:
    """The heart of a product: `kept=1` keeps it, anything else lets it go."""
    keep = request.POST.get("kept") == "1"
    address = reverse("saved_product", args=[request.actor.company.slug, product])
    try:
        services.keep_product(actor=request.actor, product=product, kept=keep, now=timezone.now())
    except services.TooManySaved as refused:
        return _refused(request, refused)
    return _told(request, address, keep)


@require_POST
@for_company
def seller_saved(request: CompanyRequest, seller: str) -> HttpResponse:
    """The heart of a seller."""
    keep = request.POST.get("kept") == "1"
    address = reverse("saved_seller", args=[request.actor.company.slug, seller])
    try:
        services.keep_seller(actor=request.actor, seller=seller, kept=keep, now=timezone.now())
    except services.TooManySaved as refused:
        return _refused(request, refused)
    return _told(request, address, keep)


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
