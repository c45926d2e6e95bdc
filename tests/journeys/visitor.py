"""A visitor of the demo: one click from its page of people makes them one of the cast, who then works from their home on."""

from __future__ import annotations

import os
import re
from typing import Any

from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from orders.models import Order
from sme_hub.pages.workspace import ORDER_TASKS
from tests.journeys.pages import Person

#: where one comes to by becoming somebody
HOME = re.compile("/c/[^/]+/$|/programme/$|/mediation/$")


class Visitor(Person):
    """One browser, many people: whoever acts last is seen by whom it concerns next."""

    def __init__(self, page: Page, language: str) -> None:
        super().__init__(page, language)
        page.on(
            "console", lambda said: said.type == "error" and self.failures.append(f"{page.url}: {said.text}")
        )

    def enters(self, code: str) -> None:
        """At home, by one click from the demo's page of people."""
        self.goes_to(f"/{self.language}/demo/")
        with self.page.expect_navigation(url=HOME):
            self.page.locator(f"main button[name=who][value={code}]").click()

    def becomes(self, code: str) -> None:
        """At home, by the bar above every page of the demo; at first by its page of people."""
        if self.page.url == "about:blank":
            self.enters(code)
            return
        self.page.locator(".demo-switch summary").click()
        with self.page.expect_navigation(url=HOME):
            self.page.locator(f".demo-switch button[value={code}]").click()

    # -- taking up what waits ------------------------------------------------------------------------

    def takes_up(self, kind: str, reference: str) -> None:
        """An order that waits, by the line of their home that names this kind of work, and the list that it leads to."""
        self.task(_counted(ORDER_TASKS[kind][1], self.language)).click()
        self.page.wait_for_url("**/orders/**")
        if self.page.locator("h1").inner_text() != reference:
            self.page.locator("main table").get_by_role("link", name=reference, exact=True).click()
        self.reads(reference)
        self.is_pictured(f"order-{kind}")

    def task(self, words: str | re.Pattern[str]) -> Locator:
        """A line of what waits for them."""
        return self.page.locator("main ul.tasks li a", has_text=words).first

    def looks_for(self, words: str) -> None:
        """In the list that is open, by the field above it."""
        self.page.locator("main form.toolbar [name=q]").fill(words)
        self.page.locator("main form.toolbar [name=q]").press("Enter")
        self.page.wait_for_url(re.compile("[?&]q="))

    def opens_order(self, words: str) -> str:
        """By its purchase order number, from the list of orders; its reference."""
        self.opens("Orders")
        self.looks_for(words)
        self.page.locator("main table tbody a").first.click()
        self.page.wait_for_url("**/orders/ord_*/")
        return self.page.locator("h1").inner_text()

    def opens_case(self, number: str) -> None:
        """From the list of the company's cases."""
        self.opens("Cases")
        self.page.locator("main table").get_by_role("link", name=number).click()
        self.reads(number)

    # -- acting --------------------------------------------------------------------------------------

    def sends_to(self, act: str) -> None:
        """The button of the form whose address ends in `act`, where its words hold a sum."""
        self.page.locator(f"main form[action$='/{act}/'] button").first.click()

    def ticks(self, phrase: str) -> None:
        """A ready phrase above a message, by the label that it stands on."""
        self.page.locator(f"main label:has([name=phrases][value={phrase}])").click()

    def confirms(self, dialog: str, reason: str) -> None:
        """An act that asks for a reason before it is done."""
        self.page.locator(f"[data-dialog-open={dialog}]").click()
        asked = self.page.locator(f"dialog#{dialog}")
        asked.locator("textarea").fill(reason)
        self.is_pictured(f"dialog-{dialog}")
        asked.locator(".button-danger").click()

    # -- seeing --------------------------------------------------------------------------------------

    def sees_text(self, words: str) -> None:
        """What somebody typed, or a number: the same in every language."""
        expect(self.page.locator("main")).to_contain_text(words)

    def is_pictured(self, name: str) -> None:
        """At both widths, where somebody wants to look at it."""
        folder = os.environ.get("PICTURES")
        if not folder:
            return
        for width, height in ((390, 844), (1440, 900)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.screenshot(path=f"{folder}/{name}-{self.language}-{width}.png", full_page=True)


def reference_of(po_number: str) -> str:
    """Of an order of the demo."""
    found: Any = Order.objects.get(po_number=po_number)
    return str(found.reference)


def _counted(words: Any, language: str) -> re.Pattern[str]:
    """The words with any number in them, of one or of many."""
    with translation.override(language):
        forms = {re.sub(r"\d+", r"\\d+", re.escape(str(words % {"count": count}))) for count in (1, 7)}
    return re.compile("|".join(f"^{form}" for form in sorted(forms)))
