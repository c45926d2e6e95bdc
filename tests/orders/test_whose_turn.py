"""Whose turn it is with an order: the counts of a home, its lists and what people are told say the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from identity.actors import Member, System
from kernel.ids import new_uuid
from orders import queries
from orders.models import Order
from orders.queries import OrderInBrief
from orders.services import hold_payment
from orders.states import PaymentTerms
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db


@pytest.fixture
def traded() -> dict[str, Order]:
    """One order of each kind that a list could take for another: unpaid in advance, paid in advance, held, on its way, here."""
    bolts = a_product(seller=people.alice(), stock=1000)
    ahead, paid = (deals.a_confirmed_order(bolts, payment_terms=PaymentTerms.PREPAID) for _ in range(2))
    deals.a_payment(paid)
    held = deals.a_confirmed_order(bolts)
    hold_payment(actor=System(reason="test"), order_id=held.pk, by=new_uuid(), now=timezone.now())
    sent = deals.a_confirmed_order(bolts)
    deals.a_despatch(sent)
    here = deals.a_confirmed_order(bolts)
    deals.a_receipt(deals.a_despatch(here))
    return {"ahead": ahead, "paid": paid, "held": held, "sent": sent, "here": here}


def counted(actor: Member, kind: str) -> int:
    found = queries.orders_waiting(actor, timezone.now()).waiting
    return next((waiting.count for waiting in found if waiting.kind.code == kind), 0)


def test_counts_lists_and_lines_agree(traded: dict[str, Order]) -> None:
    alice, bo = people.alice(), people.bo()
    names = {order.pk: name for name, order in traded.items()}

    def told(wanted: Callable[[OrderInBrief], bool]) -> set[str]:
        return {name for name, order in traded.items() if wanted(queries.order_in_brief(order.pk))}

    to_send, on_their_way = queries.moving(alice), queries.moving(bo)
    assert {names[order.pk] for order in to_send} == told(lambda order: order.is_to_send) == {"paid", "held"}
    assert counted(alice, "send") == len(to_send)
    assert {names[order.pk] for order in on_their_way} == told(lambda order: order.is_to_receive) == {"sent"}
    assert counted(bo, "receive") == len(on_their_way)
    for actor, kind in ((alice, "note_payment"), (bo, "pay")):
        owed = queries.owed_first(actor)
        assert {names[order.pk] for order in owed} == told(lambda order: order.is_to_pay)
        assert {names[order.pk] for order in owed} == {"ahead", "sent", "here"}
        assert counted(actor, kind) == len(owed)
