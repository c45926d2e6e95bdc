"""Orders over a company's own limit: a buyer asks, an approver places or declines, or nobody answers in time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.services import count_stock
from identity import services as identity
from identity.actors import Member, Token
from identity.models import Notice
from identity.states import Role
from kernel.errors import Forbidden, NotFound
from kernel.models import Event
from kernel.services import drain
from kernel.states import IllegalMove
from orders import queries, services
from orders.models import Approval, CartLine, Order
from orders.services import approving, limiting
from orders.services.answering import FreightNeedsApprover, ReasonMissing
from orders.services.checking import NotOrderable
from orders.states import ApprovalState, OrderState
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders.factories import (
    NOW,
    a_limit,
    a_purchaser,
    a_request,
    an_approval,
    an_order,
    stock_of,
)

pytestmark = pytest.mark.django_db


def an_approver(name: str = "Ann Approver") -> Member:
    return people.a_colleague(
        people.bo(), Role.APPROVER, email=f"{name.split()[0]}@approvers.example", name=name
    )


def give(actor: Any, approval: Approval, **when: Any) -> Order:
    return services.give_approval(
        actor=actor, approval=approval.public_id, now=when.get("now") or timezone.now()
    )


def over(currency: str = "SGD", **changes: Any) -> bool:
    """Whether Bo's purchaser is refused an order of ten (S$125.00) in this currency."""
    try:
        services.place_order(
            actor=a_purchaser(), request=a_request(buyer=a_purchaser(), currency=currency, **changes), now=NOW
        )
    except limiting.ApprovalNeeded:
        return True
    return False


def test_the_limit_is_the_owners_and_holds_for_who_is_no_approver() -> None:
    total = an_order().total
    assert not over(), "nobody set a limit"
    a_limit(str(total))
    assert not over(), "a limit is what may be ordered alone"
    a_limit(str(total - Decimal("0.01")))
    before = Order.objects.count()
    assert over() and Order.objects.count() == before
    assert an_order().total == total, "owners order any amount"
    a_limit(None)
    assert not over(), "lifted"
    for actor in (a_purchaser(), an_approver()):
        with pytest.raises(Forbidden):
            services.set_spending_limit(actor=actor, amount=None, currency="SGD", now=NOW)
    for wrong in (
        {"amount": Decimal("-1")},
        {"amount": Decimal("1.001")},
        {"amount": Decimal("NaN")},
        {"days": 0},
    ):
        with pytest.raises((limiting.NotALimit, limiting.NotDays)):
            asked = {"amount": Decimal(1), "currency": "SGD", "now": NOW} | wrong
            services.set_spending_limit(actor=people.bo(), **asked)


def test_another_currency_is_converted_at_the_stored_rate() -> None:
    """An order of S$125.00 is about ¥660."""
    a_limit("400", currency="CNY")
    assert over("SGD")
    a_limit("9000", currency="CNY")
    assert not over("SGD")
    a_limit("400", currency="CNY")
    purchaser = a_purchaser()
    asked = services.ask_approval(actor=purchaser, request=a_request(buyer=purchaser), now=NOW)
    kept = asked.conversion
    assert Decimal(kept["total"]) == round(asked.total * Decimal(kept["rate"]), 2) > 400
    assert kept["source"] and kept["on"]


def test_a_token_without_the_role_meets_the_same_limit(client: Client) -> None:
    a_limit()
    bo = people.bo()
    _token, secret = identity.issue_token(
        actor=bo, name="ERP", roles=[Role.BUYER], expires_at=NOW + timedelta(days=1), now=NOW
    )
    request = a_request(buyer=bo)
    body = {
        "seller": request.seller,
        "currency": "SGD",
        "incoterm": "FCA",
        "place": "Singapore",
        "bill_to": request.bill_to,
        "ship_to": request.ship_to,
        "lines": [{"product": line.product, "quantity": str(line.quantity)} for line in request.lines],
    }
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "one"}
    response = client.post("/api/v1/orders/", body, content_type="application/json", headers=headers)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (403, "order.approval_needed")
    assert response["Content-Type"] == "application/problem+json"
    assert "5.00 SGD" in problem["title"] and "checkout" in problem["title"]
    assert not Order.objects.exists()


