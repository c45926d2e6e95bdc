"""The glossary names things as docs/glossary.md does."""

from __future__ import annotations

import re

from django.conf import settings

from sme_hub.help.glossary import all_terms, terms_in
from sme_hub.help.shelf import guide_named
from tests.look.test_words import MISUSED


def house_names() -> dict[str, str]:
    """English → Chinese, from the tables of docs/glossary.md."""
    text = (settings.BASE_DIR / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", text, re.MULTILINE)
    return {english.strip(): chinese.strip() for english, chinese in rows}


def test_a_term_is_named_as_in_the_house() -> None:
    known = house_names()
    wrong = [
        (term.en, term.zh, known[term.en]) for term in all_terms() if known.get(term.en, term.zh) != term.zh
    ]
    assert not wrong


def test_every_term_is_in_the_house_glossary() -> None:
    assert not [term.en for term in all_terms() if term.en not in house_names()]


def test_terms_lead_to_guides_that_are_there() -> None:
    assert not [term.code for term in all_terms() if term.guide and not guide_named(term.guide)]


def test_terms_stand_in_the_order_of_their_language() -> None:
    assert [term.en for term in terms_in("en")] == sorted((term.en for term in all_terms()), key=str.casefold)
    assert terms_in("zh-hans")[0].zh == "API 令牌"


def test_chinese_meanings_are_set_like_chinese() -> None:
    assert not [term.code for term in all_terms() if MISUSED.search(term.means_zh)]
