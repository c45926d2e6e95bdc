"""What people are told, and what they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class EnquirySent(BusinessEvent):
    """Somebody wrote to the programme office."""

    enquiry_id: int


@dataclass(frozen=True, kw_only=True)
class NoticeGiven(BusinessEvent):
    """People were told `code` of event `told_event_id`: mails leave at `mail_at`, a reminder at `remind_at`."""

    code: str
    told_event_id: int
    mail_at: datetime | None
    remind_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MessageSent(BusinessEvent):
    """One company wrote to the other; the words stand in the message."""

    thread_id: int
    message_id: int
