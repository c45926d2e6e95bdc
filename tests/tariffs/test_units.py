"""Units are counted as people count: 1 piece, 20 pieces, 3 boxes, 20 kg."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tariffs.rules.units import counted_unit


@pytest.mark.parametrize(
    ("code", "quantity", "words"),
    [
        ("H87", 1, "piece"),
        ("H87", 20, "pieces"),
        ("XBX", 3, "boxes"),
        ("KGM", 20, "kg"),
        ("DZN", 2, "dozen"),
        ("??", 2, "??"),
    ],
)
def test_english_counts_in_the_plural_where_it_has_one(code: str, quantity: int, words: str) -> None:
    assert counted_unit(code, Decimal(quantity), "en") == words


def test_chinese_has_one_form() -> None:
    assert counted_unit("H87", Decimal(20), "zh-hans") == "件"
