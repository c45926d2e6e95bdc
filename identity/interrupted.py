"""What somebody was doing when an act asked who they are: kept in their session for a quarter of an hour, unreadable there.

Files are not kept, and neither is what is larger than a form that people fill in: then the way back is to the page it was
sent from.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from identity.acting import page_sent_from
from kernel import encryption

#: session key
KEPT = "interrupted"
TIME = timedelta(minutes=15)
#: at a time in one browser; the oldest goes
MOST = 3
#: characters of a form
LARGEST = 40_000
PURPOSE = "act interrupted"
#: made anew when it is sent again
_OF_THE_PAGE = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Interrupted:
    #: slug of the company for which they acted
    company: str
    #: what they were asked for (`states.Purpose`)
    purpose: str
    #: where the form goes, and the page that it was sent from
    path: str
    back: str
    #: names and values as sent; None where they were not kept, or nothing was sent
    fields: list[tuple[str, str]] | None
    until: datetime


def keep(request: HttpRequest, *, purpose: str, now: datetime) -> str:
    """Keep what was sent, and return the key under which it is found again."""
    path = request.get_full_path()
    content = {
        "company": request.actor.company.slug,  # type: ignore[attr-defined]
        "purpose": purpose,
        "path": path,
        "back": page_sent_from(request) if request.method == "POST" else path,
        "fields": _sent(request),
    }
    key = secrets.token_urlsafe(12)
    sealed = encryption.encrypt(json.dumps(content), key=settings.SECRET_KEY, purpose=PURPOSE)
    others = request.session.get(KEPT, [])
    mine = {"key": key, "at": now.timestamp(), "sealed": sealed}
    request.session[KEPT] = [*others[-(MOST - 1) :], mine]
    return key


def find(session: SessionBase, key: str, now: datetime) -> Interrupted | None:
    """What was kept under `key` in this session; None where it is not there, too old or unreadable."""
    entry = next((each for each in session.get(KEPT, []) if each["key"] == key), None)
    if entry is None or _is_stale(entry, now):
        return None
    try:
        content = json.loads(encryption.decrypt(entry["sealed"], key=settings.SECRET_KEY, purpose=PURPOSE))
    except encryption.NotOurs:  # the installation's key was changed meanwhile
        return None
    fields = content.pop("fields")
    return Interrupted(
        **content,
        fields=None if fields is None else [(name, value) for name, value in fields],
        until=datetime.fromtimestamp(entry["at"], now.tzinfo) + TIME,
    )


def drop_stale(session: SessionBase, now: datetime) -> None:
    """What has waited too long is gone with the next request."""
    entries = session.get(KEPT)
    if entries and any(_is_stale(entry, now) for entry in entries):
        session[KEPT] = [entry for entry in entries if not _is_stale(entry, now)]


def _sent(request: HttpRequest) -> list[tuple[str, str]] | None:
    if request.method != "POST" or request.FILES:
        return None
    sent = [
        (name, str(value))
        for name, values in request.POST.lists()
        if name != _OF_THE_PAGE
        for value in values
    ]
    return sent if sum(len(name) + len(value) for name, value in sent) <= LARGEST else None


def _is_stale(entry: dict[str, float], now: datetime) -> bool:
    return not 0 <= now.timestamp() - entry["at"] <= TIME.total_seconds()
