"""The page that walks through the main job, followed by its own buttons: each leads to where its step is done, as whom."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor
from tests.stack import Stack

#: what a search finds
GOODS = "#results a[href*='/p/'], #results a[href*='/products/']"
#: of the form of a listing; what stands in it already stays
LISTING = {
    "category": "hand-protection",
    "attr_size": "M",
    "attr_material": "nitrile",
    "name_en": "Nitrile gloves, M",
    "description_en": "Powder-free gloves.",
    "name_zh": "丁腈手套 M",
    "description_zh": "无粉手套。",
    "tiers__0__from": "1",
    "tiers__0__sgd": "12.50",
    "origin": "SG",
    "hs6": "401519",
}


def step(visitor: Visitor, number: int) -> Locator:
    visitor.goes_to(f"/{visitor.language}/demo/try-it/")
    return visitor.page.locator("main ol.try-steps > li").nth(number - 1)


def is_ticked(visitor: Visitor, *numbers: int) -> None:
    """These steps and no other."""
    assert ticked(visitor) == list(numbers)
    visitor.is_pictured(f"try-it-{len(numbers)}")


def ticked(visitor: Visitor) -> list[int]:
    step(visitor, 1)
    steps = visitor.page.locator("main ol.try-steps > li")
    expect(steps).to_have_count(8)
    return [
        place for place, it in enumerate(steps.all(), 1) if "is-done" in (it.get_attribute("class") or "")
    ]


def takes(visitor: Visitor, number: int) -> None:
    """The button of a step, which makes the visitor who it says and opens where it is done."""
    button = step(visitor, number).locator("a.button, form button")
    with visitor.page.expect_navigation(url=re.compile(r"^(?!.*/demo/)")):
        button.click()


def a_listing_is_written_and_published(visitor: Visitor, sku: str) -> None:
    takes(visitor, 1)
    visitor.fills_in(sku=sku, **LISTING)
    visitor.presses("Save as draft")
    visitor.page.wait_for_url(re.compile("/listings/prd_"))
    is_ticked(visitor, 1)
    takes(visitor, 2)
    visitor.page.get_by_role("checkbox", name=sku).check()
    visitor.presses("Publish")
    visitor.page.wait_for_load_state()
    is_ticked(visitor, 1, 2)


def goods_are_found_and_put_into_the_cart(visitor: Visitor) -> None:
    takes(visitor, 3)
    expect(visitor.page.locator(GOODS).first).to_be_visible()
    takes(visitor, 4)
    visitor.page.locator(GOODS).first.click()
    visitor.presses("Add to order")
    visitor.page.wait_for_url(re.compile("/cart/"))
    is_ticked(visitor, 1, 2, 3, 4)


def the_cart_is_ordered_and_accepted(visitor: Visitor) -> str:
    takes(visitor, 5)
    visitor.follows("Check out")
    visitor.fills_in(payment_terms="net_30", incoterm="FOB", place="Port of Singapore (SGSIN)")
    visitor.presses("Place order")
    visitor.page.wait_for_url("**/orders/ord_*/")
    reference = visitor.page.locator("h1").inner_text()
    is_ticked(visitor, 1, 2, 3, 4, 5)
    takes(visitor, 6)
    visitor.reads(reference)
    visitor.presses("Accept the order")
    visitor.sees("The order is confirmed.")
    return reference


def its_papers_are_read(visitor: Visitor, reference: str, stack: Stack) -> None:
    """Some seconds later, drawn by a worker."""
    takes(visitor, 7)
    expect(visitor.page.locator("main")).to_contain_text(reference)
    stack.wait_until(lambda: 7 in ticked(visitor), what="the papers are drawn")
    is_ticked(visitor, 1, 2, 3, 4, 5, 6, 7)


def goods_are_sent_and_counted(visitor: Visitor, reference: str) -> None:
    """Nothing of these two is on its way yet; what was ordered just now leaves, then is counted, and one alone ticks nothing."""
    takes(visitor, 8)
    visitor.reads(reference)
    visitor.follows("Record a shipment")
    visitor.fills_in(carrier="Straits Container Line", tracking_number="TRY-IT")
    visitor.presses("Record the shipment")
    visitor.sees("The shipment is recorded.")
    is_ticked(visitor, 1, 2, 3, 4, 5, 6, 7)
    takes(visitor, 8)
    visitor.reads(reference)
    visitor.follows("Count shipment %(number)s", number=1)
    visitor.presses("Record what arrived")
    visitor.sees("What arrived is recorded.")
    is_ticked(visitor, 1, 2, 3, 4, 5, 6, 7, 8)
