"""An act asks who somebody is: they are shown the way to their city's issuer, come back to what they had filled in, and go on."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import interrupted, services
from identity.actors import Member
from identity.connectors.issuers import wire
from identity.models import BankAccountChange, Proof
from identity.states import Purpose
from kernel.models import Event
from orders.models import CartLine, Order
from orders.services import put_in_cart
from orders.states import OrderState
from tests import factories as people
from tests.catalog.factories import a_product
from tests.identity import cities, recognised
from tests.orders.factories import NOW, an_order
from tests.orders.test_pages import at, checkout_of, fields_of
from tests.simulators.issuers import TestIssuer, running

PERSON = "lee-kah-yee"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestIssuer]:
    folder = tmp_path_factory.mktemp("issuers")
    with running("corppass_fapi", folder, hub_keys=cities.hub_keys, code="sg") as issuer:
        yield issuer


@pytest.fixture
def city(db: None, server: TestIssuer, settings: Any) -> Any:
    """The Singapore issuer, recognised for orders and for changes of the account; orders ask for it."""
    settings.BASE_URL = "http://testserver"
    cities.publish()
    server.behaves()
    server.desk.hub.forget()
    wire._breaker.cache_clear()
    issuer = cities.known(server)
    for purpose in (Purpose.ORDER, Purpose.CHANGE_BANK_ACCOUNT):
        recognised.policy(issuer, purpose)
    recognised.enforced(Purpose.ORDER)
    return issuer


@pytest.fixture
def lee(db: None) -> Member:
    return people._settled(cities.lee())


@pytest.fixture
def screen(lee: Member) -> Client:
    return cities.signed_in(lee)


def to_the_checkout(screen: Client, buyer: Member, **changes: Any) -> tuple[str, dict[str, Any]]:
    seller = people.alice()
    product = a_product(seller=seller, stock=100)
    put_in_cart(actor=buyer, product=product.public_id, quantity=Decimal(10), now=NOW)
    return checkout_of(screen, buyer, seller, **({"order": "1"} | changes))


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def shown(screen: Client, page: str, code: str = "sg") -> Any:
    """By the page's own link to the issuer, through it, and back."""
    found = re.search(rf'href="(/accounts/issuers/{code}/login/[^"]*)"', screen.get(page).content.decode())
    assert found, "the page leads to the issuer"
    query = dict(parse_qsl(urlsplit(html.unescape(found[1])).query))
    assert query["next"] == page
    return screen.get(cities.leaves(screen, code, PERSON, cities.TUAS, **query))


def sent_again(screen: Client, page: str) -> Any:
    """By the one button of the page."""
    content = screen.get(page).content.decode()
    form = re.search(r'<form method="post" action="(/c/[^"]*)">.*?</form>', content, re.DOTALL)
    assert form, "the form is there again"
    fields = {name: [html.unescape(value) for value in values] for name, values in fields_of(form[0]).items()}
    assert fields.pop("csrfmiddlewaretoken")
    return screen.post(html.unescape(form[1]), fields)


def test_who_shows_their_identity_comes_back_to_the_filled_checkout(
    screen: Client, lee: Member, city: Any
) -> None:
    note = 'Gate 7, "ring twice"\nsecond line & <more>'
    url, sent = to_the_checkout(screen, lee, po_number="PO-77", note=note)
    answer = screen.post(url, sent, headers={"Referer": f"http://testserver{url}"})
    page = answer["Location"]
    assert answer.status_code == 302 and page.startswith("/accounts/show/")
    assert not Order.objects.exists() and CartLine.objects.exists()
    words = text_of(screen.get(page))
    assert (
        "Place an order, or agree to its freight" in words
        and "rank 2 of 4" in words
        and "Tuas Safety" in words
    )
    assert "Simulated sg" in words and "label-sim" in words and f'{url}"' in words
    assert "filling the cart" in words and "PO-77" not in words
    answer = shown(screen, page)
    assert answer["Location"] == page
    words = text_of(screen.get(page))
    assert "You have shown who you are" in words and "/accounts/issuers/" not in words
    answer = sent_again(screen, page)
    order = Order.objects.get()
    assert answer["Location"] == at("order", lee, order=order.public_id)
    assert (order.po_number, order.note.replace("\r", "")) == ("PO-77", note)
    assert order.state == OrderState.PLACED and not CartLine.objects.exists()
    kept = Event.objects.get(name="OrderPlaced").payload["assurance"]
    assert kept["rank"] == 3 and kept["proofs"] == [Proof.objects.get().pk]
    again = sent_again(screen, page)
    assert again["Location"] == answer["Location"] and Order.objects.count() == 1, "nothing is doubled"


