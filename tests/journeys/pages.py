"""A person at a browser: what they see, press and fill in, in their own language.

Words are given in English, as the code has them, and looked for as the person reads them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Download, Locator, Page, expect

#: a page that a worker fills while one looks at it; with Redis gone the sweep takes a few seconds longer
PATIENCE = 90_000
expect.set_options(timeout=60_000)


class Person:
    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.failures: list[str] = []
        page.on("pageerror", lambda error: self.failures.append(f"{page.url}: {error}"))
        page.on("response", self._note_failure)

    def _note_failure(self, response: Any) -> None:
        if response.status >= 500:
            self.failures.append(f"{response.status} at {response.url}")

    # -- words ---------------------------------------------------------------------------------------

    def says(self, words: str, **facts: Any) -> str:
        """The words as this person reads them."""
        with translation.override(self.language):
            return gettext(words) % facts if facts else gettext(words)

    # -- going ---------------------------------------------------------------------------------------

    def goes_to(self, path: str) -> None:
        self.page.goto(path)

    def goes_home(self) -> None:
        self.goes_to(f"/{self.language}/")

    def opens(self, words: str) -> None:
        """A place of the workspace, by its side navigation or, on a phone, by the bar under the thumb."""
        name = self.says(words)
        side = self.page.locator("aside.side").get_by_role("link", name=name, exact=True)
        if side.is_visible():
            side.click()
            return
        bar = self.page.locator("nav.bottom-bar")
        link = bar.get_by_role("link", name=name, exact=True)
        if not link.is_visible():
            bar.locator("summary").click()
        link.click()

    def follows(self, words: str, **facts: Any) -> None:
        self._main.get_by_role("link", name=self.says(words, **facts), exact=True).first.click()

    def follows_step(self, words: str) -> None:
        """A step of setting the company up, from the home of the workspace."""
        self.opens("Home")
        self._main.locator(".tasks a", has_text=self.says(words)).click()

    def presses(self, words: str, **facts: Any) -> None:
        self._main.get_by_role("button", name=self.says(words, **facts), exact=True).first.click()

    def chooses_currency(self, code: str) -> None:
        button = self.page.locator(f"button[name=currency][value={code}]")
        menus = self.page.locator("header details.menu", has=button)
        next(menu for menu in menus.all() if menu.is_visible()).locator("summary").click()
        button.locator("visible=true").click()

    # -- writing -------------------------------------------------------------------------------------

    def fills_in(self, **values: Any) -> None:
        """The fields of the page's form by name: text, choices, boxes, files."""
        for name, value in values.items():
            self._write(self._main.locator(f'[name="{name.replace("__", "-")}"]'), value)

    def _write(self, field: Locator, value: Any) -> None:
        first = field.first
        kind = first.evaluate("field => field.type")
        if kind in ("checkbox", "radio"):
            self._pick(field, value)
        elif kind == "select-one":
            first.select_option(str(value))
        elif kind == "file":
            first.set_input_files(value)
        else:
            first.fill(str(value))

    def _pick(self, field: Locator, value: Any) -> None:
        if isinstance(value, bool):
            field.first.set_checked(value)
        else:
            field.and_(self.page.locator(f'[value="{value}"]')).check()

    # -- seeing --------------------------------------------------------------------------------------

    def sees(self, words: str, **facts: Any) -> None:
        """Somewhere on the page, now or within seconds."""
        expect(self._main).to_contain_text(self.says(words, **facts))

    def sees_not(self, words: str) -> None:
        expect(self._main).not_to_contain_text(self.says(words))

    def reads(self, heading: str, **facts: Any) -> None:
        """The page's heading."""
        expect(self.page.locator("h1")).to_contain_text(self.says(heading, **facts))

    def waits_for(self, words: str, **facts: Any) -> None:
        """As `sees`, for what a worker does while one looks at the page."""
        expect(self._main).to_contain_text(self.says(words, **facts), timeout=PATIENCE)

    def looks_again(self) -> None:
        self.page.reload()

    def downloads(self, link: Locator, folder: Path) -> Path:
        with self.page.expect_download() as waiting:
            link.click()
        file: Download = waiting.value
        path = folder / file.suggested_filename
        file.save_as(path)
        return path

    @property
    def _main(self) -> Locator:
        return self.page.locator("main")

    @property
    def text(self) -> str:
        return self._main.inner_text()


class Registering:
    """From nobody to the owner of a company."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def sign_up(self, *, name: str, email: str, password: str) -> None:
        person = self.person
        person.goes_to(f"/{person.language}/accounts/signup/")
        person.fills_in(name=name, email=email, password1=password, password2=password)
        person.presses("Create account")
        person.sees("Look into your mailbox")
        self._follow_the_link(email)
        person.presses("Confirm this address")

    def _follow_the_link(self, email: str) -> None:
        """Out of the letter, read where a copy without a mail server keeps it."""
        page = self.person.page
        page.goto("/dev/mail/")
        page.locator("main li", has_text=email).first.get_by_role("link").click()
        link = page.locator("main a", has_text=re.compile("confirm-email"))
        page.goto(link.get_attribute("href") or "")

    def company(self, **details: Any) -> None:
        person = self.person
        person.reads("Register a company")
        person.fills_in(**details)
        person.presses("Register the company")
        person.sees("Setting up")
