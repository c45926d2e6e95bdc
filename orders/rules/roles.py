"""Who may do what to an order, and what is open now. Verbs ask the same table that pages ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from identity.states import Role
from orders.states import AWAITING_ANSWER, BINDING, OrderState
from tariffs.rules import incoterms

if TYPE_CHECKING:
    from identity.actors import Actor
    from orders.models import Order


class Act(StrEnum):
    ACCEPT = "accept"
    OFFER_FREIGHT = "offer_freight"
    REFUSE = "refuse"
    AGREE_FREIGHT = "agree_freight"
    CANCEL = "cancel"
    RECORD_PAYMENT = "record_payment"
    DESPATCH = "despatch"
    RECEIVE = "receive"
    ORDER_AGAIN = "order_again"


@dataclass(frozen=True)
class Permission:
    """`side` is the party that acts; the owner's role includes all others."""

    side: str
    roles: frozenset[str]
    open: Callable[[Order], bool]


def _seller(*roles: str, when: Callable[[Order], bool]) -> Permission:
    return Permission("seller", frozenset(roles), when)


def _buyer(*roles: str, when: Callable[[Order], bool]) -> Permission:
    return Permission("buyer", frozenset(roles), when)


PERMISSIONS: dict[Act, Permission] = {
    Act.ACCEPT: _seller(Role.SELLER, when=lambda order: order.state == OrderState.PLACED),
    Act.OFFER_FREIGHT: _seller(
        Role.SELLER,
        when=lambda order: order.state == OrderState.PLACED and incoterms.seller_carries(order.incoterm),
    ),
    Act.REFUSE: _seller(Role.SELLER, when=lambda order: order.state == OrderState.PLACED),
    # freight may take an order over what a buyer commits the company to alone
    Act.AGREE_FREIGHT: _buyer(
        Role.BUYER, Role.APPROVER, when=lambda order: order.state == OrderState.FREIGHT_OFFERED
    ),
    Act.CANCEL: _buyer(Role.BUYER, when=lambda order: order.state in AWAITING_ANSWER),
    Act.RECORD_PAYMENT: _seller(
        Role.FINANCE,
        when=lambda order: order.state in BINDING and not order.is_paid and not order.is_held,
    ),
    Act.DESPATCH: _seller(
        Role.LOGISTICS,
        Role.SELLER,
        when=lambda order: order.state in {OrderState.CONFIRMED, OrderState.PART_DESPATCHED},
    ),
    Act.RECEIVE: _buyer(
        Role.LOGISTICS,
        Role.BUYER,
        when=lambda order: order.state in {OrderState.PART_DESPATCHED, OrderState.DESPATCHED},
    ),
    Act.ORDER_AGAIN: _buyer(Role.BUYER, when=lambda order: True),
}


def side_of(order: Order, actor: Actor) -> str:
    """`buyer` or `seller`; only for those who see the order."""
    return "seller" if actor.company_id == order.seller_id else "buyer"


def may(act: Act, order: Order, actor: Actor) -> bool:
    """Whether the actor's company and role do this, whatever the order's state."""
    permission = PERMISSIONS[act]
    return side_of(order, actor) == permission.side and actor.may(*permission.roles)


def acts_open_to(actor: Actor, order: Order, now: datetime) -> set[Act]:
    """What this actor can do to the order now. Nothing is answered after the deadline."""
    late = order.answer_is_late(now)
    return {
        act
        for act, permission in PERMISSIONS.items()
        if may(act, order, actor) and permission.open(order) and (not late or act == Act.ORDER_AGAIN)
    }
