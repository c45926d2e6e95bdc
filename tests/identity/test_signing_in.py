"""Sign-up, confirmation, sign-in and reset, in both languages; who has an account stays unsaid; attempts are limited."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from identity import services
from identity.models import User
from identity.states import Role
from identity.tasks import tidy
from tests import factories

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Mei Lin",
    "email": "mei@new.example",
    "password1": "seven harbours at dusk",
    "password2": "seven harbours at dusk",
}


def address(name: str, language: str = "en", **kwargs: str) -> str:
    with translation.override(language):
        return reverse(name, kwargs=kwargs or None)


def link_in(letter: object) -> str:
    return re.search(r"http://testserver(\S+)", letter.body).group(1)


def sign_in(client: Client, email: str, password: str = factories.PASSWORD, **more: str) -> object:
    return client.post(address("account_login"), {"login": email, "password": password, **more})


@pytest.mark.parametrize(("language", "word"), [("en", "confirm"), ("zh-hans", "确认")])
def test_from_sign_up_to_the_companys_workspace(client: Client, language: str, word: str) -> None:
    signed_up = client.post(address("account_signup", language), NEW)
    assert signed_up.status_code == 302
    user = User.objects.get(email=NEW["email"])
    assert (user.name, user.language) == ("Mei Lin", language)
    [letter] = mail.outbox
    assert word in letter.body
    confirm = link_in(letter)
    assert client.get(confirm).status_code == 200
    assert not EmailAddress.objects.get(user=user).verified, "looking at the page confirms nothing"
    confirmed = client.post(confirm)
    assert confirmed["Location"] == reverse("desk")
    assert client.get(reverse("desk"))["Location"] == reverse("company_new")
    registered = client.post(
        reverse("company_new"),
        {
            "legal_name": "New Harbour Pte. Ltd.",
            "country": "SG",
            "registration_number": factories.a_uen(202212345),
            "currency": "SGD",
            "buys": "on",
        },
    )
    assert registered["Location"] == "/c/new-harbour/"
    page = client.get("/c/new-harbour/")
    assert page.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in page.content.decode()


def test_an_unconfirmed_address_does_not_sign_in(client: Client) -> None:
    client.post(address("account_signup"), NEW)
    other = Client()
    assert "confirm-email" in sign_in(other, NEW["email"], NEW["password1"])["Location"]
    assert other.get(reverse("desk")).status_code == 302
    assert "_auth_user_id" not in other.session


def test_a_sign_up_with_a_known_address_looks_like_any_other(client: Client) -> None:
    known = factories.alice().user
    mail.outbox.clear()
    new = client.post(address("account_signup"), NEW, follow=True)
    old = Client().post(address("account_signup"), {**NEW, "email": known.email}, follow=True)

    def shape(response: object) -> tuple[object, str]:
        html = re.sub(r'(nonce|value)="[^"]*"', "", response.content.decode())
        return response.redirect_chain, re.sub(r"\S+@\S+", "", html)

    assert shape(new) == shape(old)
    assert [letter.to for letter in mail.outbox] == [[NEW["email"]], [known.email]]
    known.refresh_from_db()
    assert known.check_password(factories.PASSWORD)


def test_a_reset_for_an_unknown_address_looks_like_any_other(client: Client) -> None:
    known = factories.alice().user
    mail.outbox.clear()
    answers = [
        client.post(address("account_reset_password"), {"email": email}, follow=True)
        for email in (known.email, "nobody@nowhere.example")
    ]
    pages = [re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode()) for answer in answers]
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 2


def test_a_password_is_reset_by_the_link_once(client: Client) -> None:
    user = factories.bo().user
    mail.outbox.clear()
    client.post(address("account_reset_password"), {"email": user.email})
    [letter] = mail.outbox
    assert "/zh-hans/" in link_in(letter), "the letter speaks its reader's language"
    form = client.get(link_in(letter), follow=True)
    changed = {"password1": "nine cranes over yantian", "password2": "nine cranes over yantian"}
    client.post(form.redirect_chain[-1][0], changed)
    user.refresh_from_db()
    assert user.check_password(changed["password1"])
    again = Client().get(link_in(letter), follow=True)
    assert "password1" not in again.content.decode()


def test_sign_in_leads_back_to_where_one_was_sent_from(client: Client) -> None:
    alice = factories.alice()
    wanted = reverse("members", args=[alice.company.slug])
    assert sign_in(client, alice.user.email, next=wanted)["Location"] == wanted


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(client: Client, target: str) -> None:
    response = sign_in(client, factories.alice().user.email, next=target)
    assert response["Location"] == reverse("desk")


def test_a_new_sign_in_has_a_new_session(client: Client) -> None:
    client.get(address("account_login"))
    session = client.session
    session["basket"] = {"x": 1}
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, factories.alice().user.email)
    assert client.session.session_key != before
    assert client.session["basket"] == {"x": 1}, "what was put in the basket stays"


def test_wrong_passwords_are_limited(client: Client) -> None:
    email = factories.alice().user.email
    for _attempt in range(5):
        sign_in(client, email, "wrong")
    refused = sign_in(client, email)
    assert "_auth_user_id" not in client.session
    assert refused.status_code in (200, 429)


def test_without_redis_one_signs_in_all_the_same(client: Client, redis_gone: None) -> None:
    assert sign_in(client, factories.alice().user.email).status_code == 302
    assert "_auth_user_id" in client.session


def test_without_redis_wrong_passwords_are_limited_all_the_same(client: Client, redis_gone: None) -> None:
    caches["limits"].clear()
    email = factories.alice().user.email
    for _attempt in range(5):
        sign_in(client, email, "wrong")
    sign_in(client, email)
    assert "_auth_user_id" not in client.session


def test_an_invited_person_registers_and_joins(client: Client) -> None:
    alice = factories.alice()
    invitation = services.invite_member(
        actor=alice, email=NEW["email"], roles=[Role.BUYER], now=timezone.now()
    )
    link = services.invitation_link(invitation)
    page = client.get(link)
    assert page.status_code == 200
    assert alice.company.legal_name in page.content.decode()
    mail.outbox.clear()
    client.post(address("account_signup"), {**NEW, "next": link})
    client.post(link_in(mail.outbox[0]))
    desk = client.get(reverse("desk"))
    assert link in desk.content.decode(), (
        "an invitation waits at the desk of whoever reads the invited address"
    )
    assert client.post(link)["Location"] == reverse("workspace", args=[alice.company.slug])
    assert factories.acting(User.objects.get(email=NEW["email"]), alice.company).may(Role.BUYER)
    assert client.get(link).status_code == 410


def test_an_invitation_is_not_for_who_finds_the_link(client: Client) -> None:
    invitation = services.invite_member(
        actor=factories.alice(), email=NEW["email"], roles=[Role.OWNER], now=timezone.now()
    )
    link = services.invitation_link(invitation)
    assert client.post(link).status_code == 302
    factories.sign_in(client, factories.charlie())
    assert client.post(link).status_code == 403
    assert client.get("/invitations/wrong/").status_code == 404


def test_mail_that_cannot_leave_is_said_and_loses_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(ConnectionRefusedError())
    )
    response = client.post(address("account_signup"), NEW)
    assert response.status_code == 503
    assert User.objects.filter(email=NEW["email"]).exists()


def test_a_strangers_address_cannot_be_kept_from_them(client: Client) -> None:
    """Somebody typed Bo's second address first; Bo, who reads its mail, still gets to use it."""
    bo = factories.bo()
    wanted = "second@nanshan-machinery.example"
    client.post(address("account_signup"), {**NEW, "email": wanted})
    mail.outbox.clear()
    caches["default"].clear()  # one letter in three minutes to an address
    his = factories.show_again(factories.sign_in(Client(), bo))
    his.post(address("account_email"), {"action_add": "", "email": wanted})
    his.post(link_in(mail.outbox[-1]))
    his.post(address("account_email"), {"action_primary": "", "email": wanted})
    bo.user.refresh_from_db()
    assert bo.user.email == wanted
    assert not User.objects.filter(name="Mei Lin").exists()


def test_accounts_that_nobody_confirmed_go_after_a_month(client: Client) -> None:
    alice = factories.alice()
    client.post(address("account_signup"), NEW)
    now = timezone.now()
    assert services.forget_never_confirmed(now=now + timedelta(days=29)) == 0
    tidy()
    assert services.forget_never_confirmed(now=now + timedelta(days=31)) == 1
    assert list(User.objects.all()) == [alice.user]
