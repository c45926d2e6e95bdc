"""The sellers' catalogues, through the same import that a seller uses."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from catalog.models import ImportJob, Product
from catalog.services import pause, publish, receive_import
from catalog.states import ImportState, ProductState
from identity.actors import Member
from kernel.models.deliveries import Lane
from kernel.services import drain
from sme_hub.demo.files import LISTINGS, rows_of

#: how long a file may wait for its rows, whoever takes them
PATIENCE_SECONDS = 300.0


class ImportWentWrong(Exception):
    """The demo's own file was refused, wholly or in part, or nobody took it."""


def send_catalogue(owner: Member, now: datetime) -> ImportJob:
    """Hand the seller's file in. Sent before, it is the first job again."""
    path = LISTINGS / f"{owner.company.slug}.csv"
    with path.open("rb") as file:
        return receive_import(actor=owner, file=file, file_name=path.name, dry_run=False, now=now)


def finish(job: ImportJob, *, tell: Callable[[str], None]) -> ImportJob:
    """Wait for the import, taking part in the work: it goes on with workers running and without.

    Raises `ImportWentWrong`.
    """
    stop_at = time.monotonic() + PATIENCE_SECONDS
    while job.state not in (ImportState.DONE, ImportState.REFUSED):
        if time.monotonic() > stop_at:
            raise ImportWentWrong(f"{job.file_name} is {job.state} after {PATIENCE_SECONDS:.0f} s")
        if drain(Lane.SLOW, seconds=2.0) == 0:
            time.sleep(0.2)
        job.refresh_from_db()
    if job.state == ImportState.REFUSED or job.rows_refused:
        problems = job.problems.order_by("line")[:5]
        raise ImportWentWrong(
            f"{job.file_name}: {job.refusal or f'{job.rows_refused} rows refused'}: "
            + "; ".join(f"line {problem.line} {problem.column} {problem.code}" for problem in problems)
        )
    tell(f"{job.file_name}: {job.rows_created} created, {job.rows_changed} changed")
    return job


def stock_shelves(owner: Member, *, tell: Callable[[str], None]) -> None:
    """The seller's whole file, taken row by row."""
    finish(send_catalogue(owner, timezone.now()), tell=tell)
    pause_listings(owner)


def pause_listings(owner: Member) -> None:
    """What the file calls paused has been on sale before: an import leaves a new listing of that kind a draft."""
    rows = rows_of(LISTINGS / f"{owner.company.slug}.csv")
    paused = [row["sku"] for row in rows if row["status"] == "paused"]
    drafts = Product.objects.filter(company=owner.company, sku__in=paused, state=ProductState.DRAFT)
    for product in drafts.order_by("pk"):
        publish(actor=owner, product=product, now=timezone.now())
        pause(actor=owner, product=product, now=timezone.now())
