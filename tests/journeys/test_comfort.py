"""What scripts add to a page, and that the page does its work without them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import factories as people
from tests.catalog.factories import a_product
from tests.stack import Stack


@pytest.fixture
def gloves(stack: Stack) -> str:
    """Ten at S$12.50 a pair, from fifty on S$11.80."""
    return a_product(seller=people.alice(), stock=5000).public_id


def test_the_tier_table_follows_the_quantity(page: Page, gloves: str) -> None:
    page.goto(f"/en/products/{gloves}/")
    expect(page.locator("[data-total]")).to_have_text("S$125.00")
    page.locator("#quantity").fill("60")
    expect(page.locator("[data-unit-price]")).to_have_text("S$11.80")
    expect(page.locator("[data-total]")).to_have_text("S$708.00")
    expect(page.locator("tr.reached th")).to_contain_text("50")


def test_a_theme_chosen_by_hand_comes_with_the_next_page(page: Page, stack: Stack) -> None:
    _sign_in(page)
    page.locator("details.menu:has([data-theme-to]) summary").first.click()
    page.locator("[data-theme-to=dark]:visible").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    answer = page.goto("/en/search/")
    assert answer is not None
    assert 'data-theme="dark"' in answer.text(), "the server answers in it at once: nothing flashes"


def test_the_language_switch_keeps_the_page_and_its_filters(page: Page, gloves: str) -> None:
    page.goto("/en/search/?q=nitrile&sort=newest")
    page.get_by_role("link", name="中文").click()
    page.wait_for_url("**/zh-hans/search/?q=nitrile&sort=newest")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


def test_menus_close_by_escape_and_give_the_focus_back(page: Page, stack: Stack) -> None:
    page.goto("/en/")
    summary = page.locator(".frame-tools details.menu summary").first
    summary.click()
    page.keyboard.press("Escape")
    expect(page.locator(".frame-tools details.menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_without_scripts_one_searches_filters_and_fills_the_cart(
    new_context: Any, stack: Stack, gloves: str
) -> None:
    page = new_context(base_url=stack.url, java_script_enabled=False, locale="en-SG").new_page()
    page.goto("/en/")
    page.locator("#home-q").fill("nitrile")
    page.locator("#home-q").press("Enter")
    page.locator(".facets input[type=checkbox]").first.check()
    page.locator(".facets-apply button").click()
    page.locator(".product-name a").first.click()
    page.locator("#quantity").fill("20")
    page.locator(".order-box .button-accent").click()
    page.goto("/en/basket/")
    expect(page.locator(".cart-line")).to_have_count(1)


def _sign_in(page: Page) -> None:
    alice = people.alice()
    page.goto("/en/accounts/login/")
    page.locator("[name=login]").fill(alice.user.email)
    page.locator("[name=password]").fill(people.PASSWORD)
    page.locator("main button.button-main").click()
    page.wait_for_url("**/c/**")
