"""What waits for officers beside claims, each with how many, since when and where: on their home and on their desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from identity.actors import CONFIRM_BANK_ACCOUNT, DECIDE_CANDIDATE, DECIDE_LINK, GOVERN
from identity.models import User
from identity.queries.office import OfficeWork, work_of_office


@dataclass(frozen=True)
class Task:
    words: str
    url: str
    since: datetime | None


def office_tasks(officer: User, now: datetime) -> list[Task]:
    """Of each kind that the officer may act on. One statement."""
    work = work_of_office(officer, now)
    return [
        Task(words % {"count": found.count}, url, found.since)
        for permission, found, words, url in _kinds(work)
        if found.count and officer.has_perm(permission)
    ]


def _kinds(work: dict[str, OfficeWork]) -> Iterator[tuple[str, OfficeWork, str, str]]:
    found = work["candidates"]
    words = ngettext(
        "%(count)d company may be on a list", "%(count)d companies may be on a list", found.count
    )
    yield DECIDE_CANDIDATE, found, words, _queue("candidate", "open")
    found = work["policies"]
    words = ngettext(
        "%(count)d recognition policy to approve", "%(count)d recognition policies to approve", found.count
    )
    yield GOVERN, found, words, _queue("recognitionpolicy")
    found = work["requirements"]
    words = ngettext(
        "%(count)d draft of what acts ask for to confirm",
        "%(count)d drafts of what acts ask for to confirm",
        found.count,
    )
    yield GOVERN, found, words, _queue("purposerequirement")
    found = work["frameworks"]
    words = ngettext(
        "%(count)d draft of a trust framework or a level to confirm",
        "%(count)d drafts of trust frameworks or levels to confirm",
        found.count,
    )
    yield GOVERN, found, words, _queue("frameworkdraft")
    found = work["links"]
    words = ngettext(
        "%(count)d link of identities to decide", "%(count)d links of identities to decide", found.count
    )
    yield DECIDE_LINK, found, words, _queue("identitylink", "matched")
    found = work["bank_changes"]
    words = ngettext(
        "%(count)d company of one person waits for its bank account to be confirmed",
        "%(count)d companies of one person wait for their bank accounts to be confirmed",
        found.count,
    )
    yield CONFIRM_BANK_ACCOUNT, found, words, _queue("bankaccountchange", "waiting")


def _queue(model: str, state: str = "") -> str:
    address = reverse(f"admin:identity_{model}_changelist")
    return f"{address}?state__exact={state}" if state else address
