"""Rooms of cases as conversations: each with what was said last, for the party's people who read it.

Whose rooms they are is the policy's to say (`disputes.rules.zones`): of the other side's private room there is no row, and
nothing to count.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from disputes.models import Case, CaseFile, Message, ReadMark
from disputes.queries.lines import PARTIES, Named
from disputes.rules.zones import Viewer, zones_of
from identity.actors import Member
from kernel.sheets import MOST_CSV

EXPORTED_AT_ONCE = 500
#: where a list was left: whether it was at unread rooms, at which last message, and below which key of that moment
Beyond = tuple[bool, datetime, int]


class Conversation(NamedTuple):
    """A room in which something was said. Words of a private room are not here: they are read there."""

    #: of the last message: rooms of one moment are in its order
    key: int
    case: UUID
    number: str
    order: str
    zone: str
    is_unread: bool
    last_at: datetime
    #: who said the last: a party, or an official by the names of their seat
    by_company: int | None
    by_official: Named | None
    phrases: Sequence[str]
    words: str
    files: int
    #: the other party
    other: Named


def conversations_of(
    actor: Member, beyond: Beyond | None = None, *, unread: bool = False, words: str = "", size: int
) -> list[Conversation]:
    """The next `size` rooms that this person reads, unread ones first, then by their last message. One statement; none for
    who sees no case.
    """
    found = _narrowed(actor, unread, words)
    if beyond is not None:
        was_unread, at, key = beyond
        before = Q(at__lt=at) | Q(at=at, pk__lt=key)
        found = found.filter(Q(is_unread=False) | before if was_unread else Q(is_unread=False) & before)
    return [_conversation(row, actor.company_id) for row in found.values_list(*_COLUMNS)[:size]]


def conversations_exported(
    actor: Member, *, unread: bool = False, words: str = ""
) -> Generator[Conversation, None, None]:
    """The same list whole, read as it is asked for. One statement."""
    every = _narrowed(actor, unread, words).values_list(*_COLUMNS)[: MOST_CSV + 1]
    with closing(every.iterator(chunk_size=EXPORTED_AT_ONCE)) as rows:
        for row in rows:
            yield _conversation(row, actor.company_id)


def readers_of_room(case_id: int, zone: str) -> list[int]:
    """Who has read the room to its end."""
    last = Message.objects.filter(case=case_id, zone=zone).order_by("-pk").values("pk")[:1]
    marks = ReadMark.objects.filter(case=case_id, zone=zone, read_to__gte=Subquery(last))
    return list(marks.values_list("user_id", flat=True))


def unread_conversations(actor: Member) -> int:
    """How many of them hold something that this person has not read. One statement."""
    return _marked(actor).filter(is_unread=True)[:100].count()


def _narrowed(actor: Member, unread: bool, words: str) -> Any:
    """What a list is asked for, in its order."""
    found = _marked(actor)
    if unread:
        found = found.filter(is_unread=True)
    if asked := words.replace("\0", "").strip()[:100]:
        found = found.filter(_saying(asked))
    return found.order_by("-is_unread", "-at", "-pk")


def _marked(actor: Member) -> Any:
    """The last message of every room that the actor reads, with whether there is news in the room."""
    of_the_room = {"case": OuterRef("case"), "zone": OuterRef("zone")}
    read = ReadMark.objects.filter(**of_the_room, user_id=actor.user_id).values("read_to")
    news = Message.objects.filter(**of_the_room, pk__gt=OuterRef("read_to")).exclude(
        company_id=actor.company_id
    )
    files = CaseFile.objects.filter(message=OuterRef("pk")).order_by().values("message")
    return (
        Message.objects.filter(pk__in=_latest(actor))
        .annotate(read_to=Coalesce(Subquery(read[:1]), 0))
        .annotate(
            is_unread=Exists(news),
            files_count=Coalesce(Subquery(files.annotate(all=Count("pk")).values("all")[:1]), 0),
        )
    )


def _latest(actor: Member) -> QuerySet[Message, Any]:
    company = actor.company_id
    read_by = Q(case__claimant_id=company, zone__in=zones_of(Viewer.PARTY_A)) | Q(
        case__respondent_id=company, zone__in=zones_of(Viewer.PARTY_B)
    )
    said = Message.objects.filter(read_by, case__in=Case.objects.visible_to(actor))
    return said.order_by("case_id", "zone", "-pk").distinct("case_id", "zone").values("pk")


_OFFICIAL = ("official__name_en", "official__name_zh")
_COLUMNS = (
    *("pk", "case__uid", "case__number", "case__order__reference", "zone", "is_unread", "at", "company_id"),
    *("phrases", "body", "files_count", "case__claimant_id", *_OFFICIAL),
    *(f"case__{column}" for column in PARTIES),
)


def _conversation(row: Sequence[Any], company: int) -> Conversation:
    key, case, number, order, zone, is_unread, at, by, phrases, body, files, claimant = row[:12]
    name_en, name_zh = row[12:14]
    parties = (Named(*row[14:17]), Named(*row[17:20]))
    return Conversation(
        key=key,
        case=case,
        number=number,
        order=order,
        zone=zone,
        is_unread=is_unread,
        last_at=at,
        by_company=by,
        by_official=None if by else Named(name_en, name_zh, name_en),
        phrases=phrases,
        words=body,
        files=files,
        other=parties[1] if claimant == company else parties[0],
    )


def _saying(words: str) -> Q:
    """The case, its order, its parties, or what was said last in the joint room."""
    found = Q(body__icontains=words)
    for column in ("number", "order__reference", *PARTIES):
        found |= Q(**{f"case__{column}__icontains": words})
    return found
