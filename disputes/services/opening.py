"""Opening a case, and the days in which the parties still settle it between themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.events import (
    CaseOpened,
    CaseSettledDirectly,
    CaseWithdrawn,
    MediationRequested,
    SettlementClaimed,
)
from disputes.models import Case
from disputes.rules.clauses import digest
from disputes.rules.deadlines import day_of
from disputes.rules.references import new_number
from disputes.rules.roles import PARTY_ROLES
from disputes.services.ending import end
from disputes.services.fetching import OtherSides, await_by_rule, await_until, expect, move, party_case, tell
from disputes.services.uploads import Upload, keep_files
from disputes.states import CaseState, ClaimKind, Remedy, Side, Zone
from financing.services import hold_for_dispute
from identity.actors import Actor, Member, require_person
from kernel.errors import Conflict, Refused
from kernel.money import round_money
from kernel.services import once
from orders.models import Order
from orders.services import hold_payment
from orders.states import BINDING

Answer = dict[str, Any]
MOST_WORDS = 6000


class OrderNotBinding(Conflict):
    code = "case.order_not_binding"
    message = _("A case is opened about a confirmed order.")


class AlreadyOpen(Conflict):
    code = "case.already_open"
    message = _("A case about this order is open already.")


class TooSoonAgain(Conflict):
    code = "case.too_soon_again"
    message = _(
        "Your company’s last case about this order, %(number)s, has ended lately. You can open another one after %(day)s; the other party can open one at once."
    )


class SettledForGood(Conflict):
    code = "case.settled_for_good"
    message = _(
        "Case %(number)s settled your company’s claim of this kind about this order for good. What was settled and is not done is for the courts, or for the tribunal that the settlement names."
    )
    field = "kind"


class NotAClaim(Refused):
    code = "case.not_an_amount"
    message = _("Give an amount above 0 with at most two decimals.")
    field = "amount"


class MoreThanTheOrder(Refused):
    code = "case.more_than_the_order"
    message = _("The order’s total is %(total)s %(currency)s: a claim is at most that.")
    field = "amount"


class WordsMissing(Refused):
    code = "case.words_missing"
    message = _("Say what happened, in up to 6,000 characters.")
    field = "statement"


class NotYet(Conflict):
    code = "case.not_yet"
    message = _(
        "The parties have until %(day)s to settle between themselves. Say that it is urgent to go on sooner."
    )


@dataclass(frozen=True, kw_only=True)
class ClaimMade:
    """What a party says about an order. `amount` is in the order's currency."""

    kind: str
    amount: Decimal
    remedy: str
    statement: str
    urgent: bool = False


def open_case_once(
    *, actor: Actor, order: str, claim: ClaimMade, files: Sequence[Upload] = (), key: str, now: datetime
) -> Answer:
    """`open_case`, repeatable under the key of a form."""

    def act() -> Answer:
        opened = open_case(actor=actor, order=order, claim=claim, files=files, now=now)
        return {"id": opened.public_id, "number": opened.number}

    body = {"order": order, "kind": claim.kind, "amount": str(claim.amount), "statement": claim.statement}
    return once(actor=actor, verb="open_case", key=key, body=body, now=now, act=act)


@transaction.atomic
def open_case(
    *, actor: Actor, order: str, claim: ClaimMade, files: Sequence[Upload] = (), now: datetime
) -> Case:
    """A party of a confirmed order makes a claim: its evidence is frozen, and payment of the order is held."""
    member = require_person(actor, *PARTY_ROLES)
    about, evidence = queries.evidence_of(actor, order)
    if about.state not in BINDING:
        raise OrderNotBinding
    _check(claim, about)
    _check_again(member, about, claim.kind, now)
    other = about.seller_id if about.buyer_id == member.company_id else about.buyer_id
    case = Case(
        number=new_number(),
        order=about,
        claimant_id=member.company_id,
        respondent_id=other,
        kind=claim.kind,
        amount=claim.amount,
        currency=about.currency,
        remedy=claim.remedy,
        statement=claim.statement.strip(),
        urgent=claim.urgent,
        opened_at=now,
        opened_by=member.user,
        rules=queries.rules_of_day(day_of(now)),
        evidence=evidence,
        evidence_digest=digest(evidence),
        respond_by=now,  # until it is counted, below
        changed_at=now,
    )
    _insert(case)
    until = await_until(case, "negotiate", actor=member, now=now)
    case.save(update_fields=["respond_by"])
    keep_files(case, files, zone=Zone.OPEN, member=member, now=now)
    hold_payment(actor=member, order_id=about.pk, by=case.uid, now=now)
    hold_for_dispute(order_id=about.pk, actor=member, now=now)
    tell(case, CaseOpened(case_id=case.pk, respond_by=until), actor=member, now=now)
    return case


