"""Listings: create, edit, publish, pause, end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.events import ProductChanged, ProductCreated, ProductEnded, ProductPaused, ProductPublished
from catalog.models import Category, CategoryAttribute, Pack, Product, Stock, Tier
from catalog.queries.drafts import SHARED_FIELDS, draft_of
from catalog.rules.completeness import gaps_of, problems_of, with_types
from catalog.rules.drafts import ProductDraft, text_status, tidy
from catalog.services.shelving import shelve
from catalog.states import PRODUCT_MOVES, ProductState
from identity.actors import Actor, CompanyActor, require
from identity.services import check_not_held
from identity.states import Role, ScreenedAct
from kernel.errors import Conflict, NotFound, Refused
from kernel.events import BusinessEvent
from kernel.services import record
from kernel.states import check_move
from tariffs.rules import units


class ListingRefused(Refused):
    """A draft with things to mend; `problems` holds a refusal per thing, each with its field."""

    code = "listing.refused"
    message = _("Some things need mending before this listing can be saved.")

    def __init__(self, problems: Iterable[Refused]) -> None:
        self.problems = list(problems)
        super().__init__(
            lines=[
                {"field": problem.field, "code": problem.code, "message": str(problem)}
                for problem in self.problems
            ]
        )


class NotPublishable(ListingRefused):
    code = "listing.not_publishable"
    message = _("Some things are missing before this listing can be published.")


class SkuTaken(Refused):
    code = "listing.sku_taken"
    message = _("You have another listing with this SKU.")
    field = "sku"


class CategoryUnknown(Refused):
    code = "listing.category_unknown"
    message = _("Choose a category inside one of the five families.")
    field = "category"


class ListingEnded(Conflict):
    code = "listing.ended"
    message = _("This listing has ended and can no longer be changed. Copy it to sell the product again.")


class ListingChanged(Conflict):
    code = "listing.changed"
    message = _("Somebody else has changed this listing since you opened it. What you wrote is still here.")


@transaction.atomic
def create_product(*, actor: Actor, draft: ProductDraft, now: datetime, published: bool = False) -> Product:
    """A new listing; buyers see it only where it is `published` at once.

    Raises `ListingRefused` with everything to mend, `NotPublishable`, `SkuTaken`, `Forbidden`.
    """
    seller = require(actor, Role.SELLER)
    if published:
        check_not_held(act=ScreenedAct.PUBLISH, company_id=seller.company_id, now=now)
    return keep_new(actor=seller, draft=draft, now=now, published=published)


@transaction.atomic
def edit_product(
    *, actor: Actor, product: Product, draft: ProductDraft, now: datetime, version: int | None = None
) -> Product:
    """The listing as `draft` has it; nothing is written when it is so already.

    `version` is the one that the editor saw: `ListingChanged` when another edit came between. A published listing must
    stay complete (`NotPublishable`). Raises as `create_product` does, and `ListingEnded`.
    """
    product = _lock(actor, product)
    if version is not None and version != product.version:
        raise ListingChanged
    return keep_edited(actor=actor, product=product, draft=draft, now=now)


@transaction.atomic
def publish(*, actor: Actor, product: Product, now: datetime) -> Product:
    """Buyers may see and order it. Raises `NotPublishable` with everything that is missing."""
    product = _lock(actor, product)
    check_not_held(act=ScreenedAct.PUBLISH, company_id=product.company_id, now=now)
    check_move(PRODUCT_MOVES, product.state, ProductState.PUBLISHED)
    _refuse_gaps(draft_of(product), attributes_of(product.category))
    product.published_at = product.published_at or now
    _move(product, ProductState.PUBLISHED, now)
    _record(ProductPublished(product_id=product.pk), product, actor, now)
    return product


@transaction.atomic
def pause(*, actor: Actor, product: Product, now: datetime) -> Product:
    """Out of sight until published again; orders already placed go on."""
    product = _lock(actor, product)
    check_move(PRODUCT_MOVES, product.state, ProductState.PAUSED)
    _move(product, ProductState.PAUSED, now)
    _record(ProductPaused(product_id=product.pk), product, actor, now)
    return product


@transaction.atomic
def end(*, actor: Actor, product: Product, now: datetime) -> Product:
    """Never sold again. The row stays, since orders name it."""
    product = _lock(actor, product)
    check_move(PRODUCT_MOVES, product.state, ProductState.ENDED)
    _move(product, ProductState.ENDED, now)
    _record(ProductEnded(product_id=product.pk), product, actor, now)
    return product


def keep_new(
    *,
    actor: CompanyActor,
    draft: ProductDraft,
    now: datetime,
    published: bool,
    categories: Categories | None = None,
) -> Product:
    """The inside of `create_product`, for callers that have a transaction and perhaps the categories already."""
    draft, category, attributes = _accept(draft, categories or Categories())
    if published:
        _refuse_gaps(draft, attributes)
    product = Product(
        company_id=actor.company_id,
        category=category,
        state=ProductState.PUBLISHED if published else ProductState.DRAFT,
        created_at=now,
        updated_at=now,
        published_at=now if published else None,
        **_columns(draft),
    )
    _save(product, force_insert=True)
    Stock.objects.create(product=product, available=0)
    _write_rows(product, draft)
    _record(ProductCreated(product_id=product.pk), product, actor, now)
    if published:
        shelve(product.pk, now)
        _record(ProductPublished(product_id=product.pk), product, actor, now)
    return product


def keep_edited(
    *,
    actor: Actor,
    product: Product,
    draft: ProductDraft,
    now: datetime,
    categories: Categories | None = None,
) -> Product:
    """The inside of `edit_product`: `product` is the acting company's and locked by the caller."""
    if product.state == ProductState.ENDED:
        raise ListingEnded
    before = draft_of(product)
    draft, category, attributes = _accept(draft, categories or Categories(), before)
    if draft == before:
        return product
    if product.state == ProductState.PUBLISHED:
        _refuse_gaps(draft, attributes)
    for name, value in _columns(draft).items():
        setattr(product, name, value)
    product.category = category
    product.version += 1
    product.updated_at = now
    _save(product)
    _write_rows(product, draft, before)
    shelve(product.pk, now)
    _record(ProductChanged(product_id=product.pk, version=product.version), product, actor, now)
    return product


