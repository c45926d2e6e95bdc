"""Imports, and a seller's standing, off the request. Every handler may be killed and delivered again at any moment."""

from __future__ import annotations

from functools import partial

from catalog.events import ImportPartRead, ImportReceived
from catalog.models import ImportPart
from catalog.services import importing
from catalog.services.shelving import clear_shelf_of, shelve_seller
from identity.actors import Actor, System, rebuild
from identity.events import CompanyReinstated, CompanySuspended
from identity.models import Company
from kernel.errors import Refused
from kernel.events import Occurrence
from kernel.subscriptions import Effect


def read_import(event: ImportReceived, occurrence: Occurrence) -> Effect | None:
    """Read the file with no transaction open; then keep its parts, or why it cannot be used."""
    job = importing.begin_reading(event.import_job_id)
    if job is None:
        return None
    actor, now = _sender(occurrence), occurrence.now
    try:
        importing.sender_of(actor)
        encoding, parts = importing.read_file(job)
    except Refused as refused:
        return partial(importing.refuse_file, job, refused, actor=_whoever(actor), now=now)
    return partial(importing.store_parts, job, encoding=encoding, parts=parts, actor=_whoever(actor), now=now)


def import_part(event: ImportPartRead, occurrence: Occurrence) -> Effect | None:
    """Take the part's rows one by one; then mark it done, and the job with its last part."""
    part = ImportPart.objects.select_related("job").get(pk=event.part_id)
    if part.done_at is not None:
        return None
    actor = _sender(occurrence)
    importing.take_part(part, actor=actor, now=occurrence.now)
    return partial(importing.finish_part, part, actor=_whoever(actor), now=occurrence.now)


def clear_shelf(event: CompanySuspended, occurrence: Occurrence) -> None:
    """A suspended seller's goods leave search and lists at once, unless it was reinstated meanwhile."""
    if Company.objects.get(pk=event.company_id).is_suspended:
        clear_shelf_of(company_id=event.company_id)


def fill_shelf(event: CompanySuspended | CompanyReinstated, occurrence: Occurrence) -> None:
    """What the seller's standing of today calls for, listing by listing: also after an edit that ran beside."""
    shelve_seller(company_id=event.company_id, now=occurrence.now)


def _sender(occurrence: Occurrence) -> Actor | None:
    return rebuild(occurrence.actor, occurrence.now)


def _whoever(actor: Actor | None) -> Actor:
    return actor or System(reason="import")
