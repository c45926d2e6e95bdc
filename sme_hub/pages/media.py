"""Stored files, denied by default: a file is served where its shelf lets this reader have it.

Shelves are the folders of the media store. A room says who may read its own by a query; files are stored under random
names, served as downloads and never guessed at by the browser. Only pictures of products are open and shown in place.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalog.queries.listings import may_read_sheet
from identity import queries as identity
from identity.actors import Actor, Anonymous, staff_actor

#: what a stored name looks like; anything else is not asked for at the store
NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\.[A-Za-z0-9]{1,8})?")
PICTURES = {"image/png", "image/jpeg", "image/webp"}


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A folder of the store. `may_read` is asked for each of the reader's companies until one may."""

    may_read: Callable[[Actor, str], bool] | None = None
    #: shown to everybody, in place, and kept by caches: names are never used again
    open: bool = False


SHELVES: dict[str, Shelf] = {
    "images": Shelf(open=True),
    "sheets": Shelf(may_read=may_read_sheet),
    "claims": Shelf(may_read=identity.may_read_evidence),
    "talk": Shelf(may_read=identity.may_read_message_file),
}


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    shelf = SHELVES.get(name.partition("/")[0])
    if shelf is None or not NAME.fullmatch(name) or not _may_read(request, shelf, name):
        raise Http404
    try:
        file = default_storage.open(name)
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    in_place = shelf.open and kind in PICTURES
    response = FileResponse(file, as_attachment=not in_place, content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable" if shelf.open else "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may_read(request: HttpRequest, shelf: Shelf, name: str) -> bool:
    if shelf.open:
        return True
    may_read = shelf.may_read
    return may_read is not None and any(may_read(actor, name) for actor in _readers(request))


def _readers(request: HttpRequest) -> Iterable[Actor]:
    """Everything this person is: officer, member of each of their companies, or nobody."""
    user = request.user
    if not user.is_authenticated:
        return [Anonymous()]
    members: list[Actor] = [*identity.members_for(user, timezone.now())]
    return [staff_actor(user), *members] if user.is_staff else members
