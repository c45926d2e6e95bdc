"""Every word of the interface is said in both languages, and the Chinese is set like Chinese."""

from __future__ import annotations

import re

import pytest

from sme_hub import words

HANZI = r"[\u3400-\u4dbf\u4e00-\u9fff]"
#: half-width marks touching a Chinese character; ":" may lead to a figure, "." may end an abbreviation
MISUSED = re.compile(rf"{HANZI}[,;?!:]|[,;?!]{HANZI}|{HANZI}\.(?:\s|$)|\({HANZI}|{HANZI}\)")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def _pairs() -> list[tuple[str, str]]:
    catalogue, _clashes = words.merged()
    pairs = []
    for message in catalogue:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, (list, tuple)) else [message.id]
        chinese = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        pairs += [(english[-1], text) for text in chinese]
    return pairs


def test_everything_said_has_chinese() -> None:
    missing = [f"{place}: {msgid}" for (msgid, _context), place in words.missing().items()]
    assert not missing, (
        "Chinese is missing (manage.py compile_words --missing lists it as PO):\n" + "\n".join(missing)
    )


def test_one_word_has_one_translation() -> None:
    _catalogue, clashes = words.merged()
    assert not clashes, "\n".join(map(str, clashes))


def test_chinese_uses_full_width_punctuation() -> None:
    wrong = [chinese for _english, chinese in _pairs() if MISUSED.search(chinese)]
    assert not wrong, "\n".join(wrong)


def test_nobody_shouts() -> None:
    loud = [pair for pair in _pairs() if any(mark in text for text in pair for mark in "!！")]
    assert not loud, loud


def test_gaps_are_kept() -> None:
    """A figure or name that the English sentence is filled with is filled into the Chinese one as well."""
    wrong = [
        (english, chinese)
        for english, chinese in _pairs()
        if {m.group() for m in PLACEHOLDER.finditer(english)}
        != {m.group() for m in PLACEHOLDER.finditer(chinese)}
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("wrong", ["价格,数量", "好吗?", "完成.", "(可选)", "错误: 编码;重试"])
def test_half_width_marks_are_found(wrong: str) -> None:
    assert MISUSED.search(wrong)
