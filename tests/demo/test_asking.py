"""The demo asks who somebody is: once its people are bound through both simulated issuers, and not where one of them is silent."""

from __future__ import annotations

import html
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.actors import Token, token_actor
from identity.connectors.issuers import wire
from identity.models import ApiToken, Enforcement, EntityBinding, Mandate, User
from identity.queries import asked_of
from identity.services.assurance import AssuranceNeeded, guard
from identity.services.enforcing import GUARDED
from identity.services.tokens import digest_of
from identity.states import Purpose
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import asking, identities, people
from sme_hub.demo.loading.cast import load_cast
from sme_hub.demo.parts import part_named
from tests.demo.test_entering import enter
from tests.identity import cities
from tests.simulators.issuers import TestIssuer, running

pytestmark = pytest.mark.django_db

XU, HAN, LEE = "xu.jiahui@sz-songgang-machinery.example", asking.PURCHASER, "sales@tuas-safety.example"


def told(*issuers: TestIssuer) -> dict[str, dict[str, str]]:
    return {
        one.code: {
            "iss": one.url,
            "discovery_url": one.discovery_url,
            "client_id": "sme-hub",
            "profile": one.profile,
            "assertion_key": one.assertion_key,
        }
        for one in issuers
    }


class Worth:
    def __init__(self, amount: str) -> None:
        self.amount = Decimal(amount)

    def in_currency(self, code: str) -> Decimal:
        return self.amount


def test_the_demo_asks_once_all_are_bound_and_programs_carry_what_was_shown(
    tmp_path: Path, settings: Any, client: Client
) -> None:
    settings.BASE_URL, accounts = "http://testserver", tmp_path / "accounts.json"
    cities.publish()
    wire._breaker.cache_clear()
    with (
        running("corppass_fapi", tmp_path, hub_keys=cities.hub_keys, code="corppass-demo") as sg,
        running("singpass_fapi", tmp_path, hub_keys=cities.hub_keys, code="singpass-demo") as alone,
        running("cn_oidc", tmp_path, hub_keys=cities.hub_keys, code="guangdong-demo") as cn,
    ):
        settings.ISSUERS = told(sg, alone, cn)
        load_cast(accounts)
        before = json.loads(accounts.read_text())
        cn.stop()
        bound = identities.show_identities()
        assert 0 < bound < len(rows_of(DATA / "identities.csv"))
        assert asking.ask_from_now_on(accounts) == 0 and not Enforcement.objects.exists()
        assert json.loads(accounts.read_text()) == before, "one city is silent: nobody is locked out"

        cn.start()
        wire._breaker.cache_clear()
        assert identities.show_identities() == len(rows_of(DATA / "identities.csv")) - bound
        assert asking.ask_from_now_on(accounts) == len(GUARDED)
    assert asking.ask_from_now_on(accounts) == 0 and identities.show_identities() == 0
    now = timezone.now()
    assert {row.officer.email for row in Enforcement.objects.all()} == set(people.OFFICERS)
    since = Enforcement.objects.order_by("pk").first().at
    assert asking.end_of_stories(now + timedelta(days=9)) < since

    # tokens carry it; those of before hold on, and carry nothing
    fresh = {row["email"]: row["api_token"] for row in json.loads(accounts.read_text())}
    old = {row["email"]: row["api_token"] for row in before}
    assert {email for email in fresh if fresh[email] != old[email]} == {
        row["email"] for row in rows_of(DATA / "identities.csv")
    }
    assert guard(actor=program(fresh[XU]), purpose=Purpose.ORDER, now=now).rank >= 2
    with pytest.raises(AssuranceNeeded):
        guard(actor=program(old[XU]), purpose=Purpose.ORDER, now=now)
    kept = accounts.read_text()
    load_cast(accounts)
    assert accounts.read_text() == kept

    # mandates: what the owner gave in Shenzhen, and roles with their own end in Singapore
    assert guard(actor=program(fresh[HAN]), purpose=Purpose.ORDER, worth=Worth("900"), now=now).mandate
    said = Mandate.objects.filter(holder__email="finance@tuas-safety.example", issuer__isnull=False)
    assert {mandate.valid_to.year for mandate in said} == {2028} and said.count() == 2

    # one click enters and shows nothing; the steps say so
    enter(client, "buyer")
    page = html.unescape(client.get(reverse("try_it")).content.decode())
    assert "Acts that bind a company ask who you are" in page
    assert "choose 徐佳慧 Xu Jiahui at the simulated service" in page
    cities_of = {"buyer": ["guangdong-demo", "corppass-demo"], "buyer-3": ["corppass-demo", "guangdong-demo"]}
    for code, known in (("buyer", True), ("buyer-3", False)):
        who = acting_as(code)
        asks = asked_of(who, Purpose.ORDER, now)
        assert asks and (asks.company_is_proved, asks.person_is_known) == (known, known), code
        assert [issuer.code for issuer in asks.issuers] == cities_of[code], "one's own city's first"
    for_companies = [row for row in rows_of(DATA / "identities.csv") if row["profile"] != "singpass_fapi"]
    assert EntityBinding.objects.standing().count() == len(for_companies)


def program(secret: str) -> Token:
    found = token_actor(timezone.now(), pk=ApiToken.objects.get(digest=digest_of(secret)).pk)
    assert found is not None
    return found


def acting_as(code: str) -> Any:
    part = part_named(code)
    assert part is not None
    user = User.objects.get(email=part.email)
    return people.acting(user, user.memberships.get().company, timezone.now())
