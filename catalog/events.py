"""What happens in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class ProductPublished(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class ProductPaused(BusinessEvent):
    product_id: int


@dataclass(frozen=True, kw_only=True)
class ProductChanged(BusinessEvent):
    """A published listing was edited: who follows it should look again."""

    product_id: int
    version: int


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
