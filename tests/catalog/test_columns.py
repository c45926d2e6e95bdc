"""A row of a file and the draft it stands for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.rules.columns import NAMES, merged, read_packs, read_row, read_tiers, write_row
from catalog.rules.drafts import PackDraft, ProductDraft, TierDraft, tidy
from kernel.errors import Refused
from tests.catalog.factories import a_draft

NUMBERS = st.decimals(min_value="0.000001", max_value="999999", places=6, allow_nan=False)
WORDS = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp"]
    ),
    min_size=1,
    max_size=20,
).filter(lambda text: not text.endswith("\\") and not text.startswith("\\"))
SIDES = st.integers(min_value=1, max_value=20_000)

PACKS = st.builds(
    PackDraft,
    code=st.sampled_from(["XBX", "XCT", "XPX"]),
    contains=NUMBERS,
    length_mm=SIDES,
    width_mm=SIDES,
    height_mm=SIDES,
    gross_kg=NUMBERS,
)
TIERS = st.builds(
    TierDraft, currency=st.sampled_from(["SGD", "CNY", "USD"]), min_quantity=NUMBERS, unit_price=NUMBERS
)


@settings(max_examples=100, deadline=None)
@given(
    packs=st.lists(PACKS, max_size=4).map(tuple),
    tiers=st.lists(TIERS, max_size=6).map(tuple),
    standards=st.lists(WORDS, max_size=4, unique=True).map(tuple),
    size=WORDS,
    moq=NUMBERS,
    net_kg=st.none() | NUMBERS,
)
def test_every_draft_survives_the_way_through_a_row(packs, tiers, standards, size, moq, net_kg) -> None:
    draft = tidy(
        a_draft(
            packs=packs,
            tiers=tiers,
            standards=standards,
            moq=moq,
            net_kg=net_kg,
            attributes={"size": size, "hollow": "yes"},
        )
    )
    written = dict(zip(NAMES, write_row(draft, stock=Decimal("12.5"), status="paused"), strict=True))

    row, problems = read_row(written)

    assert problems == []
    assert tidy(merged(ProductDraft(sku=draft.sku, category=""), row)) == draft
    assert (row.stock, row.status) == (Decimal("12.5"), "paused")


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60), min_size=1))
def test_no_text_in_any_column_does_more_than_be_refused(cells: dict[str, str]) -> None:
    row, problems = read_row({"sku": "A", **cells})

    assert all(problem.field in cells for problem in problems)
    tidy(merged(ProductDraft(sku="A", category=""), row))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("XBX:100:240x120x80mm:0.65kg", (Decimal(100), 240, 120, 80, Decimal("0.65"))),
        ("xbx : 100 : 240 × 120 * 80 : 0.65", (Decimal(100), 240, 120, 80, Decimal("0.65"))),
        ("XBX：100：240x120x80MM：0.65KG", (Decimal(100), 240, 120, 80, Decimal("0.65"))),
    ],
)
def test_packs_are_read_as_people_write_them(cell: str, expected: tuple[object, ...]) -> None:
    (pack,) = read_packs(cell)

    assert (pack.contains, pack.length_mm, pack.width_mm, pack.height_mm, pack.gross_kg) == expected


@pytest.mark.parametrize(
    "cell", ["1", "1:", ":2", "1:2:3", "a:b", "1:-2", "1:1e5", "1:1,200", "1:NaN", "1:0x10"]
)
def test_tiers_that_cannot_be_read_are_refused(cell: str) -> None:
    with pytest.raises(Refused):
        read_tiers(cell, "SGD")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("moq", "1,000"),
        ("moq", "∞"),
        ("moq", "9" * 400),
        ("lead_time_days", "2.5"),
        ("stock", "lots"),
        ("attributes", "size"),
        ("status", "sold"),
        ("packs", "XBX:1:1x1x1:" + "9" * 40),
    ],
)
def test_what_is_no_value_is_named_by_its_column(column: str, cell: str) -> None:
    _row, problems = read_row({"sku": "A", column: cell})

    assert [problem.field for problem in problems] == [column]


def test_an_empty_cell_takes_a_net_weight_away_and_a_missing_column_leaves_it() -> None:
    stated = a_draft(net_kg=Decimal("0.05"))
    emptied, _ = read_row({"sku": stated.sku, "net_kg": " "})
    silent, _ = read_row({"sku": stated.sku})
    assert merged(stated, emptied).net_kg is None
    assert merged(stated, silent).net_kg == Decimal("0.05")
