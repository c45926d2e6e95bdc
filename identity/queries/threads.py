"""Reads of threads, scoped by the acting company."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from identity.actors import Actor, CompanyActor
from identity.models import Company, Message, MessageFile, ReadMark, Thread
from identity.models.threads import ThreadQuerySet
from kernel.sheets import MOST_CSV

THREADS_A_PAGE = 25
MESSAGES_A_PAGE = 50
EXPORTED_AT_ONCE = 500


#: where a list was left: whether it was at unread conversations, at which last message, and below which key of that moment
Beyond = tuple[bool, datetime, int]


@dataclass(frozen=True)
class ThreadPage:
    #: each with `is_unread`, `other` (the company) and `last` (the last message)
    threads: list[Any]
    #: cursor of the following page; empty on the last one
    after: str


@dataclass(frozen=True)
class MessagePage:
    #: oldest first, each with `file_rows`
    messages: list[Any]
    #: cursor of the earlier page; empty on the first one
    before: str


def threads_of(
    actor: CompanyActor,
    *,
    unread: bool = False,
    words: str = "",
    after: str = "",
    size: int = THREADS_A_PAGE,
) -> ThreadPage:
    """The company's threads, those unread by this person first, then by their last message. Three statements, four
    behind a cursor."""
    last: Any = _marked(actor).with_public_id(after).first() if after else None
    beyond = (bool(last.is_unread), last.last_at, last.pk) if last is not None else None
    found = threads_beyond(actor, beyond, unread=unread, words=words, size=size + 1)
    return ThreadPage(found[:size], found[size - 1].public_id if len(found) > size else "")


def threads_beyond(
    actor: CompanyActor, beyond: Beyond | None, *, unread: bool = False, words: str = "", size: int
) -> list[Any]:
    """The next `size` of the list that `threads_of` turns the pages of. Three statements."""
    threads = _narrowed(actor, unread, words)
    if beyond is not None:
        was_unread, at, key = beyond
        threads = threads.filter(
            Q(is_unread__lt=int(was_unread))
            | Q(is_unread=int(was_unread), last_at__lt=at)
            | Q(is_unread=int(was_unread), last_at=at, pk__lt=key)
        )
    return _with_last(actor, list(threads[:size]))


def threads_exported(actor: CompanyActor, *, unread: bool = False, words: str = "") -> Iterator[Any]:
    """The same list whole, as it stands when its file is asked for. A statement, and two for each five hundred threads."""
    found: Any = _narrowed(actor, unread, words)[: MOST_CSV + 1].iterator(chunk_size=EXPORTED_AT_ONCE)
    with closing(found):
        while some := list(islice(found, EXPORTED_AT_ONCE)):
            yield from _with_last(actor, some)


def unread_threads(actor: CompanyActor) -> int:
    """How many threads hold something that this person has not read. One statement."""
    return _marked(actor).filter(is_unread=1)[:100].count()


def thread_of(actor: Actor, thread: str) -> Any:
    """The thread (`thr_…`) with its companies, `other`, `is_unread` and how far the other side has read. One statement.

    Raises `NotFound` for everybody else than its two companies.
    """
    found: Any = _seen(_marked(actor), actor).fetch(thread)
    found.other = found.other_than(actor.company_id)
    return found


def thread_between(actor: Actor, *, matter: UUID, buyer_id: int, seller_id: int) -> Thread | None:
    """The thread of a pair of companies about a matter, if there is one and the acting company is of the pair."""
    return (
        Thread.objects.visible_to(actor).filter(matter=matter, buyer_id=buyer_id, seller_id=seller_id).first()
    )


def messages_of(thread: Thread, *, before: str = "", size: int = MESSAGES_A_PAGE) -> MessagePage:
    """The latest messages, or those before one; oldest first. Two statements, three behind a cursor."""
    messages = Message.objects.filter(thread=thread)
    first = messages.with_public_id(before).first() if before else None
    if first is not None:
        messages = messages.filter(pk__lt=first.pk)
    found = list(messages.select_related("author").prefetch_related("files").order_by("-pk")[: size + 1])
    shown = found[:size]
    cursor = shown[-1].public_id if len(found) > size else ""
    return MessagePage(shown[::-1], cursor)


def readers_of(thread: Thread, company_id: int) -> list[int]:
    """Who of this company has read it to its end."""
    marks = ReadMark.objects.filter(
        thread=thread, company_id=company_id, message_key__gte=thread.last_message_key
    )
    return list(marks.values_list("user_id", flat=True))


def authors_of(thread: Thread, company_id: int) -> list[int]:
    """Who has written for this company."""
    authors = Message.objects.filter(thread=thread, company_id=company_id)
    return list(authors.values_list("author_id", flat=True).distinct()[:20])


def may_read_message_file(actor: Actor, name: str) -> bool:
    """Whether a stored attachment is for this reader: the people of the thread's two companies."""
    threads = Thread.objects.visible_to(actor)
    return MessageFile.objects.filter(file=name, message__thread__in=threads).exists()


