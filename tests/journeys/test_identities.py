"""Two owners, each with the identity of their own city, through the pages of the simulated issuers.

The Singapore owner reads English at a desk, the Shenzhen owner Chinese on a phone. Acts ask who they are: they connect and sign
in, link, are asked when they order and when they sign, and are stopped once what they rested on is taken away.
"""

from __future__ import annotations

import email
import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import BrowserContext, expect

from disputes.models import Case, Signature
from disputes.states import CaseState
from financing.models import Offer
from financing.states import OfferState
from footing.simulators import BANK, ISSUERS
from identity import services
from identity.actors import Member, token_actor
from identity.models import (
    ApiToken,
    BankAccount,
    BankAccountChange,
    Company,
    EntityBinding,
    ExternalIdentity,
    IdentityLink,
    Issuer,
    Proof,
    User,
)
from identity.services.assurance import FreshProofNeeded
from identity.services.enforcing import GUARDED
from identity.states import LinkState, Purpose, Role
from kernel.models import Event
from orders.models import Order
from orders.services import accept_order, put_in_cart
from orders.states import OrderState
from sme_hub.demo.loading.asking import end_of_stories
from sme_hub.demo.loading.recognising import recognise
from tests import factories as people
from tests.catalog.factories import a_product
from tests.disputes.factories import a_case_in
from tests.financing.factories import a_bank
from tests.identity import recognised
from tests.identity.canaries import everything_kept, everything_stored, found_in
from tests.identity.cities import SONGGANG, TUAS
from tests.journeys.conftest import LOCALES, MILLISECONDS, SCREENS
from tests.journeys.pages import Person
from tests.journeys.test_offer import an_order_on_credit
from tests.journeys.test_security import looks_well, signs_out
from tests.stack import Stack


@dataclass(frozen=True)
class City:
    code: str
    #: who acts there for the company of these stories
    seat: str
    #: somebody whom nobody here knows
    stranger: str
    agree: str


SINGAPORE = City("corppass-demo", f"lee-kah-yee {TUAS}", "vincent-teo 201699914D", "Agree and continue")
SHENZHEN = City("guangdong-demo", f"xu-jiahui {SONGGANG}", "zheng-haitao 91440306MA5DEM0124", "同意并继续")
#: who proves people alone
BY_NAME_ALONE = City("singpass-demo", "siti-nuraini ", "wong-jun-kai ", "Agree and continue")
#: the Shenzhen owner in Singapore, for a company that is not here
BOTH = "xu-jiahui 202199958E"
#: the Singapore owner in Shenzhen, for another company that is not here
HERSELF = "li-jiayi 91440300MA5DEM9009"
#: who keeps the Singapore company's accounts: two persons
JOANNA, VIKRAM = f"joanna-lim {TUAS}", f"vikram-das {TUAS}"


@pytest.fixture(scope="module")
def cities(stack: Stack) -> Iterator[Stack]:
    """Both issuers up and recognised as in the demo; every guarded act asks; the owners' companies are on the registers."""
    stack.start(*ISSUERS)
    for member, number in ((people.alice(), TUAS), (people.bo(), SONGGANG)):
        Company.objects.filter(pk=member.company_id).update(registration_number=number)
    recognise(timezone.now())
    a_bank(BANK)
    on_credit = an_order_on_credit()
    accept_order(actor=people.alice(), order=on_credit.public_id, now=timezone.now())
    recognised.enforced(*GUARDED)
    yield stack


@pytest.fixture
def arrives(cities: Stack, new_context: Callable[..., BrowserContext]) -> Callable[[str, str], Person]:
    def arrive(language: str, screen: str) -> Person:
        options: dict[str, Any] = SCREENS[screen]
        context = new_context(base_url=cities.url, locale=LOCALES[language], **options)
        context.set_default_timeout(MILLISECONDS)
        return Person(context.new_page(), language)

    return arrive


# --- what they do ----------------------------------------------------------------------------------------------------


def issuer_named(city: City, language: str) -> str:
    issuer = Issuer.objects.get(code=city.code)
    return issuer.name_zh if language == "zh-hans" else issuer.name_en


def signs_in(person: Person, member: Member) -> None:
    person.goes_to(f"/{person.language}/accounts/login/")
    person.fills_in(login=member.user.email, password=people.PASSWORD)
    person.presses("Sign in")
    person.page.wait_for_url(re.compile("/c/|/desk/"))


