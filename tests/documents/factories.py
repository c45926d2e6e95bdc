"""Papers for tests, made as the product makes them: by orders, events and deliveries."""

from __future__ import annotations

from documents.models import Paper
from documents.states import PaperKind
from kernel.services import drain
from orders.models import Order
from tests.orders.factories import a_confirmed_order


def deliver() -> None:
    """Everything that is due, as the workers would: the fast lane, then what it led to."""
    while drain("fast") + drain("slow"):
        pass


def paper_of(order: Order, kind: str) -> Paper:
    paper: Paper = Paper.objects.get(order=order, kind=kind)
    return paper


def an_invoice(order: Order | None = None) -> Paper:
    """The rendered invoice of a confirmed order."""
    order = order or a_confirmed_order()
    deliver()
    return paper_of(order, PaperKind.COMMERCIAL_INVOICE)
