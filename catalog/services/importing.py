"""Bulk imports: receive a file, read it into parts of 500 rows, take each row by the verbs of listings and stock.

Some dozens of rows at a time are one transaction, together with their outcomes and the part's cursor. So a worker may be
killed at any moment: another goes on behind the last committed row, and each row counts once.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.core.files.base import File
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from catalog.events import ImportFinished, ImportPartRead, ImportReceived
from catalog.models import ImportJob, ImportPart, ImportProblem, Product, Stock
from catalog.queries.drafts import draft_of
from catalog.rules.columns import Row, merged, read_row
from catalog.rules.drafts import ProductDraft, line
from catalog.services.products import (
    Categories,
    ListingRefused,
    keep_edited,
    keep_new,
    pause,
    publish,
)
from catalog.services.reading import MOST_BYTES, FileTooLarge, RawRow, read_sheet
from catalog.services.shelving import shelved_together
from catalog.services.stock import keep_count
from catalog.states import IMPORT_MOVES, ImportState, ProductState
from identity.actors import Actor, CompanyActor, require
from identity.states import Role
from kernel.errors import Forbidden, Refused
from kernel.ids import new_uuid
from kernel.services import record
from kernel.states import check_move

logger = logging.getLogger(__name__)

ROWS_PER_PART = 500
ROWS_PER_TRANSACTION = 50
#: problems kept per row
MOST_PROBLEMS = 20


class SkuTwice(Refused):
    code = "import.sku_twice"
    message = _("This SKU already stands in line %(line)d of the file.")
    field = "sku"


class RowUnusable(Refused):
    code = "import.row_unusable"
    message = _("This row holds something that cannot be stored.")


class NotADraftAgain(Refused):
    code = "import.not_a_draft_again"
    message = _("This listing was published before: write paused instead of draft.")
    field = "status"


class SenderLeft(Refused):
    code = "import.sender_left"
    message = _("Whoever sent this file may no longer list products for the company.")


class ReadingFailed(Refused):
    code = "import.reading_failed"
    message = _("The file could not be found any more. Send it again.")


@dataclass(frozen=True)
class Outcome:
    """What became of a row: `created`, `changed`, `unchanged` or `refused`, and why."""

    word: str
    problems: tuple[Refused, ...] = ()


@dataclass
class Desk:
    """What the rows of one transaction share."""

    job: ImportJob
    actor: Actor | None
    now: datetime
    #: the seller's listings that the rows name, locked
    listings: Mapping[str, Product]
    categories: Categories = field(default_factory=Categories)


class _Undo(Exception):
    """Rolls a dry run's row back."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def receive_import(
    *, actor: Actor, file: BinaryIO, file_name: str, dry_run: bool, now: datetime
) -> ImportJob:
    """Take a file for a worker to read. The same file in the same mode is answered with the first job, unless that one
    was refused as a whole.

    Raises `FileTooLarge`, `Forbidden`.
    """
    seller = require(actor, Role.SELLER)
    digest = _digest(file)
    known = ImportJob.objects.filter(company_id=seller.company_id, digest=digest, dry_run=dry_run)
    known = known.exclude(state=ImportState.REFUSED)
    if (job := known.first()) is not None:
        return job
    try:
        return _keep(seller, file, file_name, digest, dry_run, now)
    except IntegrityError:  # the same file came twice at once
        return known.get()


@transaction.atomic
def _keep(
    seller: CompanyActor, file: BinaryIO, file_name: str, digest: str, dry_run: bool, now: datetime
) -> ImportJob:
    job = ImportJob(
        company_id=seller.company_id,
        file_name=PurePath(file_name.replace("\\", "/")).name[:200] or "listings",
        digest=digest,
        dry_run=dry_run,
        actor=seller.key,
        created_at=now,
    )
    job.file.save(f"{new_uuid().hex}", File(file), save=False)
    try:
        job.save()
    except IntegrityError:
        job.file.delete(save=False)
        raise
    record(
        ImportReceived(import_job_id=job.pk), actor=seller, now=now, subject=job, audience=[seller.company_id]
    )
    return job