def signs_in_by(person: Person, city: City) -> None:
    """Without a password, and on to where they were going."""
    person.goes_to(f"/{person.language}/accounts/login/?next=/inbox/")
    person.page.locator(f'a[href*="/issuers/{city.code}/"]').click()
    chooses(person, city, city.seat)
    person.page.wait_for_url(re.compile("/inbox/"))


def chooses(person: Person, city: City, seat: str) -> None:
    """On the issuer's own pages, which say that they are a simulator's."""
    page = person.page
    page.wait_for_url(re.compile(re.escape(settings.ISSUERS[city.code]["iss"]) + "/login"))
    expect(page.locator("main")).to_contain_text("Simulator · 模拟系统")
    page.locator(f'input[value="{seat}"]').check()
    page.locator("button.main").click()
    first = SHENZHEN if person.language == "zh-hans" else SINGAPORE
    page.get_by_role("button", name=first.agree).click()


def connects(person: Person, member: Member, city: City) -> None:
    person.goes_to(f"/{person.language}/accounts/security/")
    name = issuer_named(city, person.language)
    person.page.locator("li", has_text=name).get_by_role("link").click()
    looks_well(person, "what is kept of an identity")
    person.follows("I agree: go on")
    chooses(person, city, city.seat)
    person.reads("Account security")
    told = person.says("%(issuer)s is connected to your account.", issuer=name)
    expect(person.page.locator("body")).to_contain_text(told)
    looks_well(person, "what guards the account")
    assert EntityBinding.objects.get(identity__user=member.user).company_id == member.company_id


def shows(person: Person, city: City, seat: str) -> None:
    """Asked, they go there and come back to one button."""
    person.reads("Show who you are")
    person.page.locator(f'main a[href*="/issuers/{city.code}/"]').click()
    chooses(person, city, seat)
    person.reads("You have shown who you are")


def shows_for_the_first_time(person: Person, seat: str) -> None:
    """As `shows`, in Singapore, by somebody who connects the identity by it."""
    person.reads("Show who you are")
    person.page.locator(f'main a[href*="/issuers/{SINGAPORE.code}/"]').click()
    person.follows("I agree: go on")
    chooses(person, SINGAPORE, seat)
    person.reads("You have shown who you are")


def goes_on(person: Person, purpose: str) -> None:
    with translation.override("en"):
        act = str(Purpose(purpose).label)
    person.presses("Go on: %(act)s", act=person.says(act))


def links(person: Person, *sides: tuple[City, str, bool]) -> None:
    """By their seats at both issuers, of whom one may be new; up to the consent."""
    person.goes_to(f"/{person.language}/accounts/identities/")
    person.presses("Begin")
    for city, seat, is_new in sides:
        person.page.wait_for_url("**/identities/link/lnk_*/")
        person.follows("Sign in there")
        if is_new:
            person.follows("I agree: go on")
        chooses(person, city, seat)
    person.presses("I agree: link them")


def officers_accept(person: Person, member: Member) -> IdentityLink:
    """Both see the names, and say that it is one person."""
    person.sees(
        "Two officers look at it: the names that the two issuers gave do not settle that it is one person. What they decide stands here."
    )
    link = IdentityLink.objects.get(user=member.user, state=LinkState.MATCHED)
    for name in ("olive", "peter"):
        officer = recognised.officer(name)
        link = services.decide_link(
            actor=officer, link=link, accepted=True, reason="Seen", now=timezone.now()
        )
    person.looks_again()
    person.sees("Your two identities are linked.")
    return link


def checks_out(person: Person, buyer: Member, seller: Member, po_number: str) -> None:
    product = a_product(seller=seller, stock=100, now=timezone.now())
    put_in_cart(actor=buyer, product=product.public_id, quantity=Decimal(10), now=timezone.now())
    person.goes_to(reverse("checkout", args=[buyer.company.slug, seller.company.slug]))
    person.fills_in(incoterm="FCA", place="Singapore", payment_terms="net_30", po_number=po_number)


def gives_the_password(person: Person) -> None:
    """Whoever gave it minutes ago is asked once more; a quick story comes in time."""
    person.page.wait_for_load_state()
    if "/reauthenticate/" in person.page.url:
        person.fills_in(password=people.PASSWORD)
        person.page.locator("main form button").first.click()


def rested_on(event: str) -> list[str]:
    """Which issuers vouched for whoever did the last act of this name."""
    kept = Event.objects.filter(name=event).latest("pk").payload["assurance"]
    assert kept["rank"] >= 2
    shown = Proof.objects.filter(pk__in=kept["proofs"])
    return sorted(set(shown.values_list("identity__issuer__code", flat=True)))


