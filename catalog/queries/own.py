"""A seller's own listings by what somebody types into the search of a workspace."""

from __future__ import annotations

from typing import Any

from catalog.models import Product, ShelfRow
from catalog.rules.tokens import wish_of
from catalog.states import ProductState
from identity.actors import CompanyActor


def own_listings_named(actor: CompanyActor, words: str, *, most: int) -> list[Product]:
    """Listings by the beginning of their SKU, by words as buyers find them, or, while not on sale, by part of a name.

    One statement, which reads the shelf's index for what is on sale.
    """
    mine = Product.objects.of_actor(actor).exclude(state=ProductState.ENDED)
    unseen = mine.exclude(state=ProductState.PUBLISHED)
    parts: list[Any] = [
        mine.filter(sku__istartswith=words).order_by().values("pk")[:most],
        unseen.filter(name_en__icontains=words).order_by().values("pk")[:most],
        unseen.filter(name_zh__icontains=words).order_by().values("pk")[:most],
    ]
    if wish := wish_of(words):
        shelf = ShelfRow.objects.filter(company_id=actor.company_id)
        shelf = shelf.extra(where=["tokens @@ %s::tsquery"], params=[wish.anywhere])  # noqa: S610
        parts.append(shelf.order_by().values("pk")[:most])
    found = Product.objects.filter(pk__in=parts[0].union(*parts[1:], all=True))
    return list(found.defer("attributes", "description_en", "description_zh").order_by("sku")[:most])
