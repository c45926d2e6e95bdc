"""The API of offers: the same verbs, scopes and refusals as the pages."""

from __future__ import annotations

import pytest

from financing.models import Offer
from financing.states import OfferState
from identity.states import Role
from tests import factories as people
from tests.financing.factories import a_banker, an_offer
from tests.orders.test_api import Caller

pytestmark = pytest.mark.django_db
OFFERS = "financing/offers/"


def test_the_seller_lists_and_reads(bank):
    offer = an_offer()
    caller = Caller(people.alice())
    answer = caller.get(OFFERS).json()
    [row] = answer["results"]
    assert (row["id"], row["net_proceeds"]) == (offer.public_id, f"{offer.net_proceeds:.2f}")
    assert row["simulated"] is True
    assert caller.get(f"{OFFERS}{offer.public_id}/").json() == row


def test_the_bank_lists_its_own_side(bank):
    offer = an_offer()
    caller = Caller(a_banker())
    assert caller.get(OFFERS).json()["results"] == []
    [row] = caller.get(OFFERS, side="bank").json()["results"]
    assert row["id"] == offer.public_id


def test_accepting_needs_a_key_and_is_done_once(bank):
    offer = an_offer()
    caller = Caller(people.alice())
    path = f"{OFFERS}{offer.public_id}/accept/"
    assert caller.post(path).json()["code"] == "idempotency.key_missing"
    body = {"net_seen": f"{offer.net_proceeds:.2f}"}
    first = caller.post(path, body, key="k-1")
    assert (first.status_code, first.json()["state"]) == (200, "accepted")
    assert caller.post(path, body, key="k-1").json() == first.json()
    again = caller.post(path, body, key="k-2")
    assert (again.status_code, again.json()["code"]) == (409, "state.illegal_move")


def test_refusals_are_problems(bank):
    offer = an_offer()
    path = f"{OFFERS}{offer.public_id}/accept/"
    changed = Caller(people.alice()).post(path, {"net_seen": "1.00"}, key="k")
    assert (changed.status_code, changed.json()["code"]) == (409, "financing.net_changed")
    assert changed["Content-Type"] == "application/problem+json"
    for who, status in ((people.bo(), 404), (people.charlie(), 404), (a_banker(), 403)):
        assert Caller(who).post(path, {}, key="k").status_code == status
    without_role = Caller(people.alice(), Role.BUYER)
    assert without_role.post(path, {}, key="k").status_code == 403
    assert without_role.get(OFFERS).status_code == 403
    offer.refresh_from_db()
    assert offer.state == OfferState.OFFERED


def test_the_buyer_finds_nothing(bank):
    offer = an_offer()
    caller = Caller(people.bo())
    assert caller.get(OFFERS).json()["results"] == []
    assert caller.get(f"{OFFERS}{offer.public_id}/").status_code == 404


def test_declining(bank):
    offer = an_offer()
    answer = Caller(people.alice()).post(f"{OFFERS}{offer.public_id}/decline/")
    assert (answer.status_code, answer.json()["state"]) == (200, "declined")
    assert Caller(people.alice()).post(f"{OFFERS}{offer.public_id}/accept/", {}, key="x").status_code == 409


def test_pages_by_key(bank):
    for _ in range(3):
        an_offer()
    caller = Caller(people.alice())
    first = caller.get(OFFERS, size=2).json()
    second = caller.get(OFFERS, size=2, after=first["next"]).json()
    ids = [row["id"] for page in (first, second) for row in page["results"]]
    assert len(set(ids)) == 3 == Offer.objects.count()
    assert second["next"] == ""
