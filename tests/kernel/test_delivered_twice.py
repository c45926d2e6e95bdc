"""A worker may die between its work and saying so: every handler of the house is delivered twice, and harmless."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from catalog.services import receive_import
from disputes import services as disputes
from disputes.rules.deadlines import day_of
from disputes.states import CaseState, Zone
from financing.services import accept_offer, ask_again, decline_offer, instruct_bank
from identity import services as people_services
from identity.actors import Anonymous, Member
from identity.events import EntityBound, IdentityConnected
from identity.models import BankAccountChange, Candidate, Claim, Membership
from identity.services import (
    decide_claim,
    invite_member,
    reinstate_company,
    submit_claim,
    suspend_company,
    withdraw_claim,
)
from identity.states import CandidateState, ClaimKind, Purpose, Role
from kernel.happenings import DeliveriesReplayed, DeliveryParked, Kernel
from kernel.models import Delivery, Event
from kernel.models.deliveries import Lane
from kernel.services import drain, record
from orders import services as orders
from orders.models import Order
from sme_hub.invariants import check
from sme_hub.matters import matter_of
from sme_hub.subscriptions import SUBSCRIPTIONS
from tests import factories as people
from tests.architecture.house import models as our_models
from tests.catalog.factories import a_product
from tests.catalog.files import a_row, csv_file
from tests.disputes import factories as cases
from tests.disputes.factories import a_case_in
from tests.financing.bank import ThreadBank, running
from tests.financing.factories import a_bank, a_banker, an_invoiced_order, an_offer
from tests.identity import recognised
from tests.identity.lists import receive, sample
from tests.identity.test_linking import MINUTE, agreed, both_shown
from tests.orders.factories import (
    NOW,
    a_confirmed_order,
    a_despatch,
    a_payment,
    a_purchaser,
    a_receipt,
    an_approval,
    an_order,
)

pytestmark = pytest.mark.django_db
LATER = timedelta(days=4)
#: the lists are short: what hears of their parts hears of the whole file as well
NOT_THAT_DAY = {"ListPartTaken"}


def a_busy_day() -> None:
    """Something of everything that anybody hears of."""
    alice, officer = people.alice(), people.officer()
    a_purchaser()  # before anything happens: whoever joins later is told by what is delivered later
    now = timezone.now()
    invite_member(actor=alice, email="new@colleague.example", roles=[Role.BUYER], now=now)
    claim = a_claim_of(alice)
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    decide_claim(actor=officer, claim=claim, verified=True, source="BizFile", expires_on=tomorrow, now=now)
    a_receipt(a_despatch(a_confirmed_order()))
    days_of_money()
    an_order()  # nobody answers
    orders.refuse_order(actor=alice, order=an_order().public_id, reason="Sold out", now=NOW)
    orders.cancel_order(actor=people.bo(), order=an_order().public_id, reason="Too late", now=NOW)
    days_of_asking()
    carried = an_order(incoterm="CIF", place="Yantian")
    orders.offer_freight(actor=alice, order=carried.public_id, freight=Decimal(80), now=NOW)
    about = matter_of(people.bo(), carried.public_id)
    people_services.ask(actor=people.bo(), matter=about, words=people_services.Words(body="When?"), now=now)
    people_services.send_enquiry(
        topic="other", name="Dana", email="dana@example.com", words="Hello", language="en", now=now
    )
    file = csv_file([a_row("A-1"), a_row("A-2", hs6="nonsense")])
    charlie = people.charlie()
    a_product(seller=charlie)
    suspend_company(actor=officer, company=charlie.company, reason="Unanswered letters", now=now)
    reinstate_company(actor=officer, company=charlie.company, reason="Answered", now=now)
    receive_import(actor=alice, file=file, file_name="day.csv", dry_run=False, now=now)
    bank = {"bank_name": "Other Bank", "bic": "OTHRSGSG", "account_number": "555000111"}
    for currency, asked_at in (("USD", now - timedelta(days=5)), ("CNY", now)):
        change = people_services.set_bank_account(
            actor=alice, currency=currency, beneficiary=alice.company.legal_name, **bank, now=asked_at
        )
    people_services.decide_bank_change(  # nobody decides on the other
        actor=officer, change=change, confirmed=True, reason="Their bank's letter", now=now
    )
    # out of date three days later
    receive("ofac_sdn", sample("ofac_sdn"), as_of=timezone.localdate(now) - timedelta(days=5))
    receive("acra", b"<html></html>")
    shown = recognised.identity(alice.user, recognised.issuer(), now=now)
    connected = IdentityConnected(identity_id=shown.pk)
    record(connected, actor=Anonymous(user_id=alice.user_id), now=now, subject=shown)
    people_services.end_identity(identity=shown, user=alice.user, now=now)
    proved = EntityBound(binding_id=recognised.bound(alice, shown).pk)
    record(proved, actor=alice, now=now, subject=alice.company)
    days_of_people(now)
    parked = Delivery.objects.order_by("pk").first()
    assert parked is not None
    record(DeliveryParked(delivery_id=parked.pk, handler=parked.handler), actor=Kernel(), now=now)
    record(DeliveriesReplayed(count=1), actor=Kernel(), now=now)
    days_of_accounts()
    days_of_links(now)
    days_of_cases()
    drain("fast")  # people are told before the deadlines pass, so that some are reminded


def a_claim_of(member: Member) -> Claim:
    return submit_claim(
        actor=member,
        kind=ClaimKind.REGISTRATION,
        statement="BizFile 1",
        evidence=io.BytesIO(b"%PDF-1.7\n%%EOF"),
        evidence_name="extract.pdf",
        now=timezone.now(),
    )


def days_of_people(now: datetime) -> None:
    """A company is edited and takes back what it stated; people are invited in vain, given another role, and leave."""
    charlie, olive = people.charlie(), recognised.officer("olive")
    people_services.edit_company(
        actor=charlie,
        details=people_services.CompanyDetails(legal_name="Better Strangers Pte. Ltd.", sells=True),
        now=now,
    )
    withdraw_claim(actor=charlie, claim=a_claim_of(charlie), now=now)
    invitation = invite_member(actor=charlie, email="nobody@strangers.example", roles=[Role.BUYER], now=now)
    people_services.revoke_invitation(actor=charlie, invitation=invitation, now=now)
    colleague = people.a_colleague(charlie, Role.SELLER)
    membership = Membership.objects.get(pk=colleague.membership_id)
    at = timezone.now()  # after they joined
    people_services.change_roles(actor=charlie, membership=membership, roles=[Role.BUYER], now=at)
    people_services.end_membership(actor=charlie, membership=membership, now=at)
    policy = recognised.policy(recognised.issuer(), Purpose.ORDER, now=now)
    people_services.end_policy(actor=olive, policy=policy, reason="Too early", now=now)
    drafted = [recognised.drafted_level(code, now=now) for code in ("6", "7")]
    people_services.confirm_framework_draft(actor=recognised.officer("peter"), draft=drafted[0], now=now)
    people_services.drop_framework_draft(actor=olive, draft=drafted[1], now=now)


def days_of_accounts() -> None:
    """A second person confirms one change, declines another; one is taken back, and nobody decides on the last.

    Of a company that nobody trades with: whoever joins late is told, at the second time, of what was delivered before.
    """
    charlie = people.charlie()
    finance = people.a_colleague(charlie, Role.FINANCE)
    people.a_bank_account(charlie)
    people_services.confirm_bank_change(actor=finance, change=a_change("111222333"), now=timezone.now())
    people_services.withdraw_bank_change(actor=finance, change=a_change("222333444"), now=timezone.now())
    people_services.withdraw_bank_change(actor=charlie, change=a_change("333444555"), now=timezone.now())
    a_change("444555666")
    people_services.end_bank_account(
        actor=charlie, account=people.a_bank_account(charlie, "USD"), now=timezone.now()
    )


def a_change(account_number: str) -> BankAccountChange:
    """Asked for by Charlie of where he is paid in Singapore dollars."""
    change = people_services.set_bank_account(
        actor=people.charlie(),
        currency="SGD",
        beneficiary=people.charlie().company.legal_name,
        bank_name="Other Bank",
        bic="OTHRSGSG",
        account_number=account_number,
        now=timezone.now(),
    )
    assert isinstance(change, BankAccountChange)
    return change


def days_of_links(now: datetime) -> None:
    """Of links whose names do not settle it one is accepted by two officers and undone, one refused, and one waits; of one
    that stood its person takes it back.
    """
    olive, peter, later = recognised.officer("olive"), recognised.officer("peter"), now + 3 * MINUTE
    undone, refused, _waiting = (
        agreed(both_shown(user, sg="Somebody else", now=now), now=now + 2 * MINUTE)
        for user in (people.bo().user, people.charlie().user, a_purchaser().user)
    )
    for officer in (olive, peter):
        people_services.decide_link(actor=officer, link=undone, accepted=True, reason="Passport", now=later)
    people_services.undo_link(actor=peter, link=undone, reason="Not his passport", now=later)
    people_services.decide_link(actor=olive, link=refused, accepted=False, reason="Two people", now=later)
    own = people.a_user("links@own.example")
    held = agreed(both_shown(own, now=now), now=now + 2 * MINUTE)
    people_services.revoke_link(link=held, user=own, now=later)


def days_of_cases() -> None:
    """Cases that end in each way, one of them after its time was made longer and its mediator replaced."""
    alice, bo, long_ago = people.alice(), people.bo(), NOW - timedelta(days=60)
    a_case_in(CaseState.SCIA_FILED, now=long_ago)  # the desk answers
    a_case_in(CaseState.PERFORMING, now=long_ago)  # nobody pays
    returned = a_case_in(CaseState.SCIA_FILED).filings.get()
    disputes.keep_answer(filing_id=returned.pk, answer={"status": "returned", "reason": "form"}, now=NOW)
    a_case_in(CaseState.AWAITING_ANSWER, now=long_ago)  # nobody answers
    a_case_in(CaseState.MEDIATING, now=long_ago)  # nobody drafts
    slept = a_case_in(CaseState.REQUESTED)
    went_out = slept.respond_by + timedelta(seconds=1)
    disputes.run_out(case_id=slept.pk, now=went_out)
    disputes.take_case(actor=cases.manager(), case=slept.public_id, now=went_out)
    said = cases.a_case()
    disputes.say_settled(actor=bo, case=said.public_id, now=NOW)  # and the other goes on talking
    disputes.withdraw_case(actor=bo, case=cases.a_case().public_id, now=NOW)
    left = a_case_in(CaseState.MEDIATING)
    disputes.leave_mediation(actor=bo, case=left.public_id, now=NOW)
    disputes.close_case(actor=bo, case=left.public_id, now=NOW)
    longer = a_case_in(CaseState.MEDIATING)
    for party in (bo, alice, bo):
        disputes.ask_longer(actor=party, case=longer.public_id, now=NOW)
    cases.said(longer, bo, Zone.JOINT)
    disputes.set_session(
        actor=cases.mediator(),
        case=longer.public_id,
        zone=Zone.JOINT,
        mode="online",
        starts_at=NOW + timedelta(days=2),
        minutes=60,
        place="Room 3",
        now=NOW,
    )
    disputes.replace_mediator(actor=cases.manager(), case=longer.public_id, reason="Ill", now=NOW)
    paid = a_case_in(CaseState.PERFORMING)
    disputes.receive_instalment(actor=bo, case=paid.public_id, number=1, received_on=day_of(NOW), now=NOW)
    done, undone = (a_case_in(CaseState.PERFORMING, draft=cases.drafted_goods) for _two in range(2))
    disputes.report_performance(actor=alice, case=done.public_id, now=NOW)
    disputes.contest_performance(actor=bo, case=undone.public_id, now=NOW)


def days_of_asking() -> None:
    """An order over the limit is approved, another declined, a third taken back; nobody decides on the last."""
    bo, asked = people.bo(), an_approval()
    orders.give_approval(actor=bo, approval=asked.public_id, now=timezone.now())
    orders.decline_approval(actor=bo, approval=an_approval().public_id, reason="Too many", now=NOW)
    orders.withdraw_approval(actor=a_purchaser(), approval=an_approval().public_id, now=NOW)
    an_approval()


def days_of_money() -> None:
    """An offer is accepted by a bank that does not answer; it is asked again, pays out, and is repaid."""
    with TemporaryDirectory() as store, running(Path(store)) as bank:
        a_bank()
        offer = an_offer()
        ask_again(actor=people.alice(), order=_refused_before(bank).public_id, now=timezone.now())
        bank.behaves(hang_after=["accept"])
        accept_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
        drain("outside")
        bank.behaves()
        drain("outside", clock=lambda: timezone.now() + timedelta(seconds=30))
        instruct_bank(actor=a_banker(), offer=offer.public_id, ask="disburse", now=timezone.now())
        drain("outside")
        disputed = cases.a_case(offer.order)  # holds what was paid out, until both say that they have settled
        for party in (people.bo(), people.alice()):
            disputes.say_settled(actor=party, case=disputed.public_id, now=NOW)
        instruct_bank(actor=a_banker(), offer=offer.public_id, ask="repay", now=timezone.now())
        drain("outside")
        decline_offer(actor=people.alice(), offer=an_offer().public_id, now=timezone.now())
        a_payment(an_offer().order)  # nobody may accept it any more
    a_payment(offer.order)


def _refused_before(bank: ThreadBank) -> Order:
    """An order whose invoice the bank declined."""
    bank.behaves(declines="declined.appetite")
    order = an_invoiced_order(total=7500)
    drain("outside")
    bank.behaves()
    return order


def clear_somebody() -> None:
    """Once companies are compared with the lists, an officer finds that one is another of that name."""
    found = Candidate.objects.filter(state=CandidateState.OPEN).first()
    people_services.decide_candidate(
        actor=people.officer(), candidate=found, confirmed=False, reason="Another number", now=timezone.now()
    )


def deliver_all() -> None:
    """Until nothing is due, four days later and a minute later at each round: timers have run out."""
    later = timezone.now() + LATER

    def clock() -> datetime:
        return later

    while sum(drain(lane, seconds=30, clock=clock) for lane in Lane.values):
        later += timedelta(minutes=1)


def fingerprints() -> dict[str, str | None]:
    """What every table says, deliveries apart."""
    ours = {model._meta.db_table for model in our_models() if model._meta.managed}
    tables = ours - {Delivery._meta.db_table}
    tables |= {model._meta.db_table for model in apps.get_models() if model._meta.app_label == "account"}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()[0]
    return found


def test_every_handler_twice(mailoutbox, scia_desk):
    a_busy_day()
    deliver_all()
    clear_somebody()
    deliver_all()
    heard = set(Delivery.objects.filter(done_at__isnull=False).values_list("handler", flat=True))
    before = fingerprints()
    Delivery.objects.update(done_at=None, leased_until=None, attempts=0)
    deliver_all()
    after = fingerprints()
    assert {table for table in after if after[table] != before[table]} == set()
    assert set(Delivery.objects.exclude(error="").values_list("error", flat=True)) <= {""}
    assert [finding for finding in check() if not finding.holds] == []
    assert heard == {subscription.name for wanted in SUBSCRIPTIONS.values() for subscription in wanted}
    happened = set(Event.objects.values_list("name", flat=True))
    assert {event.__name__ for event in SUBSCRIPTIONS} - happened == NOT_THAT_DAY
