"""Searching the shelf: words, filters, order, pages, counts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict

from catalog.models import ShelfRow
from catalog.queries import search
from catalog.queries.finding.facets import COUNTED
from catalog.rules.wanted import Wanted, read
from tests import factories
from tests.catalog.factories import NOW, a_product, tiers

pytestmark = pytest.mark.django_db


def wanted(query: str = "", **more: Any) -> Wanted:
    asked = QueryDict(query)
    return read(asked, currency="SGD", many=asked.getlist, **more)


def names(query: str = "", **more: Any) -> list[str]:
    return [row.name_en for row in search(wanted(query, **more)).rows]


@pytest.fixture
def goods() -> None:
    """Four listings of two sellers; no word of a seller's name is in them, and none speaks of another."""
    alice, charlie = factories.alice(), factories.charlie()
    for member in (alice, charlie):
        member.company.name_en = member.company.name_zh = f"Seller {member.company_id}"
        member.company.save()
    shelf = [
        (
            alice,
            "Hex bolt",
            "六角螺栓",
            "bolts-screws",
            "1.00",
            "SG",
            500,
            {"attributes": BOLT, "hs6": "731815", "unspsc": "31161600"},
        ),
        (alice, "Nitrile gloves", "丁腈手套", "hand-protection", "12.00", "MY", 0, {}),
        (charlie, "Leather gloves", "皮革手套", "hand-protection", "30.00", "CN", 10, {}),
        (
            charlie,
            "Glove box, steel",
            "手套盒",
            "hand-protection",
            "8.00",
            "CN",
            3,
            {"description_en": "For gloves and a bolt."},
        ),
    ]
    for hours, (seller, name_en, name_zh, category, price, origin, stock, more) in enumerate(shelf):
        a_product(
            seller=seller,
            name_en=name_en,
            name_zh=name_zh,
            category=category,
            tiers=tiers(SGD={10: price}),
            origin=origin,
            stock=stock,
            now=NOW + timedelta(hours=hours),
            **{"description_en": "In stock.", "description_zh": "现货。"} | more,
        )


HELMET: dict[str, Any] = {"attributes": {"material": "ABS"}, "hs6": "650610", "unspsc": "46181701"}
BOLT = {"thread": "M8", "length": "40", "material": "a2"}


def test_both_languages_find_the_same_goods(goods: None) -> None:
    assert (
        set(names("q=gloves"))
        == set(names("q=手套"))
        == {"Nitrile gloves", "Leather gloves", "Glove box, steel"}
    )


def test_words_are_narrowed_by_more_words(goods: None) -> None:
    assert names("q=leather gloves") == ["Leather gloves"]
    assert names("q=leather bolt") == []


def test_names_come_before_descriptions_then_the_newest(goods: None) -> None:
    assert names("q=bolt") == ["Hex bolt", "Glove box, steel"]
    assert names("q=bolt&sort=newest") == ["Glove box, steel", "Hex bolt"]


def test_characters_that_meet_by_chance_come_after_the_word_itself() -> None:
    """`手套` is a glove; in `扳手套装`, a set of spanners, the same two characters are neighbours only."""
    plain = {"description_en": "In stock.", "description_zh": "现货。", "category": "hand-tools"}
    told = [
        ("Coated gloves", "丁腈手套 100只/盒"),
        ("Gloves for cutting", "防割手套加长款"),
        ("Glove box", "手套收纳盒"),
        ("Spanner set", "扳手套装"),
    ]
    for hours, (name_en, name_zh) in enumerate(told):
        said = {"description_zh": "防割手套，袖口加长。"} if "cutting" in name_en else {}
        a_product(
            seller=factories.alice(),
            name_en=name_en,
            name_zh=name_zh,
            now=NOW + timedelta(hours=hours),
            **plain | said,
        )
    found = names("q=手套")
    assert found[-1] == "Spanner set"
    assert set(found) == {"Coated gloves", "Gloves for cutting", "Glove box", "Spanner set"}
    assert names("q=扳手") == ["Spanner set"]


def test_price_sorts_both_ways(goods: None) -> None:
    cheapest = ["Hex bolt", "Glove box, steel", "Nitrile gloves", "Leather gloves"]
    assert names("sort=price") == cheapest
    assert names("sort=-price") == cheapest[::-1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=safety", {"Nitrile gloves", "Leather gloves", "Glove box, steel"}),
        ("category=bolts-screws", {"Hex bolt"}),
        ("min=8&max=12", {"Nitrile gloves", "Glove box, steel"}),
        ("min=12&max=8", {"Nitrile gloves", "Glove box, steel"}),
        ("origin=CN&origin=my", {"Nitrile gloves", "Leather gloves", "Glove box, steel"}),
        ("in_stock=1", {"Hex bolt", "Leather gloves", "Glove box, steel"}),
        ("moq=9", set()),
        ("moq=10", {"Hex bolt", "Nitrile gloves", "Leather gloves", "Glove box, steel"}),
        ("category=nothing-such", set()),
        ("seller=nobody", set()),
    ],
)
def test_filters(goods: None, query: str, found: set[str]) -> None:
    assert set(names(query)) == found


def test_a_seller_is_named_by_slug(goods: None) -> None:
    slug = factories.alice().company.slug
    assert set(names(f"seller={slug}")) == {"Hex bolt", "Nitrile gloves"}


def test_limits_hold_in_the_currency_they_are_given_in(goods: None) -> None:
    assert names("q=leather&max=40&currency=SGD") == ["Leather gloves"]
    assert names("q=leather&max=40&currency=CNY") == []


