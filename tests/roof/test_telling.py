"""The table of who is told what: each event tells the right people, in their language, once, and waits end."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from catalog.models import Product
from catalog.services import receive_import
from documents import services as documents
from documents.services.correcting import Correction
from documents.states import PaperKind
from identity import services as identity
from identity.models import Notice
from identity.rules.notices import GROUPS, all_kinds, kind_of, words_of
from identity.services import Words
from identity.services.members import secret_of
from identity.states import ClaimKind, Role
from kernel.models import Delivery, Event
from kernel.services import drain
from orders import services as orders
from orders.states import PaymentTerms
from sme_hub import telling
from sme_hub.matters import matter_of
from tests import factories as people
from tests.catalog.factories import a_product
from tests.catalog.files import a_row, csv_file
from tests.documents.factories import deliver, paper_of
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture
def gloves() -> Product:
    """Alice's, with Alice and Bo settled and nothing of that left to tell."""
    people.bo()
    product = a_product(seller=people.alice())
    deliver()
    Notice.objects.all().delete()
    return product


def lines(of: Any, *, waiting: bool = False) -> list[str]:
    """Codes of what a person was told, oldest first."""
    found = Notice.objects.filter(user=of.user).order_by("pk")
    if waiting:
        found = found.waiting()
    return list(found.values_list("code", flat=True))


def told(of: Any) -> str:
    """The newest line as that person reads it."""
    line = Notice.objects.filter(user=of.user).latest("pk")
    with translation.override(of.user.language):
        return words_of(line.code, line.params, of.user.language)


# --- the table itself ----------------------------------------------------------------------------------------------


def test_every_kind_has_words_in_both_languages_and_a_group() -> None:
    for kind in all_kinds():
        assert kind.group in GROUPS
        with translation.override("en"):
            english = str(kind.words)
        with translation.override("zh-hans"):
            assert str(kind.words) != english, kind.code


def test_every_row_that_waits_ends() -> None:
    assert [row.code for row in telling.ROWS if row.waits and not row.until] == []
    assert [row.code for row in telling.ROWS if row.until and not row.waits] == []


def test_no_two_rows_say_the_same() -> None:
    codes = [row.code for row in telling.ROWS]
    assert len(codes) == len(set(codes))


def test_words_whose_facts_are_missing_harm_nobody() -> None:
    assert words_of("order.to_answer", {}, "en")
    assert words_of("no.such.kind", {}, "en") == "Something has changed."
    assert kind_of("no.such.kind").icon == "bell"


# --- orders --------------------------------------------------------------------------------------------------------


def test_an_order_is_told_to_the_seller_until_it_is_answered(gloves: Product) -> None:
    alice, bo = people.alice(), people.bo()
    order = deals.an_order(gloves)
    deliver()
    assert (lines(alice), lines(bo)) == (["order.to_answer"], [])
    line = Notice.objects.get(user=alice.user)
    assert (line.about, line.respond_by) == (order.uid, order.respond_by)
    assert line.path == f"/c/{alice.company.slug}/orders/{order.public_id}/"
    assert told(alice) == (
        f"Shenzhen Nanshan Machinery Co., Ltd. ordered for S$125.00: accept or refuse {order.reference}"
    )
    orders.accept_order(actor=alice, order=order.public_id, now=deals.NOW)
    deliver()
    assert "order.to_answer" not in lines(alice, waiting=True)
    assert lines(bo, waiting=True) == ["order.to_pay"]
    assert told(bo) == f"订单 {order.reference} 已确认，请向 丹戎螺栓私人有限公司 付款 S$125.00"


def test_each_step_is_told_to_the_side_that_acts(gloves: Product) -> None:
    alice, bo, now = people.alice(), people.bo(), deals.NOW
    order = deals.an_order(gloves, incoterm="CIF", payment_terms=PaymentTerms.PREPAID)
    deliver()
    orders.offer_freight(actor=alice, order=order.public_id, freight=Decimal(90), now=now)
    deliver()
    assert lines(bo, waiting=True) == ["order.freight_to_agree"]
    assert lines(alice, waiting=True) == []
    order.refresh_from_db()
    orders.agree_freight(actor=bo, order=order.public_id, freight_seen=order.freight, now=now)
    deliver()
    assert lines(bo, waiting=True) == ["order.to_pay"]
    assert lines(alice, waiting=True) == [], "prepaid: nothing is shipped before the money is there"
    deals.a_payment(order, now=now)
    deliver()
    assert (lines(alice, waiting=True), lines(bo, waiting=True)) == (["order.to_send"], [])
    sent = deals.a_despatch(order, now=now)
    deliver()
    assert (lines(alice, waiting=True), lines(bo, waiting=True)) == ([], ["order.to_receive"])
    deals.a_receipt(sent, now=now)
    deliver()
    assert (lines(alice, waiting=True), lines(bo, waiting=True)) == ([], [])
    assert "order.received" in lines(alice)


