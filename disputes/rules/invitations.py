"""Sessions as iCalendar (RFC 5545, 5546): a stable UID, a sequence that rises, and nothing but the number of the case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText


def invitation(
    *,
    number: str,
    uid: UUID,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    cancelled: bool,
    stamp: datetime,
    organizer: str,
    attendee: str,
) -> bytes:
    """A REQUEST, or a CANCEL of the same UID. Whoever looks into somebody's calendar reads a case number only.

    `attendee` is the reader's own address: who else comes stands on the page of the case, and in no file.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//SME Hub//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    event = Event()
    event.add("uid", f"{uid}@sme-hub")
    event.add("sequence", sequence)
    event.add("summary", number)
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if place and not cancelled:
        event["location"] = vText(place)
    event["organizer"] = vCalAddress(f"mailto:{organizer}")
    invited = vCalAddress(f"mailto:{attendee}")
    invited.params["ROLE"] = "REQ-PARTICIPANT"
    event.add("attendee", invited)
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
