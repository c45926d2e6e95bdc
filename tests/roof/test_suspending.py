"""A suspended company sells and orders nothing new; its people come in and are told, and what was agreed goes on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product, ShelfRow
from identity import services as identity
from identity.models import Company
from identity.services import standing
from identity.states import CompanyState
from kernel.errors import Forbidden, NotFound
from kernel.models import Event
from kernel.models.deliveries import Lane
from kernel.services import drain
from kernel.states import IllegalMove
from orders import services as orders
from orders.models import Order
from orders.services import checking
from sme_hub.invariants import check
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders.factories import NOW, a_request, an_order

pytestmark = pytest.mark.django_db


def suspend(member: Any, reason: str = "Its licence has expired") -> None:
    identity.suspend_company(
        actor=people.officer(), company=member.company, reason=reason, now=timezone.now()
    )
    deliver()


def reinstate(member: Any) -> None:
    identity.reinstate_company(
        actor=people.officer(), company=member.company, reason="Licence renewed", now=timezone.now()
    )
    deliver()


def deliver() -> None:
    for lane in Lane.values:
        drain(lane)


def pages_of(product: Product) -> list[str]:
    return [
        reverse("product", args=[product.public_id]),
        reverse("storefront", args=[product.company.slug]),
    ]


def found(client: Client, product: Product) -> bool:
    page = client.get(reverse("search"), {"q": product.sku}).content.decode()
    return product.public_id in page


def test_a_suspended_sellers_goods_are_neither_found_nor_shown(client: Client) -> None:
    product = a_product(seller=people.alice())
    assert found(client, product)
    suspend(people.alice())
    assert not found(client, product)
    assert [client.get(page).status_code for page in pages_of(product)] == [404, 404]
    reinstate(people.alice())
    assert found(client, product)
    assert [client.get(page).status_code for page in pages_of(product)] == [200, 200]
    assert [finding for finding in check(quiet=True) if not finding.holds] == []


def test_what_the_seller_edits_meanwhile_stays_off_the_shelf() -> None:
    suspend(people.alice())
    product = a_product(seller=people.alice())
    assert not ShelfRow.objects.filter(pk=product.pk).exists()


def test_they_cannot_be_ordered() -> None:
    product = a_product(seller=people.alice())
    request = a_request(product)
    suspend(people.alice())
    with pytest.raises(NotFound):
        orders.put_in_cart(actor=people.bo(), product=product.public_id, quantity=Decimal(10), now=NOW)
    with pytest.raises(checking.SellerClosed):
        orders.place_order(actor=people.bo(), request=request, now=NOW)
    assert not Order.objects.exists()


def test_a_suspended_buyer_orders_nothing() -> None:
    request = a_request()
    suspend(people.bo())
    bo = people.bo()
    with pytest.raises(checking.BuyerSuspended):
        orders.place_order(actor=bo, request=request, now=NOW)
    assert not Order.objects.exists()


def test_orders_placed_before_go_on() -> None:
    order = an_order()
    suspend(people.alice())
    accepted = orders.accept_order(actor=people.alice(), order=order.public_id, now=NOW)
    assert accepted.confirmed_at == NOW


def test_its_people_come_in_and_read_why(client: Client) -> None:
    alice = people.alice()
    suspend(alice)
    page = people.sign_in(client, alice).get(reverse("workspace", kwargs={"company": alice.company.slug}))
    assert "Your company is suspended" in page.content.decode()
    assert "Its licence has expired" in page.content.decode()


def test_the_reason_is_told_but_not_written_into_history() -> None:
    suspend(people.alice())
    event = Event.objects.get(name="CompanySuspended")
    assert event.payload == {"company_id": people.alice().company_id}
    assert Company.objects.get(pk=people.alice().company_id).standing_reason == "Its licence has expired"


def test_only_an_officer_of_no_part_in_it_suspends_and_says_why() -> None:
    alice, olive = people.alice(), people.officer()
    now = timezone.now()
    with pytest.raises(Forbidden):
        identity.suspend_company(actor=people.charlie(), company=alice.company, reason="Rival", now=now)
    with pytest.raises(standing.StandingReasonMissing):
        identity.suspend_company(actor=olive, company=alice.company, reason="  ", now=now)
    with pytest.raises(IllegalMove):
        identity.reinstate_company(actor=olive, company=alice.company, reason="Why not", now=now)
    people.a_colleague(alice, "buyer", email=olive.user.email)
    with pytest.raises(standing.OwnCompanysStanding):
        identity.suspend_company(actor=olive, company=alice.company, reason="Mine", now=timezone.now())
    assert Company.objects.get(pk=alice.company_id).state == CompanyState.ACTIVE


def test_an_officer_suspends_in_the_admin_after_a_second_look(client: Client) -> None:
    company = people.alice().company
    people.sign_in(client, people.officer())
    desk = reverse("admin:identity_company_changelist")
    chosen = {"action": "suspend", "_selected_action": [str(company.pk)]}
    asked = client.post(desk, chosen)
    assert company.legal_name in asked.content.decode()
    assert Company.objects.get(pk=company.pk).state == CompanyState.ACTIVE
    assert "errorlist" in client.post(desk, chosen | {"confirmed": "yes"}).content.decode()
    client.post(desk, chosen | {"confirmed": "yes", "reason": "Unanswered letters"})
    assert Company.objects.get(pk=company.pk).state == CompanyState.SUSPENDED
    client.post(desk, chosen | {"action": "reinstate", "confirmed": "yes", "reason": "Answered"})
    assert Company.objects.get(pk=company.pk).state == CompanyState.ACTIVE
