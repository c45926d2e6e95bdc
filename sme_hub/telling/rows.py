"""A row of the table of who is told what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from identity.rules.notices import Kind
from kernel.events import BusinessEvent, Occurrence


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What an event is about, as it stands when it is told: read once for all rows of the event.

    `sides` are the companies concerned by the name that rows call them by (`buyer`, `seller`, `company` …): key and slug.
    """

    about: UUID
    #: the thing itself, for the rows' own questions
    row: Any
    event: Any
    now: datetime
    sides: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    #: facts for the words; a pair of languages is `{"en": …, "zh": …}`
    params: Mapping[str, Any] = field(default_factory=dict)
    #: facts for the words of one side only: the other party's name
    params_of: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    respond_by: datetime | None = None
    #: when it happened, where that is another moment than the event's: something has fallen due
    at: datetime | None = None
    #: people who are told by name, where no company is
    users: Iterable[int] = ()


#: what has no deadline is said once more so long after it was told
LOOKED_AT_WITHIN = timedelta(days=3)
#: and words that somebody wrote, while nobody has opened them
UNREAD_FOR = timedelta(days=1)


def no_deadline(matter: Matter) -> None:
    """Nothing says until when."""
    return


#: reads the matter of an event; None where there is nothing to tell of it
Reader = Callable[[Any, Occurrence], Matter | None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """Who is told of an event, and what ends the waiting.

    On every event in `on` the members of company `to` in one of `roles` are told, where `when` says so. `waits` means
    that they have something to do; then every event in `until` asks `when` (or `still`) again, and the wait is over once it is
    false.
    They are reminded at half time; where there is no deadline, after `remind_after`.
    """

    kind: Kind
    reader: Reader
    on: tuple[type[BusinessEvent], ...]
    #: the side that is told; "staff" tells `matter.users` as officers of the programme, "person" as themselves
    to: str
    path: Callable[[Matter, str], str]
    roles: tuple[str, ...] = ()
    #: members who are told besides, by their keys: whoever has to do with it
    also: Callable[[Matter, str], Iterable[int]] = lambda matter, side: ()
    when: Callable[[Matter], bool] = lambda matter: True
    waits: bool = False
    #: whether it waits yet, where people are told of it in any case; else what `when` says
    still: Callable[[Matter], bool] | None = None
    until: tuple[type[BusinessEvent], ...] = ()
    #: owners are told where nobody has one of the roles
    or_owners: bool = True
    #: until when an answer counts
    respond_by: Callable[[Matter], datetime | None] = lambda matter: matter.respond_by
    #: when to remind where nothing says until when
    remind_after: timedelta = LOOKED_AT_WITHIN
    #: for whom it waits no longer, since they saw it before they were told
    seen_by: Callable[[Matter, str], Iterable[int]] = lambda matter, side: ()
    #: while it waits its end may move: then it is told anew
    may_move: bool = False

    @property
    def code(self) -> str:
        return self.kind.code

    def waits_yet(self, matter: Matter) -> bool:
        return self.waits and (self.still or self.when)(matter)
