"""Whether the names that two issuers gave settle that it is one person. Where they do not, officers look.

Names alone link nobody: they are asked after one account has freshly shown both identities in one session.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from identity.rules.names import HAN, said

#: families of two characters; of any other the first one is the family's
_LONG_FAMILIES = frozenset(
    [
        "欧阳",
        "歐陽",
        "上官",
        "司马",
        "司馬",
        "司徒",
        "诸葛",
        "諸葛",
        "东方",
        "東方",
        "皇甫",
        "尉迟",
        "尉遲",
        "公孙",
        "公孫",
        "慕容",
        "令狐",
        "端木",
        "夏侯",
        "宇文",
        "长孙",
        "長孫",
    ]
)


def names_agree(one: str, other: str) -> bool:
    """Whether both are written alike: the same characters, or the same words.

    Strict on purpose. Two names that only sound alike are two names, in characters or between scripts: 张伟 and 章威 are both
    Zhang Wei. So are words that only run together alike (`Li An`, `Lian`). A nickname, an initial or another romanisation
    does not settle it either; officers are told where the one is the other as it is spoken (`sounds_alike`).
    """
    hanzi, others = _hanzi(one), _hanzi(other)
    if hanzi or others:
        return hanzi == others
    words, more = _words(one), _words(other)
    return bool(words) and words in _turned(more)


def sounds_alike(one: str, other: str) -> bool:
    """Whether one is in characters, and the other in full as these are spoken: likely one person, and never certainly."""
    hanzi, others = _hanzi(one), _hanzi(other)
    if bool(hanzi) == bool(others):
        return False
    return _words(one if others else other) in _spelt(hanzi or others)


def _hanzi(name: str) -> str:
    """The characters of a name that has no other letters."""
    letters = [sign for sign in unicodedata.normalize("NFKC", name) if sign.isalnum()]
    return "".join(letters) if all(HAN.match(sign) for sign in letters) else ""


def _words(name: str) -> tuple[str, ...]:
    """The words of a name in Latin letters; none where there are letters of another script."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    if any(sign.isalnum() and not "a" <= sign <= "z" for sign in letters):
        return ()
    return tuple("".join(sign if sign.isalpha() else " " for sign in letters.replace("'", "")).split())


def _turned(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """In their order, and with the family's name, one word, at the other end."""
    return {words, words[1:] + words[:1], words[-1:] + words[:-1]}


def _spelt(hanzi: str) -> set[tuple[str, ...]]:
    """In Latin letters: the family's name and the given one, which is one word or one for each character."""
    return {words for spelt in _parted(hanzi) for words in _turned(spelt)}


def _parted(hanzi: str) -> Iterator[tuple[str, ...]]:
    family = 2 if hanzi[:2] in _LONG_FAMILIES else 1
    for syllables in said(hanzi):
        if len(hanzi) == len(syllables) > family:
            name = "".join(syllables[:family])
            yield name, "".join(syllables[family:])
            yield name, *syllables[family:]
