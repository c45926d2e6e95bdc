"""Countries are named as trade names them."""

from __future__ import annotations

from tariffs.rules.countries import country_name


def test_chinese_papers_use_the_words_of_china_customs() -> None:
    assert [country_name(code, "zh-hans") for code in ("TW", "HK", "SG")] == [
        "中国台湾",
        "中国香港",
        "新加坡",
    ]
    assert country_name("TW", "en") == "Taiwan"
