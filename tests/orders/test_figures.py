"""A year of trade, counted by the clock: what homes show in figures and plots."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.errors import NotFound
from orders import queries, services
from orders.models import TradeFigures
from tests import factories as people
from tests.catalog import factories as goods
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def count() -> None:
    services.count_figures(now=timezone.now())


def test_orders_are_counted_by_week_and_by_how_far_they_are() -> None:
    now = timezone.now()
    nuts = goods.a_product(seller=people.alice())
    deals.an_order(nuts, now=now)
    deals.a_confirmed_order(nuts, now=now)
    deals.a_despatch(deals.a_confirmed_order(nuts, now=now - timedelta(weeks=2)))
    count()
    weeks = queries.year_of(people.alice()).selling.weeks(TODAY)
    assert len(weeks) == 12
    assert weeks[-1][0] == TODAY - timedelta(days=TODAY.weekday())
    assert (weeks[-1][1]["waiting"], weeks[-1][1]["confirmed"]) == (1, 1)
    assert weeks[-3][1]["sent"] == 1
    assert queries.year_of(people.bo()).buying.weeks(TODAY)[-1][1]["waiting"] == 1


def test_confirmed_orders_are_summed_by_month_and_currency() -> None:
    now = timezone.now()
    nuts = goods.a_product(seller=people.alice())
    first, second = deals.a_confirmed_order(nuts, now=now), deals.a_confirmed_order(nuts, now=now)
    other = deals.a_confirmed_order(nuts, now=now, currency="USD")
    deals.an_order(nuts, now=now)  # not confirmed: no sale yet
    count()
    months = queries.year_of(people.alice()).selling.months(TODAY)
    assert list(months) == ["SGD", "USD"]
    assert months["SGD"][-1] == (TODAY.replace(day=1), first.total + second.total, 2)
    assert months["USD"][-1] == (TODAY.replace(day=1), other.total, 1)
    assert len(months["SGD"]) == 12


def test_what_is_owed_shrinks_as_it_is_paid() -> None:
    now = timezone.now()
    nuts = goods.a_product(seller=people.alice())
    late = deals.a_confirmed_order(nuts, now=now - timedelta(days=40))
    deals.a_confirmed_order(nuts, now=now)
    deals.a_payment(deals.a_confirmed_order(nuts, now=now), now=now)
    count()
    [owed] = queries.year_of(people.alice()).selling.owed
    assert (owed.currency, owed.orders, owed.late_orders, owed.late) == ("SGD", 2, 1, late.total)
    assert queries.year_of(people.bo()).buying.owed == [owed]


def test_a_date_asked_for_is_kept_or_not() -> None:
    now = timezone.now() - timedelta(days=9)
    asked = timezone.localdate(now) + timedelta(days=2)
    nuts = goods.a_product(seller=people.alice())
    deals.a_despatch(deals.a_confirmed_order(nuts, now=now, requested_date=asked), now=now)
    deals.a_despatch(deals.a_confirmed_order(nuts, now=now, requested_date=asked), now=timezone.now())
    deals.a_confirmed_order(nuts, now=now, requested_date=asked)
    deals.a_confirmed_order(nuts, now=now, requested_date=TODAY + timedelta(days=30))  # its day is to come
    count()
    side = queries.year_of(people.alice()).selling
    assert (side.promised, side.kept_to) == (3, 1)


def test_the_most_ordered_come_first_and_scarce_goods_are_named() -> None:
    now = timezone.now()
    rare = goods.a_product(seller=people.alice(), stock=20)
    plenty = goods.a_product(seller=people.alice(), stock=100_000)
    deals.a_confirmed_order(rare, plenty, now=now)
    deals.a_confirmed_order(plenty, now=now)
    count()
    side = queries.year_of(people.alice()).selling
    assert [(row["sku"], row["orders"]) for row in side.named("products")] == [(plenty.sku, 2), (rare.sku, 1)]
    assert [row["slug"] for row in side.named("parties")] == [people.bo().company.slug]
    assert side.named("low") == []  # ten a quarter: ten left last for longer than four weeks
    deals.a_confirmed_order(rare, now=now)
    count()
    [low] = queries.year_of(people.alice()).selling.named("low")
    assert (low["sku"], Decimal(low["available"])) == (rare.sku, 0)


def test_a_stranger_has_figures_of_their_own_only() -> None:
    deals.a_confirmed_order(now=timezone.now())
    count()
    year = queries.year_of(people.charlie())
    assert (year.selling.any, year.buying.any, year.counted_at) == (False, False, None)


def test_the_marketplace_is_counted_for_officers() -> None:
    deals.a_confirmed_order(now=timezone.now())
    count()
    market = queries.year_of_the_marketplace(people.officer())
    assert market.companies == 2
    assert market.trade.weeks(TODAY)[-1][1]["confirmed"] == 1
    with pytest.raises(NotFound):
        queries.year_of_the_marketplace(people.alice())  # type: ignore[arg-type]


def test_counting_again_changes_nothing_but_the_moment() -> None:
    deals.a_confirmed_order(now=timezone.now())
    count()
    before = list(TradeFigures.objects.order_by("pk").values_list("pk", "figures"))
    count()
    assert list(TradeFigures.objects.order_by("pk").values_list("pk", "figures")) == before


def test_reading_costs_one_row_and_counting_no_more_statements_for_more_orders() -> None:
    nuts = goods.a_product(seller=people.alice())
    deals.a_confirmed_order(nuts, now=timezone.now())
    with CaptureQueriesContext(connection) as few:
        count()
    for _ in range(5):
        deals.a_confirmed_order(nuts, now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        count()
    assert len(few) == len(many)
    alice = people.alice()
    with CaptureQueriesContext(connection) as reading:
        queries.year_of(alice)
    assert len(reading) == 1


@pytest.mark.parametrize("index", ["order_owed_to_seller", "order_owed_by_buyer"])
def test_what_is_owed_is_found_in_an_index_of_what_is_owed(index: str) -> None:
    """A company's year is not read for the few orders that are still to be paid."""
    alice = people.alice()
    with CaptureQueriesContext(connection) as asked:
        queries.owed_first(alice)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        assert index in "\n".join(line for (line,) in cursor.fetchall())


def test_months_go_back_over_the_turn_of_the_year() -> None:
    side = queries.Side({"months": {"2026-02": {"SGD": ["5", 1]}}})
    months = side.months(date(2026, 3, 31))["SGD"]
    assert [months[0][0], months[-1][0]] == [date(2025, 4, 1), date(2026, 3, 1)]
    assert months[-2] == (date(2026, 2, 1), Decimal(5), 1)
