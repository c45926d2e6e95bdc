"""An event that no room knows, and handlers that note what they were told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from kernel.events import BusinessEvent, Occurrence
from kernel.services import record


@dataclass(frozen=True, kw_only=True)
class BellRang(BusinessEvent):
    tone: str = "c"
    answer_by: datetime | None = None
    weight: Decimal | None = None


@dataclass(frozen=True)
class Ringer:
    """An actor, as far as the kernel looks."""

    key: str = "member:7"
    company_id: int | None = 7


@dataclass
class Notebook:
    """What the handlers below were told, in order."""

    heard: list[tuple[str, Occurrence]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    in_transaction: list[bool] = field(default_factory=list)

    @property
    def tones(self) -> list[str]:
        return [tone for tone, _occurrence in self.heard]

    def listen(self, event: BellRang, occurrence: Occurrence) -> None:
        """A fast handler; fails as often as `failures` has entries."""
        self.in_transaction.append(transaction.get_connection().in_atomic_block)
        self.heard.append((event.tone, occurrence))
        if self.failures:
            raise self.failures.pop(0)

    def engrave(self, event: BellRang, occurrence: Occurrence):
        """A slow handler: works first, hands back the effect to write."""
        self.listen(event, occurrence)
        return lambda: self.written.append(event.tone)


def ring(now: datetime, **values: object) -> None:
    """Record a bell in a transaction of its own."""
    with transaction.atomic():
        record(BellRang(**values), actor=Ringer(), now=now, audience=[7, 9, 7])
