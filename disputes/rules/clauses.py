"""Paired clauses: the same figures in both languages, and the hash that is signed."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: "3 December 2026", "3 Dec 2026"; "2026年12月3日"; "2026-12-03"
_DATE_EN = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(_MONTHS)})[a-z]*\.?\s+(\d{{4}})\b", re.IGNORECASE)
_DATE_ZH = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
#: beside a Chinese character there is no boundary of a word
_DATE_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
#: 1,234.50 or 1234.50; a comma only where it parts thousands
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Pair:
    """One clause in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class Payment:
    payer: str
    amount: Decimal
    currency: str
    due_on: date


def figures_of(text: str) -> Counter[str]:
    """The dates and numbers in a text, however they are written: 1,200.00 and １２００ are the same figure."""
    plain = unicodedata.normalize("NFKC", text)
    found: Counter[str] = Counter()

    def take(year: str, month: int, day: str) -> str:
        found[f"{int(year):04d}-{month:02d}-{int(day):02d}"] += 1
        return " "

    plain = _DATE_EN.sub(lambda m: take(m[3], _MONTHS.index(m[2][:3].lower()) + 1, m[1]), plain)
    plain = _DATE_ZH.sub(lambda m: take(m[1], int(m[2]), m[3]), plain)
    plain = _DATE_ISO.sub(lambda m: take(m[1], int(m[2]), m[3]), plain)
    for number in _NUMBER.findall(plain):
        found[f"{Decimal(number.replace(',', '')).normalize():f}"] += 1
    return found


def last_day_in(texts: Iterable[str]) -> date | None:
    """The last day that the texts name, however it is written; None where they name none."""
    named = {figure for text in texts for figure in figures_of(text)}
    return max((day for figure in named if (day := _as_day(figure)) is not None), default=None)


def _as_day(figure: str) -> date | None:
    try:
        return date.fromisoformat(figure) if "-" in figure else None
    except ValueError:  # the thirty-first of a month that has thirty
        return None


def same_figures(pair: Pair) -> bool:
    return figures_of(pair.en) == figures_of(pair.zh)


def text_hash(pairs: Iterable[Pair], payments: Iterable[Payment], *, governing: str) -> str:
    """SHA-256 of everything that is signed, hex: another word, figure or date is another hash."""
    whole: dict[str, Any] = {
        "governing": governing,
        "clauses": [[pair.en, pair.zh] for pair in pairs],
        "payments": [
            [each.payer, f"{each.amount:.2f}", each.currency, each.due_on.isoformat()] for each in payments
        ],
    }
    return digest(whole)


def digest(value: Any) -> str:
    """SHA-256 of JSON-ready values, whatever the order of their keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
