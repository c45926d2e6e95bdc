from disputes.models.calendars import CalendarDay, CalendarNotice, RuleSet
from disputes.models.cases import Case, CaseQuerySet, Deadline
from disputes.models.filings import Filing
from disputes.models.office import Appointment, Official
from disputes.models.rooms import CaseFile, Message, Reading, ReadMark, Session
from disputes.models.terms import Clause, Consent, Instalment, Signature, Terms

__all__ = [
    "Appointment",
    "CalendarDay",
    "CalendarNotice",
    "Case",
    "CaseFile",
    "CaseQuerySet",
    "Clause",
    "Consent",
    "Deadline",
    "Filing",
    "Instalment",
    "Message",
    "Official",
    "ReadMark",
    "Reading",
    "RuleSet",
    "Session",
    "Signature",
    "Terms",
]
