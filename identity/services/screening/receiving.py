"""A file of a list is received: kept once, however often it is sent."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import PurePath
from typing import BinaryIO

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import IMPORT_LIST, Actor, Staff, System
from identity.events import ListReceived
from identity.models import ListSnapshot, ListSource
from identity.states import ListCode, SnapshotState
from kernel.errors import Forbidden, Refused
from kernel.ids import new_uuid
from kernel.services import record

MEGABYTE = 1024 * 1024
#: a register of two million companies is some 300 MB; lists of sanctions are below ten
MOST_BYTES = {
    ListCode.ACRA: 600 * MEGABYTE,
    ListCode.OFAC_SDN: 50 * MEGABYTE,
    ListCode.UN_CONSOLIDATED: 20 * MEGABYTE,
    ListCode.MADE_UP: MEGABYTE,
}


class ListFileTooLarge(Refused):
    code = "list.file_too_large"
    message = _("The file is larger than %(most)d MB: it is not this list.")
    field = "file"


class ListFileEmpty(Refused):
    code = "list.file_empty"
    message = _("The file is empty.")
    field = "file"


class ListOfTomorrow(Refused):
    code = "list.of_tomorrow"
    message = _("A list cannot be of a day that has not come.")
    field = "as_of"


class ListOlder(Refused):
    code = "list.older"
    message = _("A later copy of this list is in force, of %(as_of)s.")
    field = "as_of"


def receive_list(
    *, actor: Actor, source: ListSource, file: BinaryIO, file_name: str, as_of: date, now: datetime
) -> ListSnapshot:
    """Take a file for a worker to read. The same file again is answered with the first copy, unless that was refused.

    For officers who may, and for commands. Raises `ListFileTooLarge`, `ListFileEmpty`, `ListOfTomorrow`, `ListOlder`.
    """
    if not (isinstance(actor, System) or isinstance(actor, Staff) and actor.has(IMPORT_LIST)):
        raise Forbidden
    digest = _digest(file, MOST_BYTES[ListCode(source.code)])
    known = ListSnapshot.objects.filter(source=source, digest=digest).exclude(state=SnapshotState.REFUSED)
    if (snapshot := known.first()) is not None:
        return snapshot
    if as_of > timezone.localdate(now):
        raise ListOfTomorrow
    check_not_older(source, as_of)
    try:
        return _keep(actor, source, file, file_name, as_of, digest, now)
    except IntegrityError:  # the same file came twice at once
        return known.get()


def in_force(source: ListSource) -> ListSnapshot | None:
    return ListSnapshot.objects.in_force().filter(source=source).first()


def check_not_older(source: ListSource, as_of: date) -> None:
    """Raises `ListOlder`: what was struck off a list since would come back."""
    standing = in_force(source)
    if standing is not None and as_of < standing.as_of:
        raise ListOlder(as_of=standing.as_of.isoformat())


@transaction.atomic
def _keep(
    actor: Staff | System,
    source: ListSource,
    file: BinaryIO,
    file_name: str,
    as_of: date,
    digest: str,
    now: datetime,
) -> ListSnapshot:
    snapshot = ListSnapshot(
        source=source,
        as_of=as_of,
        file_name=PurePath(file_name.replace("\\", "/")).name[:200] or source.code,
        digest=digest,
        received_at=now,
        imported_by_id=actor.user_id,
    )
    snapshot.file.save(new_uuid().hex, File(file), save=False)
    try:
        snapshot.save()
    except IntegrityError:
        snapshot.file.delete(save=False)
        raise
    record(ListReceived(snapshot_id=snapshot.pk), actor=actor, now=now, subject=snapshot, about=source)
    return snapshot


def _digest(file: BinaryIO, most: int) -> str:
    """SHA-256 of the file, which is rewound."""
    digest = hashlib.sha256()
    size = 0
    while chunk := file.read(MEGABYTE):
        size += len(chunk)
        if size > most:
            raise ListFileTooLarge(most=most // MEGABYTE)
        digest.update(chunk)
    if not size:
        raise ListFileEmpty
    file.seek(0)
    return digest.hexdigest()
