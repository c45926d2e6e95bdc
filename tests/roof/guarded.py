"""Every act that is guarded, ready to be done: by whom, by which verbs of the services, and what tells that it was.

`tests/architecture/test_guards.py` walks the source and fails where a verb is guarded and has no row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from disputes import services as disputes
from disputes.models import Case as Quarrel
from disputes.models import Signature
from disputes.rules.consents import CODES, text_hash
from disputes.states import CaseState, TermsState
from documents import services as documents
from documents.models import Paper, PaperVersion
from documents.services import Correction
from financing import services as financing
from financing.models import Offer
from financing.states import OfferState
from identity import services
from identity.actors import Actor, Member, System
from identity.models import BankAccount, BankAccountChange
from identity.states import BankChangeState, Purpose, Role
from orders import services as orders
from orders.models import Approval, Despatch, Order
from orders.services import DespatchedLine
from orders.states import ApprovalState, OrderState
from tests import factories as people
from tests.disputes.factories import a_case_in, manifest_digest
from tests.financing.factories import an_offer_on_its_own
from tests.identity import recognised
from tests.orders import factories as deals
from tests.orders.factories import NOW

DETAILS = {"bank_name": "DBS", "bic": "DBSSSGSG", "account_number": "0720099887"}


def in_session(member: Member) -> Member:
    return replace(member, session=recognised.SESSION)


def known(member: Member, *purposes: str) -> Member:
    """In a session in which they showed the identity of their city, bound to their company."""
    city = recognised.issuer("cn" if member.company.country == "CN" else "sg")
    recognised.known(member, city, *purposes, now=NOW)
    return in_session(member)


@dataclass
class Case:
    """An act: who does it, what it is called, and what tells that it was done."""

    actor: Member
    act: Callable[[Member], Any]
    is_done: Callable[[], bool]
    event: str


def placing() -> Case:
    bo, request = people.bo(), deals.a_request()
    return Case(
        bo,
        lambda who: orders.place_order(actor=who, request=request, now=NOW),
        Order.objects.exists,
        "OrderPlaced",
    )


def approving() -> Case:
    approval = deals.an_approval().public_id
    return Case(
        people.bo(),
        lambda who: orders.give_approval(actor=who, approval=approval, now=timezone.now()),
        lambda: Approval.objects.get().state == ApprovalState.GIVEN and Order.objects.exists(),
        "OrderPlaced",
    )


def accepting() -> Case:
    order = deals.an_order().public_id
    return Case(
        people.alice(),
        lambda who: orders.accept_order(actor=who, order=order, now=NOW),
        lambda: Order.objects.get().state == OrderState.CONFIRMED,
        "OrderConfirmed",
    )


def agreeing() -> Case:
    order = deals.an_order(incoterm="DAP", place="Shenzhen").public_id
    orders.offer_freight(actor=people.alice(), order=order, freight=Decimal("9.00"), now=NOW)
    return Case(
        people.bo(),
        lambda who: orders.agree_freight(actor=who, order=order, now=NOW),
        lambda: Order.objects.get().state == OrderState.CONFIRMED,
        "OrderConfirmed",
    )


def offering() -> Case:
    order = deals.an_order(incoterm="DAP", place="Shenzhen").public_id
    return Case(
        people.alice(),
        lambda who: orders.offer_freight(actor=who, order=order, freight=Decimal("9.00"), now=NOW),
        lambda: Order.objects.get().state == OrderState.FREIGHT_OFFERED,
        "FreightOffered",
    )


def despatching() -> Case:
    """By whoever ships, who issues the packing list by it."""
    order = deals.a_confirmed_order().public_id
    return Case(
        people.a_colleague(people.alice(), Role.LOGISTICS),
        lambda who: despatched(who, order),
        Despatch.objects.exists,
        "GoodsDespatched",
    )


def despatched(who: Actor, order: str) -> Despatch:
    return orders.despatch(
        actor=who,
        order=order,
        carrier="Straits Air Cargo",
        tracking_number="",
        despatched_on=timezone.localdate(NOW),
        eta=None,
        lines=[DespatchedLine(line=1, quantity=Decimal(1))],
        now=timezone.now(),
    )


def reissuing() -> Case:
    order = deals.a_confirmed_order()
    documents.issue_invoice(actor=System(reason="a test"), order_id=order.pk, now=timezone.now())
    paper = Paper.objects.earliest("pk")
    return Case(
        people.alice(),
        lambda who: reissued(who, paper.public_id),
        PaperVersion.objects.filter(paper=paper, version=2).exists,
        "PapersNumbered",
    )


def reissued(who: Actor, paper: str) -> PaperVersion:
    correction = Correction(reason="Wrong purchase order number", po_number="PO-99")
    return documents.reissue(actor=who, paper=paper, correction=correction, now=timezone.now())


def financing_it() -> Case:
    offer = an_offer_on_its_own().public_id
    return Case(
        people.alice(),
        lambda who: financing.accept_offer(actor=who, offer=offer, now=timezone.now()),
        lambda: Offer.objects.get().state == OfferState.ACCEPTED,
        "OfferAccepted",
    )


def signing() -> Case:
    case = a_case_in(CaseState.SIGNING)
    seen = case.terms.get(state=TermsState.LOCKED).text_hash
    return Case(
        people.bo(),
        lambda who: disputes.sign_terms(
            actor=who, case=case.public_id, name="Bo Wen", text_seen=seen, now=NOW
        ),
        Signature.objects.exists,
        "TermsSigned",
    )


def consenting(now: datetime = NOW) -> Case:
    case = a_case_in(CaseState.CONSENT_PENDING, now=now)
    return Case(
        people.bo(),
        lambda who: disputes.give_consent(
            actor=who, case=case.public_id, ticks=CODES, text_seen=text_hash(), now=now
        ),
        case.consents.exists,
        "ConsentGiven",
    )


def passing_on(now: datetime = NOW) -> Case:
    case = a_case_in(CaseState.MSA_SIGNED, now=now)
    seen = manifest_digest(case)
    return Case(
        people.bo(),
        lambda who: disputes.file_settlement(actor=who, case=case.public_id, manifest_seen=seen, now=now),
        case.filings.exists,
        "SettlementFiled",
    )


def performing(now: datetime = NOW) -> Case:
    case = a_case_in(CaseState.MSA_SIGNED, now=now)
    return Case(
        people.bo(),
        lambda who: disputes.perform_without_award(actor=who, case=case.public_id, now=now),
        Quarrel.objects.filter(state=CaseState.PERFORMING).exists,
        "PerformanceBegan",
    )


def banking() -> Case:
    return Case(
        people.alice(),
        change_asked,
        BankAccountChange.objects.filter(account_number=DETAILS["account_number"]).exists,
        "BankChangeAsked",
    )


def change_asked(who: Member) -> Any:
    named = {"currency": "SGD", "beneficiary": who.company.legal_name}
    return services.set_bank_account(actor=who, **named, **DETAILS, now=timezone.now())


def confirming() -> Case:
    second = people.a_colleague(people.alice(), Role.FINANCE)
    change = change_asked(people.alice())
    return Case(
        second,
        lambda who: services.confirm_bank_change(actor=who, change=change, now=timezone.now()),
        BankAccountChange.objects.filter(state=BankChangeState.CONFIRMED).exists,
        "BankAccountSet",
    )


def ending() -> Case:
    alice = people.alice()
    account = BankAccount.objects.standing().get(company=alice.company, currency="SGD")
    return Case(
        alice,
        lambda who: services.end_bank_account(actor=who, account=account, now=NOW),
        BankAccount.objects.filter(pk=account.pk, ended_at__isnull=False).exists,
        "BankAccountEnded",
    )


@dataclass(frozen=True)
class Row:
    begun: Callable[[], Case]
    purpose: Purpose
    #: module and name; those that do it under the key of a form come second
    verbs: tuple[str, ...]


ROWS = [
    Row(
        placing, Purpose.ORDER, ("orders.services.placing.place_order", "orders.services.placing.place_once")
    ),
    Row(approving, Purpose.ORDER, ("orders.services.approving.give_approval",)),
    Row(agreeing, Purpose.ORDER, ("orders.services.answering.agree_freight",)),
    Row(accepting, Purpose.ISSUE_DOCUMENT, ("orders.services.answering.accept_order",)),
    Row(offering, Purpose.ISSUE_DOCUMENT, ("orders.services.answering.offer_freight",)),
    Row(offering, Purpose.QUOTE, ("orders.services.answering.offer_freight",)),
    Row(despatching, Purpose.ISSUE_DOCUMENT, ("orders.services.despatching.despatch",)),
    Row(reissuing, Purpose.ISSUE_DOCUMENT, ("documents.services.correcting.reissue",)),
    Row(
        financing_it,
        Purpose.ACCEPT_FINANCE,
        ("financing.services.accepting.accept_offer", "financing.services.accepting.accept_once"),
    ),
    Row(signing, Purpose.SIGN_SETTLEMENT, ("disputes.services.settling.sign_terms",)),
    Row(consenting, Purpose.SIGN_SETTLEMENT, ("disputes.services.consenting.give_consent",)),
    Row(passing_on, Purpose.SIGN_SETTLEMENT, ("disputes.services.filing.file_settlement",)),
    Row(performing, Purpose.SIGN_SETTLEMENT, ("disputes.services.filing.perform_without_award",)),
    Row(banking, Purpose.CHANGE_BANK_ACCOUNT, ("identity.services.banking.set_bank_account",)),
    Row(confirming, Purpose.CHANGE_BANK_ACCOUNT, ("identity.services.bank_changes.confirm_bank_change",)),
    Row(ending, Purpose.CHANGE_BANK_ACCOUNT, ("identity.services.banking.end_bank_account",)),
]
