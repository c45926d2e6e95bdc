"""Reads of cases: by who acts, and by the zone in which a thing lies."""

from disputes.queries.brief import CaseInBrief, case_in_brief, mediator_of, officials, zone_of_session
from disputes.queries.calendars import calendars, rules_of_day
from disputes.queries.cases import (
    Filters,
    case_of,
    cases_named,
    exported,
    open_case_of_order,
    page_of,
)
from disputes.queries.conversations import (
    Conversation,
    conversations_of,
    readers_of_room,
    unread_conversations,
)
from disputes.queries.desk import DeskFigures, Work, figures_of, sessions_ahead, work_of
from disputes.queries.evidence import evidence_of
from disputes.queries.lines import CaseLine, DeskLine
from disputes.queries.office import (
    is_objected_to,
    mediators,
    mediators_for,
    official_of,
    search_conflicts,
    viewer_of,
)
from disputes.queries.performance import last_day_named, may_contest, payments_are_open, rule_of
from disputes.queries.reopening import rule_before_again, settled_before, wait_before_again
from disputes.queries.rooms import (
    RoomPage,
    disclosures_of,
    file_of,
    files_of,
    marks_of,
    messages_of,
    readings_of,
    session_of,
    sessions_of,
    sides_in_default,
    signatures_of,
    standing_terms,
    with_news,
)

__all__ = [
    "CaseInBrief",
    "CaseLine",
    "Conversation",
    "DeskFigures",
    "DeskLine",
    "Filters",
    "RoomPage",
    "Work",
    "calendars",
    "case_in_brief",
    "case_of",
    "cases_named",
    "conversations_of",
    "readers_of_room",
    "disclosures_of",
    "evidence_of",
    "exported",
    "figures_of",
    "file_of",
    "files_of",
    "is_objected_to",
    "last_day_named",
    "marks_of",
    "may_contest",
    "mediator_of",
    "mediators",
    "mediators_for",
    "messages_of",
    "official_of",
    "officials",
    "open_case_of_order",
    "page_of",
    "payments_are_open",
    "readings_of",
    "rule_before_again",
    "rule_of",
    "rules_of_day",
    "search_conflicts",
    "session_of",
    "sessions_ahead",
    "sessions_of",
    "sides_in_default",
    "settled_before",
    "signatures_of",
    "standing_terms",
    "unread_conversations",
    "viewer_of",
    "wait_before_again",
    "with_news",
    "work_of",
    "zone_of_session",
]
