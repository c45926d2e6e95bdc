"""Every act on an order, by every role of both parties and by a stranger."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from identity.actors import Actor, Anonymous, Member
from identity.models import User
from identity.states import Role
from kernel.errors import Forbidden, NotFound, Refused
from kernel.models import Event
from orders import services
from orders.models import Order
from orders.rules import Act, acts_open_to
from orders.services import DespatchedLine, ReceivedLine
from tests import factories as people
from tests.orders.factories import NOW, a_confirmed_order, a_despatch, an_order

pytestmark = pytest.mark.django_db

ROLES = [Role.OWNER, Role.SELLER, Role.BUYER, Role.APPROVER, Role.FINANCE, Role.LOGISTICS]


def offered() -> Order:
    order = an_order(incoterm="DAP", place="Longgang")
    return services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(9), now=NOW)


def sent() -> Order:
    order = a_confirmed_order()
    a_despatch(order)
    order.refresh_from_db()
    return order


def _despatch(actor: Actor, order: Order) -> object:
    return services.despatch(
        actor=actor,
        order=order.public_id,
        carrier="Straits Air Cargo",
        tracking_number="",
        despatched_on=timezone.localdate(NOW),
        eta=None,
        lines=[DespatchedLine(line=1, quantity=Decimal(1))],
        now=NOW,
    )


def _receive(actor: Actor, order: Order) -> object:
    return services.receive(
        actor=actor,
        order=order.public_id,
        despatch=order.despatches.get().public_id,
        lines=[ReceivedLine(line=1, quantity=Decimal(1))],
        received_on=timezone.localdate(NOW),
        now=NOW,
    )


def _pay(actor: Actor, order: Order) -> object:
    today = timezone.localdate(NOW)
    return services.record_payment(
        actor=actor, order=order.public_id, amount=Decimal(1), received_on=today, now=NOW
    )


def _freight(actor: Actor, order: Order) -> object:
    return services.offer_freight(actor=actor, order=order.public_id, freight=Decimal(1), now=NOW)


#: act → (who makes the order, the act, the side and the roles that may)
EXPECTED: dict[Act, tuple[Callable[[], Order], Callable[[Actor, Order], object], str, set[str]]] = {
    Act.ACCEPT: (
        an_order,
        lambda actor, order: services.accept_order(actor=actor, order=order.public_id, now=NOW),
        "seller",
        {Role.OWNER, Role.SELLER},
    ),
    Act.OFFER_FREIGHT: (
        lambda: an_order(incoterm="DAP", place="Longgang"),
        _freight,
        "seller",
        {Role.OWNER, Role.SELLER},
    ),
    Act.REFUSE: (
        an_order,
        lambda actor, order: services.refuse_order(actor=actor, order=order.public_id, reason="No", now=NOW),
        "seller",
        {Role.OWNER, Role.SELLER},
    ),
    Act.AGREE_FREIGHT: (
        offered,
        lambda actor, order: services.agree_freight(actor=actor, order=order.public_id, now=NOW),
        "buyer",
        {Role.OWNER, Role.BUYER, Role.APPROVER},
    ),
    Act.CANCEL: (
        an_order,
        lambda actor, order: services.cancel_order(actor=actor, order=order.public_id, reason="No", now=NOW),
        "buyer",
        {Role.OWNER, Role.BUYER},
    ),
    Act.RECORD_PAYMENT: (a_confirmed_order, _pay, "seller", {Role.OWNER, Role.FINANCE}),
    Act.DESPATCH: (a_confirmed_order, _despatch, "seller", {Role.OWNER, Role.SELLER, Role.LOGISTICS}),
    Act.RECEIVE: (sent, _receive, "buyer", {Role.OWNER, Role.BUYER, Role.LOGISTICS}),
    Act.ORDER_AGAIN: (
        a_confirmed_order,
        lambda actor, order: services.order_again(actor=actor, order=order.public_id, now=NOW),
        "buyer",
        {Role.OWNER, Role.BUYER},
    ),
}


def people_of(side: str) -> list[tuple[str, Member]]:
    owner = people.alice() if side == "seller" else people.bo()
    return [(role, owner if role == Role.OWNER else colleague(owner, role)) for role in ROLES]


def colleague(owner: Member, role: str) -> Member:
    known = User.objects.filter(email=f"{role}@{owner.company.slug}.example").first()
    return people.acting(known, owner.company) if known else people.a_colleague(owner, role)


def test_every_act_is_in_the_table() -> None:
    assert set(EXPECTED) == set(Act)


@pytest.mark.parametrize("act", list(Act))
def test_only_the_right_party_in_the_right_role_acts(act: Act) -> None:
    make, do, side, roles = EXPECTED[act]
    order = make()
    state = order.state
    other_side = "buyer" if side == "seller" else "seller"
    refused = [member for _, member in people_of(other_side)]
    refused += [member for role, member in people_of(side) if role not in roles]
    events = Event.objects.count()
    for member in refused:
        assert act not in acts_open_to(member, order, NOW)
        with pytest.raises(Forbidden):
            do(member, order)
    for stranger in (people.charlie(), Anonymous()):
        with pytest.raises(NotFound if stranger.company_id else Refused):
            do(stranger, order)
    order.refresh_from_db()
    assert (order.state, Event.objects.count()) == (state, events + new_people_events())


def new_people_events() -> int:
    """Charlie registered in the meantime."""
    return Event.objects.filter(company_id=people.charlie().company_id).count()


@pytest.mark.parametrize("act", list(Act))
def test_each_of_the_roles_named_may(act: Act) -> None:
    make, do, side, roles = EXPECTED[act]
    order = make()
    for role, member in people_of(side):
        if role in roles:
            assert act in acts_open_to(member, order, NOW)
    someone = next(member for role, member in people_of(side) if role in roles - {Role.OWNER})
    do(someone, order)
