"""What a product is found by, and what a typed text looks for.

A product's tokens are its words (plurals made singular), its codes with and without their punctuation, and each three
neighbouring characters of its Chinese text with the tail that is left of every run. Two typed characters then find the
threes that begin with them, which costs no more than a word, and three or more are told from mere neighbours. Names are
also found by the pinyin of their pairs. The tokens are kept as a PostgreSQL text vector; a marked copy says that one
stands in a name or code.

Chinese has no blanks: `扳手套装` is a set of spanners and holds `手套`, glove. What is meant mostly ends a run of characters,
since Chinese puts the noun last, or begins a name; such goods come first, and mere neighbours with the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

#: mark of tokens that stand in a name or code
IN_NAME = "="
#: mark of the first two characters of a Chinese name
BEGINS = "^"
#: characters of a description that are made findable; names, codes and attributes always are
DESCRIBED = 200
#: at most so many tokens a product, so that its shelf row stays on one page of the table
MOST_TOKENS = 180
#: longest token, in characters
LONGEST = 40
#: words of a search that count
MOST_WORDS = 8
#: a typed word of so many characters also finds the words that begin with it
PREFIX_FROM = 4

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\s{_HAN}]+")
_WORDS = re.compile(r"\d+(?:\.\d+)+[^\W_]*|[^\W_]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_UNIT = r"(mm|cm|m|ml|l|kg|g|t|um|v|w|kw|a|bar|mpa|inch|in|ppm|pcs)"
_IS_UNIT = re.compile(_UNIT)
_MEASURE = re.compile(rf"(\d+(?:\.\d+)?){_UNIT}")
#: `M8×40`, `M8 x 40` and `m8*40` are one size
_TIMES = re.compile(r"(?<=\d)\s*[x×*]\s*(?=\d)")


@dataclass(frozen=True)
class Wish:
    """A typed text as PostgreSQL text queries: everywhere, and in names and codes only."""

    anywhere: str
    in_name: str


def vector_of(
    *,
    names: Iterable[str],
    codes: Iterable[str] = (),
    texts: Iterable[str] = (),
    descriptions: Iterable[str] = (),
) -> str:
    """The tokens of one product as a `tsvector` literal, the telling ones first in case there are too many."""
    tokens: dict[str, None] = {}
    for text in (*names, *codes):
        for token in tokens_of(text):
            tokens[f"{IN_NAME}{token}"] = None
            tokens[token] = None
    for name in names:
        tokens.update(dict.fromkeys((*_beginning(name), *_pinyin(name))))
    for text in (*texts, *(description[:DESCRIBED] for description in descriptions)):
        tokens.update(dict.fromkeys(tokens_of(text)))
    return " ".join(f"'{token}'" for token in list(tokens)[:MOST_TOKENS])


def tokens_of(text: str) -> Iterator[str]:
    """Every token of `text`, repeated ones too."""
    before = ""
    for run in _RUNS.findall(_plain(text)):
        if _IS_HAN.match(run):
            yield from _threes(run)
            yield from dict.fromkeys((run[-2:], run[-1]))
            before = ""
            continue
        words = _words(run)
        for word in words:
            yield word
            if measure := _MEASURE.fullmatch(word):
                yield from measure.groups()
            if before[-1:].isdigit() and _IS_UNIT.fullmatch(word):
                yield before + word
        if len(words) > 1:
            yield "".join(words)[:LONGEST]
        if before.isalpha() and len(before) <= 4 and words and words[0].isdigit():
            yield before + words[0]
        before = words[-1] if words else ""


def wish_of(text: str, *, whole_words: Container[str] = ()) -> Wish | None:
    """What `text` looks for; None when it holds no word, code or Chinese character.

    All of its words must be found; the last one may be unfinished, unless it is one of `whole_words`.
    """
    runs = _RUNS.findall(_plain(text))[:MOST_WORDS]
    last = len(runs) - 1
    wanted = [
        pair for at, run in enumerate(runs) for pair in _wanted(run, whole_words if at == last else None)
    ]
    if not wanted:
        return None
    anywhere, in_name = zip(*wanted, strict=True)
    return Wish(anywhere=" & ".join(anywhere), in_name=" & ".join(in_name))


def _wanted(run: str, whole_words: Container[str] | None) -> Iterator[tuple[str, str]]:
    """What one run of signs looks for, anywhere and in names; `whole_words` is None where it is finished."""
    if _IS_HAN.match(run):
        if len(run) < 3:
            yield f"'{run}':*", f"('{IN_NAME}{run}':* & '{run}' | '{BEGINS}{run}')"
        for three in _cover(run) if len(run) > 2 else ():
            yield f"'{three}'", f"'{IN_NAME}{three}'"
        return
    words = _words(run)
    if not words:
        return
    end = _prefix(words[-1], whole_words)
    anywhere = " & ".join(f"'{word}'" for word in words) + end
    in_name = " & ".join(f"'{IN_NAME}{word}'" for word in words)
    if len(words) > 1:
        joined = "".join(words)[:LONGEST]
        anywhere = f"({anywhere} | '{joined}'{_prefix(joined, whole_words)})"
        in_name = f"({in_name} | '{IN_NAME}{joined}')"
    yield anywhere, in_name


def _prefix(word: str, whole_words: Container[str] | None) -> str:
    return ":*" if whole_words is not None and len(word) >= PREFIX_FROM and word not in whole_words else ""


def _plain(text: str) -> str:
    """One width and case, no accents: `Ｍ８` is `m8`, `Böhler` is `bohler`."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    bare = unicodedata.normalize("NFC", "".join(sign for sign in spread if not unicodedata.combining(sign)))
    return _TIMES.sub("-", bare)


def _words(run: str) -> list[str]:
    return [_singular(word)[:LONGEST] for word in _WORDS.findall(run)][: 2 * MOST_WORDS]


def _singular(word: str) -> str:
    """A light stem, the same for stored and typed words: `batteries` is `battery`, `boxes` is `box`."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _threes(run: str) -> Iterator[str]:
    return (run[at : at + 3] for at in range(len(run) - 2))


def _cover(run: str) -> Iterator[str]:
    """Enough threes to hold all of `run`, each sharing a character with the next."""
    last = len(run) - 3
    return (run[at : at + 3] for at in [*range(0, last, 2), last][: 2 * MOST_WORDS])


def _beginning(name: str) -> Iterator[str]:
    han = (run for run in _RUNS.findall(_plain(name)) if _IS_HAN.match(run))
    if (first := next(han, "")) and len(first) > 1:
        yield f"{BEGINS}{first[:2]}"


def _pinyin(name: str) -> Iterator[str]:
    for run in _RUNS.findall(_plain(name)):
        if _IS_HAN.match(run):
            yield from (_spoken("".join(pair)) for pair in pairwise(run))


@lru_cache(maxsize=20_000)
def _spoken(pair: str) -> str:
    """`螺栓` is `luoshuan`; ü is written v, as it is typed."""
    # here, because its dictionaries load slowly and most processes never ask
    from pypinyin import Style, lazy_pinyin

    return "".join(word for word in lazy_pinyin(pair, style=Style.NORMAL, errors="ignore") if word.isalnum())
