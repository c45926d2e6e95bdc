"""What the acting company has kept: products with their price and stock of now, sellers, searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from catalog.models import Favourite, SavedSearch
from identity.actors import CompanyActor
from kernel.sealing import NotSealed, seal, unseal

PAGE = 25


@dataclass(frozen=True)
class SavedPage:
    rows: list[Favourite]
    #: `after` of the next page, empty on the last
    after: str


def saved_products(actor: CompanyActor, *, after: str = "") -> SavedPage:
    """Kept products, the latest first, with what the shelf says of them now. One statement."""
    return _page(all_saved_products(actor), after)


def saved_sellers(actor: CompanyActor, *, after: str = "") -> SavedPage:
    """Kept sellers, the latest first. One statement."""
    return _page(all_saved_sellers(actor), after)


def all_saved_products(actor: CompanyActor) -> QuerySet[Favourite]:
    """The same without pages, for a file: there are some hundreds at most."""
    related = ("product__company", "product__stock", "product__shelf_row", "saved_by")
    kept = Favourite.objects.visible_to(actor).filter(seller=None).select_related(*related)
    return kept.defer("product__shelf_row__tokens", "product__attributes").order_by("-pk")


def all_saved_sellers(actor: CompanyActor) -> QuerySet[Favourite]:
    kept = Favourite.objects.visible_to(actor).filter(product=None).select_related("seller", "saved_by")
    return kept.order_by("-pk")


def saved_searches(actor: CompanyActor) -> list[SavedSearch]:
    """Every saved search by name: there are fifty at most. One statement."""
    return list(SavedSearch.objects.visible_to(actor).select_related("saved_by").order_by("name"))


def keeps_product(actor: CompanyActor, uid: Any) -> bool:
    return Favourite.objects.visible_to(actor).filter(product__uid=uid).exists()


def keeps_seller(actor: CompanyActor, seller_id: int) -> bool:
    return Favourite.objects.visible_to(actor).filter(seller_id=seller_id).exists()


def _page(kept: QuerySet[Favourite], after: str) -> SavedPage:
    try:
        (last,) = unseal("saved", after, count=1)
    except NotSealed:
        pass
    else:
        kept = kept.filter(pk__lt=last)
    rows = list(kept[: PAGE + 1])
    return SavedPage(rows[:PAGE], seal("saved", rows[PAGE - 1].pk) if len(rows) > PAGE else "")
