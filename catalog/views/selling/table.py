"""The table of listings: find, sort, publish and pause many, export."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog import services
from catalog.forms.small import TableForm
from catalog.models import Product
from catalog.queries import category_tree
from catalog.queries.listings import counts_by_state, listings
from catalog.rules.quantities import plain
from catalog.states import ProductState
from catalog.views.selling import exporting
from catalog.views.selling.held import held_publishing
from identity.acting import CompanyRequest, for_company
from identity.states import Role
from kernel.errors import Refused
from kernel.refusals import about
from kernel.templatetags.look import price, quantity
from tariffs.rules import units

#: listings that one bulk act takes
MOST_AT_ONCE = 100

TONES = {
    ProductState.PUBLISHED: "success",
    ProductState.PAUSED: "warning",
    ProductState.DRAFT: "",
    ProductState.ENDED: "danger",
}
ICONS = {
    ProductState.PUBLISHED: "circle-check",
    ProductState.PAUSED: "clock",
    ProductState.DRAFT: "circle",
    ProductState.ENDED: "circle-x",
}


@require_safe
@for_company(Role.SELLER)
def table(request: CompanyRequest) -> HttpResponse:
    form = TableForm(request.GET)
    wanted = form.wanted()
    page = listings(actor=request.actor, wanted=wanted)
    language = translation.get_language() or "en"
    counts = counts_by_state(actor=request.actor)
    shown = {
        "form": form,
        "wanted": wanted,
        "rows": [_row(product, language) for product in page.rows],
        "next_url": _beside(request, "after", page.next),
        "previous_url": _beside(request, "before", page.previous),
        "tabs": _tabs(counts),
        "any": sum(counts.values()) > 0,
        "families": _families(language),
        "filtered": bool(wanted.q or wanted.category or wanted.stock),
        "held": held_publishing(request.actor),
    }
    return render(request, "catalog/selling/table.html", shown)


@require_POST
@for_company(Role.SELLER)
def act_on_many(request: CompanyRequest) -> HttpResponse:
    """Publish or pause the picked listings, each by its own verb; says which refused and why."""
    verb = {"publish": services.publish, "pause": services.pause}.get(request.POST.get("act", ""))
    done = 0
    for public_id in request.POST.getlist("listing")[:MOST_AT_ONCE]:
        product = Product.objects.of_actor(request.actor).with_public_id(public_id).first()
        if verb is None or product is None:
            continue
        try:
            verb(actor=request.actor, product=product, now=timezone.now())
            done += 1
        except Refused as refused:
            messages.error(request, about(product.sku, words_of_refusal(refused)))
    if done and request.POST.get("act") == "publish":
        messages.success(request, _("Published: %(count)d") % {"count": done})
    elif done:
        messages.success(request, _("Paused: %(count)d") % {"count": done})
    return redirect("listings", company=request.actor.company.slug)


@require_safe
@for_company(Role.SELLER)
def export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """The listings that the table shows, as a file that an import reads back."""
    return exporting.listings_file(request.actor, TableForm(request.GET).wanted(), form)


def words_of_refusal(refused: Refused) -> str:
    """A refusal with each of its lines, for a message above a page."""
    lines = [str(line["message"]) for line in refused.lines]
    return " ".join([str(refused), *lines])


def _row(product: Any, language: str) -> dict[str, Any]:
    prices = [tier for tier in product.tiers.all() if tier.currency == "SGD"] or list(product.tiers.all())
    lowest = min(prices, key=lambda tier: tier.unit_price, default=None)
    picture = next(iter(product.first_pictures), None)
    return {
        "id": product.public_id,
        "sku": product.sku,
        "name": product.name_in(language),
        "other": product.name_en if language.startswith("zh") else product.name_zh,
        "category": product.category.name_in(language),
        "state": product.get_state_display(),
        "tone": TONES[ProductState(product.state)],
        "icon": ICONS[ProductState(product.state)],
        "picture": picture.thumbnail.url if picture else "",
        "price": price(lowest.unit_price, lowest.currency) if lowest else "–",
        "available": quantity(product.available),
        "empty": product.available == 0,
        "moq": plain(product.moq),
        "unit": units.counted_unit(product.unit, product.moq, language),
        "changed_at": product.updated_at,
    }


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    words = [("", _("All"), counts["all"])]
    return [*words, *((state.value, str(state.label), counts[state.value]) for state in ProductState)]


def _families(language: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (
            family.code,
            family.name_in(language),
            [(category.code, category.name_in(language)) for category in family.children],
        )
        for family in category_tree().families
    ]


def _beside(request: CompanyRequest, side: str, cursor: str) -> str:
    if not cursor:
        return ""
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[side] = cursor
    return f"?{query.urlencode()}"