@pytest.mark.parametrize(
    ("end", "alices", "bos"),
    [
        (
            lambda order: orders.refuse_order(
                actor=people.alice(), order=order.public_id, reason="No", now=deals.NOW
            ),
            [],
            ["order.refused"],
        ),
        (
            lambda order: orders.cancel_order(
                actor=people.bo(), order=order.public_id, reason="No", now=deals.NOW
            ),
            ["order.cancelled"],
            [],
        ),
        (
            lambda order: orders.lapse_order(order_id=order.pk, now=deals.NOW + timedelta(days=4)),
            ["order.lapsed_for_seller"],
            ["order.lapsed_for_buyer"],
        ),
    ],
    ids=["refused", "cancelled", "lapsed"],
)
def test_an_order_that_ends_waits_for_nobody(
    gloves: Product, end: Callable[[Any], Any], alices: list[str], bos: list[str]
) -> None:
    order = deals.an_order(gloves)
    deliver()
    end(order)
    while drain("fast", clock=lambda: timezone.now() + timedelta(days=5)):
        pass
    assert lines(people.alice(), waiting=True) == []
    assert lines(people.alice())[1:] == alices
    assert lines(people.bo()) == bos


def test_deliveries_out_of_order_leave_nothing_waiting(gloves: Product) -> None:
    """The order is accepted before anybody was told that it was placed."""
    order = deals.an_order(gloves)
    orders.accept_order(actor=people.alice(), order=order.public_id, now=deals.NOW)
    placed = Event.objects.get(name="OrderPlaced", about=order.uid)
    Delivery.objects.filter(event_id=placed.pk, handler="sme_hub.tell").update(
        due_at=timezone.now() + timedelta(hours=1)
    )
    deliver()
    while drain("fast", clock=lambda: timezone.now() + timedelta(hours=2)):
        pass
    assert "order.to_answer" not in lines(people.alice(), waiting=True)


def test_told_twice_it_is_one_line(gloves: Product) -> None:
    order = deals.a_confirmed_order(gloves)
    deliver()
    before = list(Notice.objects.order_by("pk").values())
    told = Delivery.objects.filter(
        handler="sme_hub.tell", event_id__in=Event.objects.about(order.uid).values("pk")
    )
    assert told.update(done_at=None, leased_until=None, attempts=0)
    deliver()
    assert list(Notice.objects.order_by("pk").values()) == before
    assert Event.objects.filter(name="NoticeGiven").count() == len(
        {(line["code"], line["event_id"]) for line in before if line["mail"] != "never"}
    )


def test_finance_hears_of_money_and_papers(gloves: Product) -> None:
    theirs = people.a_colleague(people.bo(), Role.FINANCE)
    ours = people.a_colleague(people.alice(), Role.FINANCE)
    order = deals.a_confirmed_order(gloves)
    deliver()
    assert "papers.invoice" in lines(theirs)
    assert lines(ours) == ["order.payment_to_note"]
    documents.reissue(
        actor=people.alice(),
        paper=paper_of(order, PaperKind.COMMERCIAL_INVOICE).public_id,
        correction=Correction(reason="Marks", remarks="Case 7"),
        now=timezone.now(),
    )
    deliver()
    assert "papers.corrected" in lines(theirs)
    assert lines(theirs).count("papers.invoice") == 1


def test_an_order_costs_few_statements_more(gloves: Product, django_assert_max_num_queries: Any) -> None:
    """The fast lane tells of every order: turns, the order, the people, the mail's event, and the delivery's own."""
    deals.an_order(gloves)
    Delivery.objects.exclude(handler="sme_hub.tell").delete()
    with django_assert_max_num_queries(4 + 6):
        drain("fast")
    assert lines(people.alice()) == ["order.to_answer"]


def test_confirmations_cost_no_delivery(gloves: Product) -> None:
    deals.an_order(gloves)
    deliver()
    numbered = Event.objects.get(name="PapersNumbered")
    assert not Delivery.objects.filter(event_id=numbered.pk, handler="sme_hub.tell").exists()


# --- goods ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "code"),
    [([a_row("A-1")], "import.done"), ([a_row("A-1"), a_row("A-2", hs6="nonsense")], "import.to_mend")],
)
def test_whoever_sells_hears_of_imports(gloves: Product, rows: Iterable[Any], code: str) -> None:
    receive_import(
        actor=people.alice(),
        file=csv_file(list(rows)),
        file_name="day.csv",
        dry_run=False,
        now=timezone.now(),
    )
    deliver()
    assert lines(people.alice()) == [code]
    assert "day.csv" in told(people.alice())


def test_a_file_that_cannot_be_used_is_told(gloves: Product) -> None:
    receive_import(
        actor=people.alice(), file=io.BytesIO(b"\0\1\2"), file_name="x.csv", dry_run=False, now=timezone.now()
    )
    deliver()
    assert lines(people.alice()) == ["import.refused"]


