"""Why a file was refused, in the reader's language: codes are stored, words are found again."""

from __future__ import annotations

from collections.abc import Iterator

from identity.models import ListSnapshot
from identity.rules.lists import ColumnsMissing, RowUnusable
from identity.services.screening.receiving import ListOlder
from identity.services.screening.taking import ListRefusal
from kernel.errors import Refused


def refusal_words(snapshot: ListSnapshot) -> str:
    """Empty where the file was not refused."""
    if not snapshot.refusal:
        return ""
    for refusal in _all(RowUnusable, ColumnsMissing, ListOlder, ListRefusal):
        if refusal.code == snapshot.refusal:
            return str(refusal(**snapshot.refusal_facts))
    return str(ListRefusal())


def _all(*classes: type[Refused]) -> Iterator[type[Refused]]:
    for cls in classes:
        yield cls
        yield from _all(*cls.__subclasses__())
