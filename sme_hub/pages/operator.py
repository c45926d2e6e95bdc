"""The front of the operator's desk: what waits for an officer, above the tables that Django's admin lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from identity.actors import DECIDE
from identity.queries import claims_waiting

#: Django's own front page
_tables = admin.site.index


@dataclass(frozen=True)
class Task:
    words: str
    url: str
    since: datetime | None


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Django's index, with what waits. One statement more."""
    return _tables(request, {**(extra_context or {}), "tasks": _tasks(request)})


def _tasks(request: HttpRequest) -> list[Task]:
    if not request.user.has_perm(DECIDE):
        return []
    waiting = claims_waiting()
    if not waiting.count:
        return []
    words = ngettext(
        "%(count)d claim of a company waits to be checked",
        "%(count)d claims of companies wait to be checked",
        waiting.count,
    )
    queue = f"{reverse('admin:identity_claim_changelist')}?state__exact=submitted"
    return [Task(words % {"count": waiting.count}, queue, waiting.since)]