def test_cart_and_checkout_say_beforehand_what_ordering_needs_and_who_is_known_is_not_told_twice(
    screen: Client, lee: Member, city: Any
) -> None:
    """For a company that nobody has proved, for a colleague whom nobody knows, for whoever is known, and after showing it."""
    url, sent = to_the_checkout(screen, lee)
    colleague = people.sign_in(Client(), people.a_colleague(lee, "buyer"))

    def told(client: Client) -> str:
        page = client.get(url).content.decode()
        assert ('id="asked-of"' in page) == ('id="asked-of"' in client.get(at("cart", lee)).content.decode())
        found = re.search(r'id="asked-of".*?</div></div>', page, re.DOTALL)
        return html.unescape(found[0]) if found else ""

    assert "No identity of its city proves your company yet" in told(screen) and "Simulated sg" in told(
        screen
    )
    identity = recognised.identity(lee.user, city)
    recognised.bound(lee, identity)
    assert "you sign in once with your city’s identity" in told(screen)
    assert "A colleague’s identity proves your company" in told(colleague)
    lacks = "You have shown no identity in this session"
    assert lacks in text_of(screen.get(at("token_new", lee)))
    services.note_proof(
        user=lee.user,
        identity=identity,
        level_code=recognised.LOA2,
        digest=identity.assertion_digest,
        auth_time=timezone.now(),
        session=services.session_hash(screen.session.session_key),
        now=timezone.now(),
    )
    assert told(screen) == "" and lacks not in text_of(screen.get(at("token_new", lee)))
    lee.user.language = "zh-hans"
    lee.user.save()
    recognised.eased(Purpose.ORDER)
    assert told(colleague) == ""
    moment = timezone.now() + timedelta(days=9)
    officer = recognised.officer
    services.enforce_requirement(
        actor=officer("olive"), purpose=Purpose.ORDER, reason="Announced", from_at=moment, now=timezone.now()
    )
    services.confirm_requirement(actor=officer("peter"), purpose=Purpose.ORDER, now=timezone.now())
    assert "起，下单须出示身份" in told(screen)
    assert "From " in told(colleague) and "on, ordering asks who you are" in told(colleague)
    assert screen.post(url, sent)["Location"].startswith("/c/"), "until then nothing is asked"


def test_in_chinese_as_well(screen: Client, lee: Member, city: Any) -> None:
    url, sent = to_the_checkout(screen, lee)
    page = screen.post(url, sent)["Location"]
    lee.user.language = "zh-hans"
    lee.user.save()
    words = text_of(screen.get(page))
    assert "请出示您的身份" in words and "下单或同意运费" in words and "模拟 sg" in words


