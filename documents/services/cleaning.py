"""Cleaning the store: a worker that was killed between writing a file and recording it leaves one that nobody knows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from documents.models import Rendition
from documents.services.rendering import SHELF

#: long after the last worker that could still record it has lost its lease
AGE = timedelta(days=1)


def remove_orphans(*, now: datetime) -> int:
    """Delete papers' files that no rendition records. Returns how many."""
    if not default_storage.exists(SHELF):
        return 0
    _folders, names = default_storage.listdir(SHELF)
    orphans = [name for name in _unrecorded(names) if default_storage.get_modified_time(name) < now - AGE]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def _unrecorded(names: list[str]) -> set[str]:
    paths = {f"{SHELF}/{name}" for name in names}
    return paths - set(Rendition.objects.filter(file__in=paths).values_list("file", flat=True))
