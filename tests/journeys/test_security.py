"""Guarding an account in a real browser: the app's codes, recovery codes, a passkey, a code by mail; in both languages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.urls import reverse
from playwright.sync_api import Page, expect

from identity.actors import Member
from identity.models import BankAccountChange
from tests import factories
from tests.journeys.conftest import LOCALES, SCREENS
from tests.journeys.pages import Person
from tests.journeys.test_axe import findings, scrolls_sideways
from tests.stack import Stack

READERS = [("en", "desk"), ("zh-hans", "phone")]


@pytest.fixture
def alice(stack: Stack) -> Iterator[Member]:
    """Without second factors, and with no attempts counted."""
    caches["limits"].clear()
    member = factories.alice()
    Authenticator.objects.filter(user=member.user).delete()
    yield member
    Authenticator.objects.filter(user=member.user).delete()


@pytest.fixture
def named(stack: Stack) -> str:
    """The stack by its name: browsers make passkeys for names only."""
    return stack.url.replace("127.0.0.1", "localhost")


class App:
    """An authenticator app: its codes are each of another half minute, with time left to type them."""

    def __init__(self, secret: str) -> None:
        self._secret, self._used = secret, 0

    def code(self) -> str:
        while (half_minute := int(time.time()) // 30) == self._used or time.time() % 30 > 15:
            time.sleep(0.2)
        self._used = half_minute
        return totp.format_hotp_value(totp.hotp_value(self._secret, half_minute))


def signs_in(person: Person, alice: Member) -> None:
    person.goes_to(f"/{person.language}/accounts/login/")
    person.fills_in(login=alice.user.email, password=factories.PASSWORD)
    person.presses("Sign in")


def signs_out(person: Person) -> None:
    person.goes_to(f"/{person.language}/accounts/logout/")
    person.presses("Sign out")
    person.page.wait_for_url(re.compile(r"/(en|zh-hans)/(\?.*)?$"))


def shows_it_is_them(person: Person) -> None:
    person.reads("Confirm it is you")
    person.fills_in(password=factories.PASSWORD)
    person.presses("Go on")


def looks_well(person: Person, what: str) -> None:
    page = person.page
    assert findings(page) == [], what
    assert not scrolls_sideways(page), f"{what} scrolls sideways"
    assert page.locator("h1").count() == 1, what


@pytest.mark.parametrize(("language", "screen"), READERS)
def test_an_app_guards_the_account_and_recovery_codes_let_back_in(
    page: Page, alice: Member, language: str
) -> None:
    person = Person(page, language)
    signs_in(person, alice)
    page.wait_for_url("**/c/**")
    person.goes_to(f"/{language}/accounts/security/")
    person.sees(
        "Only your password guards this account. Add a passkey or an authenticator app: whoever learns the password then still cannot sign in or change where your company is paid."
    )
    looks_well(person, "security")
    person.follows("Set up the app")
    looks_well(person, "confirm it is you")
    shows_it_is_them(person)
    person.reads("Set up an authenticator app")
    looks_well(person, "set up the app")
    app = App(page.locator(".account-key").inner_text())
    person.fills_in(code=app.code())
    person.presses("Switch it on")
    person.reads("Recovery codes")
    looks_well(person, "recovery codes")
    recovery = page.locator(".account-codes code").first.inner_text()
    for path in (
        "accounts/sessions/",
        "accounts/email/",
        "accounts/password/change/",
        "accounts/2fa/webauthn/",
    ):
        person.goes_to(f"/{language}/{path}")
        looks_well(person, path)

    signs_out(person)
    signs_in(person, alice)
    person.reads("Second step")
    looks_well(person, "second step")
    person.fills_in(code=app.code())
    person.presses("Sign in")
    page.wait_for_url("**/c/**")

    signs_out(person)
    signs_in(person, alice)
    person.fills_in(code=recovery)
    person.presses("Sign in")
    page.wait_for_url("**/c/**")
    assert not person.failures


@pytest.mark.parametrize(("language", "screen"), READERS)
def test_a_passkey_signs_in_without_a_password_and_shows_again_who_it_is(
    new_context, alice: Member, named: str, language: str, screen: str
) -> None:
    page = new_context(base_url=named, locale=LOCALES[language], **SCREENS[screen]).new_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    person = Person(page, language)
    signs_in(person, alice)
    page.wait_for_url("**/c/**")
    person.goes_to(f"/{language}/accounts/2fa/webauthn/add/")
    shows_it_is_them(person)
    person.reads("Add a passkey")
    looks_well(person, "add a passkey")
    person.fills_in(name="Laptop 笔记本")
    person.presses("Make a passkey")
    person.reads("Recovery codes")
    person.goes_to(f"/{language}/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Laptop 笔记本")
    looks_well(person, "passkeys")

    signs_out(person)
    person.goes_to(f"/{language}/accounts/login/")
    person.presses("Sign in with a passkey")
    page.wait_for_url("**/c/**")
    asks_for_an_account_elsewhere(person, alice, "CNY" if language == "zh-hans" else "SGD")
    assert not person.failures


def asks_for_an_account_elsewhere(person: Person, alice: Member, currency: str) -> None:
    """Signing in is not enough for it: the passkey once more, and what was typed is there and done."""
    page, changes = person.page, BankAccountChange.objects.filter(currency=currency)
    person.goes_to(reverse("bank_set", args=[alice.company.slug, currency]))
    person.fills_in(bank_name="DBS", bic="DBSSSGSG", account_number="0720099887")
    person.presses("Save the account")
    person.reads("Confirm it is you")
    assert not changes.exists()
    page.locator("main .account-ways a", has_text=person.says("Use a security key")).click()
    person.reads("Confirm it is you")
    looks_well(person, "confirm it is you by passkey")
    person.presses("Use a passkey")
    person.sees("The change waits for a second person. All owners are told by mail.")
    asked = changes.get()
    assert (asked.account_number, asked.asked_by) == ("0720099887", alice.user)


@pytest.mark.parametrize(("language", "screen"), READERS)
def test_a_code_by_mail_signs_in(page: Page, alice: Member, stack: Stack, language: str) -> None:
    person = Person(page, language)
    person.goes_to(f"/{language}/accounts/login/")
    looks_well(person, "sign in")
    person.follows("Send me a sign-in code")
    looks_well(person, "sign in with a code")
    person.fills_in(email=alice.user.email)
    person.presses("Send me a sign-in code")
    person.reads("Enter the code")
    looks_well(person, "enter the code")
    letters = page.context.new_page()
    letters.goto("/dev/mail/")
    letters.locator("main li", has_text=alice.user.email).first.get_by_role("link").click()
    code = re.search(r"(?m)^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", letters.locator(".prose").inner_text())
    assert code is not None
    person.fills_in(code=code[1])
    person.presses("Sign in")
    page.wait_for_url("**/c/**")
    assert not person.failures


@pytest.mark.parametrize(("language", "screen"), READERS)
def test_pages_of_trust_read_well(page: Page, stack: Stack, language: str) -> None:
    person = Person(page, language)
    for path in ("terms", "privacy", "simulated", "contact"):
        person.goes_to(f"/{language}/{path}/")
        looks_well(person, path)
    person.fills_in(name="Dana", email="dana@example.com", words="渡口 Hello")
    person.presses("Send to the office")
    person.sees("Your message is on its way to the programme office.")
    page.keyboard.press("Tab")
    focused = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert focused != "none", "the first thing that Tab meets is seen"
    assert not person.failures
