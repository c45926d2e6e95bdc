"""What happens to papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class PapersNumbered(BusinessEvent):
    """Numbers and data are fixed; rendering follows. Schema 1 did not say which papers."""

    schema: ClassVar[int] = 2
    order_id: int
    version_ids: tuple[int, ...]
    #: `PaperKind` of each
    kinds: tuple[str, ...] = ()
    #: a paper issued before is issued again
    correction: bool = False


@dataclass(frozen=True, kw_only=True)
class PaperRendered(BusinessEvent):
    order_id: int
    version_id: int
