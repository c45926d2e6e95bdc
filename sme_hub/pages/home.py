"""The home page is the search: the five families, what is new, and proof of trust in real figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from catalog.queries import HomeFigures, Place, category_tree, home_figures, new_products
from catalog.views.currency import chosen_currency
from catalog.views.rows import conversion_note, list_rows
from kernel.templatetags.look import day

ICONS = {
    "hardware": "wrench",
    "chemicals": "flask-conical",
    "safety": "hard-hat",
    "medical": "stethoscope",
    "office": "paperclip",
}
#: categories named under each family
NAMED = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    currency = chosen_currency(request)
    newest = new_products(currency)
    context = {
        "rows": list_rows(newest, currency=currency, today=today),
        "conversion": conversion_note(newest, currency=currency, today=today),
        "families": _families(),
        "figures": _figures(home_figures(today)),
    }
    return render(request, "catalog/public/home.html", context)


def _families() -> list[dict[str, Any]]:
    language = get_language() or "en"
    search = reverse("search")
    return [
        {
            "name": family.name_in(language),
            "url": f"{search}?category={family.code}",
            "icon": ICONS.get(family.code, "package"),
            "categories": [_link(search, place, language) for place in family.children[:NAMED]],
        }
        for family in category_tree().families
    ]


def _link(search: str, place: Place, language: str) -> tuple[str, str]:
    return place.name_in(language), f"{search}?category={place.code}"


def _figures(figures: HomeFigures) -> list[tuple[str, str]]:
    shown = [
        (f"{figures.products:,}", gettext("products on sale")),
        (f"{figures.sellers:,}", gettext("companies sell here")),
        (f"{figures.checked_sellers:,}", gettext("of them with a registration that officers checked")),
    ]
    if figures.last_check:
        shown.append((day(figures.last_check), gettext("latest check")))
    return shown
