"""The first day: sign up, confirm by mail, register a company, invite a colleague, who joins. In both languages."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.journeys.test_axe import findings, scrolls_sideways
from tests.stack import Stack

PASSWORD = "seven harbours at dusk"
WORDS = {
    "en": {
        "create": "Create account",
        "confirm": "Confirm",
        "register": "Register the company",
        "invite": "Send the invitation",
        "accept": "Accept the invitation",
        "seller": "Seller",
    },
    "zh-hans": {
        "create": "创建账户",
        "confirm": "确认",
        "register": "注册企业",
        "invite": "发送邀请",
        "accept": "接受邀请",
        "seller": "卖家",
    },
}


def letter_to(page: Page, address: str, stack: Stack) -> str:
    """The link in the newest letter to this address, as /dev/mail/ shows it."""

    def listed() -> bool:
        page.goto("/dev/mail/")
        return page.locator("li", has_text=address).count() > 0

    stack.wait_until(listed, what=f"a letter to {address}")
    page.locator("li", has_text=address).first.get_by_role("link").click()
    return page.locator(".prose a").first.get_attribute("href")


def sign_up(page: Page, language: str, address: str, name: str, stack: Stack) -> None:
    words = WORDS[language]
    page.goto(f"/{language}/accounts/signup/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(address)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.get_by_role("button", name=words["create"]).click()
    page.wait_for_url("**/confirm-email/")
    page.goto(letter_to(page, address, stack))
    page.get_by_role("main").get_by_role("button", name=words["confirm"]).click()


@pytest.mark.parametrize(("language", "screen"), [("en", "desk"), ("zh-hans", "phone")])
def test_from_sign_up_to_a_colleague_who_acts(page: Page, new_context, stack: Stack, language: str) -> None:
    words = WORDS[language]
    tag = uuid4().hex[:8]
    sign_up(page, language, f"founder-{tag}@first.example", "Mei Lin", stack)
    page.wait_for_url("**/companies/new/")
    page.locator("[name=country]").select_option("SG")
    page.locator("[name=registration_number]").fill("201912345X")
    page.locator("[name=legal_name]").fill(f"First Day {tag} Pte. Ltd.")
    page.get_by_role("button", name=words["register"]).click()
    expect(page.locator("[name=legal_name]")).to_have_value(f"First Day {tag} Pte. Ltd.")
    expect(page.locator("#form-errors")).to_contain_text("UEN")
    page.locator("[name=registration_number]").fill(
        factories.a_uen(int(f"2019{int(tag, 16) % 90_000 + 10_000}"))
    )
    page.get_by_role("button", name=words["register"]).click()
    page.wait_for_url("**/c/first-day-**/")
    home = page.url

    page.goto(f"{home}members/invite/")
    page.locator("[name=email]").fill(f"colleague-{tag}@first.example")
    page.get_by_label(words["seller"], exact=True).check()
    page.get_by_role("button", name=words["invite"]).click()
    expect(page.get_by_role("main")).to_contain_text(f"colleague-{tag}@first.example")
    link = letter_to(page, f"colleague-{tag}@first.example", stack)

    other = new_context(base_url=stack.url).new_page()
    sign_up(other, language, f"colleague-{tag}@first.example", "Wei Guo", stack)
    other.wait_for_url("**/desk/")
    other.goto(link)
    other.get_by_role("button", name=words["accept"]).click()
    other.wait_for_url(home)

    for path in (
        "",
        "company/",
        "company/claims/",
        "company/bank/",
        "members/",
        "addresses/",
        "tokens/",
        "tokens/new/",
    ):
        page.goto(f"{home}{path}")
        assert findings(page) == [], path
        assert not scrolls_sideways(page), f"{path} scrolls sideways"
