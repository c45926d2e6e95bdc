"""Everybody of the demo at home and at work: one click from its page of people to their own work, and on to doing it.

The demo's cast is loaded through the product's verbs beside the real processes, once for all of this module; one browser is
whom it wants to be, and what one does is seen on the page of whom it concerns next. Each walk is made in both languages, and
either language finds work of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from kernel.models import Delivery
from kernel.models.deliveries import Lane
from sme_hub.demo.loading import offices, people, quarrels
from sme_hub.demo.loading.cast import cast_sellers
from sme_hub.demo.loading.everything import load_cast_at_work
from sme_hub.demo.parts import all_parts
from tests.demo.test_loading import quiet, row_of
from tests.journeys.conftest import LOCALES, SCREENS
from tests.journeys.homes import OFFICES, dead_ends, unlike_home
from tests.journeys.visitor import Visitor, reference_of
from tests.journeys.work_in_offices import (
    approve_the_newest,
    case_number,
    claims_of,
    the_buyer_passes_the_settlement_on,
    the_first_claim,
    the_manager_asks_the_mediator,
    the_mediator_declines,
    the_mediator_discloses,
    the_mediator_writes_to_both,
    the_officer_drafts,
    the_registrar_looks_at_what_is_held,
    the_registrar_reads_the_award,
)
from tests.journeys.work_on_orders import (
    fill_lines,
    sales_offer_freight,
    the_approver_approves_the_oldest,
    the_approver_declines_the_newest,
    the_bank_pays_out,
    the_buyer_agrees,
    the_buyer_orders_again,
    the_buyers_finance_says_that_it_paid,
    the_buyers_logistics_count,
    the_purchaser_asks,
    the_purchaser_asks_once_more,
    the_seller_accepts,
    the_sellers_finance_accepts_the_offer,
    the_sellers_finance_records_it,
    the_sellers_logistics_ship,
)
from tests.journeys.work_on_the_trial import (
    a_listing_is_written_and_published,
    goods_are_found_and_put_into_the_cart,
    goods_are_sent_and_counted,
    its_papers_are_read,
    the_cart_is_ordered_and_accepted,
)
from tests.stack import Stack

#: cases beside those of the demo, so that each language finds one to assign and one to pass on
TO_ASSIGN = {"en": "DEMO-019", "zh-hans": "DEMO-022"}
TO_PASS_ON = {"en": "DEMO-037", "zh-hans": "DEMO-004"}
#: what the desk holds for its registrar: the demo's own, and one beside it
TO_EXAMINE = {"en": "DEMO-021", "zh-hans": "DEMO-034"}
#: whoever reads Chinese has a phone in hand
ON = {"en": "desk", "zh-hans": "phone"}
AWARDED = "DEMO-023"
TO_DECLINE = "DEMO-020"
JOINTLY = "DEMO-025"
#: where the two officers begin to recognise the simulated issuer for looking around, which needs no identity
RELIED_ON_IN = {"en": "SG", "zh-hans": "CN"}


@pytest.fixture(scope="module")
def demo(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The cast with its orders, cases, offers and what waits; papers need not be drawn for it.

    No issuer of identities runs here, so nobody is bound to one and no act asks for an identity: the walks look at the work
    itself, and `test_identities` at being asked.
    """
    stack.stop("slow")
    load_cast_at_work(Path(tmp_path_factory.mktemp("demo")) / "accounts.json", tell=quiet)
    load_more_quarrels()
    return stack


def leave_undrawn_what_waits() -> None:
    """Papers of the past come tomorrow, so that a walk that reads papers waits for its own alone."""
    waiting = Delivery.objects.filter(lane=Lane.SLOW, done_at=None, parked_at=None)
    waiting.update(due_at=timezone.now() + timedelta(days=1))


def load_more_quarrels() -> None:
    now = timezone.now()
    owners = {owner.company.slug: owner for owner in cast_sellers(now)}
    for code in (
        *("sz-songgang-machinery", "sz-pinghu-warehouse", "sz-xinan-safety"),
        "sz-huaqiang-electronics",
    ):
        owners[code] = people.buyer_company(row_of("buyers.csv", code), now=now)
    claim = {"kind": "short", "remedy": "refund", "amount": "40.00"}
    words = {"statement": "一箱短少。 One carton was short.", "answer": "We take part. 我方参加调解。"}
    reach = dict.fromkeys([*TO_ASSIGN.values(), TO_DECLINE], "nominating") | {"DEMO-004": "signed"}
    rows = [
        {"po_number": order, "reaches": state, "days_ago": "12", **claim, **words}
        for order, state in reach.items()
    ]
    again = {"po_number": TO_EXAMINE["zh-hans"], "reaches": "filed", "days_ago": "12"}
    rows.append({**claim, **words, **again, "remedy": "replace"})
    office = offices.officials(now)
    manager, mediator = office[offices.MANAGER], office[offices.MEDIATOR]
    assert quarrels.tell_quarrels(owners, manager=manager, mediator=mediator, rows=rows) == len(rows)


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext], demo: Stack, language: str) -> Iterator[Visitor]:
    context = new_context(base_url=demo.url, locale=LOCALES[language], **SCREENS[ON[language]])
    context.set_default_timeout(15_000)
    visitor = Visitor(context.new_page(), language)
    yield visitor
    context.close()
    assert not visitor.failures, "\n".join(visitor.failures)


