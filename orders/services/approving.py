"""Orders over a company's own limit: a buyer asks, an approver places or declines, or nobody answers in time."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, Member, System, actor_for_member, require_person
from identity.states import Role
from kernel.errors import Conflict, Forbidden, Refused
from kernel.events import BusinessEvent
from kernel.services import once, record
from kernel.states import check_move
from orders.events import (
    ApprovalAsked,
    ApprovalDeclined,
    ApprovalGiven,
    ApprovalLapsed,
    ApprovalWithdrawn,
)
from orders.models import Approval, Order
from orders.queries.approvals import Excess, excess_of
from orders.queries.offers import Offer, by_public_id, products_on_sale
from orders.services.answering import given_reason
from orders.services.carting import fill_cart, take_out_of_cart
from orders.services.checking import Ready, checked
from orders.services.placing import guard_order, write_order
from orders.services.requests import OrderRequest, WantedLine
from orders.states import APPROVAL_MOVES, ApprovalState

Answer = dict[str, Any]


class ApprovalNotNeeded(Refused):
    code = "approval.not_needed"
    message = _("This order needs no approval: place it.")
    status = 409


class ApprovalTooLate(Conflict):
    """The deadline decides, not the timer that closes the request."""

    code = "approval.too_late"
    message = _("The time to approve has passed. Nothing was ordered.")


class OwnRequest(Forbidden):
    code = "approval.own_request"
    message = _("Nobody approves what they asked for themselves. Another approver decides.")


class AskerGone(Conflict):
    code = "approval.asker_gone"
    message = _(
        "Whoever asked for this buys for your company no longer. Decline it, or place it from the cart."
    )


@dataclass(frozen=True)
class BackInCart:
    """SKUs that are in the cart again, and those that are no longer on sale."""

    added: list[str]
    missing: list[str]


def ask_once(*, actor: Actor, request: OrderRequest, key: str, now: datetime) -> Answer:
    """`ask_approval`, repeatable under the key of a form. Returns the request's id."""

    def act() -> Answer:
        return {"id": ask_approval(actor=actor, request=request, now=now).public_id}

    body = dataclasses.asdict(request)
    return once(actor=actor, verb="ask_approval", key=key, body=body, now=now, act=act)


@transaction.atomic
def ask_approval(*, actor: Actor, request: OrderRequest, now: datetime) -> Approval:
    """Ask the company's approvers to place this order, over the limit of what its buyer orders alone.

    Checked as at the door, and kept with the prices that were seen. No stock is reserved while it waits. Raises what
    `place_order` raises, and `ApprovalNotNeeded`.
    """
    buyer = require_person(actor, Role.BUYER)
    ready = checked(request, buyer, now)
    totals = ready.totals
    excess = excess_of(buyer, totals.total, request.currency, timezone.localdate(now))
    if excess is None:
        raise ApprovalNotNeeded
    approval = Approval.objects.create(
        company_id=buyer.company_id,
        seller=ready.seller,
        wanted=dataclasses.asdict(_as_seen(request, ready)),
        lines=[_line(offer) for offer in ready.offers],
        currency=request.currency,
        lines_total=totals.lines,
        tax_total=totals.tax,
        total=totals.total,
        limit_amount=excess.amount,
        limit_currency=excess.limit.currency,
        conversion=_conversion(excess),
        asked_by_id=buyer.user_id,
        asked_at=now,
        respond_by=now + timedelta(days=excess.limit.days),
    )
    if request.from_cart:
        take_out_of_cart(buyer, ready.offers)
    _tell(approval, ApprovalAsked(approval_id=approval.pk, respond_by=approval.respond_by), buyer, now)
    return approval


@transaction.atomic
def give_approval(*, actor: Actor, approval: str, now: datetime) -> Order:
    """Place the order that was asked for, at the prices that were seen. Repeatable: approved before, it is the same order.

    Everything is checked again at the door: what has changed is named by the `Refused`, and the request stays open.
    """
    asked, approver = _fetch(approval, actor, Role.APPROVER)
    if asked.state == ApprovalState.GIVEN and asked.order is not None:
        return asked.order
    if asked.asked_by_id == approver.user_id:
        raise OwnRequest
    _close(asked, ApprovalState.GIVEN, approver, now)
    _check_asker(asked, now)
    request = request_of(asked)
    ready = checked(request, approver, now)
    assured = guard_order(approver, ready, request.currency, now)
    asked.order = write_order(
        ready,
        request,
        by=approver,
        placed_by=asked.asked_by_id,
        assured=assured,
        now=now,
        uid=asked.uid,
    )
    asked.save(update_fields=["state", "decided_by", "decided_at", "order"])
    _tell(asked, ApprovalGiven(approval_id=asked.pk, order_id=asked.order.pk), approver, now)
    return asked.order


@transaction.atomic
def decline_approval(*, actor: Actor, approval: str, reason: str, now: datetime) -> Approval:
    """Nothing is ordered; whoever asked reads why."""
    asked, approver = _fetch(approval, actor, Role.APPROVER)
    why = given_reason(reason)
    _close(asked, ApprovalState.DECLINED, approver, now)
    asked.reason = why
    asked.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    _tell(asked, ApprovalDeclined(approval_id=asked.pk), approver, now)
    return asked


