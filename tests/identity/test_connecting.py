"""Signing in with a city's identity, against strict issuers over HTTP: what works, whose it is, and that nothing is kept.

Whatever is wrong: a clear page, a line in the audit, nothing made, nobody signed in, and no number of a person anywhere.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from identity import provider, services
from identity.models import (
    Consent,
    EntityBinding,
    ExternalIdentity,
    Issuer,
    Mandate,
    Membership,
    Proof,
    SigningKey,
    User,
)
from identity.queries.keys import published, standing_keys
from identity.services import AssuranceNeeded
from identity.states import EntityStatus, Purpose, SubjectKind
from kernel.models import Event
from simulators.issuer.people import KALLANG_ROPE
from tests import factories
from tests.identity import cities, recognised
from tests.identity.cities import MARINA, NEE_SOON, SONGGANG, TUAS
from tests.identity.connecting import connected, is_signed_in, nothing_was_made, refused
from tests.simulators.issuers import TestIssuer, running

pytestmark = pytest.mark.django_db


def test_a_singapore_owner_connects_signs_out_and_signs_in_again(sg: TestIssuer) -> None:
    lee = cities.lee()
    client = connected(lee, "sg", "lee-kah-yee", TUAS)
    identity = ExternalIdentity.objects.get(user=lee.user)
    binding = EntityBinding.objects.get(identity=identity)
    assert (binding.company_id, binding.identifier, binding.roles) == (lee.company_id, TUAS, ["owner"])
    assert binding.stands_at(timezone.now()) and binding.valid_to is None
    assert Proof.objects.get().session == services.session_hash(client.session.session_key)
    assert "Simulated sg" in client.get(reverse("security")).content.decode()

    visitor = cities.signed_in(None)
    back = cities.leaves(visitor, "sg", "lee-kah-yee", TUAS, next="/inbox/")
    before = visitor.session.session_key
    assert visitor.get(back)["Location"] == "/inbox/"
    assert visitor.session[SESSION_KEY] == str(lee.user_id)
    assert visitor.session.session_key != before, "a session that was known before is not signed in"
    assert Proof.objects.latest("id").session == services.session_hash(visitor.session.session_key)
    assert ExternalIdentity.objects.count() == EntityBinding.objects.count() == 1
    assert [event.name for event in Event.objects.filter(name__startswith="Identity").order_by("id")] == [
        "IdentityConnected",
        "IdentityShown",
    ]


def test_a_person_who_proves_only_themselves_acts_for_no_company_by_it(
    sg: TestIssuer, tmp_path: Path
) -> None:
    """Singpass over HTTP: the same protocol, the person as subject, and nothing of a company."""
    lee = cities.lee()
    with running("singpass_fapi", tmp_path, hub_keys=cities.hub_keys, code="singpass") as server:
        row = cities.known(server)
        assert (row.profile, row.subject_kind) == ("singpass_fapi", SubjectKind.PERSON)
        client = cities.signed_in(lee)
        page = client.get(cities.leaves(client, "singpass", "lee-kah-yee", ""), follow=True)
        assert "It proves you alone, and no company." in page.content.decode()
        identity = ExternalIdentity.objects.get()
        assert (identity.name_shown, identity.level_code) == ("Lee Kah Yee", recognised.LOA2)
        assert not EntityBinding.objects.exists()
        visitor = cities.signed_in(None)
        visitor.get(cities.leaves(visitor, "singpass", "lee-kah-yee", ""))
        assert visitor.session[SESSION_KEY] == str(lee.user_id)
        # recognised as it is, what binds her company asks for an identity that proves the company
        recognised.policy(row, Purpose.ORDER)
        recognised.policy(Issuer.objects.get(code="sg"), Purpose.ORDER)
        acting = replace(lee, session=Proof.objects.latest("id").session)
        with pytest.raises(AssuranceNeeded):
            services.require_assurance(actor=acting, purpose=Purpose.ORDER, now=timezone.now())
        server.misbehaves("tampered_jws")
        refused(visitor.get(cities.leaves(visitor, "singpass", "lee-kah-yee", "")), "signature", 400)


def test_a_shenzhen_owner_connects_by_a_second_signature(cn: TestIssuer) -> None:
    xu = cities.xu()
    connected(xu, "cn", "xu-jiahui", SONGGANG)
    binding = EntityBinding.objects.get()
    assert (binding.company_id, binding.scheme, binding.identifier) == (xu.company_id, "uscc", SONGGANG)
    assert ExternalIdentity.objects.get().level_code == "4"


def test_one_person_acts_for_two_companies_and_roles_carry_their_end(sg: TestIssuer) -> None:
    siti = factories.a_member(
        email="siti@nee-soon.example", country="SG", registration_number=NEE_SOON, legal_name="Nee Soon"
    )
    services.register_company(
        user=siti.user,
        country="SG",
        registration_number=MARINA,
        details=services.CompanyDetails(legal_name="Marina"),
        now=timezone.now(),
    )
    connected(siti, "sg", "siti-nuraini", NEE_SOON)
    connected(siti, "sg", "siti-nuraini", MARINA)
    assert ExternalIdentity.objects.count() == 1
    assert {binding.identifier for binding in EntityBinding.objects.all()} == {NEE_SOON, MARINA}

    aaron = factories.a_colleague(siti, "approver")
    connected(aaron, "sg", "aaron-lim", NEE_SOON)
    assert EntityBinding.objects.latest("id").roles == ["approver"], "the other role is over"
    vikram = factories.a_colleague(cities.lee(), "finance")
    connected(vikram, "sg", "vikram-das", TUAS)
    ends = datetime(2028, 6, 30, 16, tzinfo=UTC)
    assert EntityBinding.objects.latest("id").valid_to == ends
    may = Mandate.objects.filter(holder=vikram.user).values_list("act", "valid_to")
    assert set(may) == {(Purpose.ACCEPT_FINANCE, ends), (Purpose.CHANGE_BANK_ACCOUNT, ends)}


def test_who_does_not_act_for_the_company_here_connects_a_person_and_proves_no_company(
    sg: TestIssuer,
) -> None:
    charlie = factories.charlie()
    client = connected(charlie, "sg", "lee-kah-yee", TUAS)
    assert not EntityBinding.objects.exists()
    assert "so it proves no company" in client.get(reverse("security")).content.decode()
    assert Membership.objects.filter(user=charlie.user).count() == 1


def test_a_second_step_stands_between_the_issuer_and_the_account(sg: TestIssuer) -> None:
    from tests.identity.test_security import switch_on_the_app

    lee = cities.lee()
    switch_on_the_app(connected(lee, "sg", "lee-kah-yee", TUAS))
    proofs = Proof.objects.count()
    visitor = cities.signed_in(None)
    answer = visitor.get(cities.leaves(visitor, "sg", "lee-kah-yee", TUAS))
    assert "2fa/authenticate" in answer["Location"]
    assert not is_signed_in(visitor)
    assert Proof.objects.count() == proofs


def test_the_issuer_changes_its_keys_and_so_do_we_while_somebody_is_there(sg: TestIssuer) -> None:
    lee = cities.lee()
    connected(lee, "sg", "lee-kah-yee", TUAS)
    sg.desk.keys.rotate(withdraw=True)
    client = cities.signed_in(lee)
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    former = {key.kid for key in standing_keys(timezone.now())}
    call_command("rotate_keys", keep_days=1)
    before, now = cities.KEYS["keys"], published(standing_keys(timezone.now()))["keys"]
    cities.KEYS["keys"] = [key for key in now if key["use"] == "sig"] + [
        key for key in before if key["use"] == "enc"
    ]
    assert client.get(back).status_code == 302, "encrypted to a key that is retired and still ours"
    shown = {key["kid"] for key in client.get("/.well-known/jwks.json").json()["keys"]}
    assert former < shown and len(shown) == 4
    assert not re.search(r'"d"\s*:', client.get("/.well-known/jwks.json").content.decode())
    later = timezone.now() + timedelta(days=1, minutes=1)
    assert len(services.own_keys(now=later)) == 2
    assert SigningKey.objects.filter(retired_at__isnull=True).count() == 2
    services.rotate_keys(actor=recognised.officer("olive"), now=later)
    assert not SigningKey.objects.filter(kid__in=former).exists(), "what nobody needs is not kept"


def test_keys_sealed_with_a_secret_that_is_gone_are_made_anew(db: None, settings: Any) -> None:
    made = {key.kid for key in services.own_keys(now=timezone.now())}
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the next one"
    assert {key.kid for key in services.own_keys(now=timezone.now())} == made
    settings.SECRET_KEY_FALLBACKS = []
    assert made.isdisjoint({key.kid for key in services.own_keys(now=timezone.now())})


# --- whose it is ---------------------------------------------------------------------------------------------------------


def test_a_stranger_with_an_identity_gets_no_account(sg: TestIssuer) -> None:
    people = User.objects.count()
    visitor = cities.signed_in(None)
    answer = visitor.get(cities.leaves(visitor, "sg", "lee-kah-yee", TUAS))
    refused(answer, "unknown_identity", 403)
    assert "Sign in by e-mail first" in answer.content.decode()
    assert not is_signed_in(visitor)
    assert User.objects.count() == people
    nothing_was_made()


def test_an_identity_that_somebody_holds_is_refused_without_saying_who(sg: TestIssuer) -> None:
    lee, charlie = cities.lee(), factories.charlie()
    connected(lee, "sg", "lee-kah-yee", TUAS)
    client = cities.signed_in(charlie)
    answer = client.get(cities.leaves(client, "sg", "lee-kah-yee", TUAS))
    refused(answer, "identity_held", 409)
    page = answer.content.decode().partition("<main")[2]
    assert lee.user.email not in page and "Kah Yee" not in page and "Tuas" not in page
    assert ExternalIdentity.objects.get().user_id == lee.user_id


def test_a_company_that_is_struck_off_is_proved_by_nobody_any_more(sg: TestIssuer) -> None:
    lee = cities.lee()
    connected(lee, "sg", "lee-kah-yee", TUAS)
    sg.misbehaves("deregistered")
    client = cities.signed_in(lee)
    refused(client.get(cities.leaves(client, "sg", "lee-kah-yee", TUAS)), "entity_struck_off", 403)
    binding = EntityBinding.objects.get()
    assert binding.entity_status == EntityStatus.DEREGISTERED
    assert not binding.stands_at(timezone.now())
    stranger = cities.signed_in(factories.charlie())
    gone = cities.leaves(stranger, "sg", "cheng-boon-hock", KALLANG_ROPE.number)
    refused(stranger.get(gone), "entity_struck_off", 403)


def test_nobody_is_connected_who_has_not_agreed_first(sg: TestIssuer) -> None:
    lee, charlie = cities.lee(), factories.charlie()
    client, other = cities.signed_in(lee), cities.signed_in(charlie)
    address = reverse("issuer_login", args=["sg"])
    page = client.get(address, {"next": "/inbox/"})
    words = page.content.decode()
    assert page.status_code == 200 and 'lang="en"' in words and 'lang="zh-Hans"' in words
    theirs = other.get(address).context["onwards"]
    assert client.get(theirs).status_code == 200, "nobody agrees for somebody else"
    assert provider.ATTEMPTS not in client.session
    answer = client.get(cities.leaves(client, "sg", "lee-kah-yee", TUAS, next="/inbox/"))
    assert answer["Location"] == "/inbox/"
    consent = ExternalIdentity.objects.get(user=lee.user).consent
    assert consent is not None and consent.withdrawn_at is None
    crossed = (consent.purpose, consent.notice_version, consent.from_jurisdiction, consent.to_jurisdiction)
    assert crossed == ("identity_connect", "connect-2026-11", "SG", "SG")
    assert client.get(address).status_code == 302, "a known identity is shown again unasked"
    # whoever comes back with another identity than the one known is asked for that one
    second = client.get(cities.leaves(client, "sg", "vincent-teo", "201699914D", next="/inbox/"))
    assert second["Location"].startswith(address) and "ask=" in second["Location"]
    assert client.get(second["Location"]).context["onwards"]
    assert ExternalIdentity.objects.count() == Consent.objects.count() == 1


def test_the_form_that_asks_who_it_is_leads_to_no_other_site(sg: TestIssuer) -> None:
    """A browser follows no form to another site (CSP form-action, along every redirect): the notice stands between."""
    client = cities.signed_in(cities.lee())
    address = reverse("issuer_login", args=["sg"])
    onwards = client.get(address, {"next": "/inbox/"}).context["onwards"]
    cities.found_open(client)
    for way in (f"{address}?next=/inbox/", onwards):
        asked = client.get(way, follow=True)
        form = asked.redirect_chain[-1][0]
        assert "/accounts/reauthenticate/" in form
        passed = client.post(form, {"password": factories.PASSWORD}, follow=True)
        assert unquote(passed.redirect_chain[-1][0]) == f"{address}?next=/inbox/"
        assert passed.status_code == 200 and passed.context["onwards"]
        cities.found_open(client)
    assert provider.ATTEMPTS not in client.session


def test_another_site_sends_nobody_to_an_issuer_and_nobody_is_sent_to_another_site(sg: TestIssuer) -> None:
    client = cities.signed_in(cities.lee())
    address = reverse("issuer_login", args=["sg"])
    asked = client.get(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert asked.status_code == 200 and "Another site sent you here" in asked.content.decode()
    assert provider.ATTEMPTS not in client.session
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS, next="https://evil.example/")
    assert client.get(back)["Location"] == reverse("security")
    assert (
        client.post(address).status_code
        == client.head(reverse("issuer_callback", args=["sg"])).status_code
        == 405
    )


# --- nothing is kept -----------------------------------------------------------------------------------------------------


def test_no_number_of_a_person_and_no_subject_is_stored_or_logged(
    sg: TestIssuer, cn: TestIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connected(cities.lee(), "sg", "lee-kah-yee", TUAS)
    connected(cities.xu(), "cn", "xu-jiahui", SONGGANG)
    sg.misbehaves("tampered_jws")
    client = cities.signed_in(None)
    client.get(cities.leaves(client, "sg", "vincent-teo", "201699914D"))
    cities.leaves(client, "sg", "vincent-teo", "201699914D")  # on its way: in the session
    kept = _everything_kept()
    assert TUAS in kept and "Lee Kah Yee" in kept, "the search finds what is there"
    verifier = client.session[provider.ATTEMPTS][0]["sealed"]
    assert verifier in kept
    for secret in cities.NRICS | cities.SUBJECTS:
        assert secret not in kept
        assert secret not in caplog.text


def _everything_kept() -> str:
    """All rows of all tables as text, sessions opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            if table.startswith(("tariffs_", "catalog_category")):
                continue  # reference data, much of it
            cursor.execute(f'SELECT row::text FROM "{table}" AS row')
            rows += [text for (text,) in cursor.fetchall()]
    sessions = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join([*rows, *sessions])