both_languages = pytest.mark.parametrize("language", ["en", "zh-hans"])


@both_languages
def test_everybody_comes_home(visitor: Visitor) -> None:
    """A minute for both languages: every part, every link that its home shows."""
    looked_at: dict[str, int] = {}
    wrong: list[str] = []
    for part in all_parts():
        visitor.enters(part.code)
        home = OFFICES.get(part.code, f"/c/{part.company}/")
        expect(visitor.page).to_have_url(re.compile(f"{re.escape(home)}$"))
        wrong += [f"{part.code}: {what}" for what in unlike_home(visitor, part.code)]
        wrong += [f"{part.code}: {what}" for what in dead_ends(visitor.page, looked_at)]
        visitor.page.locator("header a.tool[data-live]").click()
        expect(visitor.page.locator("h1")).to_contain_text(visitor.says("Inbox"))
    assert not wrong, "\n".join(wrong)
    assert len(looked_at) > 100


# --- an order, from hand to hand -----------------------------------------------------------------------------------


@both_languages
def test_an_order_goes_through_all_hands(visitor: Visitor, language: str) -> None:
    """Ordered again, freight offered and agreed to, paid, shipped and counted: nine people of two companies."""
    reference = the_buyer_orders_again(visitor)
    sales_offer_freight(visitor, reference)
    the_buyer_agrees(visitor, reference)
    the_buyers_finance_says_that_it_paid(visitor, reference)
    the_sellers_finance_records_it(visitor, reference)
    the_sellers_logistics_ship(visitor, reference, tracking=f"HAND-{language.upper()}-1")
    the_buyers_logistics_count(visitor, reference, tracking=f"HAND-{language.upper()}-1")
    visitor.becomes("seller")
    assert visitor.opens_order(reference) == reference
    visitor.sees("Everything has arrived and is paid.")
    visitor.sees("Goods counted on arrival")


@both_languages
def test_others_take_up_a_part_of_what_waits(visitor: Visitor, language: str) -> None:
    """More sellers and buyers: a piece shipped or a sum recorded, a piece counted. The rest waits on."""
    if language == "en":
        visitor.becomes("seller-2")
        visitor.takes_up("send", reference_of("DEMO-005"))
        visitor.follows("Record a shipment")
        fill_lines(visitor)
        visitor.fills_in(carrier="鹏城快运", tracking_number="PART-1")
        visitor.presses("Record the shipment")
        visitor.sees_text("PART-1")
    else:
        visitor.becomes("seller-3")
        visitor.takes_up("note_payment", reference_of("DEMO-008"))
        visitor.follows("Record a payment")
        visitor.fills_in(amount="12.34")
        visitor.presses("Record the payment")
        visitor.sees("Still to be paid")

    part, order = {"en": ("buyer-2", "DEMO-003"), "zh-hans": ("buyer-3", "DEMO-029")}[language]
    visitor.becomes(part)
    visitor.takes_up("receive", reference_of(order))
    visitor.follows("Count shipment %(number)s", number=1)
    fill_lines(visitor)
    visitor.presses("Record what arrived")
    visitor.sees("What arrived is recorded.")
    visitor.sees("The buyer counts what arrives.")


# --- an order over the limit, and money for its invoice ------------------------------------------------------------


@both_languages
def test_an_order_over_the_limit_is_approved_and_its_invoice_financed(visitor: Visitor) -> None:
    the_purchaser_asks(visitor, again="DEMO-026")
    the_approver_declines_the_newest(visitor)
    the_purchaser_asks_once_more(visitor)
    reference = the_approver_approves_the_oldest(visitor)
    the_seller_accepts(visitor, reference)
    the_sellers_finance_accepts_the_offer(visitor, reference)
    the_bank_pays_out(visitor, reference)
    visitor.becomes("seller-finance")
    visitor.opens("Invoice finance")
    visitor.looks_for(reference)
    expect(visitor.page.locator("main table tbody")).to_contain_text(visitor.says("Paid out"))


# --- the main job, by its own page ---------------------------------------------------------------------------------


