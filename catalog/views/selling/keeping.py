"""One listing in its seller's hands: what is missing, its state, stock, pictures and data sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import services
from catalog.forms.small import CountForm, PicturesForm, SheetForm
from catalog.models import Product
from catalog.queries.drafts import draft_of
from catalog.queries.listings import PAGE, listing, movements, place_of
from catalog.rules.columns import NotANumber, read_decimal
from catalog.rules.completeness import gaps_of
from catalog.rules.pricing import tier_table
from catalog.services.media import MOST_PICTURES
from catalog.states import MovementKind, ProductState
from catalog.views.selling.held import held_publishing
from catalog.views.selling.table import ICONS, TONES, words_of_refusal
from identity.acting import CompanyRequest, for_company
from identity.states import Role
from kernel.errors import NotFound, Refused
from kernel.money import CURRENCIES
from kernel.refusals import about, add_to_form
from kernel.templatetags.look import price, quantity
from tariffs.rules import units

READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


#: from which a listing may be put on sale
PUBLISHABLE = (ProductState.DRAFT, ProductState.PAUSED)


@require_safe
@for_company(Role.SELLER)
def overview(request: CompanyRequest, product: str) -> HttpResponse:
    stored = listing(actor=request.actor, public_id=product)
    draft = draft_of(stored)
    attributes = list(stored.category.attributes.all())
    language = translation.get_language() or "en"
    may_be = stored.state in PUBLISHABLE
    shown = {
        **_head(request, stored),
        "held": held_publishing(request.actor) if may_be else None,
        "gaps": [str(gap) for gap in gaps_of(draft, attributes)],
        "tiers": [
            (currency, rows) for currency in CURRENCIES if (rows := _tier_rows(stored, currency, language))
        ],
        "unit": units.counted_unit(stored.unit, stored.stock.available, language),
        "pictures": stored.images.all(),
        "sheets": stored.sheets.all(),
        "available": quantity(stored.stock.available),
        "preview_url": reverse("product", kwargs={"product": stored.public_id}),
    }
    return render(request, "catalog/selling/overview.html", shown)


@require_POST
@for_company(Role.SELLER)
def publish(request: CompanyRequest, product: str) -> HttpResponse:
    return _move(request, product, services.publish, _("Published: buyers can find and order it."))


@require_POST
@for_company(Role.SELLER)
def pause(request: CompanyRequest, product: str) -> HttpResponse:
    return _move(request, product, services.pause, _("Paused: buyers no longer see it."))


@require_POST
@for_company(Role.SELLER)
def end(request: CompanyRequest, product: str) -> HttpResponse:
    return _move(request, product, services.end, _("Ended. It stays in orders that name it."))


@READ_OR_SEND
@for_company(Role.SELLER)
def stock(request: CompanyRequest, product: str) -> HttpResponse:
    """Count, and see why stock changed."""
    stored = listing(actor=request.actor, public_id=product)
    form = CountForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _count(request, stored, form):
        return redirect(request.get_full_path())
    language = translation.get_language() or "en"
    rows = movements(
        actor=request.actor,
        product=stored,
        before=request.GET.get("before", ""),
    )
    shown = {
        **_head(request, stored),
        "form": form,
        "available": quantity(stored.stock.available),
        "unit": units.counted_unit(stored.unit, stored.stock.available, language),
        "movements": [_movement(row) for row in rows[:PAGE]],
        "next_url": f"?before={place_of(rows[PAGE - 1])}" if len(rows) > PAGE else "",
    }
    return render(request, "catalog/selling/stock.html", shown, status=422 if form.errors else 200)


@READ_OR_SEND
@for_company(Role.SELLER)
def pictures(request: CompanyRequest, product: str) -> HttpResponse:
    stored = listing(actor=request.actor, public_id=product)
    form = PicturesForm(*_sent(request))
    if form.is_valid() and _add_pictures(request, stored, form):
        return redirect(request.get_full_path())
    shown = {**_head(request, stored), "form": form, "pictures": stored.images.all(), "most": MOST_PICTURES}
    return render(request, "catalog/selling/pictures.html", shown, status=422 if form.errors else 200)


@require_POST
@for_company(Role.SELLER)
def picture_act(request: CompanyRequest, product: str, picture: str) -> HttpResponse:
    """Make a picture the main one, or remove it."""
    stored = listing(actor=request.actor, public_id=product)
    image = stored.images.all().fetch(picture)  # type: ignore[attr-defined]
    if request.POST.get("act") == "first":
        services.show_first(actor=request.actor, image=image, now=timezone.now())
    elif request.POST.get("act") == "remove":
        services.remove_image(actor=request.actor, image=image, now=timezone.now())
    return redirect("listing_pictures", company=request.actor.company.slug, product=stored.public_id)


@READ_OR_SEND
@for_company(Role.SELLER)
def sheets(request: CompanyRequest, product: str) -> HttpResponse:
    stored = listing(actor=request.actor, public_id=product)
    form = SheetForm(*_sent(request))
    if form.is_valid():
        try:
            services.add_sheet(
                actor=request.actor,
                product=stored,
                file=form.cleaned_data["file"],
                details=form.details(),
                now=timezone.now(),
            )
            return redirect(request.get_full_path())
        except Refused as refused:
            add_to_form(form, refused)
    today = timezone.localdate()
    shown = {
        **_head(request, stored),
        "form": form,
        "sheets": stored.sheets.order_by("kind", "id"),
        "today": today,
    }
    return render(request, "catalog/selling/sheets.html", shown, status=422 if form.errors else 200)


@require_POST
@for_company(Role.SELLER)
def sheet_remove(request: CompanyRequest, product: str, sheet: str) -> HttpResponse:
    stored = listing(actor=request.actor, public_id=product)
    found = stored.sheets.all().fetch(sheet)  # type: ignore[attr-defined]
    services.remove_sheet(actor=request.actor, sheet=found, now=timezone.now())
    return redirect("listing_sheets", company=request.actor.company.slug, product=stored.public_id)


def _head(request: CompanyRequest, product: Product) -> dict[str, Any]:
    """What every page of a listing shows on top."""
    state = ProductState(product.state)
    company = request.actor.company.slug
    return {
        "product": product,
        "tone": TONES[state],
        "state_icon": ICONS[state],
        "ended": state == ProductState.ENDED,
        "trail": [(_("Listings"), reverse("listings", kwargs={"company": company}))],
        "tabs": [
            (words, reverse(name, kwargs={"company": company, "product": product.public_id}), name)
            for name, words in (
                ("listing", _("Overview")),
                ("listing_stock", _("Stock")),
                ("listing_pictures", _("Pictures")),
                ("listing_sheets", _("Data sheets")),
            )
        ],
        "here": request.resolver_match.url_name if request.resolver_match else "",
    }


def _move(request: CompanyRequest, product: str, verb: Callable[..., Product], done: str) -> HttpResponse:
    stored = listing(actor=request.actor, public_id=product)
    try:
        verb(actor=request.actor, product=stored, now=timezone.now())
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, words_of_refusal(refused))
    return redirect("listing", company=request.actor.company.slug, product=stored.public_id)


def _count(request: CompanyRequest, product: Product, form: CountForm) -> bool:
    try:
        services.count_stock(
            actor=request.actor,
            product=product,
            counted=read_decimal(form.cleaned_data["counted"]),
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
    except NotANumber as refused:
        form.add_error("counted", str(refused))
        return False
    except Refused as refused:
        add_to_form(form, refused)
        return False
    messages.success(request, _("The count is saved."))
    return True


def _add_pictures(request: CompanyRequest, product: Product, form: PicturesForm) -> bool:
    """Each picture on its own: one that is refused does not cost the others."""
    refused_names = 0
    with services.Encoder() as encoder:
        for file in form.cleaned_data["file"][:MOST_PICTURES]:
            try:
                services.add_image(
                    actor=request.actor, product=product, file=file, now=timezone.now(), encoder=encoder
                )
            except NotFound:
                raise
            except Refused as refused:
                refused_names += 1
                form.add_error("file", about(file.name, refused))
    return refused_names == 0


def _tier_rows(product: Product, currency: str, language: str) -> list[tuple[str, str]]:
    tiers = [tier for tier in product.tiers.all() if tier.currency == currency]
    return [
        (
            f"{quantity(row.first)} {units.counted_unit(product.unit, row.first, language)}",
            price(row.unit_price, currency),
        )
        for row in tier_table(tiers, moq=product.moq, step=product.step)
    ]


def _movement(row: Any) -> dict[str, Any]:
    return {
        "at": row.at,
        "kind": MovementKind(row.kind).label,
        "quantity": f"{'+' if row.quantity > 0 else '−'}{quantity(abs(row.quantity))}",
        "note": row.note,
    }


def _sent(request: CompanyRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
