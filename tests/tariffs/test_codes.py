"""Units, Incoterms, the Harmonized System, countries."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tariffs.rules import countries, hs, incoterms, units


def test_units_and_packages_have_words_in_both_languages() -> None:
    for unit in units.UNITS.values():
        assert unit.name_in("en")
        assert unit.name_in("zh-hans")
        assert unit.step > 0
    assert units.unit_name("XCT", "zh-hans") == "纸箱"
    assert units.unit_name("???", "en") == "???"
    assert (units.step_of("H87"), units.step_of("KGM")) == (1, Decimal("0.001"))
    assert units.is_package("XPX")
    assert not units.is_package("H87")


def test_incoterms_say_who_carries_and_clears() -> None:
    terms = incoterms.INCOTERMS.values()

    assert len(terms) == 11
    assert {term.code for term in terms if not term.seller_carries} == {"EXW", "FCA", "FAS", "FOB"}
    assert {term.code for term in terms if term.sea_only} == {"FAS", "FOB", "CFR", "CIF"}
    assert {term.code for term in terms if term.seller_insures} == {"CIP", "CIF"}
    assert {term.code for term in terms if not term.seller_clears_export} == {"EXW"}
    assert {term.code for term in terms if term.seller_clears_import} == {"DDP"}
    assert not incoterms.is_incoterm("DAT")


@pytest.mark.parametrize(
    ("code", "known"),
    [("731815", True), ("401512", True), ("401511", False), ("999999", False), ("7318", False), ("", False)],
)
def test_subheadings_of_2022_and_no_others_are_known(code: str, known: bool) -> None:
    assert hs.is_hs6(code) is known


def test_subheadings_are_found_by_digits_and_words() -> None:
    assert "731815" in {heading.hs6 for heading in hs.find("7318.1")}
    assert "731815" in {heading.hs6 for heading in hs.find("threaded screws bolts")}
    assert hs.find("threaded screws", near=["8208"], limit=100)[0].hs6.startswith(("73", "82"))
    assert hs.find("x") == hs.find("zzzz qqqq") == []
    assert "screws" in hs.describe_hs6("731815")
    assert hs.describe_hs6("401511") == ""


def test_countries_are_those_of_iso_3166() -> None:
    assert countries.country_name("SG", "zh-hans") == "新加坡"
    assert countries.country_name("CN", "en") == "China"
    assert not any(countries.is_country(code) for code in ("EU", "XK", "ZZ", "", "sg", "SGP"))
    assert [code for code, _name in countries.choices("en")][:2] == ["SG", "CN"]
