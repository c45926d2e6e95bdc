"""What banks send by themselves: signed, for us, fresh, once, and about their own offers; everything else is refused and kept."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from financing.models import BankMessage, Offer
from financing.services import instruct_bank
from financing.states import OfferState
from kernel.models import Event
from tests.financing.bank import CODE, ThreadBank, known
from tests.financing.factories import a_bank, a_banker, accepted, an_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(bank) -> Offer:
    return accepted(an_offer())


def standing(offer: Offer, state: str, **more: Any) -> dict[str, Any]:
    return {
        "facility": offer.facility_ref,
        "offer": offer.public_id,
        "state": state,
        "amount": str(offer.net_proceeds),
    } | more


def send(body: bytes, signature: str, code: str = CODE) -> Any:
    return Client(enforce_csrf_checks=True).post(
        reverse("bank_message", args=[code]),
        body,
        content_type="application/json",
        headers={"X-JWS-Signature": signature},
    )


def refused_as() -> list[str]:
    return [event.payload["code"] for event in Event.objects.filter(name="BankMessageRefused")]


def state_of(offer: Offer) -> str:
    offer.refresh_from_db()
    return offer.state


def test_a_signed_message_moves_the_money_on(bank, offer):
    assert send(*bank.message(standing(offer, "disbursed"))).status_code == 204
    assert state_of(offer) == OfferState.DISBURSED
    assert BankMessage.objects.count() == 1


def test_steps_that_were_not_told_are_made_up_for(bank):
    bank.behaves(reviews_all=True)
    offer = accepted(an_offer())
    assert state_of(offer) == OfferState.ACCEPTED
    assert send(*bank.message(standing(offer, "disbursed"))).status_code == 204
    assert state_of(offer) == OfferState.DISBURSED
    assert offer.reserved_at is not None


def test_what_lies_behind_changes_nothing(bank, offer):
    send(*bank.message(standing(offer, "disbursed")))
    assert send(*bank.message(standing(offer, "reserved"))).status_code == 204
    assert state_of(offer) == OfferState.DISBURSED


def test_a_message_from_before_does_not_answer_what_was_asked_since(bank, offer):
    """Reserved, says a late message; that the bank shall pay out is still awaited."""
    instruct_bank(actor=a_banker(), offer=offer.public_id, ask="disburse", now=timezone.now())
    assert send(*bank.message(standing(offer, "reserved"))).status_code == 204
    offer.refresh_from_db()
    assert (offer.state, offer.awaiting) == (OfferState.RESERVED, "disburse")
    assert send(*bank.message(standing(offer, "disbursed"))).status_code == 204
    offer.refresh_from_db()
    assert (offer.state, offer.awaiting) == (OfferState.DISBURSED, "")


def test_a_forged_message_is_refused_and_kept(bank, offer):
    body, signature = bank.message(standing(offer, "disbursed"))
    stranger = ThreadBank(Path("/nonexistent"), code=CODE)
    forged = [
        (body, stranger.message(standing(offer, "disbursed"))[1]),
        (body.replace(b"disbursed", b"repaid"), signature),
        (body, ""),
        (body, "a..b"),
        (body, "x" * 10_000),
        (b"", signature),
    ]
    for attempt in forged:
        answer = send(*attempt)
        assert (answer.status_code, answer.json()["code"]) == (401, "bank.not_believed")
    assert state_of(offer) == OfferState.RESERVED
    assert refused_as() == ["not_signed"] * len(forged)


def test_a_signature_that_brings_its_own_content_is_refused(bank, offer):
    """The content that is checked has to be the content that is read."""
    from base64 import urlsafe_b64encode

    body, signature = bank.message(standing(offer, "disbursed"))
    head, _, tail = signature.split(".")
    attached = f"{head}.{urlsafe_b64encode(body).rstrip(b'=').decode()}.{tail}"
    other = json.dumps(standing(offer, "repaid")).encode()
    assert send(other, attached).status_code == 401
    assert state_of(offer) == OfferState.RESERVED


def test_a_message_is_taken_once(bank, offer):
    message = bank.message(standing(offer, "disbursed"))
    assert send(*message).status_code == 204
    again = send(*message)
    assert (again.status_code, again.json()["code"]) == (409, "bank.seen_before")
    assert refused_as() == ["bank.seen_before"]


def test_an_old_message_is_refused(bank, offer):
    message = bank.message(standing(offer, "disbursed"), iat=int(time.time()) - 3600)
    assert send(*message).status_code == 401
    assert refused_as() == ["stale"]
    assert state_of(offer) == OfferState.RESERVED


def test_a_message_for_another_hub_is_refused(bank, offer):
    assert send(*bank.message(standing(offer, "disbursed"), aud="http://elsewhere")).status_code == 401
    assert refused_as() == ["for_another"]


@pytest.mark.parametrize(
    "body",
    [[], {}, {"facility": 1}, {"facility": "f", "offer": "fof_x", "state": "rich"}, "text", None],
)
def test_a_message_that_says_nothing_is_refused(bank, offer, body):
    assert send(*bank.message(body)).status_code in (401, 404)
    assert len(refused_as()) == 1


def test_another_amount_is_refused(bank, offer):
    message = bank.message(standing(offer, "disbursed", amount="1.00"))
    assert send(*message).status_code == 409
    assert state_of(offer) == OfferState.RESERVED
    assert refused_as() == ["bank.unexpected"]


def test_money_that_nobody_accepted_is_refused(bank):
    offer = an_offer()
    assert send(*bank.message(standing(offer, "disbursed", facility="f-1"))).status_code == 409
    assert state_of(offer) == OfferState.OFFERED


def test_another_facility_is_refused(bank, offer):
    assert send(*bank.message(standing(offer, "disbursed", facility="f-other"))).status_code == 409
    assert state_of(offer) == OfferState.RESERVED


def test_a_bank_speaks_of_its_own_offers_only(bank, offer, tmp_path):
    other = ThreadBank(tmp_path, code="other-bank")
    other.start()
    try:
        with known(bank, other):
            a_bank("other-bank", 2)
            answer = send(*other.message(standing(offer, "disbursed")), code="other-bank")
    finally:
        other.stop()
    assert answer.status_code == 404
    assert state_of(offer) == OfferState.RESERVED


def test_an_unknown_bank_finds_nothing(bank, offer):
    assert send(*bank.message(standing(offer, "disbursed")), code="nobody").status_code == 404
    assert refused_as() == []


def test_a_flood_of_forged_messages_is_not_all_kept(bank, offer):
    for _ in range(45):
        send(b"{}", "a..b")
    assert len(refused_as()) == 30


def test_a_message_too_long_is_not_read(bank, offer):
    assert send(b"x" * 100_000, "a..b").status_code == 401
    assert refused_as() == ["too_long"]