def _lock(actor: Actor, product: Product) -> Product:
    require(actor, Role.SELLER)
    mine = Product.objects.of_actor(actor).select_related("category").locked()
    locked = mine.filter(pk=product.pk).first()
    if locked is None:
        raise NotFound
    return locked


def _accept(
    draft: ProductDraft, categories: Categories, before: ProductDraft | None = None
) -> tuple[ProductDraft, Category, list[CategoryAttribute]]:
    """The tidied draft with its text statuses settled, its category and that one's attributes; refused when wrong."""
    draft = _settle_statuses(tidy(draft), before)
    category = categories.get(draft.category)
    attributes = categories.attributes(category)
    draft = with_types(draft, attributes)
    problems = problems_of(draft, attributes)
    if category is None:
        raise ListingRefused([CategoryUnknown(), *(p for p in problems if p.field != "attributes")])
    if problems:
        raise ListingRefused(problems)
    return draft, category, attributes


class Categories:
    """Categories by code with their attributes, each read once: for one verb, or for many in a row."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Category | None, list[CategoryAttribute]]] = {}

    def get(self, code: str) -> Category | None:
        return self._read(code)[0]

    def attributes(self, category: Category | None) -> list[CategoryAttribute]:
        return self._read(category.code)[1] if category else []

    def _read(self, code: str) -> tuple[Category | None, list[CategoryAttribute]]:
        if code not in self._known:
            category = Category.objects.filter(code=code, parent__isnull=False).first()
            self._known[code] = (category, attributes_of(category) if category else [])
        return self._known[code]


def attributes_of(category: Category) -> list[CategoryAttribute]:
    return list(category.attributes.all())


def _settle_statuses(draft: ProductDraft, before: ProductDraft | None) -> ProductDraft:
    """An unsaid status stays while the text stays; otherwise it follows from the text."""
    settled = {}
    for language in ("en", "zh"):
        said = getattr(draft, f"status_{language}")
        text = (getattr(draft, f"name_{language}"), getattr(draft, f"description_{language}"))
        if said and any(text):
            settled[f"status_{language}"] = said
        elif before and text == (
            getattr(before, f"name_{language}"),
            getattr(before, f"description_{language}"),
        ):
            settled[f"status_{language}"] = getattr(before, f"status_{language}")
        else:
            settled[f"status_{language}"] = text_status(*text)
    return dataclasses.replace(draft, **settled)


def _refuse_gaps(draft: ProductDraft, attributes: list[CategoryAttribute]) -> None:
    if gaps := gaps_of(draft, attributes):
        raise NotPublishable(gaps)


def _record(event: BusinessEvent, product: Product, actor: Actor, now: datetime) -> None:
    record(event, actor=actor, now=now, subject=product, audience=[product.company_id])


def _columns(draft: ProductDraft) -> dict[str, Any]:
    return {
        **{name: getattr(draft, name) for name in SHARED_FIELDS},
        "step": units.step_of(draft.unit),
        "ghs": list(draft.ghs),
        "standards": list(draft.standards),
        "attributes": dict(draft.attributes),
    }


def _save(product: Product, *, force_insert: bool = False) -> None:
    try:
        product.save(force_insert=force_insert)
    except IntegrityError as error:
        if "product_sku_once_per_seller" in str(error):
            raise SkuTaken from error
        raise


def _write_rows(product: Product, draft: ProductDraft, before: ProductDraft | None = None) -> None:
    """Packs and tiers, written anew where they differ."""
    if before is None or before.packs != draft.packs:
        if before:
            product.packs.all().delete()
        Pack.objects.bulk_create(Pack(product=product, **dataclasses.asdict(pack)) for pack in draft.packs)
    if before is None or before.tiers != draft.tiers:
        if before:
            product.tiers.all().delete()
        Tier.objects.bulk_create(Tier(product=product, **dataclasses.asdict(tier)) for tier in draft.tiers)


def _move(product: Product, state: ProductState, now: datetime) -> None:
    product.state = state
    product.updated_at = now
    product.version += 1
    product.save(update_fields=["state", "updated_at", "published_at", "version"])
    shelve(product.pk, now)
