"""Terms, privacy, contact and what is simulated: on every page's foot, in both languages, honest, and answered by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from identity import services as identity
from identity.models import Enquiry
from identity.services.enquiries import KEPT_FOR, forget_old_enquiries
from identity.states import Purpose
from kernel.models import Event
from kernel.services import drain
from sme_hub.simulated import PARTS, TONES, WORDS, parts
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

PAGES = ("terms", "privacy", "simulated", "contact")
LETTER = {"topic": "privacy", "name": "Dana", "email": "dana@example.com", "words": "What do you know of me?"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_trust_speaks_both_languages(name: str, language: str) -> None:
    html = Client().get(f"/{language}/{name}/").content.decode()
    assert html.count("<h1") == 1
    assert ("的" in html) is (language == "zh-hans")
    assert html.count('aria-current="page"') == 1


def test_the_foot_of_every_page_leads_to_them() -> None:
    alice = factories.sign_in(Client(), factories.alice())
    for page in ("/en/", "/en/accounts/login/", "/c/tanjong-bolts/"):
        html = alice.get(page, follow=True).content.decode()
        for name in PAGES:
            assert f'href="/en/{name}/"' in html, (page, name)


def test_what_stands_there_is_true_of_this_copy() -> None:
    with override_settings(DEMO=True, DEV_MAIL=True):
        demo = {str(part.says) for part in parts()}
    with override_settings(DEMO=False, DEV_MAIL=False):
        real = {str(part.says) for part in parts()}
    assert any("No such company exists" in says for says in demo - real)
    assert any("leave by a mail server" in says for says in real - demo)
    assert {part.truth for part in PARTS} == set(WORDS) == set(TONES)


def test_the_privacy_notice_says_who_why_how_long_and_where_to_complain() -> None:
    html = Client().get("/en/privacy/").content.decode()
    for word in (
        "PDPA",
        "PIPL",
        settings.PROGRAMME_OFFICE_EMAIL,
        "Across the border",
        "How long it is kept",
        "Version 1.1",
        "Neither NRIC nor resident identity number is stored or logged",
        "lists of sanctions",
        "under My data as easily as you gave it",
    ):
        assert word in html, word


def test_a_letter_goes_to_the_office_and_is_answered_to_its_writer() -> None:
    sent = Client().post("/zh-hans/contact/", LETTER)
    assert sent["Location"] == "/zh-hans/contact/"
    mail.outbox.clear()
    drain("outside")
    [letter] = mail.outbox
    assert letter.to == [settings.PROGRAMME_OFFICE_EMAIL]
    assert letter.reply_to == ["dana@example.com"]
    assert LETTER["words"] in letter.body
    assert "dana" not in str(Event.objects.latest("pk").payload), "history knows it by reference only"


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"words": ""},
        {"topic": "spam"},
        {"name": "x" * 121},
        {"email": "a@b.c\nBcc: d@e.f"},
    ],
)
def test_a_letter_that_cannot_be_answered_is_not_taken(wrong: dict[str, str]) -> None:
    refused = Client().post("/en/contact/", LETTER | wrong)
    assert refused.status_code == 200
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("redis", ["there", "gone"])
def test_letters_from_one_address_are_limited(redis: str, request: pytest.FixtureRequest) -> None:
    if redis == "gone":
        request.getfixturevalue("redis_gone")
    answers = [Client().post("/en/contact/", LETTER).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert Enquiry.objects.count() == 5


def test_who_is_signed_in_need_not_say_who_they_are() -> None:
    bo = factories.bo()
    html = factories.sign_in(Client(), bo).get("/en/contact/").content.decode()
    assert bo.user.email in html


def test_letters_are_forgotten_after_a_year() -> None:
    Client().post("/en/contact/", LETTER)
    now = timezone.now()
    assert forget_old_enquiries(now=now + KEPT_FOR - timedelta(days=1)) == 0
    assert forget_old_enquiries(now=now + KEPT_FOR + timedelta(days=1)) == 1


def test_anybody_may_see_what_is_recognised_on_any_day() -> None:
    """Empty at first; then as the rows of that day say, in both languages, with who is played and that it is our own policy."""
    empty = Client().get("/en/trust/recognition/").content.decode()
    assert "Nothing is recognised on this day" in empty and "no agreement between them" in empty
    now, today = timezone.now(), timezone.localdate()
    city, far = recognised.issuer("sg"), recognised.issuer("cn", simulated=False)
    recognised.policy(city, Purpose.ORDER, valid_to=today + timedelta(days=30))
    recognised.policy(far, Purpose.SIGN_SETTLEMENT, where="CN", rank=2)
    identity.suspend_issuer(
        actor=recognised.officer("olive"), issuer=far, reason="The reason stays inside", now=now
    )
    html = Client().get("/en/trust/recognition/").content.decode()
    for words in ("Issuer sg", "Simulated issuer", "3, enough", "Two factors", "Suspended since"):
        assert words in html, words
    assert html.count("Simulated issuer") == 1 and "The reason stays inside" not in html
    assert "shown within 5 minutes" in html
    chinese = Client().get("/zh-hans/trust/recognition/").content.decode()
    for words in ("签发方 sg", "模拟签发方", "3 级，足够", "未经两地任何一方批准", "双因素认证"):
        assert words in chinese, words
    for day, found in (
        (today - timedelta(days=1), "Nothing is recognised on this day"),
        (today + timedelta(days=29), "Issuer sg"),
    ):
        assert found in Client().get("/en/trust/recognition/", {"as_of": day.isoformat()}).content.decode()
    later = Client().get("/en/trust/recognition/", {"as_of": (today + timedelta(days=30)).isoformat()})
    assert "Issuer sg" not in later.content.decode() and "As decided by now" in later.content.decode()


@pytest.mark.parametrize("day", ["", "soon", "9999-12-31", "0001-01-01", "2026-02-30", "2026-01-01" * 900])
def test_a_day_that_is_none_is_answered_with_today(day: str) -> None:
    answer = Client().get("/en/trust/recognition/", {"as_of": day})
    assert answer.status_code == 200
    assert answer.context["matrix"].as_of == timezone.localdate()
    assert answer.context["form"].errors
