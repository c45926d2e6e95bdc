"""Everything a product's public page shows, in one statement.

Seven reads through the ORM would cost more than the page itself; here PostgreSQL gathers the rows of other tables as
JSON beside the one row of the product.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from catalog.models import CategoryAttribute, Product
from catalog.queries.memo import for_a_minute
from catalog.states import ProductState
from identity.states import CompanyState
from kernel.errors import NotFound
from kernel.ids import MalformedId, parse_public_id


class PageTier(NamedTuple):
    currency: str
    min_quantity: Decimal
    unit_price: Decimal


class PagePack(NamedTuple):
    code: str
    contains: Decimal
    length_mm: int
    width_mm: int
    height_mm: int
    gross_kg: Decimal


class PageImage(NamedTuple):
    file: str
    thumbnail: str
    width: int
    height: int


class PageSheet(NamedTuple):
    uid: str
    kind: str
    title: str
    language: str
    file: str
    expires_on: str | None


class PageClaim(NamedTuple):
    kind: str
    source: str
    scope: str
    checked_on: str
    expires_on: str | None


@dataclass(frozen=True)
class ProductPage:
    """One product with its seller. `product` holds the columns of its row by name."""

    uid: UUID
    product: dict[str, Any]
    seller: dict[str, Any]
    #: None where stock was never counted
    available: Decimal | None
    tiers: list[PageTier]
    packs: list[PagePack]
    images: list[PageImage]
    sheets: list[PageSheet]
    claims: list[PageClaim]

    @property
    def on_sale(self) -> bool:
        return bool(
            self.product["state"] == ProductState.PUBLISHED and self.seller["state"] == CompanyState.ACTIVE
        )


_COLUMNS = [
    "uid",
    "company_id",
    "sku",
    "category_id",
    "state",
    "name_en",
    "name_zh",
    "description_en",
    "description_zh",
    "unspsc",
    "hs6",
    "hs_sg8",
    "hs_cn10",
    "brand",
    "mpn",
    "gtin",
    "unit",
    "step",
    "moq",
    "multiple",
    "net_kg",
    "lead_time_days",
    "origin",
    "cas",
    "un_number",
    "ghs",
    "standards",
    "hsa_class",
]
_SELLER = [
    "slug",
    "state",
    "legal_name",
    "name_en",
    "name_zh",
    "city",
    "country",
    "registration_kind",
    "registration_number",
    "registration_checked_on",
    "registration_check_expires_on",
]


def _gathered(columns: str, table: str, condition: str, order: str) -> str:
    return f"(SELECT json_agg(json_build_array({columns}) ORDER BY {order})::text FROM {table} WHERE {condition})"


_PAGE = f"""
SELECT product.id, {", ".join(f"product.{name}" for name in _COLUMNS)}, product.attributes::text,
       {", ".join(f"seller.{name}" for name in _SELLER)},
       (SELECT available FROM catalog_stock WHERE product_id = product.id),
       {_gathered("currency, min_quantity::text, unit_price::text", "catalog_tier", "product_id = product.id", "min_quantity")},
       {_gathered("code, contains::text, length_mm, width_mm, height_mm, gross_kg::text", "catalog_pack", "product_id = product.id", "contains")},
       {_gathered("file, thumbnail, width, height", "catalog_image", "product_id = product.id", "position, id")},
       {_gathered("uid, kind, title, language, file, expires_on", "catalog_datasheet", "product_id = product.id", "id")},
       {_gathered("kind, source, scope, checked_on, expires_on", "identity_claim", "company_id = seller.id AND state = 'verified'", "id")}
FROM catalog_product AS product JOIN identity_company AS seller ON seller.id = product.company_id
WHERE product.uid = %s AND (product.state = 'published' AND seller.state = 'active' OR product.company_id = %s)
"""


def product_page(public_id: str, *, company_id: int | None) -> ProductPage:
    """The product of this public id, if it is on sale or `company_id` sells it; `NotFound` otherwise. One statement."""
    try:
        uid = parse_public_id(Product.PREFIX, public_id)
    except MalformedId as error:
        raise NotFound from error
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, [uid, company_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    at = len(_COLUMNS) + 1
    product = {"pk": row[0], **dict(zip(_COLUMNS, row[1:at], strict=True)), "attributes": json.loads(row[at])}
    seller = dict(zip(_SELLER, row[at + 1 : at + 1 + len(_SELLER)], strict=True))
    available, tiers, packs, images, sheets, claims = row[at + 1 + len(_SELLER) :]
    return ProductPage(
        uid=uid,
        product=product,
        seller=seller,
        available=available,
        tiers=[PageTier(code, Decimal(least), Decimal(price)) for code, least, price in _rows(tiers)],
        packs=[
            PagePack(code, Decimal(contains), length, width, height, Decimal(kg))
            for code, contains, length, width, height, kg in _rows(packs)
        ],
        images=[PageImage(*image) for image in _rows(images)],
        sheets=[PageSheet(*sheet) for sheet in _rows(sheets)],
        claims=[PageClaim(*claim) for claim in _rows(claims)],
    )


def _rows(text: str | None) -> list[Any]:
    return json.loads(text) if text else []


@for_a_minute
def attributes_by_category() -> dict[int, list[CategoryAttribute]]:
    """What products of each category state. One statement, remembered for a minute."""
    found: dict[int, list[CategoryAttribute]] = {}
    for attribute in CategoryAttribute.objects.all():
        found.setdefault(attribute.category_id, []).append(attribute)
    return found


def on(text: str | None) -> date | None:
    """A date as JSON carries it."""
    return date.fromisoformat(text) if text else None
