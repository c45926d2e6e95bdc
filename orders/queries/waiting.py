"""What waits in a company's orders, and the newest of them: for the home of its workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from identity.actors import CompanyActor
from identity.states import Role
from kernel.fetching import fetch
from kernel.ids import public_id
from orders.models import Approval, Order, OrderLine
from orders.models.orders import OrderQuerySet
from orders.states import AWAITING_ANSWER, BINDING, ApprovalState, OrderState, PaymentTerms

NEWEST = 6
#: counts stop here and read "1,000+"
COUNTED_TO = 1000


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Orders of one side that wait for the same act, by members in one of `roles`.

    `state` narrows the list of orders to them, where one state says it all.
    """

    code: str
    side: str
    roles: tuple[str, ...]
    which: Callable[[datetime], Q]
    state: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many orders of a kind, which one is first, and until when it can be answered."""

    kind: Kind
    count: int
    first: str
    answer_by: datetime | None


@dataclass(frozen=True)
class ApprovalsWaiting:
    """Requests that can be decided still: how many, one of them, and until when the first can be."""

    count: int = 0
    first: str = ""
    answer_by: datetime | None = None


@dataclass(frozen=True)
class OrdersWaiting:
    waiting: list[Waiting]
    #: orders that await an answer or are under way
    open_sales: int
    open_purchases: int
    #: requests for this approver to decide; for buyers, those that others are to decide
    approvals: ApprovalsWaiting


@dataclass(frozen=True)
class NewestOrders:
    orders: list[Order]
    #: whether the company has ever placed an order
    has_bought: bool


_OWED = Q(amount_paid__lt=F("total"))
#: nothing is paid while payment is held
_TO_PAY = _OWED & Q(held_since__isnull=True)
_ON_THE_WAY = Exists(OrderLine.objects.filter(order=OuterRef("pk"), despatched__gt=F("received")))
_OPEN = Q(state__in=AWAITING_ANSWER | BINDING - {OrderState.COMPLETED})

KINDS = (
    Kind(
        code="answer",
        side="selling",
        roles=(Role.SELLER,),
        state=OrderState.PLACED,
        which=lambda now: Q(state=OrderState.PLACED, respond_by__gt=now),
    ),
    Kind(
        code="agree",
        side="buying",
        roles=(Role.BUYER,),
        state=OrderState.FREIGHT_OFFERED,
        which=lambda now: Q(state=OrderState.FREIGHT_OFFERED, respond_by__gt=now),
    ),
    Kind(
        code="send",
        side="selling",
        roles=(Role.SELLER, Role.LOGISTICS),
        which=lambda now: (
            Q(state=OrderState.PART_DESPATCHED)
            | Q(state=OrderState.CONFIRMED) & ~(Q(payment_terms=PaymentTerms.PREPAID) & _OWED)
        ),
    ),
    Kind(
        code="receive",
        side="buying",
        roles=(Role.BUYER, Role.LOGISTICS),
        which=lambda now: Q(state__in=[OrderState.PART_DESPATCHED, OrderState.DESPATCHED]) & Q(_ON_THE_WAY),
    ),
    Kind(
        code="note_payment",
        side="selling",
        roles=(Role.FINANCE,),
        which=lambda now: Q(state__in=BINDING) & _TO_PAY,
    ),
    Kind(
        code="pay",
        side="buying",
        roles=(Role.BUYER, Role.FINANCE),
        which=lambda now: Q(state__in=BINDING) & _TO_PAY,
    ),
)
_COUNTED = (
    Kind(code="open_sales", side="selling", roles=(), which=lambda now: _OPEN),
    Kind(code="open_purchases", side="buying", roles=(), which=lambda now: _OPEN),
)


def orders_waiting(actor: CompanyActor, now: datetime) -> OrdersWaiting:
    """What this member can do something about, in the order of `KINDS`, and how many orders are open. One statement.

    Each kind is counted up to 1,001, so that a company of many orders pays no more than that.
    """
    kinds = [kind for kind in KINDS if actor.may(*kind.roles)]
    parts = [_bounded(actor, kind, now) for kind in (*kinds, *_COUNTED)]
    if actor.company.buys:
        parts.append(_approvals(actor, now))
    statement = " UNION ALL ".join(sql for sql, _parameters in parts)
    found = {code: told for code, *told in fetch(statement, [each for _sql, some in parts for each in some])}
    waiting = [_waiting(kind, *found[kind.code]) for kind in kinds if found[kind.code][0]]
    sales, purchases = (found[kind.code][0] for kind in _COUNTED)
    return OrdersWaiting(waiting, sales, purchases, _approvals_waiting(*found.get("approvals", ())))


def _waiting(kind: Kind, count: int, uid: UUID, respond_by: datetime | None) -> Waiting:
    return Waiting(kind, count, public_id(Order.PREFIX, uid), respond_by if kind.state else None)


def newest_orders(actor: CompanyActor) -> NewestOrders:
    """The newest orders of both sides. One statement, which walks the index of each side."""
    bought, sold = (_of_side(actor, side).order_by("-id")[:NEWEST] for side in ("buying", "selling"))
    found = list(bought.union(sold, all=True))
    return NewestOrders(
        sorted(found, key=lambda order: -order.pk)[:NEWEST],
        any(order.buyer_id == actor.company_id for order in found),
    )


def _bounded(actor: CompanyActor, kind: Kind, now: datetime) -> tuple[str, list[Any]]:
    """The number of orders of the kind, one of them, and the earliest moment by which one is to be answered."""
    return _counted(_of_side(actor, kind.side).filter(kind.which(now)), kind.code)


def _counted(rows: QuerySet[Any], code: str) -> tuple[str, list[Any]]:
    bounded = rows.order_by().values("uid", "respond_by")[: COUNTED_TO + 1]
    inner, parameters = bounded.query.sql_with_params()
    counted = f"SELECT %s, count(*), (array_agg(uid))[1], min(respond_by) FROM ({inner}) AS bounded"
    return counted, [code, *parameters]


def _approvals(actor: CompanyActor, now: datetime) -> tuple[str, list[Any]]:
    """What waits for an approver, but for what this person asked for."""
    asked = Approval.objects.visible_to(actor).filter(state=ApprovalState.WAITING, respond_by__gt=now)
    if actor.may(Role.APPROVER):
        asked = asked.exclude(asked_by_id=actor.user_id)
    return _counted(asked, "approvals")


def _approvals_waiting(
    count: int = 0, uid: UUID | None = None, respond_by: datetime | None = None
) -> ApprovalsWaiting:
    return ApprovalsWaiting(count, public_id(Approval.PREFIX, uid) if uid else "", respond_by)


def _of_side(actor: CompanyActor, side: str) -> OrderQuerySet:
    return Order.objects.filter(**{"buyer_id" if side == "buying" else "seller_id": actor.company_id})
