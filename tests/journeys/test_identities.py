"""Identities of both cities: a Shenzhen owner connects hers, links the two in one ceremony, takes the link back, and signs
in by it. The issuers are processes of their own, with pages of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from identity import services
from identity.actors import System
from identity.models import EntityBinding, ExternalIdentity, IdentityLink, User
from identity.services.recognition import IssuerDetails
from identity.states import LinkState
from tests import factories as people
from tests.identity.canaries import everything_kept, found_in
from tests.journeys.conftest import LOCALES, MILLISECONDS, SCREENS
from tests.journeys.pages import Person
from tests.stack import Stack

#: as the simulated issuers know her, and her company's number
PERSON, USCC = "xu-jiahui", "91440306MA5DEM2661"
NAMES = {"corppass_fapi": "Corppass demo", "cn_oidc": "Guangdong demo"}


@pytest.fixture(scope="module")
def issuers(stack: Stack) -> Iterator[dict[str, str]]:
    """Both issuers up and known to the hub: their names by profile."""
    stack.start("issuer-sg", "issuer-cn")
    for code, told in json.loads(stack.env["ISSUERS"]).items():
        details = IssuerDetails(
            code=code, simulated=True, name_en=NAMES[told["profile"]], name_zh=NAMES[told["profile"]], **told
        )
        services.add_issuer(actor=System(reason="test"), details=details, now=timezone.now())
    yield NAMES


def an_owner(language: str) -> User:
    now = timezone.now()
    user = services.register_user(
        email=f"xu.{language}@songgang.example",
        password=people.PASSWORD,
        name="徐佳慧",
        language=language,
        now=now,
    )
    services.register_company(
        user=user,
        country="CN",
        registration_number=USCC,
        details=services.CompanyDetails(legal_name="深圳市松岗机械制造有限公司"),
        now=now,
    )
    return user


def agrees_there(person: Person) -> None:
    """On the issuer's own pages."""
    page = person.page
    expect(page.locator("body")).to_contain_text("Simulator")
    page.locator(f'input[name=seat][value^="{PERSON} "]').first.check()
    page.locator("button.main").click()
    page.locator("button[name=decision][value=agree]").click()


@pytest.mark.parametrize(("language", "screen"), [("en", "desk"), ("zh-hans", "phone")])
def test_an_owner_connects_links_takes_back_and_signs_in_by_her_citys_identity(
    new_context: Callable[..., BrowserContext],
    stack: Stack,
    issuers: dict[str, str],
    language: str,
    screen: str,
) -> None:
    if language != "en":
        _another_company_has_her_number()
    user = an_owner(language)
    options: dict[str, Any] = SCREENS[screen]
    context = new_context(base_url=stack.url, locale=LOCALES[language], **options)
    context.set_default_timeout(MILLISECONDS)
    person = Person(context.new_page(), language)
    person.goes_to(f"/{language}/accounts/login/")
    person.fills_in(login=user.email, password=people.PASSWORD)
    person.page.locator("main button.button-main").first.click()
    person.page.wait_for_url("**/c/**")

    # connected, it proves her company
    person.goes_to(f"/{language}/accounts/identities/")
    there = person.page.locator("main li", has_text=issuers["cn_oidc"])
    there.get_by_role("link", name=person.says("Sign in there")).click()
    person.follows("I agree: go on")
    agrees_there(person)
    person.page.wait_for_url("**/identities/")
    expect(person.page.locator("main")).to_contain_text(USCC)
    assert EntityBinding.objects.filter(identity__user=user, identifier=USCC, ended_at=None).exists()

    # two fresh sign-ins and her consent link both cities
    person.presses("Begin")
    for is_new in (True, False):
        person.page.wait_for_url("**/identities/link/lnk_*/")
        person.follows("Sign in there")
        if is_new:
            person.follows("I agree: go on")
        agrees_there(person)
    person.presses("I agree: link them")
    person.sees("Your two identities are linked.")
    link = IdentityLink.objects.get(user=user, state=LinkState.ACTIVE)

    # taken back, both sides are free
    person.presses("Take the link back")
    person.page.locator("dialog[open] button.button-danger, dialog[open] button[type=submit]").first.click()
    person.sees("The link was taken back. What was signed before keeps its evidence.")
    link.refresh_from_db()
    assert link.state == LinkState.REVOKED

    # signed out, she signs in by it
    context.clear_cookies()
    person.goes_to(f"/{language}/accounts/login/")
    person.page.get_by_role("link", name=issuers["cn_oidc"]).first.click()
    agrees_there(person)
    person.page.wait_for_url("**/c/**")
    assert ExternalIdentity.objects.filter(user=user, ended_at=None).count() == 2
    assert person.failures == []


def _another_company_has_her_number() -> None:
    """Left by the test in the other language: it goes, so that she can register anew."""
    from identity.models import Company

    Company.objects.filter(registration_number=USCC).update(registration_number="91440300708461136T")
    ExternalIdentity.objects.filter(ended_at=None).update(ended_at=timezone.now(), ended_reason="test")


def test_no_number_of_hers_and_no_subject_is_left_behind(stack: Stack, browser_name: str) -> None:
    """In the database, in the cache, or in the log of any process. With `browser_name` it comes after the walks of this file."""
    assert USCC in (kept := everything_kept(stack.env["REDIS_URL"]))
    logs = {name: stack.log(name) for name in ("web", "issuer-sg", "issuer-cn")}
    assert all(logs.values())
    assert found_in(kept) == set()
    assert {name: found for name, log in logs.items() if (found := found_in(log))} == {}
