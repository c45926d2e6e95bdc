"""Signing in with a city's identity, against strict issuers over HTTP: every way to be wrong.

Whatever is wrong: a clear page, a line in the audit, nothing made, nobody signed in, and no number of a person anywhere.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import provider, services
from identity.connectors.issuers import LoginForged, discovery, wire
from identity.models import (
    ExternalIdentity,
    Issuer,
    Proof,
    User,
)
from identity.views import issuers as views
from kernel.models import Event
from tests import factories
from tests.identity import cities, recognised
from tests.identity.cities import SONGGANG, TUAS
from tests.identity.connecting import connected, is_signed_in, nothing_was_made, refused
from tests.identity.test_security import code_now, switch_on_the_app
from tests.simulators.issuers import TestIssuer, Visitor

pytestmark = pytest.mark.django_db


# --- an issuer that misbehaves, or somebody between ----------------------------------------------------------------------

MISBEHAVING = {
    "wrong_nonce": ("nonce", 400),
    "missing_nonce": ("nonce", 400),
    "wrong_aud": ("audience", 400),
    "wrong_iss": ("issuer", 400),
    "wrong_iss_callback": ("another_issuer", 400),
    "missing_iss_callback": ("another_issuer", 400),
    "wrong_state": ("state_unknown", 400),
    "alg_none": ("signature_algorithm", 400),
    "alg_hs256": ("signature_algorithm", 400),
    "not_encrypted": ("not_encrypted", 400),
    "expired": ("expired", 400),
    "future": ("not_yet", 400),
    "lower_acr": ("level_too_low", 403),
    "missing_acr": ("level_missing", 403),
    "tampered_jwe": ("encryption", 400),
    "tampered_jws": ("signature", 400),
    "unknown_key": ("unknown_key", 400),
    "missing_kid": ("unknown_key", 400),
    "missing_at_hash": ("access_token_hash", 400),
    "wrong_at_hash": ("access_token_hash", 400),
    "deregistered": ("entity_struck_off", 403),
    "odd_status": ("entity_standing_unknown", 403),
    "bad_number": ("entity_number_wrong", 422),
    "missing_sub_userinfo": ("roles_of_another", 400),
    "wrong_sub_userinfo": ("roles_of_another", 400),
    "error": ("server_error", 503),
    "garbage": ("not_json", 503),
}


@pytest.mark.parametrize("fault", MISBEHAVING)
def test_what_an_issuer_does_wrong_ends_on_a_page_and_makes_nothing(sg: TestIssuer, fault: str) -> None:
    why, status = MISBEHAVING[fault]
    sg.misbehaves(fault)
    lee = cities.lee()
    client = cities.signed_in(lee)
    people = User.objects.count()
    answer = client.get(cities.leaves(client, "sg", "lee-kah-yee", TUAS))
    refused(answer, why, status)
    nothing_was_made()
    assert User.objects.count() == people


@pytest.mark.parametrize(
    "fault", ["wrong_nonce", "tampered_jws", "lower_acr", "wrong_iss_callback", "deregistered"]
)
def test_nobody_is_signed_in_by_it_either(sg: TestIssuer, fault: str) -> None:
    connected(cities.lee(), "sg", "lee-kah-yee", TUAS)
    why, status = MISBEHAVING[fault]
    sg.misbehaves(fault)
    visitor = cities.signed_in(None)
    refused(visitor.get(cities.leaves(visitor, "sg", "lee-kah-yee", TUAS)), why, status)
    assert not is_signed_in(visitor)
    assert Proof.objects.count() == 1


@pytest.mark.parametrize(
    ("fault", "why", "status"),
    [
        ("missing_detached", "detached_missing", 400),
        ("bad_detached", "detached_signature", 400),
        ("other_detached", "detached_differs", 400),
        ("deregistered", "entity_struck_off", 403),
        ("odd_status", "entity_standing_unknown", 403),
        ("bad_number", "entity_number_wrong", 422),
    ],
)
def test_the_mainlands_second_signature_is_looked_at(
    cn: TestIssuer, fault: str, why: str, status: int
) -> None:
    cn.misbehaves(fault)
    client = cities.signed_in(cities.xu())
    answer = client.get(cities.leaves(client, "cn", "xu-jiahui", SONGGANG))
    refused(answer, why, status)
    nothing_was_made()


def test_levels_below_what_was_asked_for_are_refused_for_persons_who_have_no_more(
    sg: TestIssuer, cn: TestIssuer
) -> None:
    for code, member, person, company in (
        ("sg", cities.lee(), "ng-bee-leng", TUAS),
        ("cn", cities.xu(), "meng-fan", SONGGANG),
    ):
        client = cities.signed_in(member)
        refused(client.get(cities.leaves(client, code, person, company)), "level_too_low", 403)
    nothing_was_made()


def test_a_login_that_is_not_fresh_does_not_pass_for_one_that_was_asked_to_be(sg: TestIssuer) -> None:
    client = cities.signed_in(cities.lee())
    sg.misbehaves("stale_auth")
    answer = client.get(cities.leaves(client, "sg", "lee-kah-yee", TUAS, fresh="300"))
    refused(answer, "shown_too_long_ago", 400)
    nothing_was_made()


@pytest.mark.parametrize("door", ["discovery", "par", "token", "userinfo", "jwks"])
def test_an_issuer_that_hangs_is_not_waited_for(
    sg: TestIssuer, door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from identity.connectors.issuers import discovery

    discovery._directories.clear()
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 0.4)
    sg.misbehaves("slow", at=door, seconds=1.0)
    client = cities.signed_in(cities.lee())
    if door in ("discovery", "par"):
        answer = cities.goes(client, "sg")
    else:
        answer = client.get(cities.leaves(client, "sg", "lee-kah-yee", TUAS))
    refused(answer, "too_slow", 503)
    nothing_was_made()


def test_an_issuer_that_is_not_there_is_left_alone_after_some_failures(
    sg: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Issuer.objects.filter(code="sg").update(
        iss="http://127.0.0.1:9", discovery_url="http://127.0.0.1:9/.well-known/openid-configuration"
    )
    client = cities.signed_in(None)
    for why in ["unreachable"] * wire.FAILURES + ["left_alone"]:
        refused(client.get(reverse("issuer_login", args=["sg"])), why, 503)
    sent = Client().get(reverse("issuer_login", args=["sg"]), headers={"accept-language": "zh-hans"})
    assert "该身份服务暂时没有响应" in sent.content.decode()


def test_an_issuer_that_calls_itself_another_is_not_asked(sg: TestIssuer) -> None:
    Issuer.objects.filter(code="sg").update(iss="https://id.example.sg")
    refused(cities.signed_in(None).get(reverse("issuer_login", args=["sg"])), "another_issuer", 400)


def suspended(code: str = "sg") -> None:
    services.suspend_issuer(
        actor=recognised.officer("olive"),
        issuer=Issuer.objects.get(code=code),
        reason="A key was lost",
        now=timezone.now(),
    )


def test_a_suspended_issuer_signs_nobody_in(sg: TestIssuer) -> None:
    client = cities.signed_in(cities.lee())
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    suspended()
    refused(client.get(back), "suspended", 409)
    refused(client.get(reverse("issuer_login", args=["sg"])), "suspended", 409)
    assert "Simulated sg" not in Client().get(reverse("account_login"), follow=True).content.decode()
    nothing_was_made()


def test_an_issuer_suspended_while_its_answer_is_read_connects_nobody(
    sg: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The callback began while it stood; the token was fetched and checked; then an officer suspended it."""
    client = cities.signed_in(cities.lee())
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    finish = views.finish_login

    def and_then_it_is_suspended(**given: Any) -> Any:
        verified = finish(**given)
        suspended()
        return verified

    monkeypatch.setattr(views, "finish_login", and_then_it_is_suspended)
    refused(client.get(back), "suspended", 409)
    nothing_was_made()


