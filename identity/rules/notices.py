"""What a notice says: each kind's words, filled with facts in the reader's language.

Lower rooms know no kinds: the roof registers them at start from its table of who is told what (`sme_hub.telling`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

#: what people choose about in their settings
GROUPS: dict[str, Any] = {
    "orders": _("Orders, shipments and payments"),
    "papers": _("Papers"),
    "goods": _("Listings and imports"),
    "talk": _("Messages"),
    "money": _("Offers of finance"),
    "cases": _("Disputes"),
    "company": _("Company and members"),
    "account": _("Your account and identities"),
    "office": _("The programme’s office"),
}


#: what a deadline means, in mails: an act after it is refused, it is late, or it is the end of a time for many acts
ANSWER_BY = _("Answer by %(date)s. After that an answer no longer counts.")
DUE_BY = _("It is due by %(date)s.")
TIME_UNTIL = _("There is time until %(date)s.")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of notice. `words` have gaps `%(name)s`, filled by the notice's params."""

    code: str
    words: Any
    icon: str
    group: str
    #: one line more on what to do, for mails
    advice: Any = ""
    #: what the deadline means, where there is one
    until: Any = ANSWER_BY
    #: whether a mail leaves; False where the event has a letter of its own
    mail: bool = True
    #: a mail waits so long: who reads the line meanwhile needs none
    patience: timedelta = timedelta(0)


_kinds: dict[str, Kind] = {}


def register(kinds: Iterable[Kind]) -> None:
    """Take all kinds there are; called once, when the roof starts."""
    _kinds.clear()
    for kind in kinds:
        if kind.group not in GROUPS:
            raise ValueError(f"{kind.code} belongs to no group of notices")
        if _kinds.setdefault(kind.code, kind) is not kind:
            raise ValueError(f"two kinds of notices are called {kind.code}")


def kind_of(code: str) -> Kind:
    """The kind of this code; one that is no longer known says so little that it harms nobody."""
    return _kinds.get(code) or Kind(
        code=code, words=_("Something has changed."), icon="bell", group="company"
    )


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def words_of(code: str, params: Mapping[str, Any], language: str) -> str:
    """The sentence for a reader of `language`; the language must be active as well, for the words themselves."""
    told = {name: _in(language, value) for name, value in params.items()}
    try:
        return str(kind_of(code).words) % told
    except (KeyError, ValueError):  # words have changed since, and ask for what was not kept
        return str(kind_of(code).words)


def half_time(at: datetime, respond_by: datetime | None) -> datetime | None:
    """When to remind: half way between being told and the deadline; never where there is none."""
    if respond_by is None or respond_by <= at:
        return None
    return at + (respond_by - at) / 2


def _in(language: str, value: Any) -> Any:
    """A fact kept in both languages, `{"en": …, "zh": …}`, in the reader's, or else in the other."""
    if not isinstance(value, dict):
        return value
    first, second = ("zh", "en") if language.startswith("zh") else ("en", "zh")
    return value.get(first) or value.get(second) or ""
