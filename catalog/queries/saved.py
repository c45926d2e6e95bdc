"""What the acting company has kept: products with their price and stock of now, sellers, searches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from catalog.models import Favourite, SavedSearch
from identity.actors import CompanyActor
from kernel.prepared import fetch_prepared
from kernel.sealing import NotSealed, seal, unseal
from kernel.sheets import MOST_CSV

PAGE = 25


class KeptProduct(NamedTuple):
    """A kept product with what the shelf says of it now; None where it does not lie there."""

    key: int
    saved_at: datetime
    by_name: str
    by_email: str
    uid: UUID
    sku: str
    name_en: str
    name_zh: str
    state: str
    unit: str
    seller_slug: str
    seller_legal: str
    seller_en: str
    seller_zh: str
    seller_state: str
    available: Decimal | None
    from_sgd: Decimal | None
    to_sgd: Decimal | None
    from_cny: Decimal | None
    to_cny: Decimal | None
    from_usd: Decimal | None
    to_usd: Decimal | None


#: below a key, the latest first
_PRODUCTS = """
SELECT kept.id, kept.saved_at, person.name, person.email,
    product.uid, product.sku, product.name_en, product.name_zh, product.state, product.unit,
    seller.slug, seller.legal_name, seller.name_en, seller.name_zh, seller.state, stock.available,
    shelf.from_sgd, shelf.to_sgd, shelf.from_cny, shelf.to_cny, shelf.from_usd, shelf.to_usd
FROM catalog_favourite AS kept
JOIN identity_user AS person ON person.id = kept.saved_by_id
JOIN catalog_product AS product ON product.id = kept.product_id
JOIN identity_company AS seller ON seller.id = product.company_id
LEFT JOIN catalog_stock AS stock ON stock.product_id = product.id
LEFT JOIN catalog_shelfrow AS shelf ON shelf.product_id = product.id
WHERE kept.company_id = %s AND kept.seller_id IS NULL AND kept.id < %s
ORDER BY kept.id DESC LIMIT %s
"""
#: above every key, and more than anybody may keep
_ALL = 2**63 - 1


@dataclass(frozen=True)
class SavedPage:
    rows: list[Any]
    #: `after` of the next page, empty on the last
    after: str


def saved_products(actor: CompanyActor, *, after: str = "") -> SavedPage:
    """Kept products (`KeptProduct`), the latest first. One statement."""
    rows = _kept_products(actor, _place(after) or _ALL, PAGE + 1)
    return SavedPage(rows[:PAGE], seal("saved", rows[PAGE - 1].key) if len(rows) > PAGE else "")


def saved_sellers(actor: CompanyActor, *, after: str = "") -> SavedPage:
    """Kept sellers, the latest first. One statement."""
    return _page(all_saved_sellers(actor), after)


def all_saved_products(actor: CompanyActor) -> list[KeptProduct]:
    """The same without pages, for a file: there are some hundreds at most."""
    return _kept_products(actor, _ALL, MOST_CSV)


def _kept_products(actor: CompanyActor, below: int, most: int) -> list[KeptProduct]:
    """What the acting company keeps: `Favourite.objects.visible_to` in other words."""
    return [KeptProduct(*row) for row in fetch_prepared(_PRODUCTS, [actor.company_id, below, most])]


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
    if (last := _place(after)) is not None:
        kept = kept.filter(pk__lt=last)
    rows = list(kept[: PAGE + 1])
    return SavedPage(rows[:PAGE], seal("saved", rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def _place(after: str) -> int | None:
    """The key of the last one shown; None for the first page, and for what is no cursor."""
    try:
        (last,) = unseal("saved", after, count=1)
    except NotSealed:
        return None
    return last
