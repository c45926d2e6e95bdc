"""Every guide says in both languages what is on the screen, links to pages that are there, and shows pictures that are there."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from sme_hub import words
from sme_hub.help import reading
from sme_hub.help.addresses import Addresses, UnknownAddress
from sme_hub.help.glossary import all_terms
from sme_hub.help.pictures import picture_files
from sme_hub.help.shelf import all_guides, guide_named
from tests.look.test_words import MISUSED

LANGUAGES = ("en", "zh-hans")
CODES = [guide.code for guide in all_guides()]
BOTH = pytest.mark.parametrize("language", LANGUAGES)
EACH = pytest.mark.parametrize("code", CODES)
GAP = re.compile(r"%\(\w+\)[sd]|%[sd]")
MOST_BYTES = 6_000_000


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """English and Chinese of everything that stands on a screen."""
    catalogue, _clashes = words.merged()
    found = []
    for message in catalogue:
        if message.id:
            english = message.id[-1] if isinstance(message.id, (list, tuple)) else message.id
            chinese = message.string[-1] if isinstance(message.string, (list, tuple)) else message.string
            found.append((english, chinese))
    return tuple(found)


def is_said(label: str, sayings: set[str]) -> bool:
    """As it stands, or with its gaps filled: “Count shipment 1”."""
    if label in sayings:
        return True
    with_gaps = (re.escape(saying) for saying in sayings if GAP.search(saying))
    return any(re.fullmatch(re.sub(r"%\\\(\w+\\\)[sd]", ".+", pattern), label) for pattern in with_gaps)


@EACH
def test_a_label_that_a_guide_quotes_is_on_a_screen(code: str) -> None:
    english, chinese = {pair[0] for pair in pairs()}, {pair[1] for pair in pairs()}
    for language, sayings in (("en", english), ("zh-hans", chinese)):
        unknown = [label for label in reading.read(code, language).labels if not is_said(label, sayings)]
        assert not unknown, language


@EACH
def test_both_languages_quote_the_same_labels(code: str) -> None:
    known = {}
    for english, chinese in pairs():
        known.setdefault(english, set()).add(chinese)
    english, chinese = (set(reading.read(code, language).labels) for language in LANGUAGES)
    untold = [label for label in english if label in known and not known[label] & chinese]
    assert not untold


@EACH
def test_both_languages_take_the_same_steps(code: str) -> None:
    steps = {}
    for language in LANGUAGES:
        text = reading.read(code, language)
        steps[language] = sum(token.type == "list_item_open" and token.level == 1 for token in text.tokens)
        ordered = [token for token in text.tokens if token.type == "ordered_list_open"]
        assert len(ordered) == 1
        first = text.tokens.index(ordered[0])
        last = next(at for at, token in enumerate(text.tokens) if token.type == "ordered_list_close")
        count = sum(token.type == "list_item_open" for token in text.tokens[first:last])
        assert 5 <= count <= 9, language
    assert len(set(steps.values())) == 1


@EACH
def test_both_languages_link_and_show_the_same(code: str) -> None:
    english, chinese = (reading.read(code, language) for language in LANGUAGES)
    assert Counter(english.links) == Counter(chinese.links)
    assert english.pictures == chinese.pictures
    assert len(english.parts) == len(chinese.parts)


@EACH
def test_links_lead_somewhere(code: str) -> None:
    address, terms = Addresses(""), {term.code for term in all_terms()}
    for link in reading.read(code, "en").links:
        kind, _, name = link.partition(":")
        match kind:
            case "page":
                address(link)
            case "guide":
                assert guide_named(name), link
            case "word":
                assert name in terms, link
            case _:
                pytest.fail(f"{link}: neither page nor guide nor word")


def test_a_link_to_nowhere_is_noticed() -> None:
    with pytest.raises(UnknownAddress):
        Addresses("")("page:no_such_page")


@BOTH
@EACH
def test_a_picture_that_a_guide_shows_is_there(code: str, language: str) -> None:
    for name in reading.read(code, language).pictures:
        missing = [str(file) for file in picture_files(name, language) if not file.is_file()]
        assert not missing, "bin/screenshots takes it"


def test_pictures_are_light_and_shown_somewhere() -> None:
    shown = {
        file
        for language in LANGUAGES
        for code in CODES
        for name in reading.read(code, language).pictures
        for file in picture_files(name, language)
    }
    kept = set((settings.BASE_DIR / "static" / "help").rglob("*.webp"))
    assert kept == shown
    assert sum(file.stat().st_size for file in kept) < MOST_BYTES


def test_the_command_takes_what_guides_show() -> None:
    taken = tomllib.loads((Path(reading.__file__).parent / "pictures.toml").read_text(encoding="utf-8"))
    assert set(taken) == {name for code in CODES for name in reading.read(code, "en").pictures}


@EACH
def test_chinese_is_set_like_chinese(code: str) -> None:
    text = reading.read(code, "zh-hans").words
    assert not MISUSED.search(text), MISUSED.search(text)
    assert not re.search(r"[!！]", text)


@BOTH
@EACH
def test_no_mark_of_markdown_is_left_standing(code: str, language: str) -> None:
    """Chinese has no spaces: a bold mark between a full stop and a character neither opens nor closes."""
    text = reading.read(code, language).words
    assert not re.search(r"\*\*|\]\(", text)


def test_every_page_that_names_a_guide_is_there() -> None:
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    for site in ("admin", "mediation"):
        inside = get_resolver().namespace_dict[site][1].reverse_dict
        names |= {f"{site}:{name}" for name in inside if isinstance(name, str)}
    named = {page for guide in all_guides() for page in guide.about}
    assert named <= names


def test_each_file_is_a_guide_on_a_shelf() -> None:
    for language in LANGUAGES:
        assert {file.stem for file in (reading.GUIDES / language).glob("*.md")} == set(CODES)


def test_markup_in_a_file_stays_text(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(reading, "GUIDES", tmp_path)
    (tmp_path / "en").mkdir()
    hostile = "# Title\n\nWords <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y>\n"
    (tmp_path / "en" / "hostile.md").write_text(hostile)
    html = reading.render(reading.read("hostile", "en"), Addresses(""))
    assert "<script" not in html
    assert "<img" not in html
    assert "href=" not in html
