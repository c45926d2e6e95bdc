"""The conversation before an order binds: accept, offer freight, agree, refuse, cancel, lapse."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.services import release_stock
from identity.actors import Actor, CompanyActor, System
from identity.queries import bank_instructions
from identity.services import Assured, check_not_held, guard
from identity.states import Purpose, ScreenedAct
from kernel.errors import Refused
from kernel.events import BusinessEvent
from kernel.money import round_money
from kernel.services import record
from kernel.states import IllegalMove, check_move
from orders.events import FreightOffered, OrderCancelled, OrderConfirmed, OrderLapsed, OrderRefused
from orders.models import Order
from orders.queries.approvals import excess_of
from orders.rules import RESPONSE_TIME, Act, payment_due_on, sum_up
from orders.rules.lines import MOST_MONEY
from orders.services.fetching import fetch_for, move
from orders.states import AWAITING_ANSWER, ORDER_MOVES, OrderState
from tariffs.queries import Worth
from tariffs.rules import incoterms


class FreightIsTheBuyers(Refused):
    code = "order.freight_is_the_buyers"
    message = _("Under %(incoterm)s the buyer arranges the carriage: there is no freight to offer.")
    field = "freight"


class NotAnAmount(Refused):
    code = "order.not_an_amount"
    message = _("Give an amount of 0 or more with at most two decimals.")
    field = "freight"


class ReasonMissing(Refused):
    code = "order.reason_missing"
    message = _("Say why, so that the other party knows.")
    field = "reason"


class FreightChanged(Refused):
    code = "order.freight_changed"
    message = _("The freight offered is %(freight)s now. Look at it again.")
    status = 409


class FreightNeedsApprover(Refused):
    """With freight the order goes over the company's own limit."""

    code = "order.freight_needs_approver"
    message = _(
        "With this freight the order is over %(limit)s %(currency)s: an approver of your company agrees to it on this "
        "page."
    )
    status = 403


@transaction.atomic
def accept_order(*, actor: Actor, order: str, now: datetime) -> Order:
    """The seller accepts the order as placed: it binds both parties, and the papers of the deal are issued."""
    placed, seller = fetch_for(Act.ACCEPT, order=order, actor=actor)
    assured = _guard(seller, Purpose.ISSUE_DOCUMENT, placed, now)
    _expect(OrderState.PLACED, placed)
    move(placed, OrderState.CONFIRMED, now=now)
    return _confirm(placed, actor=seller, assured=assured, now=now)


@transaction.atomic
def offer_freight(*, actor: Actor, order: str, freight: Decimal, now: datetime) -> Order:
    """The seller names what carriage costs, and with it a total that binds them; the buyer then has 72 hours to agree."""
    placed, seller = fetch_for(Act.OFFER_FREIGHT, order=order, actor=actor)
    if not incoterms.seller_carries(placed.incoterm):
        raise FreightIsTheBuyers(incoterm=placed.incoterm)
    _check_freight(freight, placed.currency)
    move(placed, OrderState.FREIGHT_OFFERED, now=now)
    _add_freight(placed, freight)
    # the buyer's yes then issues the seller's papers without another word of the seller's: what asks for more comes first
    papers = _guard(seller, Purpose.ISSUE_DOCUMENT, placed, now)
    assured = papers.or_else(_guard(seller, Purpose.QUOTE, placed, now))
    placed.respond_by = now + RESPONSE_TIME
    placed.save(update_fields=["state", "freight", "tax_total", "total", "respond_by"])
    _tell(
        placed,
        FreightOffered(
            order_id=placed.pk,
            freight=freight,
            respond_by=placed.respond_by,
            assurance=assured.evidence,
        ),
        actor=seller,
        now=now,
    )
    return placed


@transaction.atomic
def agree_freight(*, actor: Actor, order: str, now: datetime, freight_seen: Decimal | None = None) -> Order:
    """The buyer agrees to the freight offered: the order binds both parties. Over the company's limit an approver does."""
    offered, buyer = fetch_for(Act.AGREE_FREIGHT, order=order, actor=actor)
    assured = _guard(buyer, Purpose.ORDER, offered, now)
    _expect(OrderState.FREIGHT_OFFERED, offered)
    if freight_seen is not None and freight_seen != offered.freight:
        raise FreightChanged(freight=offered.freight)
    if excess := excess_of(buyer, offered.total, offered.currency, timezone.localdate(now)):
        raise FreightNeedsApprover(limit=f"{excess.amount:,.2f}", currency=excess.limit.currency)
    move(offered, OrderState.CONFIRMED, now=now)
    return _confirm(offered, actor=buyer, assured=assured, now=now)


