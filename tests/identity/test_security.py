"""What guards an account: second steps, codes, sessions; sensitive changes ask again; secrets are not readable."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from identity import services
from identity.models import User
from identity.services.sessions import SESSION_SEAL
from identity.tasks import tidy
from kernel import encryption
from kernel.sealing import seal
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db


def address(name: str, language: str = "en", **kwargs: object) -> str:
    with translation.override(language):
        return reverse(name, kwargs=kwargs or None)


def signed_in(user: User) -> Client:
    """By the sign-in page, as people do."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"})
    client.post(address("account_login"), {"login": user.email, "password": factories.PASSWORD})
    return client


def code_now(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def switch_on_the_app(client: Client) -> str:
    """The secret that the app keeps."""
    page = factories.show_again(client).get(address("mfa_activate_totp"))
    secret = page.context["form"].secret
    switched_on = client.post(address("mfa_activate_totp"), {"code": code_now(secret)})
    assert switched_on["Location"] == address("mfa_view_recovery_codes")
    return secret


# --- the second step -----------------------------------------------------------------------------------------------


def test_the_app_asks_for_its_code_at_the_next_sign_in() -> None:
    alice = factories.alice().user
    secret = switch_on_the_app(signed_in(alice))
    again = signed_in(alice)
    assert "_auth_user_id" not in again.session, "the password alone does not sign in"
    wrong = again.post(address("mfa_authenticate"), {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert "_auth_user_id" not in again.session
    again.post(address("mfa_authenticate"), {"code": code_now(secret)})
    assert again.session["_auth_user_id"] == str(alice.pk)


@pytest.mark.parametrize("redis", ["there", "gone"])
def test_a_code_signs_in_once(redis: str, request: pytest.FixtureRequest) -> None:
    if redis == "gone":
        request.getfixturevalue("redis_gone")
    alice = factories.alice().user
    code = code_now(switch_on_the_app(signed_in(alice)))
    first, second = signed_in(alice), signed_in(alice)
    first.post(address("mfa_authenticate"), {"code": code})
    second.post(address("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_a_recovery_code_signs_in_once() -> None:
    alice = factories.alice().user
    client = signed_in(alice)
    switch_on_the_app(client)
    code = client.get(address("mfa_view_recovery_codes")).context["unused_codes"][0]
    assert code in client.get(address("mfa_download_recovery_codes")).content.decode()
    for expected in (True, False):
        again = signed_in(alice)
        again.post(address("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in again.session) is expected


def test_secrets_cannot_be_read_in_the_database() -> None:
    client = signed_in(factories.alice().user)
    secret = switch_on_the_app(client)
    codes = client.get(address("mfa_view_recovery_codes")).context["unused_codes"]
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_what_is_encrypted_is_read_by_its_key_and_purpose_only() -> None:
    hidden = encryption.encrypt("渡口", key="one", purpose="a")
    assert encryption.decrypt(hidden, key="one", purpose="a") == "渡口"
    for key, purpose, text in (
        ("two", "a", hidden),
        ("one", "b", hidden),
        ("one", "a", "1:"),
        ("one", "a", "?"),
    ):
        with pytest.raises(encryption.NotOurs):
            encryption.decrypt(text, key=key, purpose=purpose)


@pytest.mark.parametrize(
    "sensitive",
    ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"],
)
def test_sensitive_pages_ask_again_who_it_is(sensitive: str) -> None:
    client = signed_in(factories.alice().user)
    asked = client.get(address(sensitive))
    assert asked.status_code == 302
    assert asked["Location"].startswith(address("account_reauthenticate"))
    assert factories.show_again(client).get(address(sensitive)).status_code == 200


def test_nobody_connects_an_identity_or_drops_a_second_step_in_a_session_found_open() -> None:
    """What lets somebody in for good, or lets the guard down, asks again; who has just signed in need not."""
    alice = factories.alice().user
    client = signed_in(alice)
    switch_on_the_app(client)
    issuer = recognised.issuer()
    notice = client.get(reverse("issuer_login", args=[issuer.code]))
    onwards = notice.context["onwards"]

    def asked(path: str, **sent: str) -> bool:
        answer = client.post(path, sent) if sent else client.get(path)
        return "reauthenticate" in answer.headers.get("Location", "")

    assert not asked(onwards), "just now it was shown; this issuer does not answer, which is said"
    session = client.session
    for step in session["account_authentication_methods"]:
        step["at"] -= 301
    session.save()
    both = {"first": issuer.code, "second": issuer.code}
    assert asked(client.get(onwards)["Location"]), "to the notice again, behind what asks"
    assert asked(reverse("linking_start"), **both)
    assert asked(address("mfa_deactivate_totp"))
    assert asked(address("mfa_generate_recovery_codes"))
    assert asked(address("account_email"), action_remove="", email=alice.email)
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
    by_app = client.get(address("account_reauthenticate")).context["reauthentication_alternatives"]
    assert by_app, "shown by the second step as well"


def test_an_address_is_added_only_by_who_shows_it_is_them() -> None:
    client = signed_in(factories.alice().user)
    mail.outbox.clear()
    client.post(address("account_email"), {"action_add": "", "email": "new@tanjong-bolts.example"})
    assert not mail.outbox
    assert client.get(address("account_email")).status_code == 200


@pytest.fixture
def committing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a commit happens at once: a test's transaction never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act: act())


def test_the_person_is_told_by_mail_in_their_language(committing: None) -> None:
    bo = factories.bo().user
    client = signed_in(bo)
    mail.outbox.clear()
    switch_on_the_app(client)
    letters = [letter for letter in mail.outbox if "验证器应用" in letter.subject]
    assert letters and "Chrome" in letters[0].body


def test_a_change_stands_even_where_its_mail_cannot_leave(
    monkeypatch: pytest.MonkeyPatch, committing: None
) -> None:
    client = signed_in(factories.alice().user)
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(ConnectionRefusedError())
    )
    switch_on_the_app(client)
    assert Authenticator.objects.filter(type="totp").exists()


# --- a code by mail ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_signing_in_by_a_code(language: str) -> None:
    bo = factories.bo().user
    client = Client()
    mail.outbox.clear()
    client.post(address("account_request_login_code", language), {"email": bo.email})
    code = re.search(r"\n([A-Z0-9-]{6,})\n", mail.outbox[-1].body).group(1)
    client.post(address("account_confirm_login_code", language), {"code": "XXXXXX"})
    assert "_auth_user_id" not in client.session
    client.post(address("account_confirm_login_code", language), {"code": code})
    assert client.session["_auth_user_id"] == str(bo.pk)


def test_asking_for_a_code_tells_nobody_who_has_an_account() -> None:
    pages = []
    for email in (factories.alice().user.email, "nobody@nowhere.example"):
        page = Client().post(address("account_request_login_code"), {"email": email}, follow=True)
        pages.append(re.sub(r'(nonce|value)="[^"]*"|\S+@\S+', "", page.content.decode()))
    assert pages[0] == pages[1]


def test_a_code_by_mail_does_not_replace_the_second_step() -> None:
    alice = factories.alice().user
    switch_on_the_app(signed_in(alice))
    client = Client()
    mail.outbox.clear()
    client.post(address("account_request_login_code"), {"email": alice.email})
    code = re.search(r"\n([A-Z0-9-]{6,})\n", mail.outbox[-1].body).group(1)
    after = client.post(address("account_confirm_login_code"), {"code": code})
    assert after["Location"] == address("mfa_authenticate")
    assert "_auth_user_id" not in client.session


# --- sessions ------------------------------------------------------------------------------------------------------


def test_a_person_sees_and_ends_their_other_sessions() -> None:
    alice = factories.alice().user
    here, there = signed_in(alice), signed_in(alice)
    page = here.get(address("usersessions_list"))
    assert page.context["session_count"] == 2
    assert "Chrome, Windows" in page.content.decode()
    here.post(address("usersessions_list"))
    assert (
        here.get(reverse("desk")).status_code == 302 and "login" not in here.get(reverse("desk"))["Location"]
    )
    assert "login" in there.get(reverse("desk"))["Location"]


def test_one_session_is_ended_and_only_ones_own() -> None:
    alice, bo = factories.alice().user, factories.bo().user
    here, there, his = signed_in(alice), signed_in(alice), signed_in(bo)
    other = UserSession.objects.get(session_key=there.session.session_key)
    bos = UserSession.objects.get(session_key=his.session.session_key)
    ended = here.post(address("session_end", session=seal(SESSION_SEAL, other.pk)))
    assert ended["Location"] == address("usersessions_list")
    assert "login" in there.get(reverse("desk"))["Location"]
    for wrong in (seal(SESSION_SEAL, bos.pk), "1", "x" * 22, seal("other", other.pk)):
        assert here.post(address("session_end", session=wrong)).status_code == 404
    assert "login" not in his.get(reverse("desk"))["Location"]


def test_another_password_ends_the_other_sessions() -> None:
    alice = factories.alice().user
    here, there = signed_in(alice), signed_in(alice)
    new = "eleven herons at low tide"
    factories.show_again(here).post(
        address("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )
    assert "login" in there.get(reverse("desk"))["Location"]
    assert here.get(address("usersessions_list")).context["session_count"] == 1


def test_a_session_in_use_is_noted_now_and_then_not_every_time() -> None:
    client = signed_in(factories.alice().user)
    noted = UserSession.objects.get()

    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/")
        return [
            q["sql"]
            for q in asked
            if "usersession" in q["sql"] and not q["sql"].lstrip().startswith("SELECT")
        ]

    assert not writes()
    long_ago = timezone.now() - timedelta(minutes=11)
    UserSession.objects.update(last_seen_at=long_ago)
    assert len(writes()) == 1
    assert not writes()
    noted.refresh_from_db()
    assert timezone.now() - noted.last_seen_at < timedelta(minutes=1)


def test_reading_a_session_is_one_statement(settings: Any) -> None:
    settings.PREPARE_STATEMENTS = False  # its table is named each time
    client = signed_in(factories.alice().user)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("desk"))
    assert len([q for q in asked if "django_session" in q["sql"]]) == 1


def test_notes_on_ended_sessions_go() -> None:
    client = signed_in(factories.alice().user)
    signed_in(factories.alice().user)
    Session.objects.exclude(session_key=client.session.session_key).delete()
    tidy()
    assert [noted.session_key for noted in UserSession.objects.all()] == [client.session.session_key]


def test_nobody_ends_a_session_that_is_not_there() -> None:
    assert not services.end_session(user=factories.alice().user, number=0)


# --- the page that shows all at once -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "alone", "guarded"),
    [("en", "Only your password", "more than a password"), ("zh-hans", "仅有密码", "另有保护")],
)
def test_the_security_page_shows_all_at_once(language: str, alone: str, guarded: str) -> None:
    client = signed_in(factories.alice().user)
    before = client.get(address("security", language))
    assert alone in before.content.decode()
    assert "no-store" in before["Cache-Control"]
    switch_on_the_app(client)
    with CaptureQueriesContext(connection) as asked:
        after = client.get(address("security", language)).content.decode()
    assert guarded in after and "alice@tanjong-bolts.example" in after
    assert len(asked) <= 9
    assert client.get(address("mfa_index"))["Location"] == address("security")


# --- limits --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["there", "gone"])
def redis(request: pytest.FixtureRequest) -> str:
    if request.param == "gone":
        request.getfixturevalue("redis_gone")
    return str(request.param)


def answers_to(path: str, data: dict[str, str], times: int, **every: str) -> list[int]:
    """One address asking again and again, each time as a new visitor."""
    found = []
    for number in range(times):
        sent = {name: value.replace("#", str(number)) for name, value in data.items()}
        found.append(Client().post(path, sent).status_code)
    return found


def test_sign_ins_are_limited(redis: str) -> None:
    data = {"login": "nobody#@nowhere.example", "password": "x"}
    assert answers_to(address("account_login"), data, 31)[-1] == 429


def test_codes_by_mail_are_limited_for_one_address(redis: str) -> None:
    alice = factories.alice().user
    mail.outbox.clear()
    answers_to(address("account_request_login_code"), {"email": alice.email}, 6)
    assert len(mail.outbox) == 3


def test_a_code_by_mail_may_be_guessed_three_times(redis: str) -> None:
    client = Client()
    mail.outbox.clear()
    client.post(address("account_request_login_code"), {"email": factories.alice().user.email})
    code = re.search(r"\n([A-Z0-9-]{6,})\n", mail.outbox[-1].body).group(1)
    for _guess in range(3):
        client.post(address("account_confirm_login_code"), {"code": "XXXXXX"})
    client.post(address("account_confirm_login_code"), {"code": code})
    assert "_auth_user_id" not in client.session


def test_codes_of_the_app_may_be_guessed_five_times(redis: str) -> None:
    alice = factories.alice().user
    secret = switch_on_the_app(signed_in(alice))
    for _guess in range(5):
        signed_in(alice).post(address("mfa_authenticate"), {"code": "000000"})
    client = signed_in(alice)
    refused = client.post(address("mfa_authenticate"), {"code": code_now(secret)})
    assert "_auth_user_id" not in client.session
    assert "Too many failed login attempts" in refused.content.decode()


def test_passkey_sign_ins_are_limited(redis: str) -> None:
    assert answers_to(address("mfa_login_webauthn"), {"credential": "{}"}, 11)[-1] == 429


def test_resets_are_limited(redis: str) -> None:
    alice = factories.alice().user
    mail.outbox.clear()
    answers_to(address("account_reset_password"), {"email": alice.email}, 8)
    assert len(mail.outbox) == 5
    assert answers_to(address("account_reset_password"), {"email": "n#@x.example"}, 21)[-1] == 429


def test_sign_ups_are_limited(redis: str) -> None:
    found = answers_to(address("account_signup"), {"email": "not an address #"}, 21)
    assert found[0] == 200 and found[-1] == 429


def test_too_many_attempts_are_said_in_our_look(redis: str) -> None:
    page = None
    for _attempt in range(21):
        page = Client().post(address("account_signup", "zh-hans"), {"email": "x"})
    assert "尝试次数过多" in page.content.decode()
    cache.clear()
