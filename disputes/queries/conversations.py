"""Rooms of cases as conversations: each with what was said last, for the party's people who read it.

Whose rooms they are is the policy's to say (`disputes.rules.zones`): of the other side's private room there is no row, and
nothing to count.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Subquery

from disputes.models import Case, Message, ReadMark
from disputes.queries.lines import Named
from disputes.rules.zones import Viewer, zones_of
from identity.actors import Member
from kernel.fetching import containing, fetch
from kernel.prepared import fetch_prepared

MOST_COUNTED = 100
#: where a list was left: at which last message, and below which key of that moment
Beyond = tuple[datetime, int]


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
    """The next `size` rooms that this person reads, by their last message. One statement; none for who sees no case."""
    narrowed, values = _asked(actor, beyond, unread, words)
    return [_conversation(row, actor.company_id) for row in _found(actor, _LINES, narrowed, [*values, size])]


def unread_conversations(actor: Member) -> int:
    """How many of them hold something that this person has not read; a hundred at most. One statement."""
    return len(_found(actor, "SELECT 1", "WHERE is_unread", [MOST_COUNTED]))


def readers_of_room(case_id: int, zone: str) -> list[int]:
    """Who has read the room to its end."""
    last = Message.objects.filter(case=case_id, zone=zone).order_by("-pk").values("pk")[:1]
    marks = ReadMark.objects.filter(case=case_id, zone=zone, read_to__gte=Subquery(last))
    return list(marks.values_list("user_id", flat=True))


# --- inside --------------------------------------------------------------------------------------------------------

#: the last message of every room, with whether there is news in the room for this person
_ROOMS = """
WITH latest AS (
    SELECT DISTINCT ON (said.case_id, said.zone) said.id, said.case_id, said.zone, said.company_id, said.official_id,
        said.phrases, said.body, said.at
    FROM disputes_case AS seen JOIN disputes_message AS said ON said.case_id = seen.id
        AND said.zone = ANY(CASE WHEN seen.claimant_id = %s THEN %s::text[] ELSE %s::text[] END)
    WHERE seen.id IN ({visible})
    ORDER BY said.case_id, said.zone, said.id DESC
), room AS (
    SELECT latest.*, EXISTS (
        SELECT FROM disputes_message AS news WHERE news.case_id = latest.case_id AND news.zone = latest.zone
            AND news.id > COALESCE(mark.read_to, 0) AND news.company_id IS DISTINCT FROM %s
    ) AS is_unread
    FROM latest LEFT JOIN disputes_readmark AS mark
        ON mark.case_id = latest.case_id AND mark.zone = latest.zone AND mark.user_id = %s
)
{lines}
FROM room JOIN disputes_case AS dispute ON dispute.id = room.case_id
JOIN orders_order AS sale ON sale.id = dispute.order_id
JOIN identity_company AS claimant ON claimant.id = dispute.claimant_id
JOIN identity_company AS respondent ON respondent.id = dispute.respondent_id
LEFT JOIN disputes_official AS official ON official.id = room.official_id
{narrowed} ORDER BY room.at DESC, room.id DESC LIMIT %s
"""
_LINES = """
SELECT room.id, dispute.uid, dispute.number, sale.reference, room.zone, room.is_unread, room.at, room.company_id,
    room.phrases, room.body, (SELECT count(*) FROM disputes_casefile AS file WHERE file.message_id = room.id),
    dispute.claimant_id, official.name_en, official.name_zh,
    claimant.name_en, claimant.name_zh, claimant.legal_name,
    respondent.name_en, respondent.name_zh, respondent.legal_name
"""
#: the case, its order, its parties, or what was said last in the joint room
_SAYING = (
    *("room.body", "dispute.number", "sale.reference"),
    *(f"{party}.{name}" for party in ("claimant", "respondent") for name in Named._fields),
)


def _found(actor: Member, lines: str, narrowed: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    try:
        visible, seen = Case.objects.visible_to(actor).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    zones = (list(map(str, zones_of(viewer))) for viewer in (Viewer.PARTY_A, Viewer.PARTY_B))
    company, statement = actor.company_id, _ROOMS.format(visible=visible, lines=lines, narrowed=narrowed)
    asked = [company, *zones, *seen, company, actor.user_id, *values]
    return (fetch if "ILIKE" in narrowed else fetch_prepared)(statement, asked)


def _asked(actor: Member, beyond: Beyond | None, unread: bool, words: str) -> tuple[str, list[Any]]:
    """What a list is narrowed to, and the values that this asks for."""
    wanted: list[str] = ["room.is_unread"] if unread else []
    values: list[Any] = []
    if beyond is not None:
        wanted.append("(room.at, room.id) < (%s, %s)")
        values += beyond
    if asked := words.replace("\0", "").strip()[:100]:
        wanted.append(f"({' OR '.join(f'{column} ILIKE %s' for column in _SAYING)})")
        values += [containing(asked)] * len(_SAYING)
    return f"WHERE {' AND '.join(wanted)}" if wanted else "", values


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
        phrases=json.loads(phrases) if isinstance(phrases, str) else phrases,
        words=body,
        files=files,
        other=parties[1] if claimant == company else parties[0],
    )