def message_file(actor: Actor, thread: str, file: str) -> MessageFile:
    """An attachment of one of the actor's threads; raises `NotFound`."""
    found: Thread = Thread.objects.visible_to(actor).fetch(thread)
    row: MessageFile = MessageFile.objects.filter(message__thread=found).fetch(file)  # type: ignore[attr-defined]
    return row


def _marked(actor: Actor) -> ThreadQuerySet:
    """Threads with what this person has not read. Their marks are joined: looked up thread by thread they cost a busy company's
    list more than everything else.
    """
    mine = Q(marks__user_id=actor.user_id or 0, marks__company_id=actor.company_id or 0)
    unread = When(~Q(last_company_id=actor.company_id) & Q(last_message_key__gt=F("read_to")), then=Value(1))
    return (
        Thread.objects.visible_to(actor)
        .annotate(mark=FilteredRelation("marks", condition=mine))  # one a reader at most
        .annotate(read_to=Coalesce(F("mark__message_key"), 0))
        .annotate(is_unread=Case(unread, default=Value(0), output_field=IntegerField()))
    )


def _seen(threads: ThreadQuerySet, actor: Actor) -> ThreadQuerySet:
    """With the companies, and how far and when the other side has read."""
    theirs = (
        ReadMark.objects.filter(thread=OuterRef("pk"))
        .exclude(company_id=actor.company_id or 0)
        .order_by("-message_key", "at")
    )
    return threads.select_related("buyer", "seller").annotate(
        seen_to=Coalesce(Subquery(theirs.values("message_key")[:1]), 0),
        seen_at=Subquery(theirs.values("at")[:1]),
    )


def _narrowed(actor: CompanyActor, unread: bool, words: str) -> ThreadQuerySet:
    """What a list is asked for, in its order."""
    threads = _marked(actor)
    if unread:
        threads = threads.filter(is_unread=1)
    if words.strip():
        threads = _saying(threads, words.strip()[:100])
    return threads.order_by("-is_unread", "-last_at", "-pk")


def _with_last(actor: CompanyActor, threads: list[Any]) -> list[Any]:
    """Each with its companies, the other one, and the last message."""
    companies = Company.objects.in_bulk({key for thread in threads for key in thread.parties})
    latest = Message.objects.select_related("author").in_bulk([thread.last_message_key for thread in threads])
    for thread in threads:
        thread.buyer, thread.seller = companies[thread.buyer_id], companies[thread.seller_id]
        thread.other = thread.other_than(actor.company_id)
        thread.last = latest.get(thread.last_message_key)
    return threads


def _saying(threads: ThreadQuerySet, words: str) -> ThreadQuerySet:
    """Those whose matter, companies or messages hold the words."""
    said = Message.objects.filter(thread=OuterRef("pk"), body__icontains=words)
    named = Q()
    for field in ("title_en", "title_zh", "matter_id"):
        named |= Q(**{f"{field}__icontains": words})
    for side in ("buyer", "seller"):
        for field in ("legal_name", "name_en", "name_zh"):
            named |= Q(**{f"{side}__{field}__icontains": words})
    return threads.filter(named | Exists(said))


def seen_by_the_other_side(thread: Any, company_id: int) -> datetime | None:
    """When the other side read what this company said last; None while it has not, or where it spoke last itself."""
    ours = thread.last_company_id == company_id
    return thread.seen_at if ours and thread.seen_to >= thread.last_message_key else None
