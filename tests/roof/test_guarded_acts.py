"""Acts that ask who somebody is: refused until it is shown, done afterwards, and remembered with what they rested on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes import services as disputes
from disputes.models import Signature
from disputes.queries import signatures_of
from disputes.states import CaseState, TermsState
from financing import services as financing
from financing.models import Offer
from financing.states import OfferState
from identity import services
from identity.actors import Member, token_actor
from identity.models import BankAccountChange, Mandate, Membership, Proof, RecognitionPolicy
from identity.services import AssuranceNeeded
from identity.services.assurance import FreshProofNeeded
from identity.services.mandates import MandateExceeded, MandateNeeded
from identity.states import EntityStatus, Purpose, Role
from kernel.models import Event, IdempotencyKey
from orders import services as orders
from orders.models import Approval, Order
from orders.states import ApprovalState, OrderState
from tests import factories as people
from tests.disputes.factories import a_case_in
from tests.financing.factories import an_offer_on_its_own
from tests.identity import recognised
from tests.orders import factories as deals
from tests.orders.factories import NOW

pytestmark = pytest.mark.django_db


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


def banking() -> Case:
    details = {"bank_name": "DBS", "bic": "DBSSSGSG", "account_number": "0720099887"}
    return Case(
        people.alice(),
        lambda who: services.set_bank_account(
            actor=who, currency="SGD", beneficiary=who.company.legal_name, **details, now=NOW
        ),
        BankAccountChange.objects.filter(account_number="0720099887").exists,
        "BankChangeAsked",
    )


ACTS = {
    placing: Purpose.ORDER,
    approving: Purpose.ORDER,
    accepting: Purpose.ISSUE_DOCUMENT,
    agreeing: Purpose.ORDER,
    financing_it: Purpose.ACCEPT_FINANCE,
    signing: Purpose.SIGN_SETTLEMENT,
    banking: Purpose.CHANGE_BANK_ACCOUNT,
}


@pytest.mark.parametrize("begun", ACTS, ids=lambda begun: begun.__name__)
def test_an_act_is_refused_until_somebody_has_shown_who_they_are_and_keeps_what_it_rests_on(
    begun: Callable[[], Case],
) -> None:
    case, purpose = begun(), ACTS[begun]
    recognised.enforced(purpose, now=NOW)
    with pytest.raises(AssuranceNeeded) as refusal:
        case.act(in_session(case.actor))
    assert refusal.value.purpose == purpose and not case.is_done()
    actor = known(case.actor, purpose)
    case.act(actor)
    assert case.is_done()
    proof = Proof.objects.get()
    kept = Event.objects.filter(name=case.event).latest("pk").payload["assurance"]
    policy = RecognitionPolicy.objects.get(purpose=purpose)
    bindings = list(proof.identity.bindings.values_list("pk", flat=True))
    assert kept == {"rank": 3, "proofs": [proof.pk], "policy": policy.pk, "bindings": bindings}
    # what ends afterwards takes nothing away
    identity = proof.identity
    identity.ended_at, identity.ended_reason = NOW, "taken back"
    identity.save()
    services.suspend_issuer(
        actor=recognised.officer("olive"), issuer=identity.issuer, reason="Keys lost", now=NOW
    )
    assert case.is_done() and Event.objects.filter(name=case.event).latest("pk").payload["assurance"] == kept
    assert Proof.objects.get().level.code, "and whoever looks still finds who showed what, and when"


@pytest.mark.parametrize(
    "change", ["issuer suspended", "policy ended", "identity ended", "company struck off", "asked too late"]
)
def test_what_ends_blocks_the_next_act_at_once(change: str) -> None:
    recognised.enforced(Purpose.ORDER, now=NOW)
    bo, olive, later = known(people.bo(), Purpose.ORDER), recognised.officer("olive"), NOW
    request = deals.a_request(buyer=bo)
    first = orders.place_order(actor=bo, request=request, now=NOW)
    proof = Proof.objects.select_related("identity__issuer").get()
    match change:
        case "issuer suspended":
            services.suspend_issuer(actor=olive, issuer=proof.identity.issuer, reason="Keys lost", now=NOW)
        case "policy ended":
            policy = proof.identity.issuer.policies.get()
            services.end_policy(actor=olive, policy=policy, reason="Revised", now=NOW)
        case "identity ended":
            proof.identity.ended_at = NOW
            proof.identity.save()
        case "company struck off":
            proof.identity.bindings.update(entity_status=EntityStatus.DEREGISTERED)
        case "asked too late":
            proof.identity.bindings.update(valid_to=NOW + timedelta(hours=1))
            later = NOW + timedelta(hours=2)
    with pytest.raises(AssuranceNeeded):
        orders.place_order(actor=bo, request=request, now=later)
    assert Order.objects.get() == first
    assert Event.objects.get(name="OrderPlaced").payload["assurance"]["proofs"] == [proof.pk]


def test_a_settlement_is_signed_within_five_minutes_of_showing_it() -> None:
    case = signing()
    recognised.enforced(Purpose.SIGN_SETTLEMENT, now=NOW)
    bo, city = in_session(case.actor), recognised.issuer("cn")
    recognised.policy(city, Purpose.SIGN_SETTLEMENT, where="CN", now=NOW)
    identity = recognised.identity(bo.user, city, now=NOW)
    recognised.bound(bo, identity)
    recognised.proved(bo, identity, "4", now=NOW, ago=301)
    with pytest.raises(AssuranceNeeded):
        case.act(bo)
    recognised.proved(bo, identity, "4", now=NOW, ago=299)
    case.act(bo)
    assert case.is_done()
    issuer = identity.issuer
    services.suspend_issuer(actor=recognised.officer("olive"), issuer=issuer, reason="Keys lost", now=NOW)
    signed = Signature.objects.select_related("terms__case").get()
    [(signature, shown)] = signatures_of(signed.terms.case, signed.terms)
    assert signature == signed and shown is not None
    assert (shown.issuer, shown.rank, shown.at) == (issuer, 3, NOW - timedelta(seconds=299))


def test_a_mandate_is_held_against_the_total_by_the_stored_rate_of_the_day() -> None:
    """125 Singapore dollars; a ceiling in yuan. Owners give it; it stands beside what is asked of everybody."""
    peng, request = deals.a_purchaser(), deals.a_request()
    member = people.acting(peng.user, peng.company)
    holder = services.give_mandate(
        actor=people.bo(),
        holder=_member_of(member),
        act=Purpose.ORDER,
        ceiling=Decimal("100.00"),
        currency="CNY",
        now=timezone.now(),
    )
    now = timezone.now()
    with pytest.raises(MandateExceeded):
        orders.place_order(actor=peng, request=request, now=now)
    assert not Order.objects.exists()
    wide = services.give_mandate(
        actor=people.bo(),
        holder=_member_of(member),
        act=Purpose.ORDER,
        ceiling=Decimal("1000.00"),
        currency="CNY",
        now=now,
    )
    orders.place_order(actor=peng, request=request, now=now)
    kept = Event.objects.get(name="OrderPlaced").payload["assurance"]
    assert kept == {"rank": 0, "proofs": [], "mandate": wide.pk}
    for mandate in (holder, wide):
        services.revoke_mandate(actor=people.bo(), mandate=mandate.public_id, now=now)
    with pytest.raises(MandateNeeded):
        orders.place_order(actor=peng, request=request, now=timezone.now())
    assert Order.objects.count() == 1 and Mandate.objects.count() == 2


def _member_of(actor: Member) -> str:
    return Membership.objects.get(pk=actor.membership_id).public_id


def test_a_program_without_proof_is_told_so_and_may_ask_again_under_the_same_key() -> None:
    """Nothing is kept under the key: with a token made after showing an identity the same request is done."""
    bo, request = people.bo(), deals.a_request()
    recognised.enforced(Purpose.ORDER, now=NOW)
    body = {
        "seller": request.seller,
        "lines": [{"product": request.lines[0].product, "quantity": "10"}],
        "currency": "SGD",
        "incoterm": "FCA",
        "place": "Singapore",
        "bill_to": request.bill_to,
        "ship_to": request.ship_to,
        "payment_terms": "net_30",
    }

    def placed(maker: Member) -> Any:
        token, secret = services.issue_token(
            actor=maker, name="ERP", roles=[Role.BUYER], expires_at=NOW + timedelta(days=9), now=NOW
        )
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"one-{token.pk}"}
        sent = {"content_type": "application/json", "headers": headers}
        return Client().post(reverse("api_orders"), body, **sent)

    answer = placed(bo)
    said = answer.json()
    assert (answer.status_code, said["code"], answer["Content-Type"]) == (
        403,
        "assurance.needed",
        "application/problem+json",
    )
    assert (said["purpose"], said["rank_needed"], said["rank_shown"]) == ("order", 2, 0)
    assert said["max_age_seconds"] is None and said["issuers"] == []
    assert not Order.objects.exists() and not IdempotencyKey.objects.exists()
    answer = placed(known(bo, Purpose.ORDER))
    assert answer.status_code == 201, answer.json()
    assert Event.objects.get(name="OrderPlaced").payload["assurance"]["proofs"] == [Proof.objects.get().pk]


def test_what_has_to_be_fresh_is_no_programs() -> None:
    bo = known(people.bo(), Purpose.SIGN_SETTLEMENT)
    recognised.enforced(Purpose.SIGN_SETTLEMENT, now=NOW)
    token, _secret = services.issue_token(
        actor=bo, name="ERP", roles=[Role.BUYER], expires_at=NOW + timedelta(days=9), now=NOW
    )
    program = token_actor(timezone.now(), pk=token.pk)
    assert program is not None
    with pytest.raises(FreshProofNeeded) as refusal:
        services.guard(actor=program, purpose=Purpose.SIGN_SETTLEMENT, now=NOW)
    assert (refusal.value.code, refusal.value.status) == ("assurance.fresh_proof_needed", 403)
