"""The rooms of a case as panes: what was said, who has read it, and who reads what is written there now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from disputes import queries, services
from disputes.models import Case, Message, ReadMark
from disputes.queries import RoomPage
from disputes.rules.zones import Viewer, is_open, may_see, may_write, readers_of
from disputes.states import Zone
from identity.actors import Actor, Member
from identity.rules.phrases import Phrase, phrases_for, phrases_in_words
from identity.states import MatterKind
from kernel.errors import NotFound
from kernel.etags import tag_of, unless_known
from kernel.ids import new_uuid

VIEWERS: dict[Viewer, Any] = {
    Viewer.PARTY_A: gettext_lazy("the claimant"),
    Viewer.PARTY_B: gettext_lazy("the respondent"),
    Viewer.MEDIATOR: gettext_lazy("the mediator"),
    Viewer.MANAGER: gettext_lazy("the case manager"),
    Viewer.SCIA: gettext_lazy("the arbitration desk"),
}
ROOMS = (Zone.JOINT, Zone.CAUCUS_A, Zone.CAUCUS_B, Zone.MEDIATOR, Zone.ADMIN)
#: a private room that never opened is not shown
_FROM_THE_START = (Zone.JOINT, Zone.ADMIN)


@dataclass(frozen=True)
class Said:
    by: str
    mine: bool
    phrases: list[str]
    words: str
    at: datetime
    files: list[Any]


@dataclass(frozen=True)
class Room:
    """One pane: what was said there, and who reads what is written there now."""

    zone: Zone
    title: str
    readers: str
    messages: Sequence[Said]
    may_write: bool
    private: bool
    phrases: Sequence[Phrase]
    #: who of the others has read the last words, which are the viewer's own side's
    seen_by: Sequence[str]
    #: changes with whatever the pane shows
    state: str
    last: int
    #: asks for what was said before this; empty: nothing was
    before: str
    #: what was said since is on another page
    is_earlier: bool
    #: of the form, fresh with each showing: a refusal is remembered under the last
    key: str

    @property
    def tag(self) -> str:
        return tag_of(self.state)


def rooms_of(
    case: Case,
    actor: Actor,
    viewer: Viewer,
    now: datetime,
    *,
    zones: Collection[Zone] = ROOMS,
    before: str = "",
) -> list[Room]:
    """The panes among `zones` that this viewer may enter, and with that has read; the others are not there.

    `before` (a message, `cmg_…`) turns its room back to what was said before it.
    """
    said = queries.messages_of(case, actor, viewer, zones=zones, before=before)
    marks = queries.marks_of(case, viewer)
    rooms = [
        _room(case, zone, said[zone], marks, actor, viewer)
        for zone in zones
        if may_see(zone, viewer) and _stands(case, zone, said[zone])
    ]
    _note(case, actor, viewer, rooms, now)
    return rooms


def room_news(request: HttpRequest, actor: Actor, case: str, zone: str, now: datetime) -> HttpResponse:
    """One pane as it is now, for who has it open; 304 while nothing is new."""
    found = queries.case_of(actor, case)
    asked = [each for each in ROOMS if each == zone]
    rooms = rooms_of(found, actor, queries.viewer_of(found, actor), now, zones=asked)
    if not rooms:
        raise NotFound
    [room] = rooms
    context = {"room": room, "id": found.public_id, "desk": not isinstance(actor, Member)}
    if isinstance(actor, Member):
        context["company"] = actor.company.slug
    return unless_known(request, room.state, lambda: render(request, "disputes/said.html", context))


def readers_in_words(zone: Zone, case: Case) -> str:
    """Who will see what is written there, as the composer says it."""
    readers = readers_of(zone)
    words = [str(VIEWERS[viewer]) for viewer in VIEWERS if viewer in readers]
    if Viewer.MEDIATOR in readers and case.mediator_id is None:
        words[words.index(str(VIEWERS[Viewer.MEDIATOR]))] = _("the mediator, once there is one")
    return _(", ").join(words)


def _stands(case: Case, zone: Zone, page: RoomPage) -> bool:
    used = bool(page.messages) or page.is_earlier
    return zone in _FROM_THE_START or used or is_open(zone, case.state)


def _room(
    case: Case,
    zone: Zone,
    page: RoomPage,
    marks: Sequence[ReadMark],
    actor: Actor,
    viewer: Viewer,
) -> Room:
    last = page.messages[-1] if page.messages else None
    seen_by = [] if page.is_earlier else _seen_by(last, [m for m in marks if m.zone == zone], actor)
    return Room(
        zone=zone,
        title=str(zone.label),
        readers=readers_in_words(zone, case),
        messages=[_said(message, actor) for message in page.messages],
        may_write=may_write(zone, viewer) and is_open(zone, case.state),
        private=zone != Zone.JOINT,
        phrases=_phrases(case, zone, actor),
        seen_by=seen_by,
        state=f"{case.uid} {zone} {last.pk if last else 0} {seen_by}",
        last=last.pk if last else 0,
        before=page.before,
        is_earlier=page.is_earlier,
        key=new_uuid().hex,
    )


def _phrases(case: Case, zone: Zone, actor: Actor) -> list[Phrase]:
    if zone != Zone.JOINT or not isinstance(actor, Member):
        return []
    side = "seller" if case.order.seller_id == actor.company_id else "buyer"
    return phrases_for(side, MatterKind.CASE)


def _seen_by(last: Message | None, marks: Sequence[ReadMark], actor: Actor) -> list[str]:
    """Parties by name, officials by what they are; one's own side needs no telling."""
    if last is None or not _ours(last, actor):
        return []
    language = get_language() or "en"
    others = [
        mark
        for mark in marks
        if mark.read_to >= last.pk
        and mark.user_id != last.author_id
        and (mark.company_id is None or mark.company_id != last.company_id)
    ]
    names = [
        mark.company.name_in(language) if mark.company else str(VIEWERS[Viewer.MEDIATOR]) for mark in others
    ]
    return list(dict.fromkeys(names))


def _ours(message: Message, actor: Actor) -> bool:
    if isinstance(actor, Member):
        return message.company_id == actor.company_id
    return message.author_id == actor.user_id


def _said(message: Message, actor: Actor) -> Said:
    language = get_language() or "en"
    if message.company is not None:
        by = message.company.name_in(language)
    else:
        by = message.official.name_in(language) if message.official else ""
    return Said(
        by,
        message.author_id == actor.user_id,
        phrases_in_words(message.phrases),
        message.words,
        message.at,
        list(message.files.all()),
    )


def _note(case: Case, actor: Actor, viewer: Viewer, rooms: Sequence[Room], now: datetime) -> None:
    """Whoever looks has read it; what officials read is kept for the case manager."""
    read_to = {room.zone.value: room.last for room in rooms if room.last and not room.is_earlier}
    if read_to:
        services.mark_read(actor=actor, case=case.public_id, read_to=read_to, now=now)
    if not isinstance(actor, Member):
        zones = [zone.value for zone in Zone if may_see(zone, viewer, transmitted=True)]
        services.note_reading(actor=actor, case=case, zones=zones, now=now)
