"""In which language a page is: the path's, else the person's, else the cookie's, else the browser's."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from identity.actors import Member
from tests import factories

pytestmark = pytest.mark.django_db


def language_of(response: object) -> str:
    return response.headers["Content-Language"]


def test_a_visitor_keeps_the_language_of_the_last_page(client: Client) -> None:
    client.get("/zh-hans/accounts/login/")
    assert client.cookies["language"].value == "zh-hans"
    assert language_of(client.get("/companies/new/")) == "zh-hans"


def test_a_new_visitor_reads_the_browsers_language(client: Client) -> None:
    asked = client.get("/accounts/login/", headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert asked["Location"].startswith("/zh-hans/")
    assert client.get("/accounts/login/", headers={"Accept-Language": "fr"})["Location"].startswith("/en/")


def test_a_members_language_holds_in_the_workspace_whatever_page_they_came_from(client: Client) -> None:
    bo = factories.bo()
    factories.sign_in(client, bo)
    client.get("/en/accounts/email/")
    assert language_of(client.get(reverse("company", args=[bo.company.slug]))) == "zh-hans"


def test_the_switch_is_remembered_for_the_person_and_keeps_the_page(client: Client) -> None:
    bo = factories.bo()
    factories.sign_in(client, bo)
    page = reverse("company", args=[bo.company.slug])
    answer = client.post(reverse("set_language"), {"language": "en", "next": page})
    assert answer["Location"] == page
    bo.user.refresh_from_db()
    assert bo.user.language == "en"
    assert language_of(client.get(page)) == "en"


def test_the_switch_leads_to_the_same_public_page_in_the_other_language(client: Client) -> None:
    answer = client.post(
        reverse("set_language"), {"language": "zh-hans", "next": "/en/accounts/login/?next=/desk/"}
    )
    assert answer["Location"] == "/zh-hans/accounts/login/?next=/desk/"


def signs_in(client: Client, member: Member, page: str) -> None:
    answer = client.post(page, {"login": member.user.email, "password": factories.PASSWORD})
    assert answer.status_code == 302
    member.user.refresh_from_db()


def test_a_language_chosen_before_signing_in_holds_afterwards(client: Client) -> None:
    bo = factories.bo()
    client.get("/zh-hans/accounts/login/")
    client.get("/en/accounts/login/", headers={"Referer": "http://testserver/zh-hans/accounts/login/"})
    signs_in(client, bo, "/en/accounts/login/")
    assert bo.user.language == "en"
    assert language_of(client.get(reverse("company", args=[bo.company.slug]))) == "en"
    assert not client.cookies["chosen_language"].value, "the next one to sign in here has chosen nothing"


def test_signing_in_goes_on_in_the_language_of_its_page(client: Client) -> None:
    bo = factories.bo()
    page = reverse("company", args=[bo.company.slug])
    client.get("/en/accounts/login/", headers={"Referer": "https://elsewhere.example/zh-hans/"})
    signs_in(client, bo, "/en/accounts/login/")
    assert language_of(client.get(page)) == "en"
    assert bo.user.language == "zh-hans", "letters stay in the person's own language"
    client.post(reverse("set_language"), {"language": "zh-hans", "next": page})
    assert language_of(client.get(page)) == "zh-hans"


def test_whoever_is_sent_to_sign_in_comes_back_to_their_own_language(client: Client) -> None:
    bo = factories.bo()
    page = reverse("company", args=[bo.company.slug])
    signs_in(client, bo, f"/en/accounts/login/?next={page}")
    assert language_of(client.get(page)) == "zh-hans"


def test_the_switch_of_a_public_page_is_kept_for_a_person(client: Client) -> None:
    bo = factories.bo()
    factories.sign_in(client, bo)
    client.get("/zh-hans/search/")
    client.get("/en/search/", headers={"Referer": "http://testserver/zh-hans/search/"})
    bo.user.refresh_from_db()
    assert bo.user.language == "en"


@pytest.mark.parametrize("language", ["", "fr", "zh-hans<script>", "../en"])
def test_an_unknown_language_changes_nothing(client: Client, language: str) -> None:
    bo = factories.bo()
    factories.sign_in(client, bo)
    client.post(reverse("set_language"), {"language": language, "next": "https://evil.example/"})
    bo.user.refresh_from_db()
    assert bo.user.language == "zh-hans"


def test_the_switch_leads_nowhere_else(client: Client) -> None:
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"})
    assert "evil" not in answer["Location"]


def test_pictures_ask_for_nobody(client: Client, django_assert_num_queries) -> None:
    factories.sign_in(client, factories.alice())
    stored = default_storage.save("images/test-picture.png", ContentFile(b"\x89PNG"))
    try:
        with django_assert_num_queries(0):
            client.get(f"/media/{stored}").close()
    finally:
        default_storage.delete(stored)
