"""What is told of the rooms of a case: that somebody wrote, that a session is set. Of a private room, to its own side only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from disputes.events import MessageLeft, SessionCancelled, SessionSet
from disputes.queries import readers_of_room, zone_of_session
from disputes.rules.zones import room_uid
from disputes.states import Zone
from kernel.events import Occurrence
from sme_hub.telling.case_matters import SIDES, for_who_mediates, matter_of, row
from sme_hub.telling.rows import UNREAD_FOR, Matter, Row, no_deadline

#: in which parties and mediator speak to one another
_HEARD_BY_MEDIATORS = (Zone.JOINT, Zone.CAUCUS_A, Zone.CAUCUS_B)
#: the private room of each
_ROOM_OF = {"claimant": Zone.CAUCUS_A, "respondent": Zone.CAUCUS_B}


def in_its_room(event: MessageLeft, occurrence: Occurrence) -> Matter:
    """About the room: whoever reads it waits for nothing more there, whatever is new in another."""
    matter = something_said(event, occurrence)
    return replace(matter, about=room_uid(matter.about, event.zone))


def to_the_mediator(event: MessageLeft, occurrence: Occurrence) -> Matter:
    """What a party wrote waits for the mediator; `row` says whether it was a party."""
    matter = for_who_mediates(event, occurrence)
    by_party = occurrence.company_id is not None
    return replace(
        matter,
        about=room_uid(matter.about, event.zone),
        row=by_party,
        params={**matter.params, "id": matter.row.public_id},
    )


def have_read(matter: Matter, side: str) -> Iterable[int]:
    return readers_of_room(matter.event.case_id, matter.event.zone)


def something_said(event: MessageLeft | SessionSet | SessionCancelled, occurrence: Occurrence) -> Matter:
    """With the sides that may know of it and did not do it themselves."""
    zone = event.zone if isinstance(event, MessageLeft) else zone_of_session(event.session_id)
    matter = matter_of(event, occurrence, users=())
    heard = {
        side
        for side, (company, _slug) in matter.sides.items()
        if zone in (Zone.JOINT, Zone.OPEN, _ROOM_OF[side]) and company != occurrence.company_id
    }
    return Matter(
        about=matter.about,
        row=heard,
        event=event,
        now=matter.now,
        sides=matter.sides,
        params={**matter.params, "id": matter.row.public_id},
        params_of=matter.params_of,
    )


def _heard_by(side: str, *, moved: bool | None = None) -> Any:
    """Whether this side may know of it; of a session also whether it is one that stood already."""
    return lambda matter: side in matter.row and moved in (None, bool(getattr(matter.event, "sequence", 0)))


#: words wait for whoever has not read them, until they do or answer; whoever was there when they were said is not told to look
_UNTIL_READ: dict[str, Any] = {
    "waits": True,
    "until": (MessageLeft,),
    "seen_by": have_read,
    "respond_by": no_deadline,
    "remind_after": UNREAD_FOR,
}


def _of_side(side: str) -> tuple[Row, ...]:
    return (
        row(
            f"message_{side}",
            _("A message for you in case %(case)s"),
            "message-square",
            to=side,
            reader=in_its_room,
            on=(MessageLeft,),
            when=_heard_by(side),
            **_UNTIL_READ,
        ),
        row(
            f"session_{side}",
            _("A session of case %(case)s is set"),
            "calendar-clock",
            to=side,
            reader=something_said,
            on=(SessionSet,),
            when=_heard_by(side, moved=False),
        ),
        row(
            f"session_moved_{side}",
            _("A session of case %(case)s was moved: take the new time into your calendar"),
            "calendar-clock",
            to=side,
            reader=something_said,
            on=(SessionSet,),
            when=_heard_by(side, moved=True),
        ),
        row(
            f"session_off_{side}",
            _("A session of case %(case)s was called off: take it out of your calendar"),
            "calendar",
            to=side,
            reader=something_said,
            on=(SessionCancelled,),
            when=_heard_by(side),
        ),
    )


ROWS: tuple[Row, ...] = (
    *(each for side in SIDES for each in _of_side(side)),
    row(
        "message_mediator",
        _("A message for you in case %(case)s"),
        "message-square",
        to="person",
        reader=to_the_mediator,
        on=(MessageLeft,),
        when=lambda matter: matter.event.zone in _HEARD_BY_MEDIATORS,
        still=lambda matter: matter.row,
        **_UNTIL_READ,
    ),
)
