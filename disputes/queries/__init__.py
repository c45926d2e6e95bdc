"""Reads of cases: by who acts, and by the zone in which a thing lies."""

from disputes.queries.brief import CaseInBrief, case_in_brief, case_managers, zone_of_session
from disputes.queries.calendars import calendars, rules_of_day
from disputes.queries.cases import Filters, case_of, cases_waiting, open_case_of_order, page_of
from disputes.queries.evidence import evidence_of
from disputes.queries.office import mediators, official_of, search_conflicts, viewer_of
from disputes.queries.rooms import (
    disclosures_of,
    file_of,
    files_of,
    messages_of,
    session_of,
    sessions_of,
    standing_terms,
)

__all__ = [
    "CaseInBrief",
    "Filters",
    "calendars",
    "case_in_brief",
    "case_managers",
    "case_of",
    "cases_waiting",
    "disclosures_of",
    "evidence_of",
    "file_of",
    "files_of",
    "mediators",
    "messages_of",
    "official_of",
    "open_case_of_order",
    "page_of",
    "rules_of_day",
    "search_conflicts",
    "session_of",
    "sessions_of",
    "standing_terms",
    "viewer_of",
    "zone_of_session",
]
