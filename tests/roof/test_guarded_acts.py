"""Acts that ask who somebody is: refused until it is shown, done afterwards, and remembered with what they rested on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes.models import Signature
from disputes.queries import signatures_of
from documents import services as documents
from documents.models import Paper, PaperVersion
from identity import services
from identity.actors import Member, System, Token, token_actor
from identity.models import Mandate, Membership, Proof, RecognitionPolicy
from identity.services import AssuranceNeeded
from identity.services.assurance import FreshProofNeeded
from identity.services.mandates import MandateExceeded, MandateNeeded
from identity.states import EntityStatus, Purpose, Role
from kernel.models import Event, IdempotencyKey
from orders import services as orders
from orders.models import Despatch, Order
from tests import factories as people
from tests.identity import recognised
from tests.orders import factories as deals
from tests.orders.factories import NOW
from tests.roof.guarded import (
    ROWS,
    Row,
    consenting,
    despatched,
    in_session,
    known,
    passing_on,
    performing,
    reissued,
    signing,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.begun.__name__}, {row.purpose}")
def test_an_act_is_refused_until_somebody_has_shown_who_they_are_and_keeps_what_it_rests_on(
    row: Row,
) -> None:
    case, purpose = row.begun(), row.purpose
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


def test_whoever_ships_or_corrects_has_a_mandate_where_papers_are_issued_by_mandate() -> None:
    """125 Singapore dollars, whatever part of it leaves. Logistics may by role, and does until an owner gives the first one."""
    alice, order = people.alice(), deals.a_confirmed_order()
    documents.issue_invoice(actor=System(reason="a test"), order_id=order.pk, now=NOW)
    paper = Paper.objects.earliest("pk").public_id
    ships = people.a_colleague(alice, Role.LOGISTICS)
    despatched(ships, order.public_id)
    assert Event.objects.get(name="GoodsDespatched").payload["assurance"] is None
    other = people.a_colleague(alice, Role.SELLER)
    give = {"act": Purpose.ISSUE_DOCUMENT, "actor": alice, "now": timezone.now()}
    services.give_mandate(holder=_member_of(other), **give)
    for act, what in ((despatched, order.public_id), (reissued, paper)):
        with pytest.raises(MandateNeeded):
            act(ships, what)
    services.give_mandate(holder=_member_of(ships), ceiling=Decimal("100.00"), currency="SGD", **give)
    for act, what in ((despatched, order.public_id), (reissued, paper)):
        with pytest.raises(MandateExceeded):
            act(ships, what)
    assert Despatch.objects.count() == 1 and not PaperVersion.objects.filter(version=2).exists()
    wide = services.give_mandate(holder=_member_of(ships), ceiling=Decimal("126"), currency="SGD", **give)
    despatched(ships, order.public_id)
    reissued(ships, paper)
    for name in ("GoodsDespatched", "PapersNumbered"):
        kept = Event.objects.filter(name=name).latest("pk").payload["assurance"]
        assert kept == {"rank": 0, "proofs": [], "mandate": wide.pk}


def test_a_program_ships_with_what_its_maker_had_shown() -> None:
    alice, order = people.alice(), deals.a_confirmed_order()
    recognised.enforced(Purpose.ISSUE_DOCUMENT, now=NOW)
    with pytest.raises(AssuranceNeeded):
        despatched(_program(in_session(alice)), order.public_id)
    assert not Despatch.objects.exists()
    despatched(_program(known(alice, Purpose.ISSUE_DOCUMENT)), order.public_id)
    kept = Event.objects.get(name="GoodsDespatched").payload["assurance"]
    assert (kept["rank"], kept["proofs"]) == (3, [Proof.objects.get().pk])


def _program(maker: Member) -> Token:
    token, _secret = services.issue_token(
        actor=maker, name="ERP", roles=maker.roles, expires_at=NOW + timedelta(days=9), now=NOW
    )
    program = token_actor(timezone.now(), pk=token.pk)
    assert program is not None
    return program


def test_a_mandate_is_held_against_the_sum_of_a_settlement_and_not_against_consent_to_talk() -> None:
    """Forty dollars are to be paid; no sum is agreed on when mediation begins."""
    signatory = people.a_colleague(people.bo(), Role.APPROVER)
    now = timezone.now()
    services.give_mandate(
        actor=people.bo(),
        holder=_member_of(signatory),
        act=Purpose.SIGN_SETTLEMENT,
        ceiling=Decimal("39.99"),
        currency="SGD",
        now=now,
    )
    for begun in (consenting, passing_on, performing):
        case = begun(now)
        if begun is consenting:
            case.act(signatory)
        else:
            with pytest.raises(MandateExceeded):
                case.act(signatory)
        assert case.is_done() == (begun is consenting)
    kept = Event.objects.filter(name="ConsentGiven", payload__assurance__isnull=False)
    assert kept.filter(payload__assurance__mandate=Mandate.objects.get().pk).exists()
    services.revoke_mandate(actor=people.bo(), mandate=Mandate.objects.get().public_id, now=now)
    with pytest.raises(MandateNeeded):
        case.act(signatory)
    assert not case.is_done()


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
    program = _program(bo)
    with pytest.raises(FreshProofNeeded) as refusal:
        services.guard(actor=program, purpose=Purpose.SIGN_SETTLEMENT, now=NOW)
    assert (refusal.value.code, refusal.value.status) == ("assurance.fresh_proof_needed", 403)
