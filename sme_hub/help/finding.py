"""Search through guides and the glossary by words. There are a few dozen texts: reading them all takes a millisecond."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sme_hub.help.glossary import Term, terms_in
from sme_hub.help.reading import Text, read
from sme_hub.help.shelf import Guide, all_guides

MOST_WORDS = 12
#: letters and figures of any script; Chinese is cut further
_WORDS = re.compile(r"\w+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Found:
    guide: Guide
    text: Text


def search(q: str, language: str) -> tuple[list[Found], list[Term]]:
    """Guides, the best first, and terms: those with at least half of the words asked for, before all those in the title."""
    wanted = words_of(q)
    if not wanted:
        return [], []
    scored = [
        (_score(wanted, text.title, text.words), place, Found(guide, text))
        for place, guide in enumerate(all_guides())
        for text in [read(guide.code, language)]
    ]
    fitting = sorted((-score, place, found) for score, place, found in scored if score)
    terms = [
        term
        for term in terms_in(language)
        if _score(wanted, f"{term.en} {term.zh}", term.means(language)) > len(wanted)
    ]
    return [found for _score, _place, found in fitting], terms


def words_of(q: str) -> list[str]:
    """Latin words as they are, Chinese in pairs of characters, since it has no spaces: 上传文件 → 上传, 传文, 文件."""
    found: list[str] = []
    for word in _WORDS.findall(q.casefold().replace("\0", "")):
        rest = _HAN.sub(" ", word).split()
        pairs = [run[at : at + 2] for run in _HAN.findall(word) for at in range(max(1, len(run) - 1))]
        found += [*rest, *pairs]
    return found[:MOST_WORDS]


def _score(wanted: list[str], title: str, words: str) -> int:
    """Words found, those in the title ten times over; nothing where fewer than half are found."""
    title, words = title.casefold(), f"{title}\n{words}".casefold()
    found = sum(word in words for word in wanted)
    if 2 * found < len(wanted) or not found:
        return 0
    return found + 10 * sum(word in title for word in wanted)