def test_asking_keeps_what_was_seen_and_reserves_nothing() -> None:
    product = a_product(seller=people.alice())
    purchaser = a_purchaser()
    services.put_in_cart(actor=purchaser, product=product.public_id, quantity=Decimal(10), now=NOW)
    asked = an_approval(product, from_cart=True)
    assert asked.state == ApprovalState.WAITING and asked.asked_by == purchaser.user
    assert asked.respond_by == NOW + timedelta(days=3)
    assert queries.lines_seen(asked)[0].quantity == 10
    assert not CartLine.objects.exists() and not Order.objects.exists()
    assert stock_of(product) == 1000
    with pytest.raises(approving.ApprovalNotNeeded):
        services.ask_approval(actor=people.bo(), request=a_request(product), now=NOW)
    with pytest.raises(NotOrderable):
        an_approval(product, quantity=5000)


def test_approving_places_the_order_once_with_both_in_its_story(client: Client) -> None:
    product = a_product(seller=people.alice())
    asked, approver = an_approval(product), an_approver()
    order = give(approver, asked)
    assert give(approver, asked) == give(people.bo(), asked) == order == Order.objects.get()
    assert (order.uid, order.total, order.state) == (asked.uid, asked.total, OrderState.PLACED)
    assert order.placed_by == a_purchaser().user and stock_of(product) == 990
    acted = dict(Event.objects.filter(about=order.uid).values_list("name", "actor"))
    assert acted["ApprovalAsked"] == a_purchaser().key
    assert acted["ApprovalGiven"] == acted["OrderPlaced"] == approver.key
    page = reverse("order", args=[people.bo().company.slug, order.public_id])
    html = people.sign_in(client, people.bo()).get(page).content.decode()
    assert "Peng Purchaser" in html and "Ann Approver" in html
    sellers = html_of(people.alice(), reverse("order", args=[people.alice().company.slug, order.public_id]))
    assert "Peng Purchaser" not in sellers and "Approval asked for" not in sellers
    with pytest.raises(IllegalMove):
        services.decline_approval(actor=approver, approval=asked.public_id, reason="No", now=NOW)


def html_of(member: Member, address: str) -> str:
    return people.sign_in(Client(), member).get(address).content.decode()


def test_who_may_decide() -> None:
    asked = an_approval()
    with pytest.raises(NotFound):
        give(people.alice(), asked)
    with pytest.raises(Forbidden):
        give(a_purchaser(), asked)
    with pytest.raises(Forbidden):
        services.withdraw_approval(actor=an_approver(), approval=asked.public_id, now=NOW)
    bo = people.bo()
    machine = Token(token_id=1, user=bo.user, company=bo.company, roles=frozenset(Role.values))
    with pytest.raises(Forbidden):
        give(machine, asked)
    purchaser = a_purchaser()
    membership = purchaser.company.memberships.get(user=purchaser.user)
    roles = [Role.BUYER, Role.APPROVER]
    identity.change_roles(actor=bo, membership=membership, roles=roles, now=NOW)
    with pytest.raises(approving.OwnRequest):
        give(a_purchaser(), asked)
    assert not Order.objects.exists()


def test_what_changed_is_named_and_the_request_stays_open(client: Client) -> None:
    product = a_product(seller=people.alice())
    asked, approver = an_approval(product), an_approver()
    count_stock(actor=people.alice(), product=product, counted=Decimal(4), now=NOW)
    address = reverse("approval_give", args=[people.bo().company.slug, asked.public_id])
    response = people.sign_in(client, approver).post(address)
    assert response.status_code == 422
    assert "Only 4 in stock" in response.content.decode()
    asked.refresh_from_db()
    assert asked.is_waiting and not Order.objects.exists()
    assert services.changes_since(actor=approver, approval=asked, now=NOW) != []
    count_stock(actor=people.alice(), product=product, counted=Decimal(40), now=NOW)
    assert services.changes_since(actor=approver, approval=asked, now=NOW) == []
    assert give(approver, asked).total == asked.total


def test_declining_tells_who_asked_and_they_may_order_anew() -> None:
    product = a_product(seller=people.alice())
    asked, approver = an_approval(product), an_approver()
    drain("fast")
    waiting = Notice.objects.get(user=approver.user, code="approval.to_give")
    assert waiting.waits and waiting.settled_at is None and waiting.respond_by == asked.respond_by
    with pytest.raises(ReasonMissing):
        services.decline_approval(actor=approver, approval=asked.public_id, reason=" ", now=NOW)
    services.decline_approval(actor=approver, approval=asked.public_id, reason="Not this month", now=NOW)
    drain("fast")
    waiting.refresh_from_db()
    assert waiting.settled_at is not None
    assert set(Notice.objects.filter(code="approval.declined").values_list("user", flat=True)) == {
        asked.asked_by_id
    }
    with pytest.raises(IllegalMove):
        give(approver, asked)
    back = services.put_back(actor=a_purchaser(), approval=asked.public_id, now=NOW)
    assert (back.added, back.missing) == ([product.sku], [])
    assert CartLine.objects.get().quantity == 10