# --- the walks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "screen", "city"), [("en", "desk", SINGAPORE), ("zh-hans", "phone", SHENZHEN)]
)
def test_a_stranger_is_told_to_sign_in_by_e_mail_first(
    arrives: Callable[[str, str], Person], language: str, screen: str, city: City
) -> None:
    person = arrives(language, screen)
    before = User.objects.count(), ExternalIdentity.objects.count()
    person.goes_to(f"/{language}/accounts/login/")
    looks_well(person, "the sign-in page")
    person.page.locator(f'a[href*="/issuers/{city.code}/"]').click()
    chooses(person, city, city.stranger)
    person.reads("You are not signed in")
    person.sees("Nothing was changed and no account was made.")
    looks_well(person, "the page that says why")
    person.follows("Sign in by e-mail")
    person.reads("Sign in")
    assert (User.objects.count(), ExternalIdentity.objects.count()) == before
    assert person.failures == []


@pytest.mark.parametrize(
    ("language", "screen", "seat"),
    [("en", "phone", BY_NAME_ALONE.seat), ("zh-hans", "desk", BY_NAME_ALONE.stranger)],
)
def test_a_person_of_singapore_signs_in_as_themselves(
    arrives: Callable[[str, str], Person], language: str, screen: str, seat: str
) -> None:
    """They connect the identity that proves them alone, and come back by it without a password."""
    person, city = arrives(language, screen), replace(BY_NAME_ALONE, seat=seat)
    siti = people.a_colleague(people.alice(), Role.SELLER, email=f"{language}@bolts.example")
    signs_in(person, siti)
    person.goes_to(f"/{language}/accounts/security/")
    name = issuer_named(city, language)
    person.page.locator("li", has_text=name).get_by_role("link").click()
    person.follows("I agree: go on")
    chooses(person, city, seat)
    person.reads("Account security")
    person.sees(
        "It proves you alone, and no company. What binds a company asks for an identity by which you act for it as well."
    )
    looks_well(person, "an identity that proves a person alone")
    assert not EntityBinding.objects.filter(identity__user=siti.user).exists()
    signs_out(person)
    signs_in_by(person, city)
    assert person.failures == []


def test_money_goes_where_two_persons_say_and_is_accepted_by_who_has_shown_who_they_are(
    arrives: Callable[[str, str], Person], cities: Stack
) -> None:
    """Both keep accounts, and come by their passwords alone."""
    alice = people.alice()
    one, two = (people.a_colleague(alice, Role.FINANCE, email=f"{name}@bolts.example") for name in "jv")
    joanna, vikram = arrives("en", "desk"), arrives("en", "phone")

    # one asks for another account: the password once more, then the identity, and what she typed is as she left it
    signs_in(joanna, one)
    joanna.goes_to(reverse("bank_set", args=[alice.company.slug, "SGD"]))
    joanna.fills_in(bank_name="DBS", bic="DBSSSGSG", account_number="0720099887")
    joanna.presses("Save the account")
    gives_the_password(joanna)
    shows_for_the_first_time(joanna, JOANNA)
    assert not BankAccountChange.objects.exists()
    goes_on(joanna, Purpose.CHANGE_BANK_ACCOUNT)
    joanna.sees("The change waits for a second person. All owners are told by mail.")
    change = BankAccountChange.objects.get()
    assert (change.account_number, change.asked_by) == ("0720099887", one.user)
    assert rested_on("BankChangeAsked") == [SINGAPORE.code]

    # the other accepts an offer of finance: asked for his identity, and back to the ticked form
    cities.wait_until(Offer.objects.exists, what="a bank offers")
    offer = Offer.objects.get()
    signs_in(vikram, two)
    vikram.goes_to(reverse("finance_offer", args=[alice.company.slug, offer.public_id]))
    vikram.fills_in(sure=True)
    vikram.page.locator("main form.form button.button-main").click()
    shows_for_the_first_time(vikram, VIKRAM)
    assert Offer.objects.get().state == OfferState.OFFERED
    goes_on(vikram, Purpose.ACCEPT_FINANCE)
    vikram.sees("The offer is accepted. The bank is being told.")
    assert rested_on("OfferAccepted") == [SINGAPORE.code]

    # and is the second person, by the identity that he has shown
    vikram.goes_to(reverse("bank_change", args=[alice.company.slug, change.public_id]))
    vikram.presses("Confirm this account")
    gives_the_password(vikram)
    vikram.sees(
        "From now on you are paid in %(currency)s to this account. All owners are told by mail.",
        currency="SGD",
    )
    assert rested_on("BankAccountSet") == [SINGAPORE.code]
    assert (
        BankAccount.objects.standing().get(company=alice.company, currency="SGD").account_number
        == "0720099887"
    )
    assert joanna.failures == vikram.failures == []


