"""What the parties of an order are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.events import PapersNumbered
from documents.states import PaperKind
from identity.rules.notices import ANSWER_BY, DUE_BY, Kind
from identity.states import Role
from kernel.events import BusinessEvent, Occurrence
from kernel.templatetags.look import money
from orders.events import (
    FreightOffered,
    GoodsDespatched,
    GoodsReceived,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderLapsed,
    OrderPlaced,
    OrderRefused,
    PaymentHeld,
    PaymentReceived,
    PaymentReleased,
)
from orders.queries import order_in_brief
from orders.states import OrderState
from sme_hub.telling.rows import Matter, Row, no_deadline

CLOSED = (OrderRefused, OrderLapsed, OrderCancelled)


def order_of(event: Any, occurrence: Occurrence) -> Matter:
    """The order as it is now; each side reads the other's name as `party`."""
    order = order_in_brief(event.order_id)
    return Matter(
        about=order.uid,
        row=order,
        event=event,
        now=occurrence.now,
        sides={side: (party.company_id, party.slug) for side, party in _parties(order)},
        params={"order": order.reference, "total": money(order.total, order.currency)}
        | _amounts(event, order),
        params_of={"buyer": {"party": order.seller.names}, "seller": {"party": order.buyer.names}},
        respond_by=order.respond_by,
    )


def _parties(order: Any) -> tuple[tuple[str, Any], ...]:
    return ("buyer", order.buyer), ("seller", order.seller)


def _amounts(event: Any, order: Any) -> dict[str, str]:
    if isinstance(event, PaymentReceived):
        return {"amount": money(event.amount, event.currency)}
    if isinstance(event, FreightOffered):
        return {"amount": money(event.freight, order.currency)}
    return {}


def order_page(matter: Matter, side: str) -> str:
    return reverse("order", args=[matter.sides[side][1], matter.row.public_id])


def _row(
    code: str,
    words: Any,
    icon: str,
    *,
    group: str = "orders",
    advice: Any = "",
    until_when: Any = ANSWER_BY,
    **row: Any,
) -> Row:
    kind = Kind(code=code, words=words, icon=icon, group=group, advice=advice, until=until_when)
    return Row(kind=kind, reader=order_of, path=order_page, **row)


ROWS = (
    # --- what waits ------------------------------------------------------------------------------------------------
    _row(
        "order.to_answer",
        _("%(party)s ordered for %(total)s: accept or refuse %(order)s"),
        "clipboard-check",
        advice=_("The stock is held for the buyer until then."),
        on=(OrderPlaced,),
        to="seller",
        roles=(Role.SELLER,),
        waits=True,
        when=lambda matter: matter.row.awaits_answer(OrderState.PLACED, matter.now),
        until=(FreightOffered, OrderConfirmed, *CLOSED),
    ),
    _row(
        "order.freight_to_agree",
        _("%(party)s offers to carry %(order)s for %(amount)s: agree or decline"),
        "ship",
        on=(FreightOffered,),
        to="buyer",
        roles=(Role.BUYER,),
        waits=True,
        when=lambda matter: matter.row.awaits_answer(OrderState.FREIGHT_OFFERED, matter.now),
        until=(OrderConfirmed, *CLOSED),
    ),
    _row(
        "order.to_pay",
        _("%(order)s is confirmed: pay %(total)s to %(party)s"),
        "landmark",
        advice=_("The order shows the seller’s bank account and what to write on the transfer."),
        until_when=DUE_BY,
        on=(OrderConfirmed, PaymentReleased),
        to="buyer",
        roles=(Role.BUYER, Role.FINANCE),
        waits=True,
        when=lambda matter: matter.row.is_to_pay,
        until=(PaymentReceived, PaymentHeld),
        respond_by=lambda matter: matter.row.pay_by,
    ),
    _row(
        "order.to_send",
        _("%(order)s for %(party)s is to be shipped"),
        "truck",
        on=(OrderConfirmed, PaymentReceived),
        to="seller",
        roles=(Role.SELLER, Role.LOGISTICS),
        waits=True,
        when=lambda matter: matter.row.is_to_send,
        until=(GoodsDespatched,),
        respond_by=no_deadline,
    ),
    _row(
        "order.payment_to_note",
        _("Look for the payment of %(total)s for %(order)s by %(party)s on your account"),
        "banknote",
        until_when=DUE_BY,
        on=(OrderConfirmed, PaymentReleased),
        to="seller",
        roles=(Role.FINANCE,),
        or_owners=False,
        waits=True,
        when=lambda matter: matter.row.is_to_pay,
        until=(PaymentReceived, PaymentHeld),
        respond_by=lambda matter: matter.row.pay_by,
    ),
    _row(
        "order.to_receive",
        _("%(party)s shipped goods of %(order)s: count them when they arrive"),
        "package-check",
        on=(GoodsDespatched,),
        to="buyer",
        roles=(Role.BUYER, Role.LOGISTICS),
        waits=True,
        when=lambda matter: matter.row.is_to_receive,
        until=(GoodsReceived, OrderCompleted),
        respond_by=no_deadline,
    ),
    # --- what is good to know ----------------------------------------------------------------------------------------
    _row(
        "order.refused",
        _("%(party)s refused %(order)s"),
        "circle-x",
        on=(OrderRefused,),
        to="buyer",
        roles=(Role.BUYER,),
    ),
    _row(
        "order.cancelled",
        _("%(party)s cancelled %(order)s: its stock is free again"),
        "ban",
        on=(OrderCancelled,),
        to="seller",
        roles=(Role.SELLER,),
    ),
    _row(
        "order.lapsed_for_buyer",
        _("%(order)s expired without an answer"),
        "hourglass",
        on=(OrderLapsed,),
        to="buyer",
        roles=(Role.BUYER,),
    ),
    _row(
        "order.lapsed_for_seller",
        _("%(order)s of %(party)s expired without an answer: its stock is free again"),
        "hourglass",
        on=(OrderLapsed,),
        to="seller",
        roles=(Role.SELLER,),
    ),
    _row(
        "order.payment_noted",
        _("%(party)s received %(amount)s for %(order)s"),
        "banknote",
        on=(PaymentReceived,),
        to="buyer",
        roles=(Role.BUYER, Role.FINANCE),
    ),
    _row(
        "order.received",
        _("%(party)s counted goods of %(order)s on arrival"),
        "package-check",
        on=(GoodsReceived,),
        to="seller",
        roles=(Role.SELLER, Role.LOGISTICS),
    ),
    _row(
        "papers.invoice",
        _("The invoice of %(party)s for %(order)s is issued"),
        "file-check",
        group="papers",
        on=(PapersNumbered,),
        to="buyer",
        roles=(Role.FINANCE,),
        or_owners=False,
        when=lambda matter: not matter.event.correction,
    ),
    _row(
        "papers.corrected",
        _("%(party)s corrected a paper of %(order)s"),
        "pencil",
        group="papers",
        on=(PapersNumbered,),
        to="buyer",
        roles=(Role.BUYER, Role.FINANCE, Role.LOGISTICS),
        when=lambda matter: matter.event.correction,
    ),
)

#: every order has papers; only these are told of
ONLY: dict[type[BusinessEvent], Callable[[Any], bool]] = {
    PapersNumbered: lambda event: event.correction or PaperKind.COMMERCIAL_INVOICE in event.kinds
}
