"""Pages as axe-core sees them: nothing serious, nothing sideways; in both languages, light and dark, on desk and phone.

Alice sells, Bo buys; their order is on its way, another one waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from identity import services as identity
from identity.actors import Member
from orders.models import Despatch, Order
from sme_hub.matters import matter_of
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders import factories as deals
from tests.stack import Stack

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
GRAVE = {"serious", "critical"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

#: language, screen, theme: each value of each is met, not each mixture; the phone meets the first pages of each list
ON_THE_PHONE = 7
READERS = [("en", "desk", "light"), ("zh-hans", "phone", "dark")]


def findings(page: Page) -> list[str]:
    """What axe finds grave, one line a rule."""
    # through the debugger's world, which the page's content security policy does not bind
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {[node['target'] for node in rule['nodes']][:3]}"
        for rule in result["violations"]
        if rule["impact"] in GRAVE
    ]


@dataclass(frozen=True)
class Deal:
    """What the pages are about."""

    product: str
    waiting: Order
    sent: Order
    despatch: Despatch
    #: Bo's question about the product
    thread: str


@pytest.fixture
def deal(stack: Stack) -> Deal:
    product = a_product(seller=people.alice(), stock=10_000)
    sent = deals.a_confirmed_order(product)
    asked = identity.ask(
        actor=people.bo(),
        matter=matter_of(people.bo(), product.public_id),
        words=identity.Words(body="Blue ones too?", phrases=["stock"]),
        now=timezone.now(),
    )
    return Deal(
        product=product.public_id,
        waiting=deals.an_order(product),
        sent=sent,
        despatch=deals.a_despatch(sent),
        thread=asked.thread.public_id,
    )


def public_pages(deal: Deal, language: str) -> list[str]:
    seller = people.alice().company.slug
    paths = [
        "",
        "search/",
        "search/?q=nitrile&category=safety&sort=newest",
        "search/?q=nothing+like+it",
        f"products/{deal.product}/",
        f"sellers/{seller}/",
        "basket/",
        "accounts/login/",
        "accounts/signup/",
        "accounts/password/reset/",
        "nothing-here/",
    ]
    return [f"/{language}/{path}" for path in paths]


def sellers_pages(deal: Deal) -> list[str]:
    return [
        "",
        "orders/?side=selling",
        f"orders/{deal.waiting.public_id}/",
        f"orders/{deal.sent.public_id}/payment/",
        "listings/",
        "listings/new/",
        f"listings/{deal.product}/",
        f"listings/{deal.product}/edit/",
        "imports/",
        "imports/new/",
        "papers/",
        "company/",
        "company/edit/",
        "company/claims/",
        "company/bank/",
        "members/",
        "members/invite/",
        "addresses/",
        "addresses/new/",
        "tokens/",
        "tokens/new/",
        "talk/",
        f"talk/{deal.thread}/",
        "../../inbox/",
        "../../inbox/settings/",
    ]


def buyers_pages(deal: Deal) -> list[str]:
    seller = people.alice().company.slug
    return [
        "",
        "cart/",
        f"cart/{seller}/checkout/",
        "orders/",
        f"orders/{deal.sent.public_id}/",
        f"orders/{deal.sent.public_id}/receive/{deal.despatch.public_id}/",
        f"talk/{deal.thread}/",
        f"talk/about/{deal.waiting.public_id}/",
        "papers/",
    ]


@pytest.mark.parametrize(("language", "screen", "theme"), READERS)
def test_pages_for_everybody(page: Page, deal: Deal, language: str, screen: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    assert not _grave(page, public_pages(deal, language), screen)


@pytest.mark.parametrize(("language", "screen", "theme"), READERS)
def test_the_sellers_workspace(page: Page, deal: Deal, language: str, screen: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    alice = _reading(people.alice(), language)
    _sign_in(page.context, alice, page)
    assert not _grave(page, [f"/c/{alice.company.slug}/{path}" for path in sellers_pages(deal)], screen)


@pytest.mark.parametrize(("language", "screen", "theme"), READERS)
def test_the_buyers_workspace(page: Page, deal: Deal, language: str, screen: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    bo = _reading(people.bo(), language)
    _sign_in(page.context, bo, page)
    _put_in_cart(page, deal, language)
    assert not _grave(page, [f"/c/{bo.company.slug}/{path}" for path in buyers_pages(deal)], screen)


def _grave(page: Page, paths: list[str], screen: str) -> dict[str, list[str]]:
    met = paths[:ON_THE_PHONE] if screen == "phone" else paths
    return {path: found for path in met if (found := list(_faults(page, path)))}


def _faults(page: Page, path: str) -> Iterator[str]:
    answer = page.goto(path)
    assert answer is not None
    if answer.status >= 400 and "nothing-here" not in path:
        yield f"answered {answer.status}"
        return
    yield from findings(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "scrolls sideways"
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"


def _reading(member: Member, language: str) -> Member:
    member.user.language = language
    member.user.save(update_fields=["language"])
    return member


def _sign_in(context: BrowserContext, member: Member, page: Page) -> None:
    """With the session of a test client: signing in by hand has a journey of its own."""
    client = Client()
    people.sign_in(client, member)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])


def _put_in_cart(page: Page, deal: Deal, language: str) -> None:
    page.goto(f"/{language}/products/{deal.product}/")
    page.locator(".order-box .button-accent").click()
