"""A file is received: kept once, however often it is sent."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePath
from typing import BinaryIO

from django.core.files.base import File
from django.db import IntegrityError, transaction

from catalog.events import ImportReceived
from catalog.models import ImportJob
from catalog.services.reading import MOST_BYTES, FileTooLarge
from catalog.states import ImportState
from identity.actors import Actor, CompanyActor, require
from identity.states import Role
from kernel.ids import new_uuid
from kernel.services import record


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
