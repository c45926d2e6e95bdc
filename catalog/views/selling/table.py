"""The table of listings: find, sort, publish and pause many, export."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog import services
from catalog.forms.small import TableForm
from catalog.models import Product
from catalog.queries import category_tree
from catalog.queries.categories import Place
from catalog.queries.listings import Beside, Page, counts_by_state, listing_lines
from catalog.rules.quantities import plain
from catalog.states import ProductState
from catalog.views.rows import image_address
from catalog.views.selling import exporting
from catalog.views.selling.held import held_publishing
from identity.acting import CompanyRequest, for_company
from identity.states import Role
from kernel.errors import Refused
from kernel.naming import is_chinese
from kernel.refusals import about
from kernel.templatetags.look import day, other_lang, price, quantity
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
    page, beside = listing_lines(actor=request.actor, wanted=wanted)
    language = translation.get_language() or "en"
    here = reverse("listings", args=[request.actor.company.slug])
    counts = counts_by_state(actor=request.actor)
    shown = {
        "form": form,
        "wanted": wanted,
        "rows": _rows(page, beside, here, language),
        "next_url": _beside(request, "after", page.next),
        "previous_url": _beside(request, "before", page.previous),
        "tabs": _tabs(counts),
        "any": sum(counts.values()) > 0,
        "categories": _categories(wanted.category, language),
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


class ListingRow(NamedTuple):
    sku: str
    #: the whole row of the table, ready: a page of them would cost a template more than all the rest
    html: SafeString


def _rows(page: Page, beside: dict[int, Beside], here: str, language: str) -> list[ListingRow]:
    say = _labels(language)
    return [
        ListingRow(product.sku, _row(product, beside[product.pk], here, language, say))
        for product in page.rows
    ]


class Labels(NamedTuple):
    """Of the cells, where the table is a list of cards."""

    sku: str
    state: str
    price: str
    moq: str
    stock: str
    changed: str


@cache
def _labels(language: str) -> Labels:
    """`language` is that of the thread and keeps the languages apart in memory."""
    words = (_("SKU"), _("State"), _("Price from"), _("Minimum order"), _("Stock"), _("Last changed"))
    return Labels(*map(escape, words))


def _row(product: Any, beside: Beside, here: str, language: str, say: Labels) -> SafeString:
    public_id, sku = product.public_id, escape(product.sku)
    lowest = price(beside.unit_price, beside.currency) if beside.unit_price is not None else "–"
    unit = units.counted_unit(product.unit, product.moq, language)
    none_left = product.available == 0
    stock = '<span class="no-stock">0</span>' if none_left else quantity(product.available)
    return SafeString(
        f'<tr><td><input type="checkbox" name="listing" value="{public_id}" aria-label="{sku}"></td>'
        f'<td class="picture-cell">{_picture(beside.thumbnail)}</td>'
        f'<td class="card-title"><a href="{here}{public_id}/">{escape(product.name_in(language))}</a>{_below(product)}</td>'
        f'<td class="mono" data-label="{say.sku}">{sku}</td>'
        f'<td data-label="{say.state}">{_state(product.state, language)}</td>'
        f'<td class="num" data-label="{say.price}">{escape(lowest)}</td>'
        f'<td class="num" data-label="{say.moq}">{escape(plain(product.moq))} {escape(unit)}</td>'
        f'<td class="num" data-label="{say.stock}">{stock}</td>'
        f'<td class="nowrap" data-label="{say.changed}">{day(product.updated_at)}</td></tr>'
    )


def _below(product: Any) -> str:
    """The name in the other language."""
    other = product.name_en if is_chinese() else product.name_zh
    return f'<span class="table-sub" lang="{other_lang()}">{escape(other)}</span>' if other else ""


def _picture(thumbnail: str) -> SafeString:
    if not thumbnail:
        return SafeString("")
    return SafeString(f'<img src="{image_address(thumbnail)}" alt="" width="40" height="40" loading="lazy">')


@cache
def _state(state: str, language: str) -> SafeString:
    """A state in words with its icon; `language` is that of the thread and keeps the languages apart in memory."""
    known = ProductState(state)
    looks = {"label": known.label, "tone": TONES[known], "icon_name": ICONS[known]}
    return render_to_string("components/status.html", looks)


def _tabs(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    words = [("", _("All"), counts["all"])]
    return [*words, *((state.value, str(state.label), counts[state.value]) for state in ProductState)]


def _categories(wanted: str, language: str) -> SafeString:
    """What one can choose, by family."""
    return SafeString(
        "".join(
            f'<optgroup label="{escape(family.name_in(language))}">'
            + "".join(_option(each, wanted, language) for each in (family, *family.children))
            + "</optgroup>"
            for family in category_tree().families
        )
    )


def _option(category: Place, wanted: str, language: str) -> str:
    chosen = " selected" if category.code == wanted else ""
    return f'<option value="{category.code}"{chosen}>{escape(category.name_in(language))}</option>'


def _beside(request: CompanyRequest, side: str, cursor: str) -> str:
    if not cursor:
        return ""
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[side] = cursor
    return f"?{query.urlencode()}"
