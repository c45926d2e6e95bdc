"""Short lists for the homes of those who look after money and goods: what is to be paid first, what is on its way."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max
from django.db.models.expressions import OuterRef, Subquery

from identity.actors import CompanyActor
from orders.models import Despatch, Order
from orders.models.orders import OWED_AND_BINDING
from orders.states import OrderState

#: rows of a list on a home
FEW = 8


def owed_first(actor: CompanyActor) -> list[Order]:
    """What is to be paid by and to the company, the earliest day first. One statement that walks two short indexes."""
    mine = Order.objects.filter(OWED_AND_BINDING)
    to_us, by_us = (
        mine.filter(**{side: actor.company_id}).order_by("payment_due_on", "id")[:FEW]
        for side in ("seller_id", "buyer_id")
    )
    found = list(to_us.union(by_us, all=True))
    return sorted(found, key=lambda order: (order.payment_due_on or date.max, order.pk))[:FEW]


def moving(actor: CompanyActor) -> list[Any]:
    """Sales to send, by the day that was asked for, and purchases on their way, by when they are expected.

    One statement; each order carries `eta`, the latest day that its shipments are expected.
    """
    eta = Despatch.objects.filter(order=OuterRef("pk")).order_by().values("order")
    told = Order.objects.annotate(eta=Subquery(eta.annotate(last=Max("eta")).values("last")))
    to_send = told.filter(
        seller_id=actor.company_id, state__in=[OrderState.CONFIRMED, OrderState.PART_DESPATCHED]
    ).order_by("requested_date", "id")[:FEW]
    on_their_way = told.filter(
        buyer_id=actor.company_id, state__in=[OrderState.PART_DESPATCHED, OrderState.DESPATCHED]
    ).order_by("id")[:FEW]
    return list(to_send.union(on_their_way, all=True))