def test_facets_count_what_matches(goods: None) -> None:
    facets = search(wanted("category=safety")).facets
    assert (facets.total, facets.bounded, facets.in_stock) == (3, False, 2)
    assert facets.origins == {"MY": 1, "CN": 2}
    assert [seller.products for seller in facets.sellers] == [2, 1]
    assert facets.moqs == {1: 0, 10: 3, 100: 3, 1000: 3}
    assert sum(facets.prices.values()) == 3


def test_other_choices_of_a_facet_stay_when_one_is_taken(goods: None) -> None:
    facets = search(wanted("category=safety&origin=CN")).facets
    assert facets.total == 2
    assert facets.origins == {"CN": 2, "MY": 1}
    slug = factories.alice().company.slug
    facets = search(wanted(f"seller={slug}&origin=MY")).facets
    assert facets.total == 1
    assert facets.origins == {"SG": 1, "MY": 1}
    assert [(seller.slug, seller.products) for seller in facets.sellers] == [(slug, 1)]
    facets = search(wanted(f"seller={slug}")).facets
    assert {seller.slug: seller.products for seller in facets.sellers} == {
        slug: 2,
        factories.charlie().company.slug: 2,
    }
    assert (facets.total, facets.at_least) == (2, frozenset())


def test_a_category_leaves_its_neighbours_to_choose(goods: None) -> None:
    from catalog.queries import category_tree

    a_product(seller=factories.alice(), name_en="Helmet", category="head-protection", **HELMET)
    facets = search(wanted("category=hand-protection")).facets
    codes = {category_tree().by_pk[pk].code: count for pk, count in facets.categories.items()}
    assert codes == {"safety": 4, "hand-protection": 3, "head-protection": 1}
    assert facets.total == 3


def test_other_choices_that_are_too_many_are_lower_bounds(
    goods: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.queries.finding.facets.COUNTED", 2)
    facets = search(wanted("origin=SG")).facets
    assert (facets.total, facets.bounded, facets.origins["SG"]) == (1, False, 1)
    assert facets.at_least == {"origins"}


def test_families_count_their_categories(goods: None) -> None:
    from catalog.queries import category_tree

    facets = search(wanted()).facets
    codes = {category_tree().by_pk[pk].code: count for pk, count in facets.categories.items()}
    assert codes == {"hardware": 1, "bolts-screws": 1, "safety": 3, "hand-protection": 3}


def many(count: int) -> None:
    """Rows like the first one, all of one moment but for every third."""
    first = ShelfRow.objects.get()
    alice = factories.alice()
    for number in range(1, count):
        product = a_product(
            seller=alice,
            name_en=f"Gloves {number}" if number % 4 else f"Mittens {number}",
            name_zh="",
            status_zh="missing",
            description_zh="",
            tiers=tiers(SGD={10: str(1 + number % 5)}),
            now=first.published_at + timedelta(minutes=number // 3),
        )
        assert product.pk


@pytest.mark.parametrize(
    "query", ["", "q=gloves", "sort=price", "sort=-price", "sort=newest&q=glove", "q=gloves&sort=price"]
)
@pytest.mark.parametrize("bounded", [False, True])
def test_pages_follow_one_another_both_ways(
    query: str, bounded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row once, in one order, forwards and backwards; however many there are."""
    a_product(seller=factories.alice(), name_en="Gloves 0")
    many(17)
    if bounded:
        monkeypatch.setattr("catalog.queries.finding.facets.COUNTED", 4)
    whole = [row.uid for row in search(wanted(query, size=50)).rows]
    assert len(set(whole)) == len(whole) == 17
    page = search(wanted(query, size=4))
    assert page.facets.bounded is bounded
    assert page.previous is None
    forwards, last = [row.uid for row in page.rows], page
    while page.next:
        page = last = search(wanted(query, size=4).at(after=page.next))
        forwards += [row.uid for row in page.rows]
    assert forwards == whole
    backwards = [row.uid for row in last.rows]
    while page.previous:
        page = search(wanted(query, size=4).at(before=page.previous))
        backwards = [row.uid for row in page.rows] + backwards
    assert backwards == whole
    assert page.previous is None


def test_more_than_a_thousand_are_counted_as_such(goods: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.queries.finding.facets.COUNTED", 2)
    facets = search(wanted("q=gloves")).facets
    assert (facets.total, facets.bounded) == (2, True)
    assert COUNTED == 1000


def test_a_page_that_left_the_shelf_is_still_a_place(goods: None) -> None:
    page = search(wanted("sort=newest", size=2))
    ShelfRow.objects.filter(product_uid=page.rows[-1].uid).delete()
    assert page.next
    following = search(wanted("sort=newest", size=2).at(after=page.next))
    assert [row.name_en for row in following.rows] == ["Nitrile gloves", "Hex bolt"]


def test_what_cannot_be_meant_is_left_out_and_said(goods: None) -> None:
    found = search(wanted("min=abc&sort=best&after=%21%21&moq=-3&currency=CNH&in_stock=perhaps"))
    assert len(found.rows) == 4
    assert len(found.wanted.notes) == 4
    assert found.wanted.currency == "SGD"


def test_amounts_are_bounded() -> None:
    asked = wanted("min=1e999999&max=99999999999999999999999999&moq=1e-99")
    assert asked.low == asked.high == Decimal(100_000_000)
    assert asked.moq == 0
