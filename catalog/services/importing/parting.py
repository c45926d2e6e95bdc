"""A file is read into parts of 500 rows, each of which becomes work of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.events import ImportFinished, ImportPartRead
from catalog.models import ImportJob, ImportPart
from catalog.services.importing.rows import sku_of
from catalog.services.reading import RawRow, read_sheet
from catalog.states import IMPORT_MOVES, ImportState
from identity.actors import Actor
from kernel.errors import Refused
from kernel.services import record
from kernel.states import check_move

ROWS_PER_PART = 500


class SkuTwice(Refused):
    code = "import.sku_twice"
    message = _("This SKU already stands in line %(line)d of the file.")
    field = "sku"


class ReadingFailed(Refused):
    code = "import.reading_failed"
    message = _("The file could not be found any more. Send it again.")


def begin_reading(job_id: int) -> ImportJob | None:
    """The job, now being read; None when it has been read already."""
    with transaction.atomic():
        job = ImportJob.objects.select_for_update().get(pk=job_id)
        if job.state == ImportState.WAITING:
            job.state = ImportState.READING
            job.save(update_fields=["state"])
        return job if job.state == ImportState.READING else None


def read_file(job: ImportJob) -> tuple[str, list[ImportPart]]:
    """The file's encoding and its parts, not stored yet. Raises a refusal when the whole file cannot be used."""
    try:
        with job.file.open("rb") as file:
            sheet = read_sheet(cast(BinaryIO, file))
    except FileNotFoundError as error:
        raise ReadingFailed from error
    rows = [_stored(row) for row in _without_repeats(sheet.rows)]
    parts = [
        ImportPart(
            job=job,
            number=at // ROWS_PER_PART + 1,
            first_line=rows[at]["line"],
            rows=rows[at : at + ROWS_PER_PART],
        )
        for at in range(0, len(rows), ROWS_PER_PART)
    ]
    return sheet.encoding, parts


def store_parts(
    job: ImportJob, *, encoding: str, parts: list[ImportPart], actor: Actor, now: datetime
) -> None:
    """Keep what was read; each part becomes work of its own. Joins the caller's transaction."""
    job = ImportJob.objects.select_for_update().get(pk=job.pk)
    if job.state != ImportState.READING:
        return
    check_move(IMPORT_MOVES, job.state, ImportState.RUNNING)
    job.state = ImportState.RUNNING
    job.encoding = encoding
    job.rows_total = sum(len(part.rows) for part in parts)
    job.save(update_fields=["state", "encoding", "rows_total"])
    ImportPart.objects.bulk_create(parts)
    for part in parts:
        record(
            ImportPartRead(import_job_id=job.pk, part_id=part.pk),
            actor=actor,
            now=now,
            subject=job,
            audience=[job.company_id],
        )


def refuse_file(job: ImportJob, refused: Refused, *, actor: Actor, now: datetime) -> None:
    """The whole file cannot be used; the job says why. Joins the caller's transaction."""
    job = ImportJob.objects.select_for_update().get(pk=job.pk)
    if job.state != ImportState.READING:
        return
    check_move(IMPORT_MOVES, job.state, ImportState.REFUSED)
    job.state = ImportState.REFUSED
    job.refusal = refused.code
    job.refusal_facts = refused.facts
    job.finished_at = now
    job.save(update_fields=["state", "refusal", "refusal_facts", "finished_at"])
    record(ImportFinished(import_job_id=job.pk), actor=actor, now=now, subject=job, audience=[job.company_id])


def _without_repeats(rows: Iterable[RawRow]) -> Iterable[RawRow]:
    """The rows; one whose SKU stands further up in the file is refused."""
    first_line: dict[str, int] = {}
    for row in rows:
        sku = sku_of(row.cells)
        if sku and sku in first_line:
            problem = ("sku", SkuTwice(line=first_line[sku]))
            yield RawRow(row.line, row.cells, (*row.problems, problem))
        else:
            first_line[sku] = row.line
            yield row


def _stored(row: RawRow) -> dict[str, Any]:
    problems = [
        {"column": column, "code": refused.code, "facts": refused.facts} for column, refused in row.problems
    ]
    return {"line": row.line, "cells": row.cells, "problems": problems}
