"""Writing a listing: new, copied, edited. What was written is never lost."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog import services
from catalog.forms.listing import ListingForm, initial_of
from catalog.models import Category, CategoryAttribute, Product
from catalog.queries import category_tree
from catalog.queries.drafts import draft_of
from catalog.queries.listings import listing
from catalog.services import ListingChanged, NotPublishable, ProductDraft
from catalog.views.selling.held import held_publishing
from identity.acting import CompanyRequest, for_company
from identity.states import Role
from kernel.errors import Refused
from tariffs.rules import hs

READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@READ_OR_SEND
@for_company(Role.SELLER)
def new(request: CompanyRequest) -> HttpResponse:
    """A blank listing, or a copy of one (`?copy=prd_…`)."""
    copied = _copied(request)
    initial = initial_of(copied) if copied else _blank(request)
    if request.method != "POST":
        return _show(request, _form(None, initial), None)
    form = _form(request.POST, initial)
    if "show" in request.POST:
        return _show(request, _unchecked(request.POST), None)
    draft = form.draft() if form.is_valid() else None
    if draft is not None:
        try:
            published = request.POST.get("then") == "publish"
            product = services.create_product(
                actor=request.actor, draft=draft, now=timezone.now(), published=published
            )
        except Refused as refused:
            form.show(refused)
            return _show(request, form, None, refused)
        messages.success(request, _("“%(name)s” is saved.") % {"name": product})
        return redirect("listing", company=request.actor.company.slug, product=product.public_id)
    return _show(request, form, None)


@READ_OR_SEND
@for_company(Role.SELLER)
def edit(request: CompanyRequest, product: str) -> HttpResponse:
    stored = listing(actor=request.actor, public_id=product)
    initial = initial_of(draft_of(stored), stored.version)
    if request.method != "POST":
        return _show(request, _form(None, initial), stored)
    form = _form(request.POST, initial)
    if "show" in request.POST:
        return _show(request, _unchecked(request.POST), stored)
    draft = form.draft() if form.is_valid() else None
    if draft is None:
        return _show(request, form, stored)
    try:
        services.edit_product(
            actor=request.actor,
            product=stored,
            draft=draft,
            now=timezone.now(),
            version=form.cleaned_data["version"],
        )
    except ListingChanged as refused:
        return _changed_meanwhile(request, stored, draft, refused)
    except Refused as refused:
        form.show(refused)
        return _show(request, form, stored, refused)
    messages.success(request, _("“%(name)s” is saved.") % {"name": stored})
    return redirect("listing", company=request.actor.company.slug, product=stored.public_id)


@require_safe
@for_company(Role.SELLER)
def attribute_fields(request: CompanyRequest) -> HttpResponse:
    """The attributes of the category chosen in the form, with what was written in them."""
    form = _unchecked(request.GET)
    return render(request, "catalog/selling/attributes.html", {"form": form})


@require_safe
@for_company(Role.SELLER)
def hs_found(request: CompanyRequest) -> HttpResponse:
    """Subheadings for what was written in the HS field, as options of its list."""
    return render(
        request, "catalog/selling/hs_found.html", {"found": hs.find(request.GET.get("hs6", "")[:60])}
    )


def _changed_meanwhile(
    request: CompanyRequest, stored: Product, draft: ProductDraft, refused: Refused
) -> HttpResponse:
    """What was written stays; the page names what differs from the listing as it is now, and saves over it next time."""
    data = request.POST.copy()
    data["version"] = str(stored.version)
    form = _form(data, {})
    form.is_valid()
    form.add_error(None, str(refused))
    return _show(request, form, stored, differs=_differences(form, draft, draft_of(stored)))


def _differences(form: ListingForm, mine: ProductDraft, theirs: ProductDraft) -> list[str]:
    names = [field.name for field in dataclasses.fields(ProductDraft)]
    return [
        str(form.fields[name].label)
        for name in names
        if name in form.fields and getattr(mine, name) != getattr(theirs, name)
    ]


def _form(data: QueryDict | None, initial: dict[str, Any]) -> ListingForm:
    code = data.get("category", "") if data is not None else initial.get("category", "")
    return ListingForm(
        data, initial=initial, categories=Category.objects.all(), attributes=_attributes_of(code)
    )


def _unchecked(data: QueryDict) -> ListingForm:
    """The form with what was written so far and no complaints: another category was chosen, or rows were added."""
    names = ListingForm.base_fields
    bound = _form(data, {})
    written = {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in bound.fields.items()
        if name not in names or not field.widget.value_omitted_from_data(data, {}, name)
    }
    return _form(None, written)


def _attributes_of(code: str) -> list[CategoryAttribute]:
    known = category_tree().by_code.get(code)
    return list(CategoryAttribute.objects.filter(category=known.pk)) if known else []


def _blank(request: CompanyRequest) -> dict[str, Any]:
    return {"origin": request.actor.company.country}


def _copied(request: CompanyRequest) -> ProductDraft | None:
    if not (public_id := request.GET.get("copy", "")):
        return None
    draft = draft_of(listing(actor=request.actor, public_id=public_id))
    return dataclasses.replace(draft, sku="", gtin="")


def _show(
    request: CompanyRequest,
    form: ListingForm,
    stored: Product | None,
    refused: Refused | None = None,
    *,
    differs: list[str] | None = None,
) -> HttpResponse:
    held = None
    if stored is None:  # the only form that publishes
        held = held_publishing(request.actor)
    shown = {
        "form": form,
        "product": stored,
        "held": held,
        "differs": differs,
        "not_publishable": isinstance(refused, NotPublishable),
        "hs_words": hs.describe_hs6(str(form["hs6"].value() or "")),
    }
    return render(request, "catalog/selling/form.html", shown, status=422 if form.errors else 200)
