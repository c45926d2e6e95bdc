"""What happens in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class ProductCreated(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class ProductPublished(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class ProductPaused(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class ProductChanged(BusinessEvent):
    """A listing was edited: who follows it should look again."""

    product_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class ProductEnded(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class PicturesChanged(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class DataSheetsChanged(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class StockCounted(BusinessEvent):
    """A seller's count changed what may be ordered, by `difference` base units."""

    product_id: int
    counted: Decimal
    difference: Decimal


@dataclass(frozen=True, kw_only=True)
class ImportReceived(BusinessEvent):
    import_job_id: int


@dataclass(frozen=True, kw_only=True)
class ImportPartRead(BusinessEvent):
    import_job_id: int
    part_id: int


@dataclass(frozen=True, kw_only=True)
class ImportFinished(BusinessEvent):
    import_job_id: int