@transaction.atomic
def withdraw_approval(*, actor: Actor, approval: str, now: datetime) -> BackInCart:
    """Buyers take the request back, to change it or to leave it: its lines are in the cart again."""
    asked, buyer = _fetch(approval, actor, Role.BUYER)
    _close(asked, ApprovalState.WITHDRAWN, buyer, now)
    asked.save(update_fields=["state", "decided_by", "decided_at"])
    _tell(asked, ApprovalWithdrawn(approval_id=asked.pk), buyer, now)
    return _into_cart(asked, buyer, now)


@transaction.atomic
def put_back(*, actor: Actor, approval: str, now: datetime) -> BackInCart:
    """The lines of a request that came to nothing, into the cart at today's prices."""
    asked, buyer = _fetch(approval, actor, Role.BUYER)
    if asked.state in (ApprovalState.WAITING, ApprovalState.GIVEN):
        raise Conflict
    return _into_cart(asked, buyer, now)


@transaction.atomic
def lapse_approval(*, approval_id: int, now: datetime) -> bool:
    """The deadline closes a request that nobody decided. Repeatable; tells whether it did."""
    asked = Approval.objects.select_for_update().get(pk=approval_id)
    if not asked.is_waiting or now < asked.respond_by:
        return False
    check_move(APPROVAL_MOVES, asked.state, ApprovalState.LAPSED)
    asked.state, asked.decided_at = ApprovalState.LAPSED, now
    asked.save(update_fields=["state", "decided_at"])
    _tell(asked, ApprovalLapsed(approval_id=asked.pk), System(reason="deadline"), now)
    return True


def changes_since(*, actor: Actor, approval: Approval, now: datetime) -> list[str]:
    """What would keep the order from being placed as it was asked for, in words; nothing is changed."""
    approver = require_person(actor, Role.APPROVER)
    try:
        checked(request_of(approval), approver, now)
    except Refused as refused:
        return [str(line["message"]) for line in refused.lines] or [str(refused)]
    return []


def request_of(approval: Approval) -> OrderRequest:
    """What was asked for, as the door takes it."""
    kept = dict(approval.wanted)
    lines = tuple(
        WantedLine(
            product=line["product"],
            quantity=Decimal(line["quantity"]),
            price_seen=Decimal(line["price_seen"]),
        )
        for line in kept.pop("lines")
    )
    day = kept.pop("requested_date")
    total = Decimal(kept.pop("total_seen"))
    return OrderRequest(
        lines=lines, requested_date=date.fromisoformat(day) if day else None, total_seen=total, **kept
    )


def _as_seen(request: OrderRequest, ready: Ready) -> OrderRequest:
    """The request with today's prices as those that are agreed to."""
    seen = {offer.product.public_id: offer.quote.unit_price for offer in ready.offers if offer.quote}
    lines = tuple(dataclasses.replace(line, price_seen=seen[line.product]) for line in request.lines)
    return dataclasses.replace(request, lines=lines, total_seen=ready.totals.total, from_cart=False)


def _line(offer: Offer) -> dict[str, Any]:
    product: Any = offer.product
    assert offer.quote is not None  # a line without a price was refused
    return {
        "sku": product.sku,
        "name_en": product.name_en,
        "name_zh": product.name_zh,
        "unit": product.unit,
        "quantity": offer.quantity,
        "unit_price": offer.quote.unit_price,
        "line_total": offer.total,
    }


def _conversion(excess: Excess) -> dict[str, Any]:
    if excess.conversion is None:
        return {}
    found = excess.conversion
    return {"total": excess.total, "rate": found.rate, "on": found.on, "source": found.source}


def _fetch(approval: str, actor: Actor, role: str) -> tuple[Approval, Member]:
    """The request, locked, and who decides on it. `NotFound` for other companies, `Forbidden` without the role."""
    found: Approval = Approval.objects.visible_to(actor).select_for_update().fetch(approval)
    return found, require_person(actor, role)


def _close(approval: Approval, target: str, by: Member, now: datetime) -> None:
    """Set state and who decided (the caller saves), in time."""
    check_move(APPROVAL_MOVES, approval.state, target)
    if now > approval.respond_by:
        raise ApprovalTooLate
    approval.state, approval.decided_by_id, approval.decided_at = target, by.user_id, now


def _check_asker(approval: Approval, now: datetime) -> None:
    """Roles are read again: nothing is ordered for somebody who has left."""
    asker = actor_for_member(approval.asked_by, approval.company.slug, now)
    if asker is None or not asker.may(Role.BUYER):
        raise AskerGone


def _into_cart(approval: Approval, buyer: Member, now: datetime) -> BackInCart:
    wanted = {line["product"]: Decimal(line["quantity"]) for line in approval.wanted["lines"]}
    skus = dict(zip(wanted, (line["sku"] for line in approval.lines), strict=True))
    on_sale = by_public_id(products_on_sale(wanted))
    if on_sale:
        fill_cart(buyer=buyer, wanted={product: wanted[key] for key, product in on_sale.items()}, now=now)
    added = [sku for key, sku in skus.items() if key in on_sale]
    return BackInCart(added, [sku for key, sku in skus.items() if key not in on_sale])


def _tell(approval: Approval, event: BusinessEvent, actor: Actor, now: datetime) -> None:
    record(event, actor=actor, now=now, subject=approval, about=approval, audience=[approval.company_id])