# --- people --------------------------------------------------------------------------------------------------------


def test_officers_hear_of_claims_until_they_are_decided(gloves: Product) -> None:
    officer, bo, now = people.officer(), people.bo(), timezone.now()
    claim = identity.submit_claim(
        actor=bo,
        kind=ClaimKind.ADDRESS,
        statement="",
        evidence=io.BytesIO(PDF),
        evidence_name="a.pdf",
        now=now,
    )
    deliver()
    assert lines(officer, waiting=True) == ["claim.to_decide"]
    identity.decide_claim(
        actor=officer, claim=claim, verified=False, source="", expires_on=None, reason="Blurred", now=now
    )
    deliver()
    assert lines(officer, waiting=True) == []
    assert lines(bo) == ["claim.refused"]
    assert told(bo).startswith("项目办公室未能通过")


def test_the_invited_find_the_invitation_in_their_inbox(gloves: Product) -> None:
    alice, now = people.alice(), timezone.now()
    dana = people.a_user("dana@example.com")
    invitation = identity.invite_member(actor=alice, email="DANA@example.com", roles=[Role.SELLER], now=now)
    deliver()
    line = Notice.objects.get(user=dana)
    assert (line.code, line.company_id, line.is_waiting) == ("invitation.to_answer", None, True)
    assert line.respond_by == invitation.expires_at
    identity.accept_invitation(user=dana, secret=secret_of(invitation), now=now)
    deliver()
    line.refresh_from_db()
    assert not line.is_waiting
    assert lines(alice) == ["member.joined"]


def test_a_change_of_roles_is_told_to_whom_it_concerns(gloves: Product) -> None:
    alice = people.alice()
    dana = people.a_colleague(alice, Role.SELLER)
    deliver()
    now = timezone.now()
    membership = alice.company.memberships.get(pk=dana.membership_id)
    identity.change_roles(actor=alice, membership=membership, roles=[Role.BUYER], now=now)
    deliver()
    assert lines(dana) == ["member.roles_changed"]
    identity.end_membership(actor=alice, membership=membership, now=now)
    deliver()
    assert "member.ended" in lines(alice)


def test_owners_hear_of_a_changed_account_and_of_their_standing(gloves: Product) -> None:
    alice, officer, now = people.alice(), people.officer(), timezone.now()
    alice.company.bank_accounts.filter(currency="SGD").delete()
    people.a_bank_account(alice, "SGD")
    deliver()
    assert lines(alice) == ["bank.set"]
    identity.suspend_company(actor=officer, company=alice.company, reason="Forged papers", now=now)
    deliver()
    identity.reinstate_company(actor=officer, company=alice.company, reason="Cleared up", now=now)
    deliver()
    assert lines(alice)[1:] == ["company.suspended", "company.reinstated"]


# --- talking -------------------------------------------------------------------------------------------------------


def test_a_message_is_told_to_the_other_side(gloves: Product) -> None:
    alice, bo, now = people.alice(), people.bo(), timezone.now()
    facts = matter_of(bo, gloves.public_id)
    asked = identity.ask(actor=bo, matter=facts, words=Words(body="Blue?"), now=now)
    deliver()
    assert (lines(alice, waiting=True), lines(bo)) == (["talk.to_seller"], [])
    assert told(alice) == f"Shenzhen Nanshan Machinery Co., Ltd. wrote to you about {gloves.name_en}"
    identity.send_message(
        actor=alice, thread=asked.thread.public_id, words=Words(phrases=["checking"]), now=now
    )
    deliver()
    assert lines(alice, waiting=True) == []
    assert told(bo) == f"丹戎螺栓私人有限公司 就“{gloves.name_zh or gloves.name_en}”给您发来消息"


@pytest.mark.parametrize("seen", [False, True])
def test_words_that_nobody_has_opened_are_called_to_mind_after_a_day(
    gloves: Product, mailoutbox: list[Any], seen: bool
) -> None:
    """One letter when somebody writes, one a day later; whoever had the page open when it was said gets neither."""
    alice, bo, now = people.alice(), people.bo(), timezone.now()
    while drain("outside"):
        mailoutbox.clear()
    facts = matter_of(bo, gloves.public_id)
    asked = identity.ask(actor=bo, matter=facts, words=Words(body="Blue?"), now=now)
    if seen:
        identity.mark_thread_read(actor=alice, thread=asked.thread, now=now)
    deliver()
    assert lines(alice, waiting=True) == ([] if seen else ["talk.to_seller"])
    for later in (timedelta(minutes=2), timedelta(hours=25)):
        while drain("outside", clock=lambda later=later: now + later):
            pass
        expected = [] if seen else [alice.user.email] * (1 if later < timedelta(hours=1) else 2)
        assert [letter.to[0] for letter in mailoutbox] == expected
