"""Bo asks from a product's page with a ready phrase; Alice sees the bell, reads it in her language and answers; Bo reads
the answer without asking for the page again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from identity.actors import Member
from tests import factories as people
from tests.catalog.factories import a_product
from tests.journeys.conftest import LOCALES, MILLISECONDS
from tests.journeys.pages import Person
from tests.stack import Stack

#: milliseconds in which the bell rings on a page that stays open, with a worker that is busy: it asks every four seconds
SOON = 25_000
STOCK = "Is it in stock, and how much could you send at once?"


def at_a_browser(new_context: Any, stack: Stack, who: Member, language: str) -> Person:
    """The person signed in, reading pages in `language`."""
    context = new_context(base_url=stack.url, locale=LOCALES[language])
    context.set_default_timeout(MILLISECONDS)
    page: Page = context.new_page()
    person = Person(page, language)
    person.goes_to(f"/{language}/accounts/login/")
    person.fills_in(login=who.user.email, password=people.PASSWORD)
    page.locator("main button.button-main").first.click()
    page.wait_for_url("**/c/**")
    return person


@pytest.mark.parametrize(("bos", "alices"), [("zh-hans", "en"), ("en", "zh-hans")])
def test_a_question_from_a_product_is_answered_without_reload(
    new_context: Any, stack: Stack, bos: str, alices: str
) -> None:
    alice, bo = people.alice(), people.bo()
    for member, language in ((alice, alices), (bo, bos)):
        member.user.language = language
        member.user.save(update_fields=["language"])
    gloves = a_product(seller=alice).public_id
    buyer = at_a_browser(new_context, stack, bo, bos)
    seller = at_a_browser(new_context, stack, alice, alices)

    expect(seller.page.locator("header a[data-live] .tool-count")).to_have_count(0)
    buyer.goes_to(f"/{bos}/products/{gloves}/")
    buyer.follows("Ask the seller")
    buyer.page.locator("input[name=phrases][value=stock]").check()
    buyer.fills_in(body="5000?")
    buyer.presses("Send the message")
    buyer.sees(STOCK)

    bell = seller.page.locator("header a[data-live]")
    expect(bell.locator(".tool-count")).to_be_visible(timeout=SOON)
    bell.click()
    seller.page.locator(".inbox a", has_text=bo.company.name_in(alices)).first.click()
    seller.sees(STOCK)
    seller.sees("5000?")
    buyer.sees("Seen by %(name)s", name=alice.company.name_in(bos))

    typed = "I am typing meanwhile"
    buyer.fills_in(body=typed)
    seller.page.locator("input[name=phrases][value=in_stock]").check()
    seller.fills_in(body="5,000 today.")
    seller.presses("Send the message")
    buyer.sees("Yes, it is in stock; the quantity on the page can be sent at once.")
    buyer.sees("5,000 today.")
    expect(buyer.page.locator("textarea[name=body]")).to_have_value(typed)
    assert buyer.failures == seller.failures == []


def test_without_scripts_the_bell_is_a_link_and_one_still_talks(new_context: Any, stack: Stack) -> None:
    alice, bo = people.alice(), people.bo()
    bo.user.language = "en"
    bo.user.save(update_fields=["language"])
    gloves = a_product(seller=alice).public_id
    context = new_context(base_url=stack.url, java_script_enabled=False, locale="en-SG")
    person = Person(context.new_page(), "en")
    person.goes_to("/en/accounts/login/")
    person.fills_in(login=bo.user.email, password=people.PASSWORD)
    person.page.locator("main button.button-main").first.click()
    person.goes_to(f"/en/products/{gloves}/")
    person.follows("Ask the seller")
    person.fills_in(body="Blue ones too?")
    person.presses("Send the message")
    person.sees("Blue ones too?")
    person.page.locator("header a[href='/inbox/']").click()
    person.reads("Inbox")
