"""Whether the names that two issuers gave settle that it is one person. Where they do not, officers look."""

from __future__ import annotations

import re
import unicodedata
from itertools import product

_HAN = re.compile(r"[㐀-鿿]+")
_LETTERS = re.compile(r"[a-z]+")
#: readings of one name that are tried; a name of many heteronyms is for officers
_MOST_READINGS = 32


def names_agree(one: str, other: str) -> bool:
    """Whether both are written alike, in Latin letters or as the pinyin of the other, given name first or last.

    Strict on purpose: a nickname, an initial or another romanisation does not settle it.
    """
    return bool(one and other) and not _readings(one).isdisjoint(_readings(other))


def _readings(name: str) -> frozenset[str]:
    """Every way to write the name in plain letters without spaces; empty where it has no letters."""
    han = "".join(_HAN.findall(name))
    if han:
        return _of_han(han)
    plain = unicodedata.normalize("NFKD", name).casefold()
    words = _LETTERS.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
    return _turned(words)


def _of_han(name: str) -> frozenset[str]:
    from pypinyin import Style, pinyin  # takes a second to read its tables: not every process needs them

    syllables = pinyin(name, style=Style.NORMAL, heteronym=True, v_to_u=False)
    found: set[str] = set()
    for number, reading in enumerate(product(*syllables)):
        if number == _MOST_READINGS:
            break
        found |= _turned(list(reading))
    return frozenset(found)


def _turned(words: list[str]) -> frozenset[str]:
    """The words in their order, and with the first or the last few put at the other end."""
    return frozenset("".join(words[at:] + words[:at]) for at in range(len(words)))
