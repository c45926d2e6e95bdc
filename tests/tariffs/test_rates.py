"""Exchange rates and taxes, asked as of a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tariffs.models import ExchangeRate, TaxRate
from tariffs.queries import NoRate, convert, rate, rates, tax_for
from tariffs.services import load_exchange_rates, load_tax_rates

pytestmark = pytest.mark.django_db


def test_a_rate_is_crossed_through_the_euro_and_dated() -> None:
    found = rate("SGD", "CNY", date(2020, 6, 17))

    assert round(found.rate, 4) == Decimal("5.0864")
    assert (found.on, found.source) == (date(2020, 6, 17), "European Central Bank, euro reference rates")


def test_both_directions_agree() -> None:
    day = date(2024, 3, 1)

    assert round(rate("SGD", "USD", day).rate * rate("USD", "SGD", day).rate, 6) == 1
    assert rate("SGD", "SGD", day).rate == 1


def test_the_newest_rate_on_or_before_the_day_holds() -> None:
    assert rate("SGD", "CNY", date(2021, 2, 15)).on == date(2021, 1, 29)


def test_a_conversion_names_its_rate_and_is_not_rounded() -> None:
    conversion = convert(Decimal("0.0185"), "SGD", "CNY", date(2020, 6, 17))

    assert conversion.amount == Decimal("0.0185") * conversion.rate
    assert conversion.on == date(2020, 6, 17)


def test_one_statement_serves_all_pairs(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        today = rates(date(2024, 1, 1))
        for base in ("SGD", "CNY", "USD"):
            for quote in ("SGD", "CNY", "USD"):
                assert today.between(base, quote).rate > 0


def test_where_no_rate_is_stored_there_is_none() -> None:
    with pytest.raises(NoRate):
        rate("SGD", "CNY", date(1999, 1, 1))
    with pytest.raises(NoRate):
        rate("SGD", "CNH", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("seller", "buyer", "day", "code", "percent"),
    [
        ("SG", "SG", date(2020, 6, 17), "GST", "7"),
        ("SG", "SG", date(2023, 12, 31), "GST", "8"),
        ("SG", "SG", date(2024, 1, 1), "GST", "9"),
        ("SG", "CN", date(2026, 1, 1), "GST", "0"),
        ("CN", "CN", date(2019, 3, 31), "VAT", "16"),
        ("CN", "CN", date(2026, 1, 1), "VAT", "13"),
        ("CN", "SG", date(2026, 1, 1), "VAT", "0"),
    ],
)
def test_the_tax_of_the_day_holds(seller: str, buyer: str, day: date, code: str, percent: str) -> None:
    tax = tax_for(seller, buyer, day)

    assert tax is not None
    assert (tax.code, tax.percent) == (code, Decimal(percent))


def test_where_no_row_says_anything_no_tax_is_claimed() -> None:
    assert tax_for("MY", "SG", date(2026, 1, 1)) is None
    assert tax_for("SG", "SG", date(1990, 1, 1)) is None


def test_loading_again_changes_nothing() -> None:
    before = (ExchangeRate.objects.count(), TaxRate.objects.count())

    load_exchange_rates()
    load_tax_rates()

    assert (ExchangeRate.objects.count(), TaxRate.objects.count()) == before
