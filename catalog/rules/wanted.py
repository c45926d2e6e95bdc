"""What a visitor asks the shelf for, read out of an address: bounded, and never an error."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.money import CURRENCIES

LONGEST_QUERY = 100
HIGHEST_PRICE = Decimal(100_000_000)
HIGHEST_MOQ = Decimal(1_000_000_000)


class Sort(models.TextChoices):
    RELEVANCE = "relevance", gettext_lazy("Best match")
    NEWEST = "newest", gettext_lazy("Newest first")
    CHEAPEST = "price", gettext_lazy("Price, low to high")
    DEAREST = "-price", gettext_lazy("Price, high to low")


@dataclass(frozen=True)
class Position:
    """A place in a sorted list: the sorted value of a row, and the row."""

    value: str
    uid: uuid.UUID

    def encode(self) -> str:
        return base64.urlsafe_b64encode(f"{self.value}~{self.uid.hex}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Position | None:
        """None when `text` is no position."""
        try:
            padded = text[:200] + "=" * (-len(text[:200]) % 4)
            value, _tilde, uid = base64.urlsafe_b64decode(padded).decode().partition("~")
            return cls(value, uuid.UUID(hex=uid))
        except (ValueError, binascii.Error):
            return None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A search: what, how sorted, and which page of it."""

    q: str = ""
    category: str = ""
    #: slugs of companies
    sellers: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    currency: str = "SGD"
    #: lowest unit price, in `currency`
    low: Decimal | None = None
    high: Decimal | None = None
    #: the minimum order is at most so many base units
    moq: Decimal | None = None
    in_stock: bool = False
    sort: Sort = Sort.RELEVANCE
    after: Position | None = None
    before: Position | None = None
    size: int = 20
    #: what was ignored and why, in words
    notes: tuple[str, ...] = field(default=(), compare=False)

    def at(self, *, after: Position | None = None, before: Position | None = None) -> Wanted:
        return replace(self, after=after, before=before)

    @property
    def filters_on(self) -> int:
        """How many filters narrow the list; a search text is none."""
        prices = self.low is not None or self.high is not None
        single = sum(map(bool, (self.category, prices, self.moq is not None, self.in_stock)))
        return len(self.sellers) + len(self.origins) + single


def read(asked: Mapping[str, Any], *, currency: str, many: Any = None, size: int = 20) -> Wanted:
    """`asked` as a search. What cannot be meant is left out, and a note says so.

    `many` gives all values of a repeated parameter (`QueryDict.getlist`); `currency` holds where the address names none.
    """
    notes: list[str] = []
    all_of = many or (lambda name: [asked[name]] if name in asked else [])
    chosen = str(asked.get("currency", ""))
    low = _amount(asked, "min", HIGHEST_PRICE, notes)
    high = _amount(asked, "max", HIGHEST_PRICE, notes)
    if low is not None and high is not None and low > high:
        low, high = high, low
    after, before = _position(asked, "after", notes), _position(asked, "before", notes)
    return Wanted(
        q=_text(asked.get("q", ""), LONGEST_QUERY),
        category=_text(asked.get("category", ""), 60),
        sellers=tuple(dict.fromkeys(_text(slug, 60) for slug in all_of("seller")[:20] if slug)),
        origins=tuple(dict.fromkeys(_text(code, 2).upper() for code in all_of("origin")[:20] if code)),
        currency=chosen if chosen in CURRENCIES else currency,
        low=low,
        high=high,
        moq=_amount(asked, "moq", HIGHEST_MOQ, notes),
        in_stock=str(asked.get("in_stock", "")) in ("1", "on", "true", "yes"),
        sort=_sort(str(asked.get("sort", "")), notes),
        after=after,
        before=before if after is None else None,
        size=size,
        notes=tuple(notes),
    )


def _text(value: object, longest: int) -> str:
    """Without the sign NUL, which PostgreSQL keeps in no text."""
    return " ".join(str(value).replace("\0", " ").split())[:longest]


def _amount(asked: Mapping[str, Any], name: str, most: Decimal, notes: list[str]) -> Decimal | None:
    text = _text(asked.get(name, ""), 40).replace(",", "")
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        notes.append(_("“%(text)s” is no amount, so this filter was left out.") % {"text": text})
        return None
    return min(amount, most).quantize(Decimal("0.000001"))


def _position(asked: Mapping[str, Any], name: str, notes: list[str]) -> Position | None:
    text = str(asked.get(name, ""))
    if not text:
        return None
    position = Position.decode(text)
    if position is None:
        notes.append(_("This address names no page of the list, so the list begins at its top."))
    return position


def _sort(text: str, notes: list[str]) -> Sort:
    if text and text not in Sort.values:
        notes.append(_("There is no order “%(text)s”; the best matches come first.") % {"text": text[:40]})
    return Sort(text) if text in Sort.values else Sort.RELEVANCE


def is_position(text: str, sort: str) -> bool:
    """Whether a list in this order may have given `text` as its place."""
    position = Position.decode(text)
    if position is None:
        return False
    if sort in (Sort.CHEAPEST, Sort.DEAREST):
        return read_number(position) is not None
    # "<in the name>|<moment>" where a text was searched, the moment alone elsewhere
    return read_moment(Position(position.value.rpartition("|")[2], position.uid)) is not None


def read_moment(position: Position) -> datetime | None:
    """The moment that a position among the newest stands at; None where it is none."""
    try:
        return datetime.fromisoformat(position.value)
    except ValueError:
        return None


def read_number(position: Position) -> Decimal | None:
    """The price that a position among prices stands at; None where it is none."""
    try:
        number = Decimal(position.value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= HIGHEST_PRICE else None
