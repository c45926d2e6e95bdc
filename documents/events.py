"""What happens to papers."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class PapersNumbered(BusinessEvent):
    """Numbers and data are fixed; rendering follows."""

    order_id: int
    version_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PaperRendered(BusinessEvent):
    order_id: int
    version_id: int
