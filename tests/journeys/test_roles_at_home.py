"""Everybody of the demo at home: one click from its page of people to their own work, where nothing leads nowhere.

The demo's cast is loaded through the product's verbs beside the real processes; a browser reads each home in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sme_hub.demo.loading.everything import load_cast_at_work
from sme_hub.demo.parts import all_parts
from tests.demo.test_loading import quiet
from tests.journeys.conftest import LOCALES, SCREENS
from tests.journeys.pages import Person
from tests.stack import Stack

#: where one click leads those who act for no company
OFFICES = {
    "officer": "/programme/",
    "officer-2": "/programme/",
    "manager": "/mediation/",
    "mediator": "/mediation/",
    "registrar": "/mediation/",
}
#: which home of the workspace opens first, for those whose role opens one alone
OWN_HOME = {
    "sales": "Orders in twelve weeks",
    "seller-finance": "To be paid to us",
    "seller-logistics": "Shipped on time",
    "purchaser": "Orders in twelve weeks",
    "approver": "To approve",
    "buyer-finance": "To be paid by us",
    "buyer-logistics": "Shipped to us on time",
}
#: whose trade is with sellers outside the cast: their home has figures, and work only once all of the demo is loaded
QUIET = {"stranger", "buyer-3"}
#: whose figures are elsewhere: a bank buys and sells nothing
WITHOUT_FIGURES = {"bank", *QUIET}
#: what an address may answer to somebody who only looks at it; acts are posted to
ALIVE = {200, 405}


@pytest.fixture(scope="module")
def demo(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The cast with its orders, cases, offers and what waits; papers need not be drawn for it."""
    stack.stop("slow")
    load_cast_at_work(Path(tmp_path_factory.mktemp("demo")) / "accounts.json", tell=quiet)
    return stack


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext], demo: Stack, language: str) -> Iterator[Person]:
    context = new_context(base_url=demo.url, locale=LOCALES[language], **SCREENS["desk"])
    context.set_default_timeout(15_000)
    person = Person(context.new_page(), language)
    person.page.on("console", lambda said: said.type == "error" and person.failures.append(said.text))
    yield person
    context.close()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everybody_comes_home(visitor: Person, language: str) -> None:
    """A minute for both languages: every part, every link that its home shows."""
    looked_at: dict[str, int] = {}
    wrong: list[str] = []
    for part in all_parts():
        enters(visitor, part.code)
        home = OFFICES.get(part.code, f"/c/{part.company}/")
        expect(visitor.page).to_have_url(re.compile(f"{re.escape(home)}$"))
        wrong += [f"{part.code}: {what}" for what in unlike_home(visitor, part.code)]
        wrong += [f"{part.code}: {what}" for what in dead_ends(visitor.page, part.company, looked_at)]
        wrong += [f"{part.code}: {what}" for what in visitor.failures]
        visitor.failures.clear()
        visitor.page.locator("header a.tool[data-live]").click()
        expect(visitor.page.locator("h1")).to_contain_text(visitor.says("Inbox"))
    assert not wrong, "\n".join(wrong)
    assert len(looked_at) > 100


def enters(visitor: Person, code: str) -> None:
    """One click from the demo's page of people."""
    visitor.goes_to(f"/{visitor.language}/demo/")
    visitor.page.locator(f"main button[name=who][value={code}]").click()


def unlike_home(visitor: Person, code: str) -> Iterator[str]:
    """What the home of this part lacks: own work that waits, figures of real rows, words in the reader's language."""
    page = visitor.page
    if (
        code not in QUIET
        and not page.locator("main ul.tasks li a, main .cases a, main table tbody a").count()
    ):
        yield "nothing waits"
    if code in OWN_HOME:
        first = page.locator(".desk-panels .panel h2").first.inner_text()
        if first != visitor.says(OWN_HOME[code]):
            yield f"opens on {first}"
    if code == "approver" and not page.locator(".panel-ranking a[href*='/approvals/apr_']").count():
        yield "nothing to approve"
    figures = [int(text.replace(",", "").rstrip("+")) for text in page.locator(".figure b").all_inner_texts()]
    if code not in WITHOUT_FIGURES and not sum(figures):
        yield f"figures {figures}"
    if page.locator("html").get_attribute("lang") != {"en": "en", "zh-hans": "zh-Hans"}[visitor.language]:
        yield "another language"


_SHOWN = """() => {
    const shown = element => element.checkVisibility() && !element.closest('aside.frame-demo')
    const links = [...document.querySelectorAll('a[href]')].filter(shown).map(link => link.href)
    const buttons = [...document.querySelectorAll('button')].filter(shown)
    return {
        addresses: [...links, ...buttons.filter(it => it.form).map(it => it.form.action)],
        dead: buttons.filter(it => !it.form && !it.getAttributeNames().some(name => name.startsWith('data-')))
            .map(it => it.innerText),
    }
}"""


def dead_ends(page: Page, company: str, looked_at: dict[str, int]) -> Iterator[str]:
    """Links and forms of this page whose address answers nothing good, buttons that nothing listens to.

    Public addresses are looked at once, those of a workspace once for each of its people.
    """
    found = page.evaluate(_SHOWN)
    yield from (f"a dead button: {words}" for words in found["dead"])
    for address in sorted({address.split("#")[0] for address in found["addresses"]}):
        own = "/c/" in address or "/n/" in address
        key = f"{page.url if own else ''} {address}"
        if address.endswith("/demo/enter/") or key in looked_at:
            continue
        looked_at[key] = page.request.get(address, max_redirects=3).status
        if looked_at[key] not in ALIVE:
            yield f"{looked_at[key]} at {address}"
