"""What a search finds: rows, and how many matches fall where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from catalog.rules.wanted import Position, Wanted


class FoundRow(NamedTuple):
    """One product in a list, with as much of its seller as lists show."""

    product_id: int
    uid: UUID
    name_en: str
    name_zh: str
    category_id: int
    low: Decimal | None
    high: Decimal | None
    #: currencies the seller set prices in; in any other the prices are converted from the first
    priced_in: list[str]
    moq: Decimal
    unit: str
    lead_time_days: int
    origin: str
    available: Decimal | None
    thumbnail: str
    standards: str
    published_at: datetime
    seller_slug: str
    seller_name_en: str
    seller_name_zh: str
    seller_legal_name: str
    seller_city: str
    registration_kind: str
    checked_on: date | None
    check_expires_on: date | None
    in_name: bool


class SellerCount(NamedTuple):
    slug: str
    name_en: str
    name_zh: str
    legal_name: str
    products: int


@dataclass
class Facets:
    """How many of the counted matches fall where; complete unless `bounded`, then each is a lower bound."""

    total: int = 0
    bounded: bool = False
    #: by category key, families included
    categories: dict[int, int] = field(default_factory=dict)
    sellers: list[SellerCount] = field(default_factory=list)
    origins: dict[str, int] = field(default_factory=dict)
    #: by band of `PRICE_BANDS`: 0 is below the first limit
    prices: dict[int, int] = field(default_factory=dict)
    #: minimum order at most: `MOQ_STEPS` → products
    moqs: dict[int, int] = field(default_factory=dict)
    in_stock: int = 0
    #: facets of which something is chosen and whose other choices were too many to count
    at_least: frozenset[str] = frozenset()


@dataclass
class Found:
    """A page of a search."""

    wanted: Wanted
    rows: list[FoundRow]
    facets: Facets
    previous: Position | None = None
    next: Position | None = None
