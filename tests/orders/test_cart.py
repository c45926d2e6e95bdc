"""The company's cart: shared by its buyers, split by seller, warning of what the door would refuse."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.services import count_stock, pause
from identity.states import Role
from kernel.errors import Forbidden, NotFound
from orders import queries, services
from orders.models import CartLine
from orders.services import carting
from orders.services.checking import OwnCompany, UnknownCurrency
from tests import factories as people
from tests.catalog.factories import a_product, tiers
from tests.orders.factories import NOW

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate(NOW)
TEN = Decimal(10)


def put(product, quantity: Decimal | int = 10, **changes):
    actor = changes.pop("actor", None) or people.bo()
    return services.put_in_cart(
        actor=actor, product=product.public_id, quantity=Decimal(quantity), now=NOW, **changes
    )


def cart():
    return queries.cart_of(people.bo(), as_of=TODAY)


def problems() -> list[str]:
    return [problem.code for group in cart().groups for row in group.rows for problem in row.offer.problems]


def test_what_is_put_in_twice_adds_up_for_all_buyers_of_the_company() -> None:
    product = a_product(seller=people.alice())
    put(product)
    put(product, 20, actor=people.a_colleague(people.bo(), Role.BUYER))
    assert CartLine.objects.get().quantity == 30
    assert queries.count_in_cart(people.bo()) == 1
    assert queries.count_in_cart(people.charlie()) == 0


def test_each_seller_has_a_part_with_its_own_total() -> None:
    cheap = a_product(seller=people.alice(), tiers=tiers(SGD={10: "2.00"}))
    dear = a_product(seller=people.charlie(), tiers=tiers(SGD={10: "9.99"}))
    put(cheap, currency="SGD")
    put(dear)
    totals = {group.seller.slug: group.total for group in cart().groups}
    assert totals == {
        people.alice().company.slug: Decimal("20.00"),
        people.charlie().company.slug: Decimal("99.90"),
    }
    assert all(group.ready for group in cart().groups)


def test_the_cart_warns_of_what_the_door_would_refuse() -> None:
    alice = people.alice()
    product = a_product(seller=alice, stock=100)
    put(product, 5)
    assert problems() == ["quantity.below_minimum"]
    services.set_quantity(actor=people.bo(), product=product.public_id, quantity=Decimal(15), now=NOW)
    assert problems() == ["quantity.not_a_multiple"]
    services.set_quantity(actor=people.bo(), product=product.public_id, quantity=Decimal(60), now=NOW)
    count_stock(actor=alice, product=product, counted=Decimal(50), now=NOW)
    assert problems() == ["line.stock_short"]
    count_stock(actor=alice, product=product, counted=Decimal(0), now=NOW)
    assert problems() == ["line.out_of_stock"]
    pause(actor=alice, product=product, now=NOW)
    assert problems() == ["line.not_on_sale"]
    assert not cart().groups[0].ready


def test_the_quantity_decides_the_tier() -> None:
    product = a_product(seller=people.alice())
    put(product, currency="SGD")
    assert cart().groups[0].total == Decimal("125.00")
    services.set_quantity(actor=people.bo(), product=product.public_id, quantity=Decimal(50), now=NOW)
    assert cart().groups[0].total == Decimal("590.00")


def test_an_empty_cart_takes_on_the_currency_it_is_filled_in_and_keeps_it() -> None:
    put(a_product(seller=people.alice()), currency="USD")
    put(a_product(seller=people.alice()), currency="SGD")
    assert cart().currency == "USD"
    assert cart().groups[0].converted
    services.choose_currency(actor=people.bo(), currency="SGD", now=NOW)
    assert not cart().groups[0].converted
    with pytest.raises(UnknownCurrency):
        services.choose_currency(actor=people.bo(), currency="EUR", now=NOW)


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "1e12", "0.0000001"])
def test_absurd_quantities_are_refused(quantity: str) -> None:
    with pytest.raises(carting.NotAQuantity):
        put(a_product(seller=people.alice()), Decimal(quantity))
    assert not CartLine.objects.exists()


def test_drafts_and_nonsense_are_not_found_and_ones_own_goods_are_refused() -> None:
    alice = people.alice()
    draft = a_product(seller=alice, published=False)
    with pytest.raises(NotFound):
        put(draft)
    with pytest.raises(NotFound):
        services.set_quantity(actor=people.bo(), product="prd_x", quantity=TEN, now=NOW)
    with pytest.raises(OwnCompany):
        put(a_product(seller=alice), actor=alice)


@pytest.mark.parametrize("role", [Role.SELLER, Role.FINANCE, Role.LOGISTICS, Role.APPROVER])
def test_only_buyers_fill_the_cart(role: str) -> None:
    product = a_product(seller=people.alice())
    with pytest.raises(Forbidden):
        put(product, actor=people.a_colleague(people.bo(), role))
    with pytest.raises(Forbidden):
        services.remove_from_cart(actor=people.a_colleague(people.charlie(), role), product=product.public_id)


def test_a_cart_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carting, "MOST_LINES", 2)
    for _ in range(2):
        put(a_product(seller=people.alice()))
    with pytest.raises(carting.CartFull):
        put(a_product(seller=people.alice()))


def test_merging_a_basket_twice_changes_nothing_and_leaves_out_what_cannot_be_bought() -> None:
    bo, alice = people.bo(), people.alice()
    known, new, own = a_product(seller=alice), a_product(seller=alice), a_product(seller=bo_sells())
    gone = a_product(seller=alice, published=False)
    put(known, 40)
    basket = {
        known.public_id: Decimal(20),
        new.public_id: Decimal(10),
        own.public_id: TEN,
        gone.public_id: TEN,
        "prd_x": TEN,
    }
    for _ in range(2):
        assert services.merge_basket(actor=bo, basket=basket, now=NOW) == 2
    held = {line.product_id: line.quantity for line in CartLine.objects.all()}
    assert held == {known.pk: Decimal(40), new.pk: Decimal(10)}


def bo_sells():
    """Bo, whose company also lists goods."""
    bo = people.bo()
    bo.company.sells = True
    bo.company.save(update_fields=["sells"])
    return bo


def test_the_cart_takes_two_statements_whatever_its_size(django_assert_max_num_queries) -> None:
    for _ in range(4):
        put(a_product(seller=people.alice()), currency="SGD")
    bo = people.bo()
    with django_assert_max_num_queries(2):
        assert queries.cart_of(bo, as_of=TODAY).size == 4
