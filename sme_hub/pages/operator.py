"""The front of the operator's desk: what waits for an officer, above the tables that Django's admin lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from identity.actors import DECIDE, DECIDE_CANDIDATE, GOVERN
from identity.queries import claims_waiting
from identity.queries.screening import stale_sources
from identity.services.enforcing import unasked
from identity.states import Purpose
from sme_hub.pages.waiting import Task, office_tasks

#: Django's own front page
_tables = admin.site.index


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Django's index, with what waits, and what nobody is asked for. A few statements more."""
    return _tables(request, {**(extra_context or {}), "tasks": _tasks(request), "unasked": _unasked(request)})


def _unasked(request: HttpRequest) -> list[Purpose]:
    """For those who can change it: acts are let through unseen only where that is meant."""
    return unasked(timezone.now()) if request.user.has_perm(GOVERN) else []


def _tasks(request: HttpRequest) -> list[Task]:
    return [
        *(_claims() if request.user.has_perm(DECIDE) else ()),
        *office_tasks(request.user, timezone.now()),  # type: ignore[arg-type]
        *(_old_lists() if request.user.has_perm(DECIDE_CANDIDATE) else ()),
    ]


def _old_lists() -> Iterator[Task]:
    """Lists that were brought in once and are too old by now."""
    old = [str(age.source) for age in stale_sources(timezone.now()) if age.snapshot]
    if old:
        words = _("Too old to tell what holds today: %(lists)s") % {"lists": ", ".join(old)}
        yield Task(words, reverse("admin:identity_listsnapshot_changelist"), None)


def _claims() -> list[Task]:
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
