"""Amounts in words, English and Chinese."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents.rules import in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "zero"),
        ("1.00", "one"),
        ("21.05", "twenty-one and cents five"),
        ("100", "one hundred"),
        ("1015", "one thousand and fifteen"),
        ("380.50", "three hundred and eighty and cents fifty"),
        (
            "1234567.89",
            "one million two hundred and thirty-four thousand five hundred and sixty-seven and cents eighty-nine",
        ),
        ("1000000001", "one billion and one"),
    ],
)
def test_english(amount, words):
    assert in_words(Decimal(amount), "SGD", "en") == f"Say Singapore dollars {words} only"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"),
        ("1005", "壹仟零伍元整"),
        ("10050.5", "壹万零伍拾元伍角整"),
        ("100000", "壹拾万元整"),
        ("100050001", "壹亿零伍万零壹元整"),
        ("582828.50", "伍拾捌万贰仟捌佰贰拾捌元伍角整"),
        ("120000000", "壹亿贰仟万元整"),
        ("100000001", "壹亿零壹元整"),
        ("20300.07", "贰万零叁佰元零柒分"),
    ],
)
def test_chinese(amount, words):
    assert in_words(Decimal(amount), "CNY", "zh-hans") == f"人民币{words}"
