"""Every page as axe-core sees it, looked at by somebody who may: nothing serious, nothing sideways, one heading.

In English on the desk, where colours are judged in the light; in Chinese on the phone, where they are judged in the dark. Each
page is then seen once more at the other width: a third of them by axe in English, another third in Chinese. At every width, in both
languages, nothing scrolls sideways.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from identity.models import User
from tests.journeys.visitors import (
    NOT_LOOKED_AT,
    VISITORS,
    Visitors,
    like_another,
    looked_at,
    names,
    visitors,
)
from tests.stack import Stack

#: the pages stand still: nobody works behind them
ROLES = ("web",)
AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
GRAVE = {"serious", "critical"}
#: style sheets are not fetched and parsed once more, which takes longer than all rules but colours': two rules would read
#: them, one that axe holds to be experimental and leaves out, and one that asks for review and finds nothing grave ever
#: of what passes, one node a rule is enough: to name them all takes longer than to judge them
AS_LOADED = {"preload": False, "resultTypes": ["violations"]}
RULES = AS_LOADED | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOUR = "color-contrast"
BUT_COLOURS = RULES | {"rules": {COLOUR: {"enabled": False}}}

READERS = [("en", "desk"), ("zh-hans", "phone")]
LIGHT: dict[str, Literal["light", "dark"]] = {"desk": "light", "phone": "dark"}
#: rules that Swagger UI breaks
THEIRS = {"nested-interactive": {"enabled": False}, COLOUR: {"enabled": False}}
#: how wide and high the other screen is, and which third of the pages axe judges there
OTHER_SCREEN = {"desk": ({"width": 390, "height": 844}, 0), "phone": ({"width": 1440, "height": 900}, 1)}
#: a link out of a letter leads on to an address that does not carry its secret
LEAD_ON = ("/password/reset/key/",)


class Answer(NamedTuple):
    """A page that only a form is answered with."""

    page: str
    button: str
    #: stands on the answer
    shows: str
    chosen: dict[str, str] = {}
    ticked: tuple[str, ...] = ()


_ROW, _ACTION, _GO = ("input.action-select",), "select[name=action]", "button[name=index]"
ANSWERS = {
    "anonymous": {
        "a question without words": Answer(
            "contact", "main form.form .button-main", ".field-error, .form-errors"
        )
    },
    "alice": {
        "a listing without anything": Answer("listing_new", "main form .button-main", ".form-errors"),
        "an address without anything": Answer("address_new", "main form .button-main", ".form-errors"),
    },
    "charlie": {
        "a company without anything": Answer("company_new", "main form .button-main", ".form-errors")
    },
    "officer": {
        "companies to suspend": Answer(
            "admin:identity_company_changelist", _GO, "textarea", {_ACTION: "suspend"}, _ROW
        ),
        "policies to end": Answer(
            "admin:identity_recognitionpolicy_changelist", _GO, "textarea", {_ACTION: "end"}, _ROW
        ),
    },
}


#: all that a page is asked for, so that what passes need not travel
_VIOLATIONS = """async ([within, rules]) => (await axe.run(within, rules)).violations.map(
    ({ id, impact, help, nodes }) => ({ id, impact, help, targets: nodes.map(node => node.target) }))"""


OPENED = "dialog[open]"
#: whose dialogs ask different things: those of the rows of a list ask the same
_OPENERS = r"""() => {
    const asks = form => form.getAttribute('action').replace(/\w+_\w{6,}/g, '') + (form.elements.act?.value ?? '')
    const openers = [...document.querySelectorAll('[data-dialog-open]')].map(it => it.dataset.dialogOpen).reverse()
    return [...new Map(openers.map(id => [asks(document.getElementById(id).querySelector('form')), id])).values()]
}"""


def findings(page: Page, rules: dict[str, Any] | None = None, *, within: str = "html") -> list[str]:
    """What axe finds grave, one line a rule."""
    if not page.evaluate("'axe' in window"):
        # through the debugger's world, which the page's content security policy does not bind
        page.evaluate(AXE.read_text(encoding="utf-8"))
    violations: list[dict[str, Any]] = page.evaluate(_VIOLATIONS, [within, rules or RULES])
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {rule['targets'][:3]}"
        for rule in violations
        if rule["impact"] in GRAVE
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the screen. A phone zooms out, so that its `innerWidth` would always be enough."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return page.viewport_size is not None and wide > page.viewport_size["width"]


def test_every_page_has_a_visitor() -> None:
    excused = {name for listed in NOT_LOOKED_AT.values() for name in listed.split()}
    known = set(looked_at())
    assert sorted(name for name in names() - known - excused if not like_another(name)) == []
    assert sorted((known | excused) - names() - {"style_guide"}) == [], "no such page"
    assert known & excused == set()


@pytest.fixture(scope="module")
def met(stack: Stack) -> Visitors:
    """Everybody and what they look at."""
    return visitors(stack.url)


@pytest.mark.parametrize("who", VISITORS)
@pytest.mark.parametrize(("language", "screen"), READERS)
def test_pages_read_well(page: Page, met: Visitors, who: str, language: str, screen: str) -> None:
    User.objects.update(language=language)
    # without motion: a button that appears by and by has no colour to judge
    page.emulate_media(color_scheme=LIGHT[screen], reduced_motion="reduce")
    page.context.add_init_script(path=AXE)
    _enter(page.context, met, who)
    faults = {
        path: list(_faults(page, path))
        or [*findings(page), *_on_the_other(page, name, screen), *_in_its_dialogs(page)]
        for name, path in met.visits(who, language)
    }
    for name, answered in ANSWERS.get(who, {}).items():
        faults[name] = list(_answer(page, met, answered, language)) or findings(page)
    assert not {path: found for path, found in faults.items() if found}


def test_the_pages_of_the_api_read_well(page: Page, met: Visitors) -> None:
    """Drawn by Swagger UI, whose colours are its makers', and whose headings of operations are links within buttons."""
    page.add_init_script(path=AXE)
    page.goto(reverse("api_docs"))
    page.locator(".opblock").first.wait_for()
    assert findings(page, RULES | {"rules": THEIRS}) == []
    assert not scrolls_sideways(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert not scrolls_sideways(page)


def _on_the_other(page: Page, name: str, screen: str) -> list[str]:
    """The page that is open, as wide as the other screen."""
    here, (size, third) = page.viewport_size, OTHER_SCREEN[screen]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    found = ["scrolls sideways"] if scrolls_sideways(page) else []
    if crc32(name.encode()) % 3 == third:
        found += findings(page, BUT_COLOURS)
    page.set_viewport_size(here)  # type: ignore[arg-type]
    return [f"{size['width']} wide: {each}" for each in found]


def _in_its_dialogs(page: Page) -> list[str]:
    """What is asked before it is done, opened as by its button; of those that ask alike, one."""
    found = []
    for opens in page.evaluate(_OPENERS):
        page.evaluate("id => document.querySelector(`[data-dialog-open='${id}']`).click()", opens)
        found += [f"asked in #{opens}: {each}" for each in findings(page, within=OPENED)]
        if page.evaluate("within => document.querySelectorAll(within).length", OPENED) != 1:
            found.append(f"#{opens} does not open")
        page.keyboard.press("Escape")
        if page.locator(OPENED).count():
            found.append(f"#{opens} does not close by Escape")
            break
    return found


def _answer(page: Page, met: Visitors, answered: Answer, language: str) -> Iterator[str]:
    """What a form is answered with: what it asks before it is done, or what is to be mended."""
    page.goto(met.address_of(answered.page, language))
    for field, value in answered.chosen.items():
        page.locator(field).first.select_option(value)
    for field in answered.ticked:
        page.locator(field).first.check()
    with page.expect_navigation():
        page.locator(answered.button).first.evaluate(
            "button => { button.form.noValidate = true; button.form.requestSubmit(button); }"
        )
    if not page.locator(answered.shows).count():
        yield f"nothing to see of {answered.shows} at {page.url}"
    if scrolls_sideways(page):
        yield "scrolls sideways"


def _faults(page: Page, path: str) -> Iterator[str]:
    """What is wrong without asking axe; the page is open afterwards."""
    answer = page.goto(path)
    assert answer is not None
    if answer.status >= 400 and "nothing-here" not in path:
        yield f"answered {answer.status}"
        return
    here, asked = urlsplit(page.url), urlsplit(path)
    if here.path != asked.path and not any(part in path for part in LEAD_ON):
        yield f"led to {here.path}"
        return
    if scrolls_sideways(page):
        yield "scrolls sideways"
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"


def _enter(context: BrowserContext, met: Visitors, who: str) -> None:
    """With the session of a test client: signing in by hand has a journey of its own."""
    if who == "anonymous":
        return
    session = met.client(who).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": met.url}])
