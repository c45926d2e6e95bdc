"""Reads of threads, scoped by the acting company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from identity.actors import Actor
from identity.models import Company, Message, MessageFile, ReadMark, Thread
from kernel.errors import NotFound
from kernel.fetching import columns, take
from kernel.ids import MalformedId, parse_public_id
from kernel.prepared import fetch_prepared

MESSAGES_A_PAGE = 50


@dataclass(frozen=True)
class MessagePage:
    #: oldest first, each with `file_rows`
    messages: list[Any]
    #: cursor of the earlier page; empty on the first one
    before: str


#: with this person's mark, and the furthest that the other side has read
_THREAD = f"""
SELECT {columns(Thread, "thread")}, {columns(Company, "buyer")}, {columns(Company, "seller")},
    thread.last_company_id IS DISTINCT FROM %(company)s AND thread.last_message_key > COALESCE(mark.message_key, 0),
    COALESCE(theirs.message_key, 0), theirs.at
FROM identity_thread AS thread
JOIN identity_company AS buyer ON buyer.id = thread.buyer_id
JOIN identity_company AS seller ON seller.id = thread.seller_id
LEFT JOIN identity_readmark AS mark
    ON mark.thread_id = thread.id AND mark.user_id = %(user)s AND mark.company_id = %(company)s
LEFT JOIN LATERAL (
    SELECT message_key, at FROM identity_readmark AS other WHERE other.thread_id = thread.id AND other.company_id <> %(company)s
    ORDER BY message_key DESC, at LIMIT 1
) AS theirs ON true
WHERE thread.uid = %(uid)s AND %(company)s IN (thread.buyer_id, thread.seller_id)
"""


def thread_of(actor: Actor, thread: str) -> Any:
    """The thread (`thr_…`) with its companies, `other`, `is_unread` and how far the other side has read. One statement.

    Raises `NotFound` for everybody else than its two companies.
    """
    try:
        uid = parse_public_id(Thread.PREFIX, thread)
    except MalformedId as error:
        raise NotFound from error
    asked = {"uid": uid, "company": actor.company_id or 0, "user": actor.user_id or 0}
    rows = fetch_prepared(_THREAD, asked)
    if not rows:
        raise NotFound
    found: Any
    found, rest = take(Thread, rows[0])
    found.buyer, rest = take(Company, rest)
    found.seller, rest = take(Company, rest)
    found.is_unread, found.seen_to, found.seen_at = rest
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


def seen_by_the_other_side(thread: Any, company_id: int) -> datetime | None:
    """When the other side read what this company said last; None while it has not, or where it spoke last itself."""
    ours = thread.last_company_id == company_id
    return thread.seen_at if ours and thread.seen_to >= thread.last_message_key else None
