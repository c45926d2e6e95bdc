"""Two simulated issuers over real HTTP, known to the hub; and people of the demonstration who act for its companies.

sg = cities.known(server)                  # the row of a running `tests.simulators.issuers.TestIssuer`
back = cities.leaves(client, sg, server, "lee-kah-yee", "199399924E")      # the callback's path and query
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.actors import Member
from identity.models import Issuer
from identity.queries.keys import published
from identity.services.issuers import IssuerDetails
from simulators.issuer.people import PEOPLE
from tests import factories
from tests.identity import recognised
from tests.simulators.issuers import TestIssuer, Visitor

TUAS, NEE_SOON, MARINA = "199399924E", "199099961M", "199599962C"
SONGGANG = "91440306MA5DEM2661"
NRICS = {person.identity_number for people in PEOPLE.values() for person in people}
SUBJECTS = {person.subject for people in PEOPLE.values() for person in people}
SCOPES = {"cn_oidc": "openid profile org", "corppass_fapi": "", "singpass_fapi": ""}

#: what the hub publishes in the test that runs now; the issuers ask here
KEYS: dict[str, Any] = {}


def hub_keys() -> dict[str, Any]:
    return KEYS


def publish() -> None:
    """What the hub publishes now is what the issuers know."""
    KEYS.clear()
    KEYS.update(published(services.own_keys(now=timezone.now())))


def known(server: TestIssuer, **details: Any) -> Issuer:
    given = {
        "code": server.code,
        "profile": server.profile,
        "iss": server.url,
        "discovery_url": server.discovery_url,
        "client_id": "sme-hub",
        "name_en": f"Simulated {server.code}",
        "name_zh": f"模拟 {server.code}",
        "scope": SCOPES[server.profile],
        "assertion_key": server.assertion_key,
        "simulated": True,
    }
    return services.add_issuer(
        actor=recognised.officer("olive"), details=IssuerDetails(**(given | details)), now=timezone.now()
    )


def lee() -> Member:
    """Owner of Tuas Safety."""
    return _owner("lee@tuas.example", "Lee Kah Yee", "SG", TUAS, "Tuas Safety Equipment Pte. Ltd.")


def xu() -> Member:
    """Owner of Songgang Machinery."""
    return _owner("xu@songgang.example", "徐佳慧", "CN", SONGGANG, "深圳市松岗机械制造有限公司")


def _owner(email: str, name: str, country: str, number: str, legal_name: str) -> Member:
    return factories.a_member(
        email=email, name=name, country=country, registration_number=number, legal_name=legal_name
    )


def signed_in(member: Member | None) -> Client:
    """In a session that has just shown the password."""
    client = Client(HTTP_HOST="testserver")
    if member is not None:
        factories.show_again(factories.sign_in(client, member))
    return client


def found_open(client: Client) -> None:
    """The session as somebody else finds it, long after its person showed the password."""
    session = client.session
    for step in session["account_authentication_methods"]:
        step["at"] -= 24 * 60 * 60
    session.save()


def goes(client: Client, code: str, **query: str) -> Any:
    """The answer that leads to the issuer; somebody who is to connect an identity has read what is kept of it."""
    answer = client.get(reverse("issuer_login", args=[code]), query)
    if answer.status_code == 200 and answer.context and "onwards" in answer.context:
        answer = client.get(answer.context["onwards"])
    return answer


def leaves(client: Client, code: str, person: str, company: str, **query: str) -> str:
    """The way to the issuer and through it: where the browser is sent back to."""
    gone = goes(client, code, **query)
    assert gone.status_code == 302, gone.content.decode()
    return here(Visitor().signs_in(gone["Location"], person, company))


def here(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc == "testserver"
    return f"{parts.path}?{parts.query}"
