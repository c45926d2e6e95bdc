"""The API: the same verbs and refusals as the pages, as problem+json."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from identity.actors import Member
from identity.models import Address
from identity.services import issue_token
from identity.states import Role
from kernel.sealing import seal
from orders.models import Order
from orders.states import OrderState
from tests import factories as people
from tests.catalog.factories import a_product
from tests.orders.factories import a_confirmed_order, a_despatch, an_order, stock_of

pytestmark = pytest.mark.django_db


class Caller:
    """A program with a token."""

    def __init__(self, actor: Member, *roles: str) -> None:
        now = timezone.now()
        _, secret = issue_token(
            actor=actor,
            name="test",
            roles=roles or [Role.OWNER],
            expires_at=now + timedelta(days=30),
            now=now,
        )
        self.headers = {"authorization": f"Bearer {secret}"}
        self.client = Client()

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None, key: str = "", method: str = "post") -> Any:
        headers = self.headers | ({"idempotency-key": key} if key else {})
        send = getattr(self.client, method)
        return send(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)


def body_of(*products: Any, quantity: str = "10", **changes: Any) -> dict[str, Any]:
    address = Address.objects.filter(company=people.bo().company).earliest("pk").public_id
    lines = [{"product": product.public_id, "quantity": quantity} for product in products]
    body = {
        "seller": products[0].company.slug,
        "lines": lines,
        "currency": "SGD",
        "incoterm": "FCA",
        "place": "Singapore",
        "bill_to": address,
        "ship_to": address,
        "payment_terms": "net_30",
    }
    return body | changes


def test_an_order_is_placed_once_per_key() -> None:
    product = a_product(seller=people.alice(), stock=100)
    bo = Caller(people.bo(), Role.BUYER)
    body = body_of(product)
    first, second = bo.post("orders/", body, "k1"), bo.post("orders/", body, "k1")
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first.json()["total"] == "125.00"
    assert Order.objects.count() == 1
    assert stock_of(product) == 90
    other = bo.post("orders/", body_of(product, quantity="20"), "k1")
    assert other.status_code == 409
    assert other.json()["code"] == "idempotency.key_reused"
    assert bo.post("orders/", body).json()["code"] == "idempotency.key_missing"


def test_refused_lines_are_named() -> None:
    product, scarce = a_product(seller=people.alice()), a_product(seller=people.alice(), stock=0)
    answer = Caller(people.bo()).post("orders/", body_of(product, scarce), "k1")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [(line["line"], line["code"]) for line in answer.json()["lines"]] == [(2, "line.out_of_stock")]
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": "many"},
        {"lines": []},
        {"lines": [{"product": "prd_x", "quantity": "a lot"}]},
        {"lines": [{"product": "prd_x", "quantity": "1e400"}]},
        {"lines": [{"product": "prd_\u0000", "quantity": "1"}]},
        {"currency": "CNH"},
        {"incoterm": None},
        {"place": "x" * 81},
        {"requested_date": "tomorrow"},
        {"payment_terms": {}},
    ],
)
def test_wrong_shapes_are_400_and_name_the_field(changes: dict[str, Any]) -> None:
    answer = Caller(people.bo()).post("orders/", body_of(a_product(seller=people.alice()), **changes), "k1")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(changes)


def test_a_token_does_no_more_than_its_roles() -> None:
    product = a_product(seller=people.alice())
    finance = Caller(people.bo(), Role.FINANCE)
    assert finance.post("orders/", body_of(product), "k1").status_code == 403
    assert Client().get("/api/v1/orders/").status_code == 401


def test_strangers_find_nothing() -> None:
    order = an_order()
    charlie = Caller(people.charlie())
    path = f"orders/{order.public_id}/"
    assert charlie.get(path).status_code == 404
    for act in ("accept", "refuse", "cancel", "freight", "agree"):
        body = {"reason": "x", "amount": "1"}
        assert charlie.post(f"{path}{act}/", body).status_code == 404
    assert charlie.get("orders/").json()["results"] == []
    assert charlie.get("events/").json()["results"] == [] or all(
        event["order"] is None for event in charlie.get("events/").json()["results"]
    )


def test_an_order_goes_its_whole_way_by_api() -> None:
    alice, bo = Caller(people.alice()), Caller(people.bo())
    product = a_product(seller=people.alice())
    placed = bo.post("orders/", body_of(product, incoterm="DAP", place="Longgang"), "k1").json()
    path = f"orders/{placed['id']}/"
    assert "offer_freight" in alice.get(path).json()["acts"]
    offered = alice.post(f"{path}freight/", {"amount": "30.00"}).json()
    assert (offered["state"], offered["total"]) == ("freight_offered", "155.0000")
    assert bo.post(f"{path}agree/", {"freight_seen": "30.00"}).json()["state"] == "confirmed"
    today = timezone.localdate().isoformat()
    paid = alice.post(f"{path}payments/", {"amount": "155", "received_on": today}, "p1")
    assert paid.status_code == 201
    journey = {
        "carrier": "Straits Air",
        "despatched_on": today,
        "lines": [{"line": 1, "quantity": "10"}],
    }
    sent = alice.post(f"{path}despatches/", journey, "d1").json()
    assert sent["order_state"] == "despatched"
    counted = {
        "despatch": sent["id"],
        "received_on": today,
        "lines": [{"line": 1, "quantity": "10", "damaged": "1"}],
    }
    assert bo.post(f"{path}receipts/", counted, "r1").json()["order_state"] == "completed"
    whole = bo.get(path).json()
    assert whole["despatches"][0]["lines"] == [
        {"line": 1, "sent": "10.000000", "arrived": "10.000000", "damaged": "1.000000"}
    ]
    assert whole["payments"] == [{"amount": "155.0000", "received_on": today}]
    assert whole["acts"] == ["order_again"]
    assert bo.post(f"{path}again/").json() == {"added": [product.sku], "missing": []}
    assert bo.get("cart/").json()["sellers"][0]["lines"][0]["sku"] == product.sku


def test_acts_are_refused_as_problems() -> None:
    order = an_order()
    path = f"orders/{order.public_id}/"
    alice, bo = Caller(people.alice()), Caller(people.bo())
    assert bo.post(f"{path}accept/").status_code == 403
    assert alice.post(f"{path}refuse/", {}).status_code == 400
    assert alice.post(f"{path}freight/", {"amount": "1"}).json()["code"] == "order.freight_is_the_buyers"
    assert alice.post(f"{path}accept/").status_code == 200
    again = alice.post(f"{path}accept/")
    assert (again.status_code, again.json()["code"]) == (409, "state.illegal_move")


def test_the_list_goes_by_cursor_and_bounds_its_parameters() -> None:
    product = a_product(seller=people.alice())
    orders = [an_order(product).reference for _ in range(3)]
    bo = Caller(people.bo())
    first = bo.get("orders/", size=2).json()
    second = bo.get("orders/", size=2, after=first["next"]).json()
    assert [order["reference"] for order in first["results"] + second["results"]] == orders[::-1]
    assert second["next"] == ""
    assert bo.get("orders/", side="selling").json()["results"] == []
    for query in ({"size": "100000"}, {"size": "x"}, {"state": "lost"}, {"sort": "price"}, {"q": "\x00"}):
        assert bo.get("orders/", **query).status_code == 400


def test_the_cart_by_api() -> None:
    product = a_product(seller=people.alice())
    bo = Caller(people.bo())
    line = f"cart/lines/{product.public_id}/"
    cart = bo.post(line, {"quantity": "5"}, method="put").json()
    assert cart["sellers"][0]["lines"][0]["problems"][0]["code"] == "quantity.below_minimum"
    assert not cart["sellers"][0]["ready"]
    assert bo.post("cart/", {"currency": "USD"}, method="patch").json()["currency"] == "USD"
    assert bo.post(line, method="delete").status_code == 204
    assert bo.get("cart/").json()["sellers"] == []
    assert bo.post("cart/lines/prd_nonsense/", {"quantity": "5"}, method="put").status_code == 404


def test_the_feed_shows_a_company_its_own_events_by_cursor(django_db_blocker) -> None:
    order = a_confirmed_order()
    a_despatch(order)
    alice = Caller(people.alice())
    # inside one uncommitted transaction nothing is settled: a reader waits rather than skips
    assert alice.get("events/").json() == {"results": [], "next": seal("event", 0, 0)}
    assert alice.get("events/", after="yesterday").status_code == 400
    assert alice.get("events/", after="12-34").status_code == 400, "keys of rows do not name a place"


def test_the_api_describes_itself_without_foreign_hosts() -> None:
    schema = Client().get("/api/v1/schema/", headers={"accept": "application/json"})
    assert schema.status_code == 200
    assert "/api/v1/orders/{order}/accept/" in schema.json()["paths"]
    page = Client().get("/api/v1/docs/").content.decode()
    assert "swagger-ui" in page
    assert "http" not in page.split("<head")[1].split("</head>")[0].replace("http-equiv", "")


def test_states_in_answers_are_codes() -> None:
    order = a_confirmed_order()
    assert Caller(people.bo()).get(f"orders/{order.public_id}/").json()["state"] == OrderState.CONFIRMED
