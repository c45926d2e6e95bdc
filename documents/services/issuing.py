"""Issuing papers: number and data are fixed in one short transaction; rendering follows."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from documents.events import PapersNumbered
from documents.models import Paper, PaperVersion
from documents.services.contents import contents_of
from documents.services.numbering import next_number
from documents.states import PaperKind
from identity.actors import Actor
from identity.services import Assured
from kernel.services import record
from orders.models import Despatch, Order

#: in the order in which number series are locked
INVOICE_SET = (PaperKind.COMMERCIAL_INVOICE, PaperKind.PLANNED_PACKING_LIST)


@transaction.atomic(savepoint=False)
def issue_confirmation(*, actor: Actor, order_id: int, now: datetime) -> list[Paper]:
    """The confirmation of a placed order. Repeatable: returns what was issued now, nothing the second time."""
    return _issue((PaperKind.ORDER_CONFIRMATION,), order=_order(order_id), actor=actor, now=now)


@transaction.atomic(savepoint=False)
def issue_invoice(*, actor: Actor, order_id: int, now: datetime) -> list[Paper]:
    """The commercial invoice of a confirmed order and its planned packing list. Repeatable."""
    return _issue(INVOICE_SET, order=_order(order_id), actor=actor, now=now)


@transaction.atomic(savepoint=False)
def issue_packing_list(*, actor: Actor, despatch_id: int, now: datetime) -> list[Paper]:
    """The packing list of one despatch. Repeatable."""
    despatch = Despatch.objects.get(pk=despatch_id)
    order = _order(despatch.order_id)
    return _issue((PaperKind.PACKING_LIST,), order=order, despatch=despatch, actor=actor, now=now)


def _order(order_id: int) -> Order:
    order: Order = Order.objects.select_related("seller").get(pk=order_id)
    return order


def _issue(
    kinds: tuple[PaperKind, ...],
    *,
    order: Order,
    actor: Actor,
    now: datetime,
    despatch: Despatch | None = None,
) -> list[Paper]:
    issued = set(Paper.objects.filter(order=order, despatch=despatch).values_list("kind", flat=True))
    issued_on = now.astimezone(ZoneInfo(order.seller.time_zone)).date()
    wanted = [kind for kind in kinds if kind not in issued]
    papers = Paper.objects.bulk_create(_paper(kind, order, despatch, issued_on, now) for kind in wanted)
    if not papers:
        return []
    lines = list(order.lines.all())
    versions = PaperVersion.objects.bulk_create(
        PaperVersion(
            paper=paper,
            version=1,
            data=contents_of(
                paper.kind,
                order=order,
                lines=lines,
                number=paper.printed_number,
                issued_on=issued_on,
                despatch=despatch,
            ),
            actor=actor.key,
            created_at=now,
        )
        for paper in papers
    )
    announce(versions, order=order, actor=actor, now=now)
    return papers


def _paper(kind: str, order: Order, despatch: Despatch | None, issued_on: date, now: datetime) -> Paper:
    return Paper(
        order=order,
        company_id=order.seller_id,
        buyer_id=order.buyer_id,
        kind=kind,
        despatch=despatch,
        year=issued_on.year,
        number=next_number(company_id=order.seller_id, kind=kind, year=issued_on.year),
        issued_on=issued_on,
        created_at=now,
    )


def announce(
    versions: list[PaperVersion],
    *,
    order: Order,
    actor: Actor,
    now: datetime,
    assured: Assured | None = None,
) -> None:
    """Say that these versions are fixed, so that they are rendered. `assured` where somebody was asked for just these."""
    event = PapersNumbered(
        order_id=order.pk,
        version_ids=tuple(version.pk for version in versions),
        kinds=tuple(version.paper.kind for version in versions),
        correction=any(version.version > 1 for version in versions),
        assurance=assured.evidence if assured else None,
    )
    record(event, actor=actor, now=now, subject=order, about=order, audience=order.parties)
