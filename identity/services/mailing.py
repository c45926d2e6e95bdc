"""Notices by mail: at once, as a reminder at half time, or together once a day. Each letter leaves once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from identity.models import Notice, NoticePreference, User
from identity.models.notices import NoticeQuerySet
from identity.rules.notices import all_kinds, kind_of, words_of
from identity.services.letters import send_letter
from identity.states import NoticeMail
from kernel.templatetags.look import moment

#: people written to in one run, and lines in one letter
MOST_PEOPLE = 300
MOST_LINES = 50
#: what happened longer ago is left to the inbox
DIGEST_OF = timedelta(days=3)


def mail_notices(*, event_id: int, code: str, key: str, now: datetime) -> list[int]:
    """Write to everybody who was told of the event, wants to hear at once and has not read it; returns their lines' keys.

    What people chose since they were told holds: once a day leaves it to the digest, never gets none.
    """
    lines = _lines(event_id, code).unread().filter(mail=NoticeMail.NOW, mailed_at__isnull=True)
    lines.filter(user__in=_who_chose(code, NoticeMail.DAILY)).update(mail=NoticeMail.DAILY)
    lines = lines.exclude(user__in=_who_chose(code, NoticeMail.NEVER))
    return _write("identity/letters/notice", lines, key=key, now=now)


def keep_mailed(keys: Iterable[int], *, now: datetime) -> None:
    Notice.objects.filter(pk__in=keys).update(mailed_at=now)


def mail_reminders(*, event_id: int, code: str, key: str, now: datetime) -> list[int]:
    """Remind everybody for whom it waits still, before the deadline if there is one; returns their lines' keys."""
    before_the_deadline = Q(respond_by__gt=now) | Q(respond_by__isnull=True)
    lines = _lines(event_id, code).waiting().filter(before_the_deadline, reminded_at__isnull=True)
    found = list(lines)
    refused = set(_who_chose(code, NoticeMail.NEVER))
    wanted = [line.pk for line in found if line.mail != NoticeMail.NEVER and line.user_id not in refused]
    _write("identity/letters/reminder", lines.filter(pk__in=wanted), key=key, now=now)
    return [line.pk for line in found]


def keep_reminded(keys: Iterable[int], *, now: datetime) -> None:
    """Unread again: the bell counts it."""
    Notice.objects.filter(pk__in=keys).update(reminded_at=now, read_at=None)


def send_digests(*, now: datetime) -> int:
    """Write to people who hear once a day what they have not read; returns how many letters were due."""
    due = Notice.objects.filter(mail=NoticeMail.DAILY, mailed_at__isnull=True, at__gt=now - DIGEST_OF)
    people = due.unread().order_by("user_id").values_list("user_id", flat=True).distinct()[:MOST_PEOPLE]
    today = timezone.localdate(now)
    for person in User.objects.filter(pk__in=list(people), is_active=True):
        wanted = due.unread().seen_by(person, now).exclude(code__in=_refused_by(person))
        lines = list(wanted.order_by("-id")[:MOST_LINES])
        if lines:
            send_letter(
                to=person.email,
                language=person.language,
                name="identity/letters/digest",
                context={"lines": [_shown(line, person) for line in lines], **_footer()},
                key=f"digest-{person.uid}-{today}",
                now=now,
            )
        due.filter(user=person).update(mailed_at=now)
    return len(people)


def _lines(event_id: int, code: str) -> NoticeQuerySet:
    return Notice.objects.filter(event_id=event_id, code=code).order_by("user_id")


def _who_chose(code: str, mail: str) -> QuerySet[NoticePreference, int]:
    """Whoever wants lines of this kind to reach them by mail in this way, now."""
    chosen = NoticePreference.objects.filter(group=kind_of(code).group, mail=mail)
    return chosen.values_list("user_id", flat=True)


def _refused_by(person: User) -> list[str]:
    """The kinds of which the person wants no mail now."""
    groups = set(
        NoticePreference.objects.filter(user=person, mail=NoticeMail.NEVER).values_list("group", flat=True)
    )
    return [kind.code for kind in all_kinds() if kind.group in groups]


def _write(letter: str, lines: NoticeQuerySet, *, key: str, now: datetime) -> list[int]:
    written = []
    for person, theirs in groupby(lines.select_related("user", "company"), key=lambda line: line.user):
        for line in theirs:
            if not Notice.objects.seen_by(person, now).filter(pk=line.pk).exists():
                continue  # they no longer act for that company
            send_letter(
                to=person.email,
                language=person.language,
                name=letter,
                context={"line": _shown(line, person), "notice": line, "reader": person, **_footer()},
                key=f"{key}-{person.pk}",
                now=now,
            )
            written.append(line.pk)
    return written


def _shown(line: Notice, person: User) -> dict[str, object]:
    """A line as its reader is told it by mail; the link marks it as read."""
    kind = kind_of(line.code)
    with translation.override(person.language):
        until = str(kind.until) % {"date": moment(line.respond_by)} if line.respond_by else ""
        return {
            "words": words_of(line.code, line.params, person.language),
            "advice": kind.advice if line.is_waiting else "",
            "respond_by": line.respond_by if line.is_waiting else None,
            "until": until if line.is_waiting else "",
            "at": line.at,
            "link": settings.BASE_URL + reverse("notice", args=[line.public_id]),
        }


def _footer() -> dict[str, str]:
    return {"preferences": settings.BASE_URL + reverse("inbox_preferences")}
