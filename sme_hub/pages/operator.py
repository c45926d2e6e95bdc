"""The front of the operator's desk: what waits for an officer, above the tables that Django's admin lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from identity.actors import CONFIRM_BANK_ACCOUNT, DECIDE, DECIDE_CANDIDATE, GOVERN
from identity.models import User
from identity.queries import bank_changes_waiting, claims_waiting
from identity.queries.recognition import policies_to_approve
from identity.queries.screening import candidates_waiting, stale_sources

#: Django's own front page
_tables = admin.site.index


@dataclass(frozen=True)
class Task:
    words: str
    url: str
    since: datetime | None


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """Django's index, with what waits. A few statements more."""
    return _tables(request, {**(extra_context or {}), "tasks": _tasks(request)})


def _tasks(request: HttpRequest) -> list[Task]:
    return [
        *(_claims() if request.user.has_perm(DECIDE) else ()),
        *(_lists() if request.user.has_perm(DECIDE_CANDIDATE) else ()),
        *(_policies(request.user) if request.user.has_perm(GOVERN) else ()),  # type: ignore[arg-type]
        *(_bank_changes() if request.user.has_perm(CONFIRM_BANK_ACCOUNT) else ()),
    ]


def _policies(officer: User) -> Iterator[Task]:
    """Drafts of colleagues, which have no force until a second officer has approved them."""
    drafted = policies_to_approve(officer, timezone.now()).aggregate(
        count=Count("pk"), since=Min("drafted_at")
    )
    if drafted["count"]:
        words = ngettext(
            "%(count)d recognition policy to approve",
            "%(count)d recognition policies to approve",
            drafted["count"],
        )
        queue = reverse("admin:identity_recognitionpolicy_changelist")
        yield Task(words % drafted, queue, drafted["since"])


def _lists() -> Iterator[Task]:
    """Who may be on a list, and lists that were brought in once and are too old by now."""
    waiting = candidates_waiting()
    queue = reverse("admin:identity_candidate_changelist")
    if waiting.count:
        words = ngettext(
            "%(count)d company may be on a list", "%(count)d companies may be on a list", waiting.count
        )
        yield Task(words % {"count": waiting.count}, f"{queue}?state__exact=open", waiting.since)
    old = [str(age.source) for age in stale_sources(timezone.now()) if age.snapshot]
    if old:
        words = _("Too old to tell what holds today: %(lists)s") % {"lists": ", ".join(old)}
        yield Task(words, reverse("admin:identity_listsnapshot_changelist"), None)


def _bank_changes() -> Iterator[Task]:
    """Of companies that have nobody else who could confirm."""
    waiting = bank_changes_waiting()
    if waiting.count:
        words = ngettext(
            "%(count)d company of one person waits for its bank account to be confirmed",
            "%(count)d companies of one person wait for their bank accounts to be confirmed",
            waiting.count,
        )
        queue = f"{reverse('admin:identity_bankaccountchange_changelist')}?state__exact=waiting"
        yield Task(words % {"count": waiting.count}, queue, waiting.since)


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
