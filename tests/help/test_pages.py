"""The pages of help: public, in both languages, found by words, reached from the pages that they are about."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from sme_hub.help.shelf import all_guides
from tests import factories

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans")
BOTH = pytest.mark.parametrize("language", LANGUAGES)


@BOTH
def test_every_guide_is_read_without_an_account(client: Client, language: str) -> None:
    for guide in all_guides():
        response = client.get(f"/{language}/help/{guide.code}/")
        assert response.status_code == 200, guide.code
        assert response.content.decode().count("<h1") == 1


@BOTH
def test_help_asks_the_database_nothing(client: Client, language: str, django_assert_num_queries) -> None:
    client.get(f"/{language}/help/")
    with django_assert_num_queries(0):
        client.get(f"/{language}/help/")
        client.get(f"/{language}/help/{all_guides()[0].code}/")
        client.get(f"/{language}/help/glossary/")


@BOTH
def test_no_link_of_a_guide_is_dead(client: Client, language: str) -> None:
    """For somebody who has not signed in: a page, or the way in."""
    found = set()
    for page in ["", "glossary/", *(f"{guide.code}/" for guide in all_guides())]:
        main = (
            client.get(f"/{language}/help/{page}")
            .content.decode()
            .split("<main", 1)[1]
            .split("</main>", 1)[0]
        )
        found |= {link.split("#")[0] for link in re.findall(r'href="(/[^"]*)"', main)}
    links = {link for link in found if link and not link.startswith("/static/")}
    assert len(links) > 20
    dead = {link: client.get(link).status_code for link in links}
    assert not {link: status for link, status in dead.items() if status not in (200, 302)}


def test_a_member_is_led_into_their_own_workspace(client: Client) -> None:
    alice = factories.sign_in(client, factories.alice())
    guide = alice.get("/en/help/list-a-product/").content.decode()
    assert 'href="/c/tanjong-bolts/listings/"' in guide


def test_a_stranger_is_led_to_the_desk(client: Client) -> None:
    guide = client.get("/en/help/list-a-product/").content.decode()
    assert 'href="/desk/"' in guide
    assert "/c/" not in guide.split("<main", 1)[1].split("</main>", 1)[0]


@pytest.mark.parametrize(
    ("language", "q", "first"),
    [
        ("en", "import spreadsheet", "import-a-file"),
        ("en", "PARKED delivery", "replay-a-parked-delivery"),
        ("zh-hans", "导入文件", "import-a-file"),
        ("zh-hans", "清点到货破损", "count-what-arrives"),
        ("en", "refuse an order", "answer-an-order"),
    ],
)
def test_guides_are_found_by_words(client: Client, language: str, q: str, first: str) -> None:
    page = client.get(f"/{language}/help/", {"q": q}).content.decode()
    found = page.split('id="found"', 1)[1]
    assert re.search(r'href="/[\w-]+/help/([\w-]+)/"', found)[1] == first


def test_terms_are_found_by_words(client: Client) -> None:
    page = client.get("/en/help/", {"q": "MOQ"}).content.decode()
    assert 'id="moq"' in page


@pytest.mark.parametrize("q", ["xyzzy", "\0", "<script>alert(1)</script>", "手" * 5000, "%", "a" * 5000])
def test_words_that_nothing_has_are_no_fault(client: Client, q: str) -> None:
    response = client.get("/en/help/", {"q": q})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_an_unknown_guide_is_nothing(client: Client) -> None:
    assert client.get("/en/help/no-such-guide/").status_code == 404


def test_a_page_leads_to_the_guide_about_it(client: Client) -> None:
    alice = factories.sign_in(client, factories.alice())
    page = alice.get("/c/tanjong-bolts/listings/").content.decode()
    assert "/help/list-a-product/" in page
    assert "/en/help/find-and-order/" in client.get(reverse("search")).content.decode()


def test_the_footer_leads_to_help(client: Client) -> None:
    assert 'href="/en/help/"' in client.get("/en/").content.decode()
    assert 'href="/zh-hans/help/glossary/"' in client.get("/zh-hans/").content.decode()
