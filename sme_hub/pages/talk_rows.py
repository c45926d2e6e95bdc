"""The list of conversations: threads between two companies, and rooms of their cases, in one order.

The pages of the list are turned by the place of the last one shown, sealed: whatever is read or written meanwhile, the next
page begins below it.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disputes.models import Case
from disputes.queries import Conversation, conversations_of
from disputes.rules.zones import SEALED
from disputes.states import Zone
from identity.actors import Member
from identity.models import Thread
from identity.queries import ThreadLine, threads_beyond, threads_exported
from identity.rules.phrases import phrases_in_words
from identity.states import MatterKind
from kernel.ids import public_id
from kernel.sealing import NotSealed, seal, unseal
from kernel.sheets import MOST_CSV, Row

CONVERSATIONS_A_PAGE = 25
#: letters of what was said last
SHOWN = 160
PURPOSE = "place among conversations"
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
#: above every key
_ALL = 2**63 - 1


class Place(NamedTuple):
    """Where a conversation stands; the list goes down."""

    last_at: datetime
    #: threads before rooms of the same moment
    is_thread: bool
    key: int

    def sealed(self) -> str:
        moment = (self.last_at - _EPOCH) // _MICROSECOND
        return seal(PURPOSE, moment, int(self.is_thread), self.key)

    def beyond(self, *, is_thread: bool) -> tuple[datetime, int]:
        """What of threads, or of rooms, lies below."""
        key = self.key if is_thread == self.is_thread else 0 if is_thread else _ALL
        return self.last_at, key


class TalkRow(NamedTuple):
    """A conversation as the list shows it."""

    place: Place
    is_unread: bool
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

    @property
    def last_at(self) -> datetime:
        return self.place.last_at

    @property
    def in_short(self) -> str:
        return self.said if len(self.said) <= SHOWN else f"{self.said[: SHOWN - 1]}…"


def of_thread(thread: ThreadLine, actor: Member) -> TalkRow:
    other = thread.other_in(get_language() or "en")
    return TalkRow(
        place=Place(thread.last_at, True, thread.key),
        is_unread=thread.is_unread,
        url=reverse("thread", args=[actor.company.slug, thread.public_id]),
        icon="message-square",
        title=title_of(thread),
        kind=str(MatterKind(thread.kind).label),
        other=other,
        said=_said(thread.phrases, thread.words),
        by=_("Us") if thread.ours else other,
        ours=thread.ours,
        files=thread.files,
    )


def of_room(room: Conversation, actor: Member) -> TalkRow:
    """What was said in confidence is read in its room, and stands in no list."""
    language, zone = get_language() or "en", Zone(room.zone)
    ours, private = room.by_company == actor.company_id, zone in SEALED
    other = _("the mediator") if private else room.other.name_in(language)
    by = room.by_official.name_in(language) if room.by_official else room.other.name_in(language)
    case = reverse("case", args=[actor.company.slug, public_id(Case.PREFIX, room.case)])
    return TalkRow(
        place=Place(room.last_at, False, room.key),
        is_unread=room.is_unread,
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


def page_of(
    actor: Member, *, unread: bool = False, words: str = "", after: str = "", size: int = CONVERSATIONS_A_PAGE
) -> tuple[list[TalkRow], str]:
    """The rows of a page, and the cursor of the following one; empty on the last. Two statements."""
    place, asked = _opened(after), {"unread": unread, "words": words}
    threads = threads_beyond(actor, place and place.beyond(is_thread=True), size=size + 1, **asked)  # type: ignore[arg-type]
    rooms = conversations_of(actor, place and place.beyond(is_thread=False), size=size + 1, **asked)  # type: ignore[arg-type]
    found = list(islice(_in_order(threads, rooms, actor), size + 1))
    return found[:size], found[size - 1].place.sealed() if len(found) > size else ""


def all_rows(actor: Member, *, unread: bool = False, words: str = "") -> Generator[TalkRow, None, None]:
    """The whole list, read as it is asked for; the cursor behind it is closed however it ends."""
    rooms = conversations_of(actor, unread=unread, words=words, size=MOST_CSV + 1)
    with closing(threads_exported(actor, unread=unread, words=words)) as threads:
        yield from _in_order(threads, rooms, actor)


def _in_order(
    threads: Iterable[ThreadLine], rooms: Iterable[Conversation], actor: Member
) -> Iterator[TalkRow]:
    return heapq.merge(
        (of_thread(thread, actor) for thread in threads),
        (of_room(room, actor) for room in rooms),
        key=attrgetter("place"),
        reverse=True,
    )


def _opened(after: str) -> Place | None:
    """None for the first page, and for what is no cursor."""
    try:
        moment, is_thread, key = unseal(PURPOSE, after, count=3)
    except NotSealed:
        return None
    return Place(_EPOCH + moment * _MICROSECOND, bool(is_thread), key)


def cells(row: TalkRow) -> Row:
    unread = _("Yes") if row.is_unread else _("No")
    return (row.title, row.kind, row.other, unread, row.by, row.last_at, row.said, row.files)


def title_of(thread: Thread | ThreadLine) -> str:
    first, second = thread.title_en, thread.title_zh
    if (get_language() or "en").startswith("zh"):
        first, second = second, first
    return first or second or thread.matter_id


def _said(phrases: Any, words: str) -> str:
    return " ".join([*phrases_in_words(phrases), words])