def test_taking_back_fills_the_cart_and_the_deadline_decides() -> None:
    asked = an_approval()
    assert services.withdraw_approval(actor=a_purchaser(), approval=asked.public_id, now=NOW).added
    with pytest.raises(IllegalMove):
        give(an_approver(), asked)
    late = an_approval()
    after = late.respond_by + timedelta(seconds=1)
    with pytest.raises(approving.ApprovalTooLate):
        give(people.bo(), late, now=after)
    assert services.lapse_approval(approval_id=late.pk, now=late.respond_by - timedelta(seconds=1)) is False
    assert services.lapse_approval(approval_id=late.pk, now=after) is True
    assert services.lapse_approval(approval_id=late.pk, now=after) is False
    late.refresh_from_db()
    assert (late.state, late.decided_by) == (ApprovalState.LAPSED, None) and not Order.objects.exists()


def test_nothing_is_ordered_for_somebody_who_has_left() -> None:
    asked, purchaser = an_approval(), a_purchaser()
    membership = purchaser.company.memberships.get(user=purchaser.user)
    identity.end_membership(actor=people.bo(), membership=membership, now=timezone.now())
    with pytest.raises(approving.AskerGone):
        give(people.bo(), asked, now=timezone.now())
    assert not Order.objects.exists()


def test_freight_over_the_limit_is_agreed_to_by_an_approver() -> None:
    a_limit("1000")
    purchaser, approver = a_purchaser(), an_approver()
    request = a_request(buyer=purchaser, incoterm="CIF", place="Yantian")
    order = services.place_order(actor=purchaser, request=request, now=NOW)
    services.offer_freight(actor=people.alice(), order=order.public_id, freight=Decimal(990), now=NOW)
    with pytest.raises(FreightNeedsApprover):
        services.agree_freight(actor=purchaser, order=order.public_id, now=NOW)
    assert (
        services.agree_freight(actor=approver, order=order.public_id, now=NOW).state == OrderState.CONFIRMED
    )


def test_checkout_offers_to_ask_and_the_approver_finds_it_at_home(client: Client) -> None:
    product, purchaser, approver = a_product(seller=people.alice()), a_purchaser(), an_approver()
    a_limit()
    company = people.bo().company.slug
    services.put_in_cart(actor=purchaser, product=product.public_id, quantity=Decimal(10), now=NOW)
    people.sign_in(client, purchaser)
    address = reverse("checkout", args=[company, people.alice().company.slug])
    page = client.get(address)
    html = page.content.decode()
    assert "Ask for approval" in html and "Place order" not in html
    form, row = page.context["form"], page.context["group"].rows[0]
    typed = {name: form.initial.get(name) or form.fields[name].initial or "" for name in form.fields}
    typed |= {"payment_terms": "net_30", "product": product.public_id}
    typed |= {"quantity": row.plain_quantity, "price": row.plain_price}
    refused = client.post(address, typed | {"order": "1"})
    assert refused.status_code == 403 and "Ask for approval" in refused.content.decode()
    typed["key"] = refused.context["form"].initial["key"]
    for _twice in range(2):
        assert client.post(address, typed | {"ask": "1"}).status_code == 302
    asked = Approval.objects.get()
    assert client.get(reverse("approvals", args=[company])).context["rows"][0][0] == asked
    home = people.sign_in(client, approver).get(reverse("workspace", args=[company]))
    assert [str(task.words) for task in home.context["tasks"]] == ["1 order to approve"]
    assert home.context["panels"][0].rows[0].url == home.context["tasks"][0].url
    assert client.get(home.context["tasks"][0].url).status_code == 200
    placed = client.post(reverse("approval_give", args=[company, asked.public_id]))
    assert placed["Location"] == reverse("order", args=[company, Order.objects.get().public_id])
    shown = client.get(reverse("approvals", args=[company]) + "?show=decided")
    assert "Approved and placed" in shown.content.decode()
    file = client.get(reverse("approvals_export", args=[company, "csv"]) + "?show=decided")
    assert Order.objects.get().reference in b"".join(file.streaming_content).decode()
