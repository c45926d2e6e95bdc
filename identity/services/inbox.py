"""What a person does with the inbox: reads lines, puts them back, chooses how to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity.models import Notice, NoticePreference, User
from identity.rules.notices import GROUPS
from identity.states import NoticeMail
from kernel.errors import Refused


class UnknownPreference(Refused):
    code = "inbox.unknown_preference"
    message = _("Choose one of the ways to be told.")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How a person wants to be told of one group."""

    mail: str = NoticeMail.NOW
    informs: bool = True


def read_notice(*, user: User, notice: str, now: datetime) -> Notice:
    """The line `notice` (`ntc_…`), read from now on; `NotFound` where the person may no longer see it."""
    found: Notice = Notice.objects.seen_by(user, now).fetch(notice)
    if found.read_at is None:
        found.read_at = now
        found.save(update_fields=["read_at"])
    return found


def put_back(*, user: User, notice: str, now: datetime) -> Notice:
    """As if it had not been read: the bell counts it again."""
    found: Notice = Notice.objects.seen_by(user, now).fetch(notice)
    found.read_at = None
    found.save(update_fields=["read_at"])
    return found


def read_all(*, user: User, now: datetime) -> int:
    """Every line that the person can see is read; returns how many were not. `put_all_back` undoes it."""
    return Notice.objects.seen_by(user, now).unread().update(read_at=now)


def put_all_back(*, user: User, read_at: datetime, now: datetime) -> int:
    """What `read_all` marked at that moment is unread again."""
    return Notice.objects.seen_by(user, now).filter(read_at=read_at).update(read_at=None)


@transaction.atomic
def choose_how_told(*, user: User, wishes: Mapping[str, Wish]) -> None:
    """Keep the person's wishes by group. What waits for them stands in the inbox whatever they choose."""
    for group, wish in wishes.items():
        if group not in GROUPS or wish.mail not in NoticeMail.values:
            raise UnknownPreference
        NoticePreference.objects.update_or_create(
            user=user, group=group, defaults={"mail": wish.mail, "informs": wish.informs}
        )
