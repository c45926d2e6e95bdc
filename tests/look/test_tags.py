"""What templates say often: amounts, quantities, dates, names, the same page in the other language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from kernel.templatetags import look

NOON_IN_BOTH_CITIES = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (Decimal("1234.5"), "SGD", "S$1,234.50"),
        (Decimal("1234.5"), "CNY", "¥1,234.50"),
        (Decimal("-3"), "USD", "−US$3.00"),
        (Decimal(0), "EUR", "EUR 0.00"),
    ],
)
def test_money(amount: Decimal, currency: str, shown: str) -> None:
    assert look.money(amount, currency) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0.018500", "S$0.0185"),
        ("12.500000", "S$12.50"),
        ("0.125", "S$0.125"),
        ("7", "S$7.00"),
        ("1000.1", "S$1,000.10"),
    ],
)
def test_a_unit_price_keeps_the_decimals_it_needs(amount: str, shown: str) -> None:
    assert look.price(Decimal(amount), "SGD") == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("1200.000000", "1,200"), ("0.500", "0.5"), (100, "100"), (None, "")]
)
def test_quantity(value: object, shown: str) -> None:
    assert look.quantity(value) == shown


def test_dates_speak_the_language_and_the_zone() -> None:
    with translation.override("en"):
        assert look.day(date(2026, 11, 3)) == "3 Nov 2026"
        assert look.moment(NOON_IN_BOTH_CITIES) == "3 Nov 2026, 12:00"
        assert "UTC+8" in look.time_element(NOON_IN_BOTH_CITIES)
    with translation.override("zh-hans"):
        assert look.day(date(2026, 11, 3)) == "2026年11月3日"
        assert look.moment(NOON_IN_BOTH_CITIES) == "2026年11月3日 12:00"


@pytest.mark.parametrize(
    ("away", "english"),
    [
        (timedelta(hours=40), "in 40 hours"),
        (timedelta(days=3), "in 3 days"),
        (timedelta(minutes=-1), "1 minute ago"),
    ],
)
def test_relative(away: timedelta, english: str) -> None:
    with translation.override("en"):
        assert look.relative(NOON_IN_BOTH_CITIES + away, NOON_IN_BOTH_CITIES) == english


def test_a_deadline_may_be_a_day() -> None:
    with translation.override("en"):
        assert look.time_element(date(2026, 11, 5)) == '<time datetime="2026-11-05">5 Nov 2026</time>'
        assert look.relative(date(2026, 11, 5), NOON_IN_BOTH_CITIES) == "in 2 days"
        assert look.relative(date(2026, 11, 3), NOON_IN_BOTH_CITIES) == "in 12 hours"


@dataclass
class Named:
    name_en: str
    name_zh: str


def test_names_fall_back_to_the_other_language() -> None:
    both, english_only = Named("Bolt", "螺栓"), Named("Bolt", "")
    with translation.override("zh-hans"):
        assert (look.local(both), look.other(both)) == ("螺栓", "Bolt")
        assert (look.local(english_only), look.other(english_only)) == ("Bolt", "")


@pytest.mark.parametrize(
    ("path", "chinese"),
    [
        ("/en/search/?q=bolt&page=2", "/zh-hans/search/?q=bolt&page=2"),
        ("/en/", "/zh-hans/"),
        ("/c/alice/orders/", ""),
    ],
)
def test_the_language_switch_keeps_the_page(path: str, chinese: str) -> None:
    context = Context({"request": RequestFactory().get(path)})
    assert look.page_frame(context)["chinese"] == chinese


def test_theme_and_currency_come_from_cookies_that_hold_known_values() -> None:
    request = RequestFactory().get("/en/")
    request.COOKIES = {"theme": "dark", "currency": "USD"}
    chosen = look.page_frame(Context({"request": request}))
    assert (chosen["theme"], chosen["currency"]) == ("dark", "USD")
    request.COOKIES = {"theme": '"><script>', "currency": "XXX"}
    refused = look.page_frame(Context({"request": request}))
    assert (refused["theme"], refused["currency"]) == ("", "SGD")


def test_what_is_constant_is_rendered_once_per_language_and_value() -> None:
    page = Template("{% load look %}{% constant demo %}{{ said }}{% endconstant %}")
    with translation.override("en"):
        assert page.render(Context({"demo": 1, "said": "first"})) == "first"
        assert page.render(Context({"demo": 1, "said": "second"})) == "first"
        assert page.render(Context({"demo": 0, "said": "third"})) == "third"
    with translation.override("zh-hans"):
        assert page.render(Context({"demo": 1, "said": "fourth"})) == "fourth"


def test_a_removed_filter_leaves_the_others_and_returns_to_the_first_page() -> None:
    request = RequestFactory().get("/en/search/?seller=a&seller=b&q=x&after=k")
    context = Context({"request": request})
    assert look.query_without(context, "seller", "a") == "?seller=b&q=x"
    assert look.query_without(context, "q") == "?seller=a&seller=b"


def test_icons_are_hidden_unless_they_speak() -> None:
    silent, speaking = look.icon("truck"), look.icon("x", "", "Close <it>")
    assert 'aria-hidden="true"' in silent and "#truck" in silent
    assert 'aria-label="Close &lt;it&gt;"' in speaking


def test_markup_in_names_is_escaped() -> None:
    page = Template("{% load look %}{{ thing|local }}").render(Context({"thing": Named("<b>", "")}))
    assert page == "&lt;b&gt;"