def test_an_issuer_suspended_before_the_second_step_signs_nobody_in(sg: TestIssuer) -> None:
    lee = cities.lee()
    secret = switch_on_the_app(connected(lee, "sg", "lee-kah-yee", TUAS))
    visitor = cities.signed_in(None)
    visitor.get(cities.leaves(visitor, "sg", "lee-kah-yee", TUAS))
    assert not is_signed_in(visitor), "the app is asked first"
    suspended()
    answer = visitor.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert answer["Location"] == reverse("issuer_login", args=["sg"])
    refused(visitor.get(answer["Location"]), "suspended", 409)
    assert not is_signed_in(visitor) and Proof.objects.count() == 1


def test_keys_of_a_suspended_issuer_are_forgotten_at_once_and_read_anew(sg: TestIssuer) -> None:
    connected(cities.lee(), "sg", "lee-kah-yee", TUAS)
    issuer = Issuer.objects.get(code="sg")
    stolen, other_process = str(sg.desk.keys.current.kid), discovery.directory_of(issuer)
    assert discovery.directory_of(issuer) is other_process and other_process.key(stolen)
    suspended()
    sg.desk.keys.rotate(withdraw=True)
    services.reinstate_issuer(
        actor=recognised.officer("olive"), issuer=issuer, reason="New keys", now=timezone.now()
    )
    assert other_process.key(stolen), "it lies there for a minute still"
    issuer.refresh_from_db()
    with pytest.raises(LoginForged, match="unknown_key"):
        discovery.directory_of(issuer).key(stolen)
    assert discovery.directory_of(issuer).key(str(sg.desk.keys.current.kid))
    client = cities.signed_in(None)
    assert client.get(cities.leaves(client, "sg", "lee-kah-yee", TUAS)).status_code == 302


# --- somebody who has the address of a callback --------------------------------------------------------------------------