def _digest(file: BinaryIO) -> str:
    """SHA-256 of the file, which is rewound. Raises `FileTooLarge`."""
    digest = hashlib.sha256()
    size = 0
    while chunk := file.read(64 * 1024):
        size += len(chunk)
        if size > MOST_BYTES:
            raise FileTooLarge(most=MOST_BYTES // 1024 // 1024)
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


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


def take_part(part: ImportPart, *, actor: Actor | None, now: datetime) -> None:
    """Take the rows of a part that have no outcome yet, some dozens in each transaction. Repeatable.

    Two workers may be at it, one of them thought dead: they take turns, since each begins where the cursor stands.
    """
    at = part.rows_done
    while at < len(part.rows):
        with transaction.atomic():
            mine = ImportPart.objects.select_for_update().filter(pk=part.pk)
            at = mine.values_list("rows_done", flat=True).get()
            rows = part.rows[at : at + ROWS_PER_TRANSACTION]
            if rows:
                _commit_lightly()
                _take_rows(part.job, rows, actor=actor, now=now)
                at += len(rows)
                mine.update(rows_done=at)


def _take_rows(job: ImportJob, rows: list[dict[str, Any]], *, actor: Actor | None, now: datetime) -> None:
    desk = Desk(job, actor, now, _lock_listings(job, rows))
    outcomes: Counter[str] = Counter()
    problems: list[ImportProblem] = []
    with shelved_together(now) as to_shelve:
        for row in rows:
            outcome = _take_row(desk, row)
            outcomes[outcome.word] += 1
            problems += _problems(job, row, outcome)
        if job.dry_run:
            to_shelve.clear()
    ImportProblem.objects.bulk_create(problems)
    _count(job, outcomes)


def finish_part(part: ImportPart, *, actor: Actor, now: datetime) -> None:
    """The part is done; the last one finishes the job. Joins the caller's transaction.

    The part is locked before its job, as `take_part` does.
    """
    ImportPart.objects.filter(pk=part.pk, done_at__isnull=True, rows_done=len(part.rows)).update(done_at=now)
    job = ImportJob.objects.select_for_update().get(pk=part.job_id)
    if job.state != ImportState.RUNNING or job.parts.filter(done_at__isnull=True).exists():
        return
    check_move(IMPORT_MOVES, job.state, ImportState.DONE)
    job.state = ImportState.DONE
    job.finished_at = now
    job.save(update_fields=["state", "finished_at"])
    record(ImportFinished(import_job_id=job.pk), actor=actor, now=now, subject=job, audience=[job.company_id])


def _without_repeats(rows: Iterable[RawRow]) -> Iterable[RawRow]:
    """The rows; one whose SKU stands further up in the file is refused."""
    first_line: dict[str, int] = {}
    for row in rows:
        sku = _sku_of(row.cells)
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


def _lock_listings(job: ImportJob, rows: list[dict[str, Any]]) -> dict[str, Product]:
    """The seller's listings that these rows name, by SKU.

    Listings, then their stock, are locked in the order of their keys, as orders do: neither can wait for the other in a
    circle.
    """
    skus = [_sku_of(row["cells"]) for row in rows]
    mine = Product.objects.filter(company_id=job.company_id, sku__in=skus).order_by("pk")
    listings = list(mine.locked().select_related("category").prefetch_related("packs", "tiers"))
    stocks = Stock.objects.select_for_update().filter(pk__in=[p.pk for p in listings]).order_by("pk")
    for listing, stock in zip(listings, stocks, strict=True):
        listing.stock = stock
    return {listing.sku: listing for listing in listings}


def _sku_of(cells: Mapping[str, str]) -> str:
    return line(cells.get("sku", ""))


def _commit_lightly() -> None:
    """Rows need not reach the disk one by one: cursor and outcome are lost together, and the last commit is a full one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _take_row(desk: Desk, row: dict[str, Any]) -> Outcome:
    if row["problems"]:
        return Outcome("refused")
    asked, problems = read_row(row["cells"])
    if problems:
        return Outcome("refused", tuple(problems))
    try:
        with transaction.atomic():
            outcome = _apply(desk, asked)
            if desk.job.dry_run:
                raise _Undo(outcome)
            return outcome
    except _Undo as undone:
        return undone.outcome
    except ListingRefused as refused:
        return Outcome("refused", tuple(refused.problems))
    except Refused as refused:
        return Outcome("refused", (refused,))
    except DataError:
        logger.exception("import %s: a row passed the checks but not the database", desk.job.pk)
        return Outcome("refused", (RowUnusable(),))


def _apply(desk: Desk, asked: Row) -> Outcome:
    """Create or edit, count, publish or pause: what the row asks for, and nothing where it is so already."""
    seller = sender_of(desk.actor)
    listing = desk.listings.get(asked.sku)
    if listing is None:
        draft = merged(ProductDraft(sku=asked.sku, category=""), asked)
        published = asked.status == "published"
        product = keep_new(
            actor=seller, draft=draft, now=desk.now, published=published, categories=desk.categories
        )
        _count_stock(desk, asked, product)
        return Outcome("created")
    seen = listing.version
    draft = merged(draft_of(listing), asked)
    product = keep_edited(
        actor=seller, product=listing, draft=draft, now=desk.now, categories=desk.categories
    )
    moved = _count_stock(desk, asked, product)
    moved = _settle_state(desk, asked, product) or moved
    return Outcome("changed" if moved or product.version != seen else "unchanged")


def _count_stock(desk: Desk, asked: Row, product: Product) -> bool:
    if asked.stock is None:
        return False
    difference = keep_count(
        actor=sender_of(desk.actor),
        stock=product.stock,
        counted=asked.stock,
        now=desk.now,
        reference=desk.job.uid,
        note=desk.job.file_name,
    )
    return difference != 0


def _settle_state(desk: Desk, asked: Row, product: Product) -> bool:
    """Publish or pause a known listing where the row asks for it."""
    actor = sender_of(desk.actor)
    match asked.status, product.state:
        case "published", ProductState.DRAFT | ProductState.PAUSED:
            publish(actor=actor, product=product, now=desk.now)
            return True
        case "paused", ProductState.PUBLISHED:
            pause(actor=actor, product=product, now=desk.now)
            return True
        case "draft", ProductState.PUBLISHED | ProductState.PAUSED:
            raise NotADraftAgain
    return False


def _problems(job: ImportJob, row: dict[str, Any], outcome: Outcome) -> list[ImportProblem]:
    found = row["problems"] + [
        {"column": _column_of(problem), "code": problem.code, "facts": problem.facts}
        for problem in outcome.problems
    ]
    return [
        ImportProblem(
            job=job,
            line=row["line"],
            column=problem["column"],
            code=problem["code"],
            facts=problem["facts"],
            value=row["cells"].get(problem["column"], "")[:200],
        )
        for problem in found[:MOST_PROBLEMS]
    ]


def _column_of(problem: Refused) -> str:
    return {"counted": "stock", "tiers": "tiers_sgd"}.get(problem.field or "", problem.field or "")


def _count(job: ImportJob, outcomes: Counter[str]) -> None:
    ImportJob.objects.filter(pk=job.pk).update(
        rows_done=F("rows_done") + outcomes.total(),
        **{f"rows_{word}": F(f"rows_{word}") + count for word, count in outcomes.items()},
    )


def sender_of(actor: Actor | None) -> CompanyActor:
    """Who sent the file, with today's roles. Raises `SenderLeft` when they may list no longer."""
    if actor is None:
        raise SenderLeft
    try:
        return require(actor, Role.SELLER)
    except Forbidden as refused:
        raise SenderLeft from refused