@transaction.atomic
def refuse_order(*, actor: Actor, order: str, reason: str, now: datetime) -> Order:
    """The seller refuses, saying why; the stock is released."""
    placed, seller = fetch_for(Act.REFUSE, order=order, actor=actor)
    why = given_reason(reason)
    move(placed, OrderState.REFUSED, now=now)
    return _close(placed, OrderRefused(order_id=placed.pk), why, actor=seller, now=now)


@transaction.atomic
def cancel_order(*, actor: Actor, order: str, reason: str, now: datetime) -> Order:
    """The buyer steps back before the order binds, also by declining the freight; the stock is released."""
    awaiting, buyer = fetch_for(Act.CANCEL, order=order, actor=actor)
    why = given_reason(reason)
    move(awaiting, OrderState.CANCELLED, now=now)
    return _close(awaiting, OrderCancelled(order_id=awaiting.pk), why, actor=buyer, now=now)


@transaction.atomic
def lapse_order(*, order_id: int, now: datetime) -> bool:
    """The deadline closes an order that nobody answered; the stock is released. Repeatable; tells whether it did.

    An order that was answered meanwhile, or whose deadline was moved by an offer of freight, is left alone.
    """
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state not in AWAITING_ANSWER or order.respond_by is None or now < order.respond_by:
        return False
    check_move(ORDER_MOVES, order.state, OrderState.LAPSED)
    order.state = OrderState.LAPSED
    _close(order, OrderLapsed(order_id=order.pk), "", actor=System(reason="deadline"), now=now)
    return True


def _expect(state: str, order: Order) -> None:
    """Both ways into CONFIRMED start from a state of their own."""
    if order.state != state:
        raise IllegalMove(state=order.get_state_display(), target=OrderState.CONFIRMED)


def _guard(actor: CompanyActor, purpose: str, order: Order, now: datetime) -> Assured:
    others = [party for party in order.parties if party != actor.company_id]
    check_not_held(act=ScreenedAct.BIND, company_id=actor.company_id, others=others, now=now)
    worth = Worth(order.total, order.currency, timezone.localdate(now))
    return guard(actor=actor, purpose=purpose, worth=worth, now=now)


def _confirm(order: Order, *, actor: Actor, assured: Assured, now: datetime) -> Order:
    """Bind both parties, and fix where and until when the buyer pays."""
    order.confirmed_at = now
    order.payment_due_on = payment_due_on(order.payment_terms, confirmed_at=now, zone=order.seller.time_zone)
    order.bank_instructions = bank_instructions(order.seller_id, order.currency, reference=order.reference)
    order.save(update_fields=["state", "confirmed_at", "payment_due_on", "bank_instructions"])
    _tell(order, OrderConfirmed(order_id=order.pk, assurance=assured.evidence), actor=actor, now=now)
    return order


def _close(order: Order, event: BusinessEvent, why: str, *, actor: Actor, now: datetime) -> Order:
    order.closed_at = now
    order.close_reason = why
    order.save(update_fields=["state", "closed_at", "close_reason"])
    release_stock(actor=actor, reference=order.uid, now=now)
    _tell(order, event, actor=actor, now=now)
    return order


def _add_freight(order: Order, freight: Decimal) -> None:
    """Freight is taxed like the goods that it carries."""
    tax = order.taxes.first()
    totals = sum_up(
        [order.lines_total],
        currency=order.currency,
        freight=freight,
        tax_percent=tax.percent if tax else None,
    )
    order.freight, order.tax_total, order.total = freight, totals.tax, totals.total
    if tax:
        tax.base, tax.amount = totals.tax_base, totals.tax
        tax.save(update_fields=["base", "amount"])


def _check_freight(freight: Decimal, currency: str) -> None:
    if not freight.is_finite() or not 0 <= freight < MOST_MONEY:
        raise NotAnAmount
    if freight != round_money(freight, currency):
        raise NotAnAmount


def given_reason(words: str) -> str:
    """The words, as long as they may be; raises `ReasonMissing` where there are none."""
    if not words.strip():
        raise ReasonMissing
    return words.strip()[:500]


def _tell(order: Order, event: BusinessEvent, *, actor: Actor, now: datetime) -> None:
    record(event, actor=actor, now=now, subject=order, about=order, audience=order.parties)