@both_languages
def test_the_main_job_is_tried_in_eight_steps(visitor: Visitor, language: str, demo: Stack) -> None:
    """Each by the button of its step; ticked once it is done, and not before."""
    leave_undrawn_what_waits()
    demo.start("slow")
    visitor.enters("seller")
    a_listing_is_written_and_published(visitor, f"TRY-{language.upper()}")
    goods_are_found_and_put_into_the_cart(visitor)
    reference = the_cart_is_ordered_and_accepted(visitor)
    its_papers_are_read(visitor, reference, demo)
    goods_are_sent_and_counted(visitor, reference)
    demo.stop("slow")


# --- the case office -----------------------------------------------------------------------------------------------


@both_languages
def test_the_case_office_goes_on_with_its_cases(visitor: Visitor, language: str, demo: Stack) -> None:
    """A mediator is asked for two cases, takes one and not the other, and writes in a third; settlements get their awards.

    The desk answers over its wire all the while: it has awarded what the demo filed, and holds the rest for its registrar.
    """
    passed_on, held = case_number(TO_PASS_ON[language]), case_number(TO_EXAMINE[language])
    the_buyer_passes_the_settlement_on(visitor, passed_on)
    the_registrar_looks_at_what_is_held(visitor, held)

    wanted = case_number(TO_ASSIGN[language])
    the_manager_asks_the_mediator(visitor, case_number(TO_DECLINE), wanted)
    the_mediator_declines(visitor, case_number(TO_DECLINE))
    the_mediator_discloses(visitor, wanted)
    the_mediator_writes_to_both(visitor, case_number(JOINTLY))
    visitor.becomes("manager")
    visitor.task(case_number(TO_DECLINE)).click()
    visitor.sees_text("本月无暇 No time this month")

    visitor.becomes("seller")
    visitor.opens_case(wanted)
    visitor.sees_text("与双方均无往来 No dealings with either")
    visitor.presses("We do not object")
    visitor.sees("Noted: you do not object.")
    visitor.opens_case(case_number(JOINTLY))
    visitor.sees_text(f"周四见 See you on Thursday ({language})")

    the_registrar_reads_the_award(visitor, case_number(AWARDED), demo)
    the_registrar_reads_the_award(visitor, held, demo)
    award = the_registrar_reads_the_award(visitor, passed_on, demo)
    visitor.becomes("buyer")
    visitor.opens_case(passed_on)
    visitor.sees_text(award)


# --- the programme office ------------------------------------------------------------------------------------------


@both_languages
def test_officers_decide_claims_and_recognise_by_two(visitor: Visitor, language: str) -> None:
    visitor.becomes("officer")
    visitor.is_pictured("programme")
    refused = the_first_claim(visitor, verified="no", reason="The extract is out of date. 摘录已过期。")
    the_officer_drafts(visitor, RELIED_ON_IN[language])

    visitor.becomes("officer-2")
    expect(claims_of(visitor)).not_to_contain_text(refused)
    the_first_claim(visitor, verified="yes", source="BizFile 2026", expires_on="2027-06-30")
    visitor.goes_to("/operator/")
    visitor.is_pictured("desk")
    visitor.page.locator(".desk-tasks a[href*=recognitionpolicy]").click()
    approve_the_newest(visitor)
    expect(visitor.page.locator("#result_list tbody tr").first).to_contain_text(visitor.says("in force"))


# --- a stranger ----------------------------------------------------------------------------------------------------


@both_languages
def test_a_stranger_asks_a_seller_and_fills_a_cart(visitor: Visitor, language: str) -> None:
    goods = {"en": "TSE-NMF-9", "zh-hans": "TSE-CUTD-9"}[language]
    visitor.becomes("stranger")
    visitor.follows("Find goods")
    visitor.page.locator("#frame-q").fill(goods)
    visitor.page.locator("#frame-q").press("Enter")
    visitor.page.locator("#results a[href*='/products/'], #results a[href*='/p/']").first.click()
    product = visitor.page.url
    visitor.is_pictured("product")
    visitor.follows("Ask the seller")
    visitor.ticks("stock")
    visitor.fills_in(body=f"For {goods} 询价")
    visitor.is_pictured("ask")
    visitor.presses("Send the message")
    visitor.sees_text(f"For {goods} 询价")

    visitor.goes_to(product)
    visitor.presses("Add to order")
    visitor.sees_text(goods)
    visitor.is_pictured("added")

    visitor.becomes("sales")
    visitor.opens("Messages")
    visitor.is_pictured("messages")
    visitor.page.locator("main .inbox li", has_text=f"For {goods} 询价").get_by_role("link").click()
    visitor.fills_in(body=f"In stock 有现货: {goods}")
    visitor.presses("Send the message")
    visitor.sees_text(f"In stock 有现货: {goods}")

    visitor.becomes("stranger")
    visitor.opens("Messages")
    visitor.page.locator("main .inbox li.unread").get_by_role("link").click()
    visitor.sees_text(f"In stock 有现货: {goods}")
