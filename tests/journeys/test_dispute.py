"""A quarrel about an order, to an award: claim, answer, mediator, consent, session, terms, signatures, the desk.

Real processes, the simulated arbitration desk among them, and a browser for each of the four people.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from disputes.models import Case, Official
from disputes.rules.consents import CODES
from disputes.rules.deadlines import day_of
from disputes.states import CaseState, OfficeKind
from identity.actors import Member
from kernel.models import Event
from orders import services as orders
from orders.models import Order
from tests import factories as people
from tests.catalog.factories import a_product
from tests.disputes.factories import appoint
from tests.journeys.conftest import LOCALES, MILLISECONDS, SCREENS
from tests.journeys.pages import PATIENCE, Person
from tests.orders.factories import a_request
from tests.stack import Stack

_numbers = itertools.count(1)


class Quarrel:
    """Four people, four browsers, one case."""

    def __init__(self, arrive: Callable[[], Person], language: str) -> None:
        number = next(_numbers)
        self.language = language
        self.seller_member, self.buyer_member = self._companies(number)
        self.order = self._order()
        self.buyer = self._signs_in(arrive(), self.buyer_member.user.email)
        self.seller = self._signs_in(arrive(), self.seller_member.user.email)
        self.manager = self._official(arrive(), OfficeKind.MANAGER, f"Marcus Lee {number}", number)
        self.mediator = self._official(arrive(), OfficeKind.MEDIATOR, f"Meera Nair {number}", number)

    # -- what was there before ------------------------------------------------------------------------

    def _companies(self, number: int) -> tuple[Member, Member]:
        seller = people.a_member(
            email=f"alice{number}@quarrel.example",
            name="Alice Tan",
            language=self.language,
            legal_name=f"Quarrel Bolts {number} Pte. Ltd.",
            country="SG",
            registration_number=people.a_uen(202200100 + number),
            sells=True,
        )
        buyer = people.a_member(
            email=f"bo{number}@quarrel.example",
            name="Bo Wen",
            language=self.language,
            legal_name=f"深圳市争议机械{number}有限公司",
            name_en=f"Quarrel Machinery {number} Co., Ltd.",
            country="CN",
            registration_number=people.a_uscc(f"91440305MA5QRR{number:03d}"),
        )
        people.an_address(buyer)
        people.a_bank_account(seller)
        return seller, buyer

    def _order(self) -> Order:
        now = timezone.now()
        product = a_product(seller=self.seller_member)
        request = a_request(product, buyer=self.buyer_member)
        order = orders.place_order(actor=self.buyer_member, request=request, now=now)
        return orders.accept_order(actor=self.seller_member, order=order.public_id, now=now)

    def _official(self, person: Person, kind: OfficeKind, name: str, number: int) -> Person:
        email = f"{kind}{number}@quarrel.example"
        user = people.a_user(email, name=name, language=self.language)
        appoint(user, kind, name)
        return self._signs_in(person, email)

    def _signs_in(self, person: Person, email: str) -> Person:
        person.goes_to(f"/{self.language}/accounts/login/")
        person.fills_in(login=email, password=people.PASSWORD)
        person.page.locator("main form button").first.click()
        person.page.wait_for_url(lambda url: "/accounts/" not in url)
        return person

    # -- the story ------------------------------------------------------------------------------------

    def buyer_opens_a_case(self) -> None:
        buyer = self.buyer
        buyer.goes_to(f"/c/{self.buyer_member.company.slug}/orders/{self.order.public_id}/")
        buyer.follows("Open a case")
        buyer.fills_in(
            kind="quality", amount="50.00", remedy="price_cut", statement="Forty bolts do not fit."
        )
        buyer.fills_in(
            urgent=True, files={"name": "photo.pdf", "mimeType": "application/pdf", "buffer": _pdf()}
        )
        buyer.presses("Open the case")
        buyer.sees("The case is open. Payment of the order is held until it has ended.")
        self.case = Case.objects.get(order=self.order)
        buyer.presses("Request mediation")
        buyer.sees("Mediation is requested: the office takes it from here.")

    def manager_serves(self) -> None:
        self._at_the_desk(self.manager)
        self.manager.presses("Take the case and serve the request")
        self.manager.sees("The request is served; the respondent has until the deadline.")

    def seller_answers(self) -> None:
        self._looks(self.seller)
        self.seller.fills_in(takes_part="yes", answer="The bolts are to the drawing.")
        self.seller.presses("Send the answer")
        self.seller.sees("Your answer is sent.")

    def manager_asks_a_mediator(self) -> None:
        self._at_the_desk(self.manager)
        self.manager.page.locator("select[name=mediator]").select_option(str(self.mediator_seat()))
        self.manager.presses("Ask to disclose")
        self.manager.sees("The mediator is asked.")

    def mediator_seat(self) -> str:
        return Official.objects.filter(kind=OfficeKind.MEDIATOR).latest("pk").public_id

    def mediator_discloses(self) -> None:
        self._at_the_desk(self.mediator)
        assert "Forty bolts" not in self.mediator.text, "a candidate reads no word of the case"
        self.mediator.fills_in(disclosure="I know of no conflict.")
        self.mediator.presses("Disclose and accept")
        self.mediator.sees("The parties read your disclosure.")

    def both_accept_and_consent(self) -> None:
        for person in (self.buyer, self.seller):
            self._looks(person)
            person.presses("We do not object")
        for person in (self.buyer, self.seller):
            self._looks(person)
            person.fills_in(**dict.fromkeys(CODES, True))
            person.presses("Consent for the company")
            self._shows_again_who_they_are(person)
            person.sees("Your consent is recorded.")
        self._is(CaseState.MEDIATING)

    def they_talk_apart(self) -> None:
        self._looks(self.buyer)
        self.buyer.page.locator("#words-joint").fill("We want them to fit.")
        self._sends(self.buyer, "Joint room")
        self.buyer.page.locator("#words-caucus_a").fill("Between us: forty is enough.")
        self._sends(self.buyer, "Private room of the claimant")
        self.seller.goes_to(f"/c/{self.seller_member.company.slug}/talk/")
        self._pictures(self.seller, "messages")
        room = self.seller.page.locator("main .inbox li.unread")
        expect(room).to_have_count(1)
        expect(room).to_contain_text("We want them to fit.")
        room.get_by_role("link").click()
        expect(self.seller.page.locator("h1")).to_contain_text(self.case.number)
        self._looks(self.seller)
        expect(self.seller.page.locator("main")).to_contain_text("We want them to fit.")
        expect(self.seller.page.locator("main")).not_to_contain_text("forty is enough")
        self._at_the_desk(self.mediator)
        expect(self.mediator.page.locator("main")).to_contain_text("forty is enough")
        self.mediator.page.locator("#words-mediator").fill("They are close.")
        self._sends(self.mediator, "Mediator’s notes")
        self._at_the_desk(self.manager)
        for words in ("want them to fit", "forty is enough", "They are close"):
            expect(self.manager.page.locator("main")).not_to_contain_text(words)

    def mediator_sets_a_session(self, folder: Path) -> None:
        self._at_the_desk(self.mediator)
        self.mediator.page.locator("summary", has_text=self.mediator.says("Set a session")).click()
        starts = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        self.mediator.fills_in(zone="joint", mode="online", starts_at=starts, minutes="90", place="Room 3")
        self.mediator.presses("Set the session")
        self.mediator.sees("The session is set.")
        self._looks(self.seller)
        link = self.seller.page.get_by_role("link", name=self.seller.says("Calendar file"))
        text = self.seller.downloads(link, folder).read_text()
        assert f"SUMMARY:{self.case.number}" in text
        assert "Quarrel" not in text

    def mediator_drafts_and_locks(self) -> None:
        self._at_the_desk(self.mediator)
        self.mediator.page.locator("summary", has_text=self.mediator.says("Write the clauses")).click()
        due = day_of(timezone.now()) + timedelta(days=14)
        self.mediator.fills_in(
            en__1=f"The seller pays SGD 40.00 by {due.isoformat()}.",
            zh__1=f"卖方应于{due.year}年{due.month}月{due.day}日前支付 40.00 新加坡元。",
            payer__1="b",
            amount__1="40.00",
            due__1=due.isoformat(),
        )
        self.mediator.presses("Keep the draft")
        self.mediator.sees("The draft is kept.")
        self.mediator.presses("Lock for signature")
        self.mediator.sees("The terms are locked; both sides are asked to sign.")

    def both_sign(self) -> None:
        for person, name in ((self.seller, "Alice Tan"), (self.buyer, "Bo Wen")):
            self._looks(person)
            person.fills_in(name=name)
            person.presses("Sign the terms")
            self._shows_again_who_they_are(person)
            person.sees("Your signature is recorded.")
        self._is(CaseState.MSA_SIGNED)

    def buyer_passes_it_on_and_both_read_the_award(self) -> None:
        self._looks(self.buyer)
        self.buyer.presses("Pass it on")
        self.buyer.sees("The settlement is on its way to the desk.")
        self._wait(lambda: Case.objects.get(pk=self.case.pk).state == CaseState.AWARD_ISSUED)
        number = self.case.filings.get().award_number
        assert number.startswith("SIM-SCIA-")
        for person in (self.buyer, self.seller):
            self._looks(person)
            expect(person.page.locator("main")).to_contain_text(number)
            person.sees("A simulator answered. This is no award, and has no legal effect.")

    def it_is_performed(self) -> None:
        self._looks(self.buyer)
        self.buyer.presses("Begin with what was agreed")
        self.buyer.presses("It arrived")
        self.buyer.sees("The payment is recorded.")
        self._is(CaseState.COMPLETED)
        assert not Order.objects.get(pk=self.order.pk).is_held
        assert self.case.terms.get(state="signed").instalments.get().amount == Decimal(40)

    def nothing_fell_over(self) -> None:
        for person in (self.buyer, self.seller, self.manager, self.mediator):
            assert person.failures == []
        assert Event.objects.filter(about=self.case.uid, name="AwardIssued").count() == 1

    # -- how ------------------------------------------------------------------------------------------

    def _looks(self, person: Person) -> None:
        slug = (self.buyer_member if person is self.buyer else self.seller_member).company.slug
        person.goes_to(f"/c/{slug}/cases/{self.case.public_id}/")
        expect(person.page.locator("h1")).to_contain_text(self.case.number)
        self._pictures(person, "party")

    def _at_the_desk(self, official: Person) -> None:
        official.goes_to("/mediation/")
        official.page.locator("main").get_by_role("link", name=self.case.number).first.click()
        expect(official.page.locator("h1")).to_contain_text(self.case.number)
        self._pictures(official, "office")

    def _shows_again_who_they_are(self, person: Person) -> None:
        """Whoever signed in minutes ago is asked for the password once more; a quick story comes in time."""
        person.page.wait_for_load_state()
        if "/reauthenticate/" in person.page.url:
            person.fills_in(password=people.PASSWORD)
            person.page.locator("main form button").first.click()

    def _pictures(self, person: Person, of: str) -> None:
        """Where somebody wants to look at them."""
        folder = os.environ.get("PICTURES")
        if folder:
            state = Case.objects.get(pk=self.case.pk).state
            person.page.screenshot(path=f"{folder}/{of}-{state}-{self.language}.png", full_page=True)

    def _sends(self, person: Person, room: str) -> None:
        person.presses("Send to: %(room)s", room=person.says(room))
        person.sees("Sent.")

    def _is(self, state: str) -> None:
        assert Case.objects.get(pk=self.case.pk).state == state

    def _wait(self, happened: Callable[[], bool]) -> None:
        waited = 0
        while not happened():
            assert waited < PATIENCE, "the desk answers"
            self.buyer.page.wait_for_timeout(300)
            waited += 300


@pytest.mark.parametrize(("language", "screen"), [("en", "desk"), ("zh-hans", "phone")])
def test_a_quarrel_to_its_award(
    stack: Stack,
    new_context: Callable[..., BrowserContext],
    language: str,
    screen: str,
    tmp_path: Path,
) -> None:
    def arrive() -> Person:
        context = new_context(base_url=stack.url, locale=LOCALES[language], **SCREENS[screen])
        context.set_default_timeout(MILLISECONDS)
        return Person(context.new_page(), language)

    quarrel = Quarrel(arrive, language)
    quarrel.buyer_opens_a_case()
    quarrel.manager_serves()
    quarrel.seller_answers()
    quarrel.manager_asks_a_mediator()
    quarrel.mediator_discloses()
    quarrel.both_accept_and_consent()
    quarrel.they_talk_apart()
    quarrel.mediator_sets_a_session(tmp_path)
    quarrel.mediator_drafts_and_locks()
    quarrel.both_sign()
    quarrel.buyer_passes_it_on_and_both_read_the_award()
    quarrel.it_is_performed()
    quarrel.nothing_fell_over()


def _pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
