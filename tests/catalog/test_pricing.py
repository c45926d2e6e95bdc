"""Which price a quantity gets, and which quantities may be ordered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules import quantities
from catalog.rules.pricing import tier_for, tier_table
from catalog.rules.quantities import check_quantity, nearest_allowed, plain
from kernel.errors import Refused
from tests.catalog.factories import tiers

LIST = tiers(SGD={10: "12.50", 50: "11.80", 200: "11.80"})


@pytest.mark.parametrize(
    ("quantity", "price"), [(1, "12.50"), (10, "12.50"), (49, "12.50"), (50, "11.80"), (10**9, "11.80")]
)
def test_a_quantity_gets_the_price_of_the_tier_it_reaches(quantity: int, price: str) -> None:
    tier = tier_for(reversed(LIST), Decimal(quantity))

    assert tier is not None
    assert tier.unit_price == Decimal(price)


def test_without_tiers_there_is_no_price() -> None:
    assert tier_for((), Decimal(1)) is None
    assert tier_table(()) == []


def test_the_table_begins_where_ordering_begins() -> None:
    table = tier_table(LIST, moq=Decimal(60))

    assert [(row.first, row.last, row.unit_price) for row in table] == [
        (60, 199, Decimal("11.80")),
        (200, None, Decimal("11.80")),
    ]


@pytest.mark.parametrize(
    ("quantity", "refusal"),
    [
        ("0", quantities.QuantityNotPositive),
        ("-10", quantities.QuantityNotPositive),
        ("NaN", quantities.QuantityNotPositive),
        ("1e12", quantities.QuantityTooLarge),
        ("20.5", quantities.NotAStep),
        ("10", quantities.BelowMinimum),
        ("25", quantities.NotAMultiple),
    ],
)
def test_what_may_not_be_ordered_is_refused(quantity: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as raised:
        check_quantity(Decimal(quantity), moq=Decimal(20), multiple=Decimal(10), step=Decimal(1))

    assert str(raised.value)


@given(
    st.decimals(min_value="0.001", max_value="100000", places=3),
    st.integers(min_value=1, max_value=500),
    st.integers(min_value=1, max_value=20),
)
def test_the_suggested_quantity_may_be_ordered(quantity: Decimal, multiple: int, times: int) -> None:
    moq = Decimal(multiple * times)

    suggested = nearest_allowed(quantity, moq=moq, multiple=Decimal(multiple))

    check_quantity(suggested, moq=moq, multiple=Decimal(multiple))
    assert suggested >= quantity


@pytest.mark.parametrize(
    ("number", "text"), [("10.500000", "10.5"), ("1E+3", "1000"), ("0.000001", "0.000001"), ("100", "100")]
)
def test_numbers_are_written_plainly(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
