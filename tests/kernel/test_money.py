"""Money is rounded half up, once, at the line total."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CURRENCIES, line_total, minor_unit, round_money

CENT = Decimal("0.01")


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_currencies_of_deals_have_cents(currency):
    assert minor_unit(currency) == CENT


@pytest.mark.parametrize(("exact", "rounded"), [("0.125", "0.13"), ("0.135", "0.14"), ("2.004999", "2.00")])
def test_half_is_rounded_up(exact, rounded):
    assert round_money(Decimal(exact), "SGD") == Decimal(rounded)


@given(
    st.decimals(min_value=0, max_value=10**12, places=6),
    st.decimals(min_value=0, max_value=10**11, places=6),
)
def test_a_line_is_never_off_by_more_than_half_a_cent(unit_price, quantity):
    exact = Fraction(unit_price) * Fraction(quantity)
    assert abs(Fraction(line_total(unit_price, quantity, "CNY")) - exact) <= Fraction(1, 200)
