"""A company's threads in a list, by their last message: statements written out, since everybody's page of messages asks them.

What the company buys and what it sells each walk an index by time; what is narrowed is looked at along these walks.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from identity.actors import CompanyActor
from identity.models import Company, Thread
from kernel.fetching import containing, fetch
from kernel.ids import public_id
from kernel.prepared import fetch_prepared
from kernel.sheets import MOST_CSV

THREADS_A_PAGE = 25
EXPORTED_AT_ONCE = 500
#: unread ones are counted among so many, the latest, in which the other side spoke last
COUNTED, MOST_COUNTED = 500, 100
#: where a list was left: at which last message, and below which key of that moment
Beyond = tuple[datetime, int]


class ThreadLine(NamedTuple):
    """A thread of the company with what was said last in it."""

    key: int
    uid: UUID
    kind: str
    matter_id: str
    title_en: str
    title_zh: str
    last_at: datetime
    is_unread: bool
    #: whether the company buys; the other one sells
    buys: bool
    #: of the other company
    slug: str
    legal_name: str
    name_en: str
    name_zh: str
    #: whether the company spoke last itself
    ours: bool
    phrases: Sequence[str]
    words: str
    files: int

    @property
    def public_id(self) -> str:
        return public_id(Thread.PREFIX, self.uid)

    def other_in(self, language: str) -> str:
        return Company.name_in(self, language)  # type: ignore[arg-type]


@dataclass(frozen=True)
class ThreadPage:
    threads: list[ThreadLine]
    #: cursor of the following page; empty on the last one
    after: str


def threads_of(
    actor: CompanyActor,
    *,
    unread: bool = False,
    words: str = "",
    after: str = "",
    size: int = THREADS_A_PAGE,
) -> ThreadPage:
    """A page of the company's threads. One statement, two behind a cursor."""
    last: Any = Thread.objects.visible_to(actor).with_public_id(after).first() if after else None
    beyond = (last.last_at, last.pk) if last is not None else None
    found = threads_beyond(actor, beyond, unread=unread, words=words, size=size + 1)
    return ThreadPage(found[:size], found[size - 1].public_id if len(found) > size else "")


def threads_beyond(
    actor: CompanyActor, beyond: Beyond | None, *, unread: bool = False, words: str = "", size: int
) -> list[ThreadLine]:
    """The next `size` of that list. One statement."""
    ask = fetch if unread or words else fetch_prepared  # a plan for narrowed ones has to know the values
    return [ThreadLine(*row) for row in ask(*_asked(actor, beyond, unread, words, size))]


def threads_exported(
    actor: CompanyActor, *, unread: bool = False, words: str = ""
) -> Generator[ThreadLine, None, None]:
    """The same list whole, as it stands when its file is asked for, read as it is sent. One statement."""
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(*_asked(actor, None, unread, words, MOST_CSV + 1))
        while rows := cursor.fetchmany(EXPORTED_AT_ONCE):
            yield from (ThreadLine(*row) for row in rows)


def unread_threads(actor: CompanyActor) -> int:
    """How many threads hold something that this person has not read; a hundred at most. One statement."""
    theirs = "AND thread.last_company_id IS DISTINCT FROM %(company)s"
    statement = f"SELECT count(*) FROM {_halves(theirs)} AS latest WHERE is_unread"
    [(count,)] = fetch_prepared(statement, _facts(actor, COUNTED))
    return min(count, MOST_COUNTED)


# --- inside --------------------------------------------------------------------------------------------------------

#: threads on one side of which the company stands; a person's mark is joined, of which there is one at most
_HALF = """(
SELECT thread.*, thread.{other} AS other_id, {unread} AS is_unread
FROM identity_thread AS thread
LEFT JOIN identity_readmark AS mark
    ON mark.thread_id = thread.id AND mark.user_id = %(user)s AND mark.company_id = %(company)s
WHERE thread.{own} = %(company)s {narrowed}
ORDER BY thread.last_at DESC, thread.id DESC LIMIT %(most)s
)"""
_UNREAD = """
(thread.last_company_id IS DISTINCT FROM %(company)s AND thread.last_message_key > COALESCE(mark.message_key, 0))
"""
_BEYOND = "AND (thread.last_at, thread.id) < (%(at)s, %(key)s)"
#: the matter, the companies, or anything that was said
_SAYING = """
AND (thread.title_en ILIKE %(like)s OR thread.title_zh ILIKE %(like)s OR thread.matter_id ILIKE %(like)s
    OR EXISTS (SELECT FROM identity_company AS named WHERE named.id IN (thread.buyer_id, thread.seller_id)
        AND (named.legal_name ILIKE %(like)s OR named.name_en ILIKE %(like)s OR named.name_zh ILIKE %(like)s))
    OR EXISTS (SELECT FROM identity_message AS said WHERE said.thread_id = thread.id AND said.body ILIKE %(like)s))
"""
_LINES = """
SELECT latest.id, latest.uid, latest.kind, latest.matter_id, latest.title_en, latest.title_zh, latest.last_at, latest.is_unread,
    latest.buyer_id = %(company)s, other.slug, other.legal_name, other.name_en, other.name_zh,
    latest.last_company_id IS NOT DISTINCT FROM %(company)s,
    COALESCE(said.phrases, '{{}}'), COALESCE(said.body, ''), COALESCE(said.files_count, 0)
FROM {halves} AS latest
JOIN identity_company AS other ON other.id = latest.other_id
LEFT JOIN identity_message AS said ON said.id = latest.last_message_key
ORDER BY latest.last_at DESC, latest.id DESC
"""


def _asked(
    actor: CompanyActor, beyond: Beyond | None, unread: bool, words: str, most: int
) -> tuple[str, dict[str, Any]]:
    """The statement of a list, and its values."""
    facts, narrowed = _facts(actor, most), []
    if beyond is not None:
        narrowed.append(_BEYOND)
        facts |= dict(zip(("at", "key"), beyond, strict=True))
    if unread:
        narrowed.append(f"AND {_UNREAD}")
    if asked := words.replace("\0", "").strip()[:100]:
        narrowed.append(_SAYING)
        facts["like"] = containing(asked)
    return _LINES.format(halves=_halves(" ".join(narrowed))), facts


def _facts(actor: CompanyActor, most: int) -> dict[str, Any]:
    return {"company": actor.company_id, "user": actor.user_id or 0, "most": most}


def _halves(narrowed: str) -> str:
    bought, sold = (
        _HALF.format(own=own, other=other, unread=_UNREAD, narrowed=narrowed)
        for own, other in (("buyer_id", "seller_id"), ("seller_id", "buyer_id"))
    )
    return f"({bought} UNION ALL {sold} ORDER BY last_at DESC, id DESC LIMIT %(most)s)"
