"""What the home of everybody in the demo shows: own work, figures of real rows, and nothing that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.journeys.visitor import Visitor

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
#: what may answer a look at where a form is posted to: it takes nothing but what is posted
POSTED_TO = {200, 405}
#: what the page's scripts listen to on a button that belongs to no form
LISTENED_TO = ("data-dialog-close", "data-copy", "data-step", "data-theme-to", "data-rows-add")


def unlike_home(visitor: Visitor, code: str) -> Iterator[str]:
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


_SHOWN = """listened => {
    const shown = element => element.checkVisibility() && !element.closest('aside.frame-demo')
    const opens = it => document.querySelector(`dialog#${it.dataset.dialogOpen || 'none'}`)
    const buttons = [...document.querySelectorAll('button')].filter(shown)
    const forms = [...new Set(buttons.map(it => it.form).filter(Boolean))]
    return {
        links: [...document.querySelectorAll('a[href]')].filter(shown).map(link => link.href)
            .concat(forms.filter(it => it.method === 'get').map(it => it.action)),
        forms: forms.filter(it => it.method === 'post').map(it => it.action),
        dead: buttons.filter(it => !it.form && !opens(it) && !listened.some(name => it.hasAttribute(name)))
            .map(it => it.innerText),
    }
}"""


def dead_ends(page: Page, looked_at: dict[str, int]) -> Iterator[str]:
    """Links of this page whose address is no page, forms whose address takes nothing, buttons that nothing listens to.

    Public addresses are looked at once, those of a workspace once for each of its people.
    """
    found = page.evaluate(_SHOWN, LISTENED_TO)
    yield from (f"a dead button: {words}" for words in found["dead"])
    yield from _unlike({200}, found["links"], page, looked_at)
    yield from _unlike(POSTED_TO, found["forms"], page, looked_at)


def _unlike(alive: set[int], addresses: list[str], page: Page, looked_at: dict[str, int]) -> Iterator[str]:
    for address in sorted({address.split("#")[0] for address in addresses}):
        own = "/c/" in address or "/n/" in address
        key = f"{page.url if own else ''} {address}"
        if address.endswith("/demo/enter/"):
            continue
        if key not in looked_at:
            looked_at[key] = page.request.get(address, max_redirects=3).status
        if looked_at[key] not in alive:
            yield f"{looked_at[key]} at {address}"
