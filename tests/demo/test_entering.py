"""The demo's way in: one click makes a visitor any of its people, and nothing of it exists where this is no demo."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.models import User
from orders.services import put_in_cart
from sme_hub.demo.loading.cast import load_cast
from sme_hub.demo.parts import FIRST_SELLER, all_parts, part_named
from sme_hub.demo.steps import steps_of
from sme_hub.demo.trial import Trial
from tests import factories
from tests.around import for_the_module
from tests.catalog.factories import a_product
from tests.documents.factories import deliver
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db

PAGES = ("demo", "try_it")


def a_cast() -> list[dict[str, str]]:
    with TemporaryDirectory() as folder:
        accounts = Path(folder) / "accounts.json"
        load_cast(accounts)
        return json.loads(accounts.read_text())


cast_of_module = for_the_module(a_cast)


@pytest.fixture
def cast(cast_of_module: list[dict[str, str]], db: None) -> list[dict[str, str]]:
    """The accounts of the demo, without goods and orders."""
    return cast_of_module


def enter(client: Client, code: str, **more: str) -> str:
    """Be that person; returns where it led."""
    response = client.post(reverse("demo_enter"), {"who": code, **more})
    assert response.status_code == 302, code
    return response["Location"]


def who_is_in(client: Client) -> str:
    return User.objects.get(pk=client.session["_auth_user_id"]).email


def test_before_the_demo_is_loaded_it_says_so(client: Client) -> None:
    assert enter(client, "seller") == reverse("demo")
    assert "still being loaded" in client.get(reverse("demo")).content.decode()


def test_there_is_a_card_for_every_account_and_an_account_for_every_card(cast: list[dict[str, str]]) -> None:
    assert {part.email for part in all_parts()} == {account["email"] for account in cast}
    by_email = {account["email"]: account for account in cast}
    for part in all_parts():
        assert (part.name, part.company) == (by_email[part.email]["name"], by_email[part.email]["company"])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_one_click_makes_a_visitor_any_of_them(
    client: Client, cast: list[dict[str, str]], language: str
) -> None:
    page = client.get(f"/{language}/demo/").content.decode()
    for part in all_parts():
        assert f'value="{part.code}"' in page
        client.get(f"/{language}/demo/")
        assert enter(client, part.code) == reverse("desk")
        assert who_is_in(client) == part.email
        home = client.get(reverse("desk"), follow=True)
        assert home.status_code == 200
        assert part.name in home.content.decode(), "the bar says who one is"
        assert language == home.wsgi_request.LANGUAGE_CODE, "the language that was read goes along"


def test_the_sign_in_page_has_the_cards_and_leads_on_where_one_was_going(
    client: Client, cast: list[dict[str, str]]
) -> None:
    wanted = f"/c/{FIRST_SELLER}/orders/"
    page = client.get(wanted, follow=True).content.decode()
    assert 'value="seller"' in page and f'name="next" value="{wanted}"' in page
    assert enter(client, "seller", next=wanted) == wanted


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\0"])
def test_it_leads_nowhere_else(client: Client, cast: list[dict[str, str]], address: str) -> None:
    assert enter(client, "seller", next=address) == reverse("desk")


def test_nobody_else_can_be_entered_as(client: Client, cast: list[dict[str, str]]) -> None:
    alice = factories.alice()
    for who in ("", "nobody", alice.user.email, "officer@programme.example"):
        assert client.post(reverse("demo_enter"), {"who": who}).status_code == 404
    assert client.get(reverse("demo_enter")).status_code == 405
    assert "_auth_user_id" not in client.session


def test_a_page_from_elsewhere_enters_as_nobody(cast: list[dict[str, str]]) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("demo_enter"), {"who": "seller"}).status_code == 403
    client.get(reverse("demo"))
    token = client.cookies["csrftoken"].value
    sent = client.post(reverse("demo_enter"), {"who": "seller", "csrfmiddlewaretoken": token})
    assert sent.status_code == 302 and who_is_in(client) == part_named("seller").email


def test_where_this_is_no_demo_there_is_no_way_in(
    client: Client, cast: list[dict[str, str]], settings: pytest.FixtureRequest
) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("demo_enter"), {"who": "seller"}).status_code == 404
    assert "_auth_user_id" not in client.session
    for page in (reverse("account_login"), reverse("home")):
        html = client.get(page).content.decode()
        assert "demo_enter" not in html and reverse("demo_enter") not in html and "frame-demo" not in html
    factories.sign_in(client, factories.alice())
    assert "frame-demo" not in client.get(reverse("desk"), follow=True).content.decode()
    client.force_login(User.objects.get(email=part_named("officer").email))
    assert "frame-demo" not in client.get("/operator/").content.decode()


def test_changing_persons_leaves_nothing_of_the_one_before(
    client: Client, cast: list[dict[str, str]]
) -> None:
    enter(client, "seller")
    client.get(reverse("desk"), follow=True)
    enter(client, "buyer")
    assert client.session.get("company") is None
    assert client.get(f"/c/{FIRST_SELLER}/").status_code == 404
    assert client.session["demo_trial"]["companies"] == [FIRST_SELLER, part_named("buyer").company]


# --- the eight steps -------------------------------------------------------------------------------------------------


def ticked(trial: Trial) -> list[bool]:
    return [step.done for step in steps_of(trial)]


def test_the_steps_tick_themselves_off_by_what_is_done(client: Client) -> None:
    alice, bo = factories.alice(), factories.bo()
    began = timezone.now()
    trial = Trial(began).joined_by(alice.company.slug).joined_by(bo.company.slug)
    assert ticked(trial) == [False] * 8
    product = a_product(seller=alice, now=began)
    assert ticked(trial) == [True, True, *[False] * 6]
    put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(10), now=timezone.now())
    assert ticked(trial) == [True] * 4 + [False] * 4
    order = deals.a_confirmed_order(product, now=timezone.now())
    assert ticked(trial) == [True] * 6 + [False] * 2
    deliver()
    assert ticked(trial) == [True] * 7 + [False]
    sent = deals.a_despatch(order, {1: 4}, now=timezone.now())
    assert not ticked(trial)[-1]
    deals.a_receipt(sent, {1: 4}, now=timezone.now())
    assert ticked(trial) == [True] * 8
    assert ticked(Trial(timezone.now(), trial.companies)) == [False] * 8, "what was before does not count"
    assert ticked(Trial(began, ("somebody-else",))) == [False] * 8, "nor what others did"
