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
from disputes.states import CaseState
from financing.services import accept_offer, ask_again, instruct_bank
from identity import services as people_services
from identity.services import (
    decide_claim,
    invite_member,
    reinstate_company,
    submit_claim,
    suspend_company,
)
from identity.states import ClaimKind, Role
from kernel.models import Delivery
from kernel.models.deliveries import Lane
from kernel.services import drain
from orders import services as orders
from orders.models import Order
from sme_hub.invariants import check
from sme_hub.matters import matter_of
from sme_hub.subscriptions import SUBSCRIPTIONS
from tests import factories as people
from tests.architecture.house import models as our_models
from tests.catalog.factories import a_product
from tests.catalog.files import a_row, csv_file
from tests.disputes.factories import a_case_in
from tests.financing.bank import ThreadBank, running
from tests.financing.factories import a_bank, a_banker, an_invoiced_order, an_offer
from tests.identity import recognised
from tests.identity.lists import receive, sample
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


def a_busy_day() -> None:
    """Something of everything that anybody hears of."""
    alice, officer = people.alice(), people.officer()
    a_purchaser()  # before anything happens: whoever joins later is told by what is delivered later
    now = timezone.now()
    invite_member(actor=alice, email="new@colleague.example", roles=[Role.BUYER], now=now)
    claim = submit_claim(
        actor=alice,
        kind=ClaimKind.REGISTRATION,
        statement="BizFile 1",
        evidence=io.BytesIO(b"%PDF-1.7\n%%EOF"),
        evidence_name="extract.pdf",
        now=now,
    )
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    decide_claim(actor=officer, claim=claim, verified=True, source="BizFile", expires_on=tomorrow, now=now)
    a_receipt(a_despatch(a_confirmed_order()))
    days_of_money()
    an_order()  # nobody answers
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
    people_services.end_identity(identity=shown, user=alice.user, now=now)
    a_case_in(CaseState.SCIA_FILED, now=NOW - timedelta(days=60))  # the desk answers
    a_case_in(CaseState.PERFORMING, now=NOW - timedelta(days=60))  # nobody pays
    drain("fast")  # people are told before the deadlines pass, so that some are reminded


def days_of_asking() -> None:
    """An order over the limit is approved, another declined, a third taken back; nobody decides on the last."""
    bo, asked = people.bo(), an_approval()
    orders.give_approval(actor=bo, approval=asked.public_id, now=timezone.now())
    orders.decline_approval(actor=bo, approval=an_approval().public_id, reason="Too many", now=NOW)
    orders.withdraw_approval(actor=a_purchaser(), approval=an_approval().public_id, now=NOW)
    an_approval()


def days_of_money() -> None:
    """An offer is accepted by a bank that does not answer; it is asked again, pays out, and the buyer pays."""
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
    a_payment(offer.order)


def _refused_before(bank: ThreadBank) -> Order:
    """An order whose invoice the bank declined."""
    bank.behaves(declines="declined.appetite")
    order = an_invoiced_order(total=7500)
    drain("outside")
    bank.behaves()
    return order


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
    heard = set(Delivery.objects.filter(done_at__isnull=False).values_list("handler", flat=True))
    before = fingerprints()
    Delivery.objects.update(done_at=None, leased_until=None, attempts=0)
    deliver_all()
    after = fingerprints()
    assert {table for table in after if after[table] != before[table]} == set()
    assert set(Delivery.objects.exclude(error="").values_list("error", flat=True)) <= {""}
    assert [finding for finding in check() if not finding.holds] == []
    assert heard == {subscription.name for wanted in SUBSCRIPTIONS.values() for subscription in wanted}