def test_two_owners_are_known_in_both_cities_until_what_they_rest_on_is_taken_away(
    arrives: Callable[[str, str], Person], cities: Stack
) -> None:
    alice, bo = people.alice(), people.bo()
    seller, buyer = arrives("en", "desk"), arrives("zh-hans", "phone")

    # before anybody of the company is known, the cart is open and the checkout says what ordering needs
    signs_in(buyer, bo)
    checks_out(buyer, bo, alice, "PO-77")
    buyer.sees(
        "No identity of its city proves your company yet. Looking around, asking sellers and the cart stay open to you."
    )
    looks_well(buyer, "the checkout of a company without an identity")

    # each connects the identity of their own city, and signs in by it
    for person, member, city in ((seller, alice, SINGAPORE), (buyer, bo, SHENZHEN)):
        if person is seller:
            signs_in(person, member)
        connects(person, member, city)
        signs_out(person)
        signs_in_by(person, city)

    # signed in by her own city, whose second signature (SM2) was looked at, she orders without another question
    checks_out(buyer, bo, alice, "PO-76")
    buyer.presses("Place order")
    buyer.sees("The seller accepts or refuses the order.")
    assert Order.objects.filter(po_number="PO-76").exists() and rested_on("OrderPlaced") == [SHENZHEN.code]

    # she links her identities of both cities, whose names only sound alike: two fresh sign-ins, a consent, two officers
    links(buyer, (SINGAPORE, BOTH, True), (SHENZHEN, SHENZHEN.seat, False))
    link = officers_accept(buyer, bo)

    # by her password alone she has shown nothing: ordering asks, Singapore vouches for her, and the form is as she left it
    signs_out(buyer)
    signs_in(buyer, bo)
    checks_out(buyer, bo, alice, "PO-77")
    buyer.sees(
        "When you place the order you sign in once with your city’s identity, and come back to everything as you filled it in."
    )
    buyer.fills_in(note="七号门")
    buyer.presses("Place order")
    looks_well(buyer, "the page that asks who somebody is")
    assert not Order.objects.filter(po_number="PO-77").exists()
    shows(buyer, SINGAPORE, BOTH)
    looks_well(buyer, "the page that leads back")
    goes_on(buyer, Purpose.ORDER)
    buyer.sees("The seller accepts or refuses the order.")
    order = Order.objects.latest("pk")
    assert (order.po_number, order.note) == ("PO-77", "七号门")
    assert rested_on("OrderPlaced") == [SINGAPORE.code]

    # a program carries what she has shown in this session: it orders, and signs nothing
    second = orders_by_program(buyer, cities, bo, alice)
    program = token_actor(timezone.now(), pk=ApiToken.objects.get(name="ERP").pk)
    with pytest.raises(FreshProofNeeded):
        services.guard(actor=program, purpose=Purpose.SIGN_SETTLEMENT, now=timezone.now())

    # the seller signed in by his identity: his papers are issued without another question
    accepts(seller, order)
    seller.sees("The order is confirmed.")
    assert rested_on("OrderConfirmed") == [SINGAPORE.code]

    # she links as well: the two issuers write her name differently
    links(seller, (SINGAPORE, SINGAPORE.seat, False), (SHENZHEN, HERSELF, True))
    officers_accept(seller, alice)

    # a settlement wants it within five minutes: in a session begun by her password she is asked anew
    case = a_case_in(CaseState.SIGNING, order, now=end_of_stories(timezone.now()))
    signs_out(buyer)
    signs_in(buyer, bo)
    buyer.goes_to(f"/c/{bo.company.slug}/cases/{case.public_id}/")
    buyer.fills_in(name="徐佳慧")
    buyer.presses("Sign the terms")
    gives_the_password(buyer)
    buyer.reads("Show who you are")
    assert "5" in buyer.text and not Signature.objects.exists()
    shows(buyer, SINGAPORE, BOTH)
    goes_on(buyer, Purpose.SIGN_SETTLEMENT)
    gives_the_password(buyer)
    buyer.sees("Your signature is recorded.")
    expect(buyer.page.locator("main")).to_contain_text("按第 3 级（共 4 级）计")
    assert rested_on("TermsSigned") == [SINGAPORE.code]

    # she takes the link back: what Singapore says of her proves her company no longer, and the next order stops
    buyer.goes_to(f"/zh-hans/accounts/identities/link/{link.public_id}/")
    buyer.presses("Take the link back")
    buyer.page.locator("dialog[open] button.button-danger, dialog[open] button[type=submit]").first.click()
    buyer.sees("The link was taken back. What was signed before keeps its evidence.")
    checks_out(buyer, bo, alice, "PO-79")
    buyer.presses("Place order")
    buyer.reads("Show who you are")
    buyer.sees(
        "What you showed in this session is not enough for this act, or does not prove this company. Use another identity that is recognised for it."
    )

    # officers suspend both issuers: the next acts of both stop, and say why
    for issuer in Issuer.objects.order_by("pk"):
        services.suspend_issuer(
            actor=recognised.officer("olive"), issuer=issuer, reason="Keys lost", now=timezone.now()
        )
    accepts(seller, second)
    seller.reads("Show who you are")
    for person in (seller, buyer):
        person.looks_again()
        person.sees(
            "No identity is recognised for this act at present, so nobody can do it for your company. The programme office knows more."
        )
        looks_well(person, "the page where nobody is recognised")
    second.refresh_from_db()
    assert second.state == OrderState.PLACED and not Order.objects.filter(po_number="PO-79").exists()

    # what was done keeps what it rested on
    assert (
        rested_on("TermsSigned")
        == rested_on("OrderConfirmed")
        == rested_on("OrderPlaced")
        == [SINGAPORE.code]
    )
    assert Signature.objects.get().name == "徐佳慧" and Case.objects.get().state == CaseState.SIGNING
    seller.goes_to(f"/c/{alice.company.slug}/cases/{case.public_id}/")
    expect(seller.page.locator("main")).to_contain_text("Identity shown at Corppass (simulated) on")
    assert seller.failures == buyer.failures == []


