"""Words of the trade and of this product, in plain language; their names are those of docs/glossary.md."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "glossary.toml"


@dataclass(frozen=True)
class Term:
    code: str
    en: str
    zh: str
    means_en: str
    means_zh: str
    #: code of the guide that says more
    guide: str = ""

    def name(self, language: str) -> str:
        return self.zh if language == "zh-hans" else self.en

    def other_name(self, language: str) -> str:
        return self.en if language == "zh-hans" else self.zh

    def means(self, language: str) -> str:
        return self.means_zh if language == "zh-hans" else self.means_en


@functools.cache
def all_terms() -> tuple[Term, ...]:
    return tuple(
        Term(code=code, **said) for code, said in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
    )


@functools.cache
def terms_in(language: str) -> tuple[Term, ...]:
    """In the order of the alphabet: in Chinese, of how the words are spoken."""
    if language == "zh-hans":
        # here, because its dictionaries load slowly and most processes never ask
        from pypinyin import lazy_pinyin

        return tuple(sorted(all_terms(), key=lambda term: "".join(lazy_pinyin(term.zh)).casefold()))
    return tuple(sorted(all_terms(), key=lambda term: term.en.casefold()))
