"""Who may see what: the one policy. Pages, consoles, files, searches, exports and events ask here and nowhere else."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid5

from disputes.states import ENDED, WITH_ROOMS, Zone


class Viewer(StrEnum):
    """What somebody is to one case. Being a superuser is nothing to a case."""

    PARTY_A = "party_a"
    PARTY_B = "party_b"
    #: the mediator who was appointed and is not replaced
    MEDIATOR = "mediator"
    #: a mediator who was asked and has not been appointed yet: the parties' names, to search for conflicts
    CANDIDATE = "candidate"
    #: any other mediator, one who was replaced included
    OTHER_MEDIATOR = "other_mediator"
    MANAGER = "manager"
    #: the arbitration desk, once something of the case was passed to it
    SCIA = "scia"
    FINANCE = "finance"
    SUPERUSER = "superuser"
    STRANGER = "stranger"


_V = Viewer

_READERS: dict[Zone, frozenset[Viewer]] = {
    #: request, answer, the order's file, conflict disclosures
    Zone.OPEN: frozenset({_V.PARTY_A, _V.PARTY_B, _V.MEDIATOR, _V.MANAGER}),
    #: joint messages, disclosed offers, drafts of terms
    Zone.JOINT: frozenset({_V.PARTY_A, _V.PARTY_B, _V.MEDIATOR}),
    Zone.CAUCUS_A: frozenset({_V.PARTY_A, _V.MEDIATOR}),
    Zone.CAUCUS_B: frozenset({_V.PARTY_B, _V.MEDIATOR}),
    #: and only what they wrote themselves: a successor does not read them
    Zone.MEDIATOR: frozenset({_V.MEDIATOR}),
    #: consents; the certificate that mediation failed, without reasons
    Zone.RECORD: frozenset({_V.PARTY_A, _V.PARTY_B, _V.MEDIATOR, _V.MANAGER, _V.SCIA}),
    Zone.OUTCOME: frozenset({_V.PARTY_A, _V.PARTY_B, _V.MEDIATOR, _V.MANAGER}),
    Zone.AWARD: frozenset({_V.PARTY_A, _V.PARTY_B, _V.MANAGER, _V.SCIA}),
    #: fees to be quoted, the office's own remarks
    Zone.ADMIN: frozenset({_V.MANAGER}),
}
#: what the arbitration desk reads of a filing, and nothing beside it
TRANSMITTED = (Zone.OPEN, Zone.RECORD, Zone.OUTCOME)
#: kept encrypted
SEALED = frozenset({Zone.CAUCUS_A, Zone.CAUCUS_B, Zone.MEDIATOR})
#: where somebody may write; the open file is made of request, answer and disclosures, and takes no messages
_WRITERS: dict[Zone, frozenset[Viewer]] = {
    Zone.JOINT: _READERS[Zone.JOINT],
    Zone.CAUCUS_A: _READERS[Zone.CAUCUS_A],
    Zone.CAUCUS_B: _READERS[Zone.CAUCUS_B],
    Zone.MEDIATOR: _READERS[Zone.MEDIATOR],
    Zone.ADMIN: frozenset({_V.MANAGER}),
}


def room_uid(case: UUID, zone: str) -> UUID:
    """What lines about words in a room are about: each room's are read for themselves."""
    return uuid5(case, Zone(zone).value)


def may_see(zone: str, viewer: Viewer, *, author: bool = True, transmitted: bool = False) -> bool:
    """Whether `viewer` reads what lies in `zone`.

    `author` says whether the viewer wrote it (asked of the mediator's notes only); `transmitted` whether it is part of
    what was passed to the arbitration desk.
    """
    asked = Zone(zone)
    if viewer == Viewer.SCIA and transmitted:
        return asked in (*TRANSMITTED, Zone.AWARD)
    if asked == Zone.MEDIATOR:
        return viewer in _READERS[asked] and author
    return viewer in _READERS[asked]


def may_write(zone: str, viewer: Viewer) -> bool:
    return viewer in _WRITERS.get(Zone(zone), frozenset())


def is_open(zone: str, state: str) -> bool:
    """Whether a room takes words while the case is in `state`: the joint one from the claim to the end, in which the
    parties also try to settle by themselves; the private ones and the mediator's notes while a mediator is at work.
    """
    if state in ENDED:
        return False
    return zone in (Zone.JOINT, Zone.ADMIN) or state in WITH_ROOMS


def zones_of(viewer: Viewer) -> list[Zone]:
    """The zones that a viewer reads (of the mediator's notes: their own)."""
    return [zone for zone in Zone if may_see(zone, viewer)]


def readers_of(zone: str) -> frozenset[Viewer]:
    """Who will see what is written: the composer says so before anything is sent."""
    return _READERS[Zone(zone)]
