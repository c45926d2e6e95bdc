"""Numbers: one paper per occasion, no gaps, never used twice, whatever happens to the deliveries."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from documents.handlers import ISSUER
from documents.models import NumberSeries, Paper, PaperVersion
from documents.services import issue_confirmation, issue_invoice, issue_packing_list
from documents.services.numbering import next_number
from documents.states import PaperKind
from kernel.models import Delivery, Event
from kernel.services import drain
from tests import factories as people
from tests.orders.factories import NOW, a_confirmed_order, a_despatch, an_order

pytestmark = pytest.mark.django_db


def numbers(kind: str) -> list[int]:
    return list(Paper.objects.filter(kind=kind).order_by("number").values_list("number", flat=True))


def deliver_again(lane: str) -> None:
    """As after a worker that died between its work and saying so."""
    Delivery.objects.filter(lane=lane).update(done_at=None, leased_until=None)
    drain(lane)


def test_placing_brings_an_order_confirmation():
    order = an_order()
    drain("fast")
    paper = Paper.objects.get(order=order)
    assert (paper.kind, paper.company_id, paper.buyer_id) == (
        PaperKind.ORDER_CONFIRMATION,
        order.seller_id,
        order.buyer_id,
    )
    assert paper.printed_number == f"OC-{paper.issued_on.year}-00001"


def test_confirming_brings_one_invoice_and_a_planned_packing_list():
    order = a_confirmed_order()
    drain("fast")
    kinds = set(Paper.objects.filter(order=order).values_list("kind", flat=True))
    assert kinds == {
        PaperKind.ORDER_CONFIRMATION,
        PaperKind.COMMERCIAL_INVOICE,
        PaperKind.PLANNED_PACKING_LIST,
    }


def test_each_shipment_brings_its_own_packing_list():
    order = a_confirmed_order(quantity=100)
    first, second = a_despatch(order, {1: 30}), a_despatch(order, {1: 70})
    drain("fast")
    lists = Paper.objects.filter(kind=PaperKind.PACKING_LIST)
    assert {paper.despatch_id for paper in lists} == {first.pk, second.pk}
    assert {paper.versions.get().data["lines"][0]["quantity"] for paper in lists} == {"30", "70"}


def test_numbering_announces_what_is_to_be_rendered():
    order = a_confirmed_order()
    drain("fast")
    event = Event.objects.filter(name="PapersNumbered").latest("pk")
    assert (event.about, event.audience) == (order.uid, sorted(order.parties))
    versions = PaperVersion.objects.filter(paper__kind__in=["commercial_invoice", "planned_packing_list"])
    assert set(event.payload["version_ids"]) == set(versions.values_list("pk", flat=True))


def test_delivered_twice_it_is_still_one_paper():
    order = a_confirmed_order()
    a_despatch(order)
    drain("fast")
    before = list(Paper.objects.order_by("pk").values_list("pk", "kind", "number"))
    deliver_again("fast")
    assert list(Paper.objects.order_by("pk").values_list("pk", "kind", "number")) == before
    assert PaperVersion.objects.count() == len(before) == 4
    assert {series.last_number for series in NumberSeries.objects.all()} == {1}


def test_the_verbs_themselves_are_repeatable():
    order = a_confirmed_order()
    sent = a_despatch(order)
    assert len(issue_confirmation(actor=ISSUER, order_id=order.pk, now=NOW)) == 1
    assert len(issue_invoice(actor=ISSUER, order_id=order.pk, now=NOW)) == 2
    assert len(issue_packing_list(actor=ISSUER, despatch_id=sent.pk, now=NOW)) == 1
    assert issue_confirmation(actor=ISSUER, order_id=order.pk, now=NOW) == []
    assert issue_invoice(actor=ISSUER, order_id=order.pk, now=NOW) == []
    assert issue_packing_list(actor=ISSUER, despatch_id=sent.pk, now=NOW) == []


def test_numbers_run_without_gaps_per_seller_and_kind():
    for _ in range(3):
        a_confirmed_order()
    drain("fast")
    assert numbers(PaperKind.COMMERCIAL_INVOICE) == [1, 2, 3]
    assert numbers(PaperKind.ORDER_CONFIRMATION) == [1, 2, 3]


def test_a_rollback_gives_its_number_back():
    seller = people.alice().company_id

    def take() -> int:
        return next_number(company_id=seller, kind=PaperKind.COMMERCIAL_INVOICE, year=2026)

    assert take() == 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert take() == 2
        raise ZeroDivisionError
    assert take() == 2


@pytest.mark.parametrize(
    ("now", "year"),
    [
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_year_is_that_of_the_sellers_clock(now, year):
    """Singapore is eight hours ahead: its new year begins at 16:00 UTC."""
    order = an_order()
    [paper] = issue_confirmation(actor=ISSUER, order_id=order.pk, now=now)
    assert (paper.year, paper.issued_on.year, paper.number) == (year, year, 1)


def test_a_new_year_begins_at_one():
    first = issue_confirmation(actor=ISSUER, order_id=an_order().pk, now=datetime(2026, 6, 1, tzinfo=UTC))
    second = issue_confirmation(actor=ISSUER, order_id=an_order().pk, now=datetime(2027, 6, 1, tzinfo=UTC))
    assert [paper.printed_number for paper in first + second] == ["OC-2026-00001", "OC-2027-00001"]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_and_no_gap(committed_db):
    """Eight threads number invoices of one seller; half of them fail after taking their number."""
    seller, start = people.alice().company_id, threading.Barrier(8)

    def take(number: int) -> int | None:
        start.wait()
        try:
            with transaction.atomic():
                taken = next_number(company_id=seller, kind=PaperKind.COMMERCIAL_INVOICE, year=2026)
                if number % 2:
                    raise ZeroDivisionError
                return taken
        except ZeroDivisionError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [number for number in pool.map(take, range(8)) if number is not None]
    assert sorted(taken) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_gives_numbers_twice(committed_db):
    """The control: eight threads that read, then write, as a careless count would."""
    seller, start = people.alice().company_id, threading.Barrier(8)
    series = {"company_id": seller, "kind": PaperKind.COMMERCIAL_INVOICE, "year": 2026}
    NumberSeries.objects.create(**series)

    def take(_number: int) -> int:
        try:
            last = NumberSeries.objects.get(**series).last_number
            start.wait()
            NumberSeries.objects.filter(**series).update(last_number=last + 1)
            return last + 1
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(8)))
    assert len(set(taken)) < len(taken)
