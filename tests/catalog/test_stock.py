"""Stock is the sum of its movements, and is never sold twice."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from catalog.models import ShelfRow, Stock, StockMovement
from catalog.services import CountRefused, OutOfStock, count_stock, release_stock, reserve_stock
from kernel.errors import Forbidden, NotFound
from kernel.ids import new_uuid
from tests import factories
from tests.catalog.factories import a_product


def balance(product: Any) -> tuple[Decimal, Decimal]:
    """What may be ordered, and what its movements add up to."""
    moved = StockMovement.objects.filter(product=product).aggregate(sum=Sum("quantity"))["sum"]
    return Stock.objects.get(pk=product.pk).available, moved or Decimal(0)


def reserve(actor: Any, product: Any, quantity: int, reference: UUID | None = None) -> UUID:
    reference = reference or new_uuid()
    with transaction.atomic():
        reserve_stock(
            actor=actor, wanted={product.pk: Decimal(quantity)}, reference=reference, now=timezone.now()
        )
    return reference


@pytest.mark.django_db
def test_a_count_is_kept_as_a_movement_of_the_difference() -> None:
    alice = factories.alice()
    product = a_product(seller=alice, stock=100)

    changed = count_stock(actor=alice, product=product, counted=Decimal(70), now=timezone.now())
    same = count_stock(actor=alice, product=product, counted=Decimal(70), now=timezone.now())

    assert (changed, same) == (-30, 0)
    assert balance(product) == (70, 70)
    assert StockMovement.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("counted", ["-1", "0.5", "1e12", "NaN", "Infinity"])
def test_what_cannot_lie_in_a_warehouse_is_refused(counted: str) -> None:
    alice = factories.alice()
    product = a_product(seller=alice, stock=100)

    with pytest.raises(CountRefused), transaction.atomic():
        count_stock(actor=alice, product=product, counted=Decimal(counted), now=timezone.now())

    assert balance(product) == (100, 100)


@pytest.mark.django_db
def test_only_its_sellers_count() -> None:
    alice = factories.alice()
    product = a_product(seller=alice, stock=100)

    with pytest.raises(NotFound), transaction.atomic():
        count_stock(actor=factories.charlie(), product=product, counted=Decimal(0), now=timezone.now())
    with pytest.raises(Forbidden), transaction.atomic():
        count_stock(
            actor=factories.a_colleague(alice, "buyer"),
            product=product,
            counted=Decimal(0),
            now=timezone.now(),
        )

    assert balance(product) == (100, 100)


@pytest.mark.django_db
def test_what_an_order_reserves_it_gives_back_once() -> None:
    bo, product = factories.bo(), a_product(seller=factories.alice(), stock=100)
    reference = reserve(bo, product, 40)
    assert balance(product) == (60, 60)

    first = release_stock(actor=bo, reference=reference, now=timezone.now())
    second = release_stock(actor=bo, reference=reference, now=timezone.now())

    assert (first, second) == ({product.pk: 40}, {})
    assert balance(product) == (100, 100)


@pytest.mark.django_db
def test_all_is_reserved_or_nothing_and_each_that_falls_short_is_named() -> None:
    alice, bo = factories.alice(), factories.bo()
    plenty, little, none = (a_product(seller=alice, stock=stock) for stock in (100, 5, 0))
    wanted = {plenty.pk: Decimal(10), little.pk: Decimal(10), none.pk: Decimal(10), 0: Decimal(1)}

    with pytest.raises(OutOfStock) as raised, transaction.atomic():
        reserve_stock(actor=bo, wanted=wanted, reference=new_uuid(), now=timezone.now())

    assert {line["product"]: line["available"] for line in raised.value.lines} == {
        little.public_id: "5",
        none.public_id: "0",
        "": "0",
    }
    assert balance(plenty) == (100, 100)


@pytest.mark.django_db
def test_the_shelf_says_when_the_last_is_gone_and_when_some_are_back() -> None:
    bo, product = factories.bo(), a_product(seller=factories.alice(), stock=10)

    reference = reserve(bo, product, 10)
    assert not ShelfRow.objects.get().in_stock

    release_stock(actor=bo, reference=reference, now=timezone.now())
    assert ShelfRow.objects.get().in_stock


def test_buyers_at_once_never_get_more_than_there_is(committed_db: None) -> None:
    alice, bo = factories.alice(), factories.bo()
    products = [a_product(seller=alice, stock=10) for _ in range(2)]
    sold: list[UUID] = []
    failed: list[BaseException] = []
    start = threading.Barrier(12)

    def buy(number: int) -> None:
        """Both products, named in either order: locks are taken by key, so nobody waits in a circle."""
        wanted = {product.pk: Decimal(1) for product in (products if number % 2 else reversed(products))}
        start.wait()
        try:
            for _ in range(3):
                reference = new_uuid()
                try:
                    with transaction.atomic():
                        reserve_stock(actor=bo, wanted=wanted, reference=reference, now=timezone.now())
                    sold.append(reference)
                except OutOfStock:
                    pass
        except BaseException as error:  # a thread's failure is the test's
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failed == []
    assert len(sold) == 10
    for product in products:
        assert balance(product) == (0, 0)


def test_the_same_listing_counted_and_reserved_at_once_stays_the_sum_of_its_movements(
    committed_db: None,
) -> None:
    alice, bo = factories.alice(), factories.bo()
    product = a_product(seller=alice, stock=50)
    failed: list[BaseException] = []

    def work(act: Any) -> None:
        try:
            for _ in range(8):
                act()
        except OutOfStock:
            pass
        except BaseException as error:  # a thread's failure is the test's
            failed.append(error)
        finally:
            connection.close()

    def reserve_and_release() -> None:
        release_stock(actor=bo, reference=reserve(bo, product, 20), now=timezone.now())

    def count() -> None:
        count_stock(actor=alice, product=product, counted=Decimal(30), now=timezone.now())

    threads = [
        threading.Thread(target=work, args=(act,))
        for act in (reserve_and_release, count, reserve_and_release)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert failed == []
    available, moved = balance(product)
    assert available == moved >= 0
    assert ShelfRow.objects.get(pk=product.pk).in_stock == (available > 0)
