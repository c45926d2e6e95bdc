"""What the acting company has kept: products with their price and stock of now, sellers, searches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from catalog.models import Favourite, SavedSearch
from identity.actors import CompanyActor
from kernel.sealing import NotSealed, seal, unseal

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


_COMPANY = tuple(
    f"product__company__{name}" for name in ("slug", "legal_name", "name_en", "name_zh", "state")
)
_PRODUCT = (
    *("pk", "saved_at", "saved_by__name", "saved_by__email"),
    *(f"product__{name}" for name in ("uid", "sku", "name_en", "name_zh", "state", "unit")),
    *(*_COMPANY, "product__stock__available"),
    *(f"product__shelf_row__{end}_{code}" for code in ("sgd", "cny", "usd") for end in ("from", "to")),
)


@dataclass(frozen=True)
class SavedPage:
    rows: list[Any]
    #: `after` of the next page, empty on the last
    after: str


def saved_products(actor: CompanyActor, *, after: str = "") -> SavedPage:
    """Kept products (`KeptProduct`), the latest first. One statement."""
    page = _page(_kept_products(actor).values_list(*_PRODUCT), after)
    return SavedPage([KeptProduct(*row) for row in page.rows], page.after)


def saved_sellers(actor: CompanyActor, *, after: str = "") -> SavedPage:
    """Kept sellers, the latest first. One statement."""
    return _page(all_saved_sellers(actor), after)


def all_saved_products(actor: CompanyActor) -> Iterator[KeptProduct]:
    """The same without pages, for a file: there are some hundreds at most."""
    return (KeptProduct(*row) for row in _kept_products(actor).values_list(*_PRODUCT))


def _kept_products(actor: CompanyActor) -> QuerySet[Favourite]:
    return Favourite.objects.visible_to(actor).filter(seller=None).order_by("-pk")


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


def _page(kept: QuerySet[Any, Any], after: str) -> SavedPage:
    try:
        (last,) = unseal("saved", after, count=1)
    except NotSealed:
        pass
    else:
        kept = kept.filter(pk__lt=last)
    rows = list(kept[: PAGE + 1])
    return SavedPage(rows[:PAGE], seal("saved", _key(rows[PAGE - 1])) if len(rows) > PAGE else "")


def _key(row: Any) -> int:
    return int(row[0] if isinstance(row, tuple) else row.pk)
