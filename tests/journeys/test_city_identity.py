"""Signing in by the identity of one's own city, in a real browser and through the pages of the simulated issuers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from identity import services
from identity.actors import Member
from identity.models import EntityBinding, ExternalIdentity, Issuer, User
from identity.services.recognition import IssuerDetails
from tests import factories
from tests.identity import cities, recognised
from tests.journeys.pages import Person
from tests.journeys.test_security import looks_well, signs_out
from tests.stack import Stack


@dataclass(frozen=True)
class City:
    code: str
    role: str
    owner: Callable[[], Member]
    seat: str
    #: somebody whom nobody here knows
    stranger: str
    agree: str


SINGAPORE = City(
    "corppass-demo",
    "issuer-sg",
    cities.lee,
    f"lee-kah-yee {cities.TUAS}",
    "vincent-teo 201699914D",
    "Agree and continue",
)
SHENZHEN = City(
    "guangdong-demo",
    "issuer-cn",
    cities.xu,
    f"xu-jiahui {cities.SONGGANG}",
    "zheng-haitao 91440306MA5DEM0124",
    "同意并继续",
)
READERS = [("en", "desk", SINGAPORE), ("zh-hans", "phone", SHENZHEN)]


@pytest.fixture
def person(page, stack: Stack, language: str) -> Person:
    stack.start("web", "issuer-sg", "issuer-cn")
    return Person(page, language)


def known(city: City) -> Issuer:
    told = settings.ISSUERS[city.code]
    found = Issuer.objects.filter(code=city.code).first()
    return found or services.add_issuer(
        actor=recognised.officer("olive"),
        details=IssuerDetails(
            code=city.code,
            name_en=f"Issuer of {city.role}",
            name_zh=f"{city.role} 签发方",
            simulated=True,
            scope=cities.SCOPES[told["profile"]],
            **{
                name: told[name] for name in ("iss", "discovery_url", "client_id", "profile", "assertion_key")
            },
        ),
        now=timezone.now(),
    )


def chooses(person: Person, city: City, seat: str) -> None:
    """On the issuer's own pages, which say that they are a simulator's."""
    page = person.page
    page.wait_for_url(re.compile(re.escape(settings.ISSUERS[city.code]["iss"]) + "/login"))
    expect(page.locator("main")).to_contain_text("Simulator · 模拟系统")
    page.locator(f'input[value="{seat}"]').check()
    page.locator("button.main").click()
    page.get_by_role("button", name=city.agree).click()


@pytest.mark.parametrize(("language", "screen", "city"), READERS)
def test_an_owner_connects_their_citys_identity_and_signs_in_by_it(
    person: Person, language: str, screen: str, city: City
) -> None:
    issuer, owner = known(city), city.owner()
    name = issuer.name_zh if language == "zh-hans" else issuer.name_en
    person.goes_to(f"/{language}/accounts/login/")
    looks_well(person, "the sign-in page")
    person.fills_in(login=owner.user.email, password=factories.PASSWORD)
    person.presses("Sign in")
    person.page.wait_for_url(re.compile("/c/|/desk/"))

    person.goes_to(f"/{language}/accounts/security/")
    row = person.page.locator("li", has_text=name)
    row.get_by_role("link").click()
    looks_well(person, "what is kept of an identity")
    person.follows("I agree: go on")
    chooses(person, city, city.seat)
    person.reads("Account security")
    expect(person.page.locator("body")).to_contain_text(
        person.says("%(issuer)s is connected to your account.", issuer=name)
    )
    looks_well(person, "what guards the account")
    binding = EntityBinding.objects.get(identity__user=owner.user)
    assert binding.company_id == owner.company_id

    signs_out(person)
    person.goes_to(f"/{language}/accounts/login/?next=/inbox/")
    person.page.get_by_role("link", name=name).click()
    chooses(person, city, city.seat)
    person.page.wait_for_url(re.compile("/inbox/"))
    assert person.failures == []


@pytest.mark.parametrize(("language", "screen", "city"), READERS)
def test_a_stranger_is_told_to_sign_in_by_e_mail_first(
    person: Person, language: str, screen: str, city: City
) -> None:
    known(city)
    people = User.objects.count()
    held = ExternalIdentity.objects.count()
    person.goes_to(f"/{language}/accounts/login/")
    person.page.locator(f'a[href*="/issuers/{city.code}/"]').click()
    chooses(person, city, city.stranger)
    person.reads("You are not signed in")
    person.sees("Nothing was changed and no account was made.")
    looks_well(person, "the page that says why")
    person.follows("Sign in by e-mail")
    person.reads("Sign in")
    assert (User.objects.count(), ExternalIdentity.objects.count()) == (people, held)
    assert person.failures == []
