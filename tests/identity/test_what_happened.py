"""What happens to an account is written down: for its person, for the audit, and without telling who has an account."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from identity.models import User
from kernel.models import Event
from tests import factories
from tests.identity.test_security import address, signed_in, switch_on_the_app

pytestmark = pytest.mark.django_db


def told_of(user: User) -> list[tuple[str, object]]:
    """Names of events, with what each says besides whose it is."""
    events = Event.objects.filter(subject_id=user.uid).order_by("id")
    assert all(event.payload["user_id"] == user.pk for event in events)
    return [
        (event.name, next((v for k, v in event.payload.items() if k != "user_id"), None)) for event in events
    ]


def test_every_step_of_an_account_is_told_to_its_person_and_to_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # allauth tells of some at the commit, which a test never comes to
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act: act())
    user = factories.alice().user
    Client().post(address("account_login"), {"login": user.email, "password": "wrong"})
    client = signed_in(user)
    switch_on_the_app(client)
    client.post(
        address("account_change_password"),
        {
            "oldpassword": factories.PASSWORD,
            "password1": "nine cranes over yantian",
            "password2": "nine cranes over yantian",
        },
    )
    page = client.get(address("security", "zh-hans")).content.decode()
    client.post(address("account_logout"))
    assert told_of(user) == [
        ("SignInFailed", "password"),
        ("SignedIn", ["password"]),
        ("ShownAgain", "password"),
        ("FactorAdded", "totp"),
        ("FactorAdded", "recovery_codes"),
        ("PasswordChanged", "changed"),
        ("SignedOut", None),
    ]
    assert "一次登录尝试失败" in page and "验证器应用" in page
    assert not Event.objects.filter(name="SignedIn").exclude(audience=[], company_id=None).exists()
    stranger = factories.show_again(signed_in(factories.charlie().user))
    stranger.post(address("account_email"), {"action_add": "", "email": "second@strangers.example"})
    lines = stranger.get(address("security")).context["shown"].lately
    told = ["E-mail addresses changed", "Shown again that it is you", "Signed in"]
    assert [str(line.what) for line in lines] == told
    factories.sign_in(desk := Client(), factories.officer())
    audit = desk.get(reverse("admin:kernel_event_changelist"), {"name": "SignInFailed"}).content.decode()
    assert "SignInFailed" in audit and user.email not in audit


def test_a_failed_attempt_costs_the_same_whoever_has_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same page, as much that is written and as much hashing; of an address that nobody has nothing is kept."""
    known, hashed = factories.alice().user.email, []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k))
    shapes = []
    for email in (known, "nobody@nowhere.example"):
        before = len(hashed)
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post(address("account_login"), {"login": email, "password": "wrong"})
        written = [query["sql"].split("VALUES")[0] for query in asked if "INSERT" in query["sql"]]
        page = re.sub(
            r"""(name="csrfmiddlewaretoken" value|nonce|data-nonce)="[^"]*\"""", "", answer.content.decode()
        )
        shapes.append((answer.status_code, page.replace(email, "…"), written, len(hashed) - before))
    assert shapes[0] == shapes[1] and len(shapes[0][2]) == 1
    last = Event.objects.filter(name="SignInFailed").latest("id")
    assert (last.payload, last.subject_id) == ({"user_id": None, "by": "password"}, None)


def test_a_wrong_code_costs_the_same_whoever_has_the_address() -> None:
    counts = []
    for email in (factories.alice().user.email, "nobody@nowhere.example"):
        client = Client()
        client.post(address("account_request_login_code"), {"email": email})
        with CaptureQueriesContext(connection) as asked:
            client.post(address("account_confirm_login_code"), {"code": "000000"})
        counts.append(sum("INSERT INTO kernel_event" in query["sql"] for query in asked))
    assert counts == [1, 1]
    assert Event.objects.filter(name="SignInFailed", payload__by="code").count() == 2
    assert len(mail.outbox) == 2