def orders_by_program(person: Person, stack: Stack, buyer: Member, seller: Member) -> Order:
    """With a token made on its page, as far as the API goes."""
    person.goes_to(reverse("token_new", args=[buyer.company.slug]))
    person.fills_in(name="ERP", roles="buyer")
    person.presses("Make the token")
    gives_the_password(person)
    secret = person.page.locator("#token-secret").inner_text()
    product = a_product(seller=seller, stock=100, now=timezone.now())
    body = {
        "seller": seller.company.slug,
        "lines": [{"product": product.public_id, "quantity": "10"}],
        "currency": "SGD",
        "incoterm": "FCA",
        "place": "Singapore",
        "payment_terms": "net_30",
    }
    own = buyer.company.addresses.get().public_id
    headers = {
        "Authorization": f"Bearer {secret}",
        "Idempotency-Key": "one",
        "Content-Type": "application/json",
    }
    content = json.dumps(body | {"bill_to": own, "ship_to": own}).encode()
    program = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    sent = urllib.request.Request(f"{stack.url}{reverse('api_orders')}", content, headers)
    with program.open(sent, timeout=30) as answer:
        placed: Order = Order.objects.fetch(json.load(answer)["id"])
    return placed


def accepts(person: Person, order: Order) -> None:
    person.goes_to(reverse("order", args=[order.seller.slug, order.public_id]))
    person.presses("Accept the order")


def test_no_number_of_theirs_and_no_subject_is_left_behind(cities: Stack, browser_name: str) -> None:
    """In the database, in the cache, in the log of any process, or in a letter. With `browser_name` it comes after the walks
    of this file."""
    assert SONGGANG in (kept := everything_kept(cities.env["REDIS_URL"]))
    assert found_in(kept) == set()
    stored = everything_stored(Path(settings.MEDIA_ROOT))
    assert "PO-77" in stored, "papers are read as their readers see them"
    assert found_in(stored) == set()
    logs, letters = cities.logs(), sorted(Path(settings.EMAIL_FILE_PATH).iterdir())
    assert {
        "web",
        "fast",
        "slow",
        "outside",
        "bank",
        *ISSUERS,
    } <= logs.keys() and letters
    written = logs | {letter.name: words_of(letter) for letter in letters}
    assert "" not in written.values()
    assert {name: found for name, text in written.items() if (found := found_in(text))} == {}


def words_of(file: Path) -> str:
    """Every part of the letters in it, as they are read."""
    letter = email.message_from_bytes(file.read_bytes())
    parts = [part.get_payload(decode=True) or b"" for part in letter.walk() if not part.is_multipart()]
    return "\n".join([*map(str, letter.values()), *(part.decode(errors="replace") for part in parts)])
