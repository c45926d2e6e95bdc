"""Public pages: search and product."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from catalog.queries import Found, category_tree, product_page, search
from catalog.rules.wanted import Sort, Wanted, read
from catalog.views import hearts
from catalog.views.currency import chosen_currency
from catalog.views.filters import Filters
from catalog.views.product import product_context
from catalog.views.rows import conversion_note, list_rows
from identity.acting import current_actor

VIEWS = ("cards",)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """`/search/`: products on sale by words, codes and filters."""
    wanted = read(request.GET, currency=chosen_currency(request), many=request.GET.getlist)
    found = search(wanted)
    filters = filters_of(request, found)
    tree = category_tree()
    place = tree.by_code.get(wanted.category)
    language = get_language() or "en"
    context = {
        **list_context(found, filters, today=timezone.localdate()),
        "save_query": urlencode(filters.on),
        "q": wanted.q,
        "place": place,
        "place_name": place.name_in(language) if place else "",
        "family": place.family.code if place else "",
        "families": [] if found.rows else tree.families,
    }
    return render(request, "catalog/public/search.html", context)


@require_safe
def product(request: HttpRequest, product: str) -> HttpResponse:
    """`/products/<id>/`: one product; a preview for its seller while it is not on sale."""
    actor = current_actor(request) if request.user.is_authenticated else None
    page = product_page(product, company_id=actor.company_id if actor else None)
    context = product_context(page, request, currency=chosen_currency(request), today=timezone.localdate())
    keeping = hearts.of_product(actor, page)
    return render(request, "catalog/public/product.html", {**context, **keeping, "acting": actor})


def filters_of(request: HttpRequest, found: Found, *, of_seller: bool = False) -> Filters:
    view = request.GET.get("view", "")
    return Filters(
        found.wanted,
        found.facets,
        explicit_currency="currency" in request.GET,
        view=view if view in VIEWS else "",
        of_seller=of_seller,
    )


def list_context(found: Found, filters: Filters, *, today: date) -> dict[str, Any]:
    """What `catalog/public/_list.html` shows: rows, filters, chips, pages."""
    wanted = found.wanted
    view = dict(filters.on).get("view", "")
    return {
        "rows": list_rows(found.rows, currency=wanted.currency, today=today),
        "notes": wanted.notes,
        "facets": filters.facets() if found.facets.total else [],
        "chips": filters.chips(),
        "clear_url": filters.clear_url(),
        "on": filters.count_on,
        "kept": filters.kept,
        "summary": total_words(found),
        "sorts": _sorts(wanted),
        "sort_kept": [(name, value) for name, value in filters.on if name != "sort"],
        "previous_url": filters.with_(before=found.previous.encode()) if found.previous else "",
        "next_url": filters.with_(after=found.next.encode()) if found.next else "",
        "first_url": filters.with_() if wanted.after or wanted.before else "",
        "conversion": conversion_note(found.rows, currency=wanted.currency, today=today),
        "cards": view == "cards",
        "rows_url": filters.with_(view=None),
        "cards_url": filters.with_(view="cards"),
    }


def total_words(found: Found) -> str:
    total = found.facets.total
    number = f"{total:,}+" if found.facets.bounded else f"{total:,}"
    return gettext("Products: %(number)s") % {"number": number}


def _sorts(wanted: Wanted) -> list[tuple[str, Any, bool]]:
    """Orders that make sense: without a searched text the best match is the newest."""
    offered = [sort for sort in Sort if wanted.q or sort is not Sort.RELEVANCE]
    chosen = wanted.sort if wanted.sort in offered else Sort.NEWEST
    return [(sort.value, sort.label, sort is chosen) for sort in offered]
