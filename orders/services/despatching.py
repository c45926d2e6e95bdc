"""Sending and receiving, line by line: parts of an order may travel apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, CompanyActor
from identity.services import check_not_held, guard
from identity.states import Purpose, ScreenedAct
from kernel.errors import Refused
from kernel.services import once, record
from kernel.states import check_move
from orders.events import GoodsDespatched, GoodsReceived, OrderCompleted
from orders.models import Despatch, DespatchLine, Order, OrderLine, Receipt, ReceiptLine
from orders.rules import Act
from orders.rules.lines import plain
from orders.services.fetching import fetch_for
from orders.services.requests import DespatchedLine, ReceivedLine
from orders.states import ORDER_MOVES, OrderState, PaymentTerms
from tariffs.queries import Worth

Answer = dict[str, Any]


class NotPaidYet(Refused):
    """What the parties agreed: a prepaid order is paid in full before it is shipped."""

    code = "despatch.not_paid_yet"
    message = _(
        "This order is paid in full before shipment, and %(outstanding)s %(currency)s is still missing. "
        "Record the payment first."
    )


class NothingSent(Refused):
    code = "despatch.nothing"
    message = _("Give a quantity for at least one line.")


class NotThatMany(Refused):
    """Line by line: more than is left, an unknown line, no quantity at all."""

    code = "despatch.not_that_many"
    message = _("Some lines need mending.")


class NotADay(Refused):
    code = "despatch.not_a_day"
    message = _("Goods are shipped and received after the order was confirmed and not in the future.")
    field = "on"


class EtaBeforeDespatch(Refused):
    code = "despatch.eta_before"
    message = _("Goods arrive after they are shipped.")
    field = "eta"


class CarrierMissing(Refused):
    code = "despatch.carrier_missing"
    message = _("Name the carrier.")
    field = "carrier"


@transaction.atomic
def despatch(
    *,
    actor: Actor,
    order: str,
    carrier: str,
    tracking_number: str,
    despatched_on: date,
    eta: date | None,
    lines: Iterable[DespatchedLine],
    now: datetime,
) -> Despatch:
    """The seller sends all or a part of a confirmed order. A prepaid order leaves only when it is paid.

    The packing list is issued by it, so that it asks for what a paper asks, of logistics as of sellers: where the company
    lets people issue papers by mandate, whoever ships has one. A ceiling is held against the whole order, as on accepting it,
    so that goods sent in parts do not pass below it. A program does it with what its maker had shown.
    """
    binding, seller = fetch_for(Act.DESPATCH, order=order, actor=actor)
    check_not_held(act=ScreenedAct.DESPATCH, company_id=binding.seller_id, others=[binding.buyer_id], now=now)
    worth = Worth(binding.total, binding.currency, timezone.localdate(now))
    assured = guard(actor=seller, purpose=Purpose.ISSUE_DOCUMENT, worth=worth, now=now)
    check_move(ORDER_MOVES, binding.state, OrderState.DESPATCHED)
    _check_paid(binding)
    _check_journey(binding, carrier, despatched_on, eta, now)
    known = {line.number: line for line in binding.lines.all()}
    wanted = _wanted(lines, lambda wanted: _despatch_problem(known, wanted))
    sent = Despatch.objects.create(
        order=binding,
        company_id=seller.company_id,
        number=binding.despatches.count() + 1,
        carrier=carrier.strip(),
        tracking_number=tracking_number.strip(),
        despatched_on=despatched_on,
        eta=eta,
        recorded_at=now,
    )
    DespatchLine.objects.bulk_create(
        DespatchLine(despatch=sent, order_line=known[line.line], quantity=line.quantity) for line in wanted
    )
    for line in wanted:
        known[line.line].despatched += line.quantity
    OrderLine.objects.bulk_update([known[line.line] for line in wanted], ["despatched"])
    _move_after_despatch(binding, known.values())
    told = GoodsDespatched(order_id=binding.pk, despatch_id=sent.pk, assurance=assured.evidence)
    _tell(told, binding, sent, seller, now)
    return sent


@transaction.atomic
def receive(
    *,
    actor: Actor,
    order: str,
    despatch: str,
    lines: Iterable[ReceivedLine],
    received_on: date,
    note: str = "",
    now: datetime,
) -> Receipt:
    """The buyer counts what arrived of one despatch (`dsp_…`). The order is complete when everything has arrived."""
    binding, buyer = fetch_for(Act.RECEIVE, order=order, actor=actor)
    arriving: Despatch = Despatch.objects.filter(order=binding).fetch(despatch)
    if not arriving.despatched_on <= received_on <= timezone.localdate(now):
        raise NotADay(field="received_on")
    sent = _sent_lines(arriving)
    wanted = _wanted(lines, lambda wanted: _receipt_problem(sent, wanted))
    receipt = Receipt.objects.create(
        order=binding,
        despatch=arriving,
        company_id=buyer.company_id,
        received_on=received_on,
        note=note.strip(),
        recorded_at=now,
    )
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt, despatch_line=sent[line.line], quantity=line.quantity, damaged=line.damaged
        )
        for line in wanted
    )
    for line in wanted:
        sent[line.line].order_line.received += line.quantity
    OrderLine.objects.bulk_update([sent[line.line].order_line for line in wanted], ["received"])
    _tell(GoodsReceived(order_id=binding.pk, receipt_id=receipt.pk), binding, receipt, buyer, now)
    _complete(binding, buyer, now)
    return receipt


def despatch_once(*, actor: Actor, order: str, key: str, now: datetime, **details: Any) -> Answer:
    """`despatch`, repeatable under the key of a form or an API call."""
    details["lines"] = tuple(details["lines"])

    def act() -> Answer:
        return _made(despatch(actor=actor, order=order, now=now, **details))

    body = {"order": order, **details}
    return once(actor=actor, verb="despatch", key=key, body=body, now=now, act=act)


def receive_once(*, actor: Actor, order: str, key: str, now: datetime, **details: Any) -> Answer:
    """`receive`, repeatable under the key of a form or an API call."""
    details["lines"] = tuple(details["lines"])

    def act() -> Answer:
        return _made(receive(actor=actor, order=order, now=now, **details))

    body = {"order": order, **details}
    return once(actor=actor, verb="receive", key=key, body=body, now=now, act=act)


def _made(row: Despatch | Receipt) -> Answer:
    return {"id": row.public_id, "order_state": row.order.state}


def _check_paid(order: Order) -> None:
    if order.payment_terms == PaymentTerms.PREPAID and not order.is_paid:
        raise NotPaidYet(outstanding=f"{order.outstanding:.2f}", currency=order.currency)


def _check_journey(order: Order, carrier: str, on: date, eta: date | None, now: datetime) -> None:
    if not carrier.strip():
        raise CarrierMissing
    assert order.confirmed_at is not None  # a constraint ties it to the state
    if not timezone.localdate(order.confirmed_at) <= on <= timezone.localdate(now):
        raise NotADay(field="despatched_on")
    if eta is not None and eta < on:
        raise EtaBeforeDespatch


def _wanted(lines: Iterable[Any], problem_of: Callable[[Any], Any]) -> list[Any]:
    """The lines with a quantity, each checked; refuses all of them together, naming each."""
    wanted = [line for line in lines if line.quantity]
    if not wanted:
        raise NothingSent
    seen: set[int] = set()
    problems = []
    for line in wanted:
        words = _("This line stands here twice.") if line.line in seen else problem_of(line)
        seen.add(line.line)
        if words:
            problems.append({"line": line.line, "code": NotThatMany.code, "message": str(words)})
    if problems:
        raise NotThatMany(lines=problems)
    return wanted


def _despatch_problem(known: Mapping[int, OrderLine], wanted: DespatchedLine) -> Any:
    line = known.get(wanted.line)
    if line is None:
        return _("The order has no such line.")
    left = line.quantity - line.despatched
    return _quantity_problem(wanted.line, wanted.quantity, left, line.step)


def _receipt_problem(sent: Mapping[int, DespatchLine], wanted: ReceivedLine) -> Any:
    line = sent.get(wanted.line)
    if line is None:
        return _("This line was not in the shipment.")
    if not wanted.damaged.is_finite() or not 0 <= wanted.damaged <= wanted.quantity:
        return _("Line %(line)s: no more can be damaged than arrived.") % {"line": wanted.line}
    left = line.quantity - line.arrived  # type: ignore[attr-defined]  # annotated by _sent_lines
    return _quantity_problem(wanted.line, wanted.quantity, left, line.order_line.step)


def _quantity_problem(number: int, quantity: Decimal, left: Decimal, step: Decimal) -> Any:
    if not quantity.is_finite() or quantity <= 0:
        return _("Line %(line)s: give a quantity above 0.") % {"line": number}
    if quantity > left:
        return _("Line %(line)s: only %(left)s left.") % {"line": number, "left": plain(left)}
    if quantity % step:
        return _("Line %(line)s: quantities go in steps of %(step)s.") % {"line": number, "step": plain(step)}
    return None


def _sent_lines(despatch: Despatch) -> dict[int, DespatchLine]:
    """The despatch's lines by order line number, each with what of it has arrived; read after the order is locked."""
    lines = despatch.lines.select_related("order_line").annotate(counted=Sum("receipt_lines__quantity"))
    by_number: dict[int, DespatchLine] = {}
    line: Any
    for line in lines:
        line.arrived = line.counted or Decimal(0)
        by_number[line.order_line.number] = line
    return by_number


def _move_after_despatch(order: Order, lines: Iterable[OrderLine]) -> None:
    everything = all(line.despatched == line.quantity for line in lines)
    target = OrderState.DESPATCHED if everything else OrderState.PART_DESPATCHED
    check_move(ORDER_MOVES, order.state, target)
    order.state = target
    order.save(update_fields=["state"])


def _complete(order: Order, buyer: CompanyActor, now: datetime) -> None:
    missing = any(line.received < line.quantity for line in order.lines.all())
    if missing or order.state != OrderState.DESPATCHED:
        return
    check_move(ORDER_MOVES, order.state, OrderState.COMPLETED)
    order.state, order.closed_at = OrderState.COMPLETED, now
    order.save(update_fields=["state", "closed_at"])
    _tell(OrderCompleted(order_id=order.pk), order, order, buyer, now)


def _tell(event: Any, order: Order, subject: Any, actor: CompanyActor, now: datetime) -> None:
    record(event, actor=actor, now=now, subject=subject, about=order, audience=order.parties)
