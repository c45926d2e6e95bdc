"""The rows of a part are taken, some dozens in each transaction together with their outcomes and the part's cursor."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from catalog.events import ImportFinished
from catalog.models import ImportJob, ImportPart, ImportProblem, Product, Stock
from catalog.services.importing.rows import Desk, Outcome, sku_of, take_row
from catalog.services.shelving import shelved_together
from catalog.states import IMPORT_MOVES, ImportState
from identity.actors import Actor
from kernel.errors import Refused
from kernel.services import record
from kernel.states import check_move

ROWS_PER_TRANSACTION = 50
#: problems kept per row
MOST_PROBLEMS = 20


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
            outcome = take_row(desk, row)
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


def _lock_listings(job: ImportJob, rows: list[dict[str, Any]]) -> dict[str, Product]:
    """The seller's listings that these rows name, by SKU.

    Listings, then their stock, are locked in the order of their keys, as orders do: neither can wait for the other in a
    circle.
    """
    skus = [sku_of(row["cells"]) for row in rows]
    mine = Product.objects.filter(company_id=job.company_id, sku__in=skus).order_by("pk")
    listings = list(mine.locked().select_related("category").prefetch_related("packs", "tiers"))
    stocks = Stock.objects.select_for_update().filter(pk__in=[p.pk for p in listings]).order_by("pk")
    for listing, stock in zip(listings, stocks, strict=True):
        listing.stock = stock
    return {listing.sku: listing for listing in listings}


def _commit_lightly() -> None:
    """Rows need not reach the disk one by one: cursor and outcome are lost together, and the last commit is a full one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


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