def test_a_callback_counts_in_the_browser_that_left_and_once(sg: TestIssuer) -> None:
    lee = cities.lee()
    client = cities.signed_in(lee)
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    for other in (cities.signed_in(None), cities.signed_in(lee), cities.signed_in(factories.charlie())):
        refused(other.get(back), "state_unknown", 400)
    nothing_was_made()
    assert client.get(back).status_code == 302
    refused(client.get(back), "state_unknown", 400)
    assert ExternalIdentity.objects.count() == 1


def test_signing_out_in_another_tab_meanwhile_is_no_fault(
    sg: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cities.signed_in(cities.lee())
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    taken = provider.take

    def signs_out_first(request: Any, **kwargs: Any) -> Any:
        assert request.session.get(provider.ATTEMPTS)  # read by now
        Session.objects.all().delete()
        return taken(request, **kwargs)

    monkeypatch.setattr(provider, "take", signs_out_first)
    assert client.get(back).status_code == 400  # the page for requests whose session is over
    assert Event.objects.get(name="IssuerLoginRefused").payload["why"] == "session_over"
    nothing_was_made()


def test_an_issuer_that_answers_each_question_late_is_not_waited_for_for_ever(
    sg: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from identity.connectors.issuers import client as talk

    client = cities.signed_in(cities.lee())
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    monkeypatch.setattr(talk, "ALL_SECONDS", 0.5)
    sg.misbehaves("slow", at="token", seconds=0.4)
    sg.misbehaves("slow", at="userinfo", seconds=0.4)
    refused(client.get(back), "too_slow", 503)
    nothing_was_made()


def test_the_code_of_another_login_is_worth_nothing_here(sg: TestIssuer) -> None:
    """Injected into a login of the victim's own, whose state and `iss` are right."""
    theirs = dict(
        parse_qsl(cities.leaves(cities.signed_in(None), "sg", "vincent-teo", "201699914D").partition("?")[2])
    )
    client = cities.signed_in(cities.lee())
    path, _mark, query = cities.leaves(client, "sg", "lee-kah-yee", TUAS).partition("?")
    mixed = {**dict(parse_qsl(query)), "code": theirs["code"]}
    refused(client.get(f"{path}?{urlencode(mixed)}"), "code_refused", 400)
    nothing_was_made()


def test_an_answer_is_taken_by_the_issuer_that_was_asked_only(sg: TestIssuer, cn: TestIssuer) -> None:
    client = cities.signed_in(cities.lee())
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    refused(client.get(back.replace("/sg/", "/cn/")), "state_of_another_issuer", 400)
    refused(client.get(back), "state_unknown", 400)
    nothing_was_made()


def test_what_waits_in_a_session_is_the_persons_who_left_and_not_for_long(
    sg: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = cities.signed_in(None)
    back = cities.leaves(visitor, "sg", "lee-kah-yee", TUAS)
    factories.sign_in(visitor, cities.lee())
    refused(visitor.get(back), "state_of_another_person", 400)
    client = cities.signed_in(None)
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS)
    monkeypatch.setattr(provider, "TIME", timedelta(0))
    refused(client.get(back), "state_too_old", 400)
    nothing_was_made()


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("?state=&code=", "state_unknown"),
        ("?state=x&state=y", "parameters_repeated"),
        ("?code=x", "state_unknown"),
        (f"?state={'x' * 5000}", "parameters_repeated"),
        ("?state=%00&code=%00", "state_unknown"),
    ],
)
def test_made_up_callbacks(sg: TestIssuer, query: str, why: str) -> None:
    address = reverse("issuer_callback", args=["sg"])
    refused(Client().get(address + query), why, 400)
    assert Client().get(address).status_code == 302


def test_an_error_of_the_issuer_is_no_login_and_its_words_are_not_shown(sg: TestIssuer) -> None:
    client = cities.signed_in(cities.lee())
    gone = cities.goes(client, "sg")["Location"]
    refused(client.get(cities.here(Visitor().cancels(gone))), "denied", 400)
    back = cities.leaves(client, "sg", "lee-kah-yee", TUAS).partition("?")
    asked = {key: value for key, value in parse_qsl(back[2]) if key != "code"}
    said = {**asked, "error": "server_error", "error_description": "call 0800-NOT-US <b>"}
    answer = client.get(f"{back[0]}?{urlencode(said)}")
    refused(answer, "issuer_error", 400)
    assert "0800" not in answer.content.decode()
    nothing_was_made()


def test_a_key_that_the_issuer_has_withdrawn_is_believed_for_a_minute_at_most(
    sg: TestIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(cities.lee(), "sg", "lee-kah-yee", TUAS)
    directory = discovery.directory_of(Issuer.objects.get(code="sg"))
    stolen = str(sg.desk.keys.current.kid)
    assert directory.key(stolen)
    sg.desk.keys.rotate(withdraw=True)
    later = time.monotonic() + 61
    monkeypatch.setattr("identity.connectors.issuers.discovery.time.monotonic", lambda: later)
    with pytest.raises(LoginForged, match="unknown_key"):
        directory.key(stolen)
    monkeypatch.undo()
