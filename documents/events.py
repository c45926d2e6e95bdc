"""What happens to papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

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
    #: what a correction rests on (`identity.services.Evidence`), where it was asked for; papers of a deal rest on its acts
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class PaperRendered(BusinessEvent):
    order_id: int
    version_id: int
