"""The list of conversations: threads between two companies, and rooms of their cases, in one order."""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disputes.models import Case
from disputes.queries import Conversation
from disputes.rules.zones import SEALED
from disputes.states import Zone
from identity.actors import Member
from identity.models import Thread
from identity.queries import ThreadPage
from identity.rules.phrases import phrases_in_words
from kernel.ids import public_id
from kernel.sheets import Row


class TalkRow(NamedTuple):
    """A conversation as the list shows it."""

    is_unread: bool
    last_at: datetime
    url: str
    icon: str
    title: str
    kind: str
    other: str
    #: what was said last, by whom, and how many files came with it
    said: str
    by: str
    ours: bool
    files: int


def of_thread(thread: Any, actor: Member) -> TalkRow:
    last, other = thread.last, thread.other.name_in(get_language() or "en")
    ours = bool(last) and last.company_id == actor.company_id
    return TalkRow(
        is_unread=bool(thread.is_unread),
        last_at=thread.last_at,
        url=reverse("thread", args=[actor.company.slug, thread.public_id]),
        icon="message-square",
        title=title_of(thread),
        kind=thread.get_kind_display(),
        other=other,
        said=_said(last.phrases, last.body) if last else "",
        by=_("Us") if ours else other,
        ours=ours,
        files=last.files_count if last else 0,
    )


def of_room(room: Conversation, actor: Member) -> TalkRow:
    """What was said in confidence is read in its room, and stands in no list."""
    language, zone = get_language() or "en", Zone(room.zone)
    ours, private = room.by_company == actor.company_id, zone in SEALED
    other = _("the mediator") if private else room.other.name_in(language)
    by = room.by_official.name_in(language) if room.by_official else room.other.name_in(language)
    case = reverse("case", args=[actor.company.slug, public_id(Case.PREFIX, room.case)])
    return TalkRow(
        is_unread=room.is_unread,
        last_at=room.last_at,
        url=f"{case}#room-{zone.value}",
        icon="lock" if private else "scale",
        title=f"{room.number} · {zone.label}",
        kind=_("Case"),
        other=other,
        said=_("Said in confidence: it is read in its room.") if private else _said(room.phrases, room.words),
        by=_("Us") if ours else by,
        ours=ours,
        files=room.files,
    )


def merged(page: ThreadPage, rooms: Iterable[Conversation], actor: Member) -> list[TalkRow]:
    """A page of threads with the rooms that lie between its first and its last."""
    threads = [of_thread(thread, actor) for thread in page.threads]
    ends = _place(threads[-1]) if page.after else None
    between = [
        row
        for row in (of_room(room, actor) for room in rooms)
        if (page.begins is None or _place(row) < page.begins) and (ends is None or _place(row) >= ends)
    ]
    return list(heapq.merge(threads, between, key=_place, reverse=True))


def all_merged(threads: Any, rooms: Iterable[Conversation], actor: Member) -> Generator[TalkRow, None, None]:
    """The whole list, read as it is asked for; the cursor behind `threads`, a generator, is closed however it ends."""
    with closing(threads):
        yield from heapq.merge(
            (of_thread(thread, actor) for thread in threads),
            (of_room(room, actor) for room in rooms),
            key=_place,
            reverse=True,
        )


def cells(row: TalkRow) -> Row:
    unread = _("Yes") if row.is_unread else _("No")
    return (row.title, row.kind, row.other, unread, row.by, row.last_at, row.said, row.files)


def title_of(thread: Thread) -> str:
    first, second = thread.title_en, thread.title_zh
    if (get_language() or "en").startswith("zh"):
        first, second = second, first
    return first or second or thread.matter_id


def _place(row: TalkRow) -> tuple[bool, datetime]:
    return row.is_unread, row.last_at


def _said(phrases: Any, words: str) -> str:
    return " ".join([*phrases_in_words(phrases), words])
