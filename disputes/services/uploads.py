"""Files of a case: bounded, what they say they are, and sealed where words would be."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from disputes.models import Case, CaseFile, Message, Official
from disputes.models.sealing import seal
from disputes.rules.zones import SEALED
from identity.actors import Member
from identity.services.evidence import checked_evidence
from kernel.errors import Refused

#: what somebody sent, and what they call it
Upload = tuple[IO[bytes], str]
MOST_FILES = 10
#: of one company, or one official, in one room. Counted over all rooms, a refusal would tell one side how much lies in
#: the private room of the other, and one side could leave the other no space for its evidence
MOST_IN_A_ROOM = 200


class TooManyFiles(Refused):
    code = "case.too_many_files"
    message = _("Send at most 10 files at once, and 200 of yours in one room.")
    field = "files"


def keep_files(
    case: Case,
    files: Sequence[Upload],
    *,
    zone: str,
    now: datetime,
    member: Member | None = None,
    official: Official | None = None,
    message: Message | None = None,
) -> list[CaseFile]:
    """Check every file first, then keep them all in `zone`."""
    if not files:
        return []
    own = case.files.filter(zone=zone, official=official)
    own = own.filter(company=member.company_id) if member else own.filter(company__isnull=True)
    if len(files) > MOST_FILES or own.count() + len(files) > MOST_IN_A_ROOM:
        raise TooManyFiles
    checked = [_checked(file, name) for file, name in files]
    kept = []
    for content, name in checked:
        data = content.read()
        row = CaseFile(
            case=case,
            zone=zone,
            message=message,
            company_id=member.company_id if member else None,
            official=official,
            name=name,
            digest=hashlib.sha256(data).hexdigest(),
            size=len(data),
            at=now,
        )
        stored = seal(data, case=case.uid, zone=zone) if zone in SEALED else data
        row.file.save(str(content.name), ContentFile(stored), save=False)
        row.save()
        kept.append(row)
    return kept


def _checked(file: IO[bytes], name: str) -> tuple[ContentFile[bytes], str]:
    try:
        return checked_evidence(file, name)
    except Refused as refused:
        refused.field = "files"
        raise