@transaction.atomic
def say_settled(*, actor: Actor, case: str, now: datetime) -> Case:
    """One side says that the parties have settled between themselves; when both have, the case ends."""
    found, member, side = party_case(actor, case)
    expect(found, CaseState.NEGOTIATING, now=now)
    if side == Side.A:
        found.settled_by_a_at = found.settled_by_a_at or now
    else:
        found.settled_by_b_at = found.settled_by_b_at or now
    if found.settled_by_a_at and found.settled_by_b_at:
        move(found, CaseState.SETTLED_DIRECT, now=now)
        found.save(update_fields=["settled_by_a_at", "settled_by_b_at"])
        return end(found, CaseSettledDirectly(case_id=found.pk), actor=member, now=now)
    found.save(update_fields=["settled_by_a_at", "settled_by_b_at"])
    tell(found, SettlementClaimed(case_id=found.pk, side=side), actor=member, now=now)
    return found


@transaction.atomic
def request_mediation(*, actor: Actor, case: str, urgent: bool, now: datetime) -> Case:
    """Either party hands the case to the office; sooner than the days to negotiate end where it is urgent."""
    found, member, _side = party_case(actor, case)
    move(found, CaseState.REQUESTED, now=now)
    if not (urgent or found.urgent):
        until = found.deadlines.filter(code="negotiate").latest("pk").rolled
        raise NotYet(day=until.isoformat())
    found.urgent, found.requested_at = True, now
    await_by_rule(found, actor=member, now=now)
    found.save(update_fields=["state", "respond_by", "changed_at", "urgent", "requested_at"])
    tell(found, MediationRequested(case_id=found.pk), actor=member, now=now)
    return found


@transaction.atomic
def withdraw_case(*, actor: Actor, case: str, now: datetime) -> Case:
    """The claimant alone takes the claim back, until mediation has begun."""
    found, member, side = party_case(actor, case)
    if side != Side.A:
        raise OtherSides
    move(found, CaseState.WITHDRAWN, now=now)
    return end(found, CaseWithdrawn(case_id=found.pk), actor=member, now=now)


def _check(claim: ClaimMade, order: Order) -> None:
    if claim.kind not in ClaimKind.values or claim.remedy not in Remedy.values:
        raise WordsMissing(field="kind")
    if not 0 < len(claim.statement.strip()) <= MOST_WORDS:
        raise WordsMissing
    amount = claim.amount
    if not amount.is_finite() or amount <= 0 or amount != round_money(amount, order.currency):
        raise NotAClaim
    if amount > order.total:
        raise MoreThanTheOrder(total=round_money(order.total, order.currency), currency=order.currency)


def _check_again(member: Member, order: Order, kind: str, now: datetime) -> None:
    """What the party's own ended cases about the order leave no room for."""
    settled = queries.settled_before(member.company_id, order, kind)
    if settled is not None:
        raise SettledForGood(number=settled.number)
    wait = queries.wait_before_again(member.company_id, order, now)
    if wait is not None:
        raise TooSoonAgain(number=wait.number, day=day_of(wait.until).isoformat())


def _insert(case: Case) -> None:
    """One open case per order: the constraint decides between two who open at once."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        if "case_one_open_per_order" in str(error):
            raise AlreadyOpen from error
        raise