def test_what_was_filled_in_is_unreadable_in_the_database_and_gone_after_a_quarter_of_an_hour(
    screen: Client, lee: Member, city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, sent = to_the_checkout(screen, lee, po_number="PO-SECRET-7")
    page = screen.post(url, sent)["Location"]
    session = Session.objects.get(session_key=screen.session.session_key).get_decoded()
    assert interrupted.KEPT in session and "PO-SECRET-7" not in str(session)
    stranger = people.sign_in(Client(), people.charlie())
    assert stranger.get(page).status_code == 404, "in another browser there is nothing"
    later = timezone.now() + interrupted.TIME + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = screen.get(page)
    assert answer.status_code == 404 and "Nothing waits here" in text_of(answer)
    monkeypatch.undo()
    assert not screen.session[interrupted.KEPT] and screen.get(page).status_code == 404


def test_what_was_shown_before_and_does_not_count_is_said(screen: Client, lee: Member, city: Any) -> None:
    """The identity proves another company: it was shown, and is not enough."""
    url, sent = to_the_checkout(screen, lee)
    page = screen.post(url, sent)["Location"]
    identity = recognised.identity(lee.user, city)
    services.note_proof(
        user=lee.user,
        identity=identity,
        level_code=recognised.LOA2,
        digest=identity.assertion_digest,
        auth_time=timezone.now(),
        session=services.session_hash(screen.session.session_key),
        now=timezone.now(),
    )
    assert "does not prove this company" in text_of(screen.get(page))


def test_where_nobody_is_recognised_the_page_says_so_and_shows_what_stays_open(
    screen: Client, lee: Member, city: Any
) -> None:
    services.suspend_issuer(
        actor=recognised.officer("olive"), issuer=city, reason="Keys lost", now=timezone.now()
    )
    url, sent = to_the_checkout(screen, lee)
    for page in (url, at("cart", lee)):
        words = text_of(screen.get(page))
        assert "Ordering asks who you are" in words and "nobody can order for your company" in words
    words = text_of(screen.get(screen.post(url, sent)["Location"]))
    assert "No identity is recognised for this act at present" in words and "filling the cart" in words
    assert "/accounts/issuers/" not in words and not Order.objects.exists()
    assert screen.get(url).status_code == 200, "cart and checkout stay open"


def test_a_button_without_a_form_and_a_form_behind_a_password_lead_the_same_way(
    db: None, settings: Any
) -> None:
    alice = people.alice()
    screen = people.show_again(people.sign_in(Client(), alice))
    recognised.enforced(Purpose.ISSUE_DOCUMENT, Purpose.CHANGE_BANK_ACCOUNT)
    order = an_order()
    act = at("order_accept", alice, order=order.public_id)
    for headers, key in (({}, "Location"), ({"HX-Request": "true"}, "HX-Redirect")):
        answer = screen.post(act, headers=headers)
        assert answer[key].startswith("/accounts/show/")
    order.refresh_from_db()
    assert order.state == OrderState.PLACED
    account = {"beneficiary": alice.company.legal_name, "bank_name": "DBS", "bic": "DBSSSGSG"}
    answer = screen.post(at("bank_set", alice, currency="SGD"), account | {"account_number": "0720099887"})
    page = answer["Location"]
    assert "Change where money is paid" in text_of(screen.get(page))
    assert not BankAccountChange.objects.exists()
    recognised.eased(Purpose.CHANGE_BANK_ACCOUNT)
    words = text_of(screen.get(page))
    assert "This is not asked for any more" in words and "/accounts/issuers/" not in words
    assert "Back to the page" in words or "Go on:" in words
    answer = screen.post(at("bank_set", alice, currency="SGD"), account | {"account_number": "0720099887"})
    assert answer["Location"] == at("bank_change", alice, change=BankAccountChange.objects.get().public_id)


def test_files_and_what_is_too_large_are_not_kept(rf: Any, db: None) -> None:
    alice = people.alice()

    def kept(**sent: Any) -> Any:
        request = rf.post("/c/tanjong-bolts/x/", sent)
        request.actor, request.session = alice, {}
        key = interrupted.keep(request, purpose=Purpose.ORDER, now=NOW)
        return interrupted.find(request.session, key, NOW)

    assert kept(note="short", csrfmiddlewaretoken="x").fields == [("note", "short")]
    assert kept(note="short", csrfmiddlewaretoken="x").back == reverse("desk")
    assert kept(note="x" * interrupted.LARGEST).fields is None
    assert kept(file=SimpleUploadedFile("a.pdf", b"%PDF")).fields is None
