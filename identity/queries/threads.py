"""Reads of threads, scoped by the acting company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
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

from identity.actors import Actor
from identity.models import Message, MessageFile, ReadMark, Thread
from identity.models.threads import ThreadQuerySet

MESSAGES_A_PAGE = 50


@dataclass(frozen=True)
class MessagePage:
    #: oldest first, each with `file_rows`
    messages: list[Any]
    #: cursor of the earlier page; empty on the first one
    before: str


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


def seen_by_the_other_side(thread: Any, company_id: int) -> datetime | None:
    """When the other side read what this company said last; None while it has not, or where it spoke last itself."""
    ours = thread.last_company_id == company_id
    return thread.seen_at if ours and thread.seen_to >= thread.last_message_key else None
