"""A bank that hangs, dies or answers nonsense: what it did is unknown. It is asked until it says, and nothing is doubled."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from financing import services
from financing.connectors.bank import BankUnclear, connection_to
from financing.connectors.bank import client as wire
from financing.models import Offer, RegistryEntry
from financing.states import Ask, OfferState
from kernel.models import Delivery, Event
from kernel.services import drain
from tests import factories as people
from tests.financing.bank import ProcessBank, known
from tests.financing.factories import a_bank, a_banker, accepted, an_offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wants to wait five seconds for each bank that hangs."""
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 0.7)
    monkeypatch.setattr(wire, "REST_SECONDS", 0.05)


@pytest.fixture
def process(tmp_path: Path, db: None) -> Iterator[ProcessBank]:
    """A bank of its own process, enrolled: it can be killed."""
    bank = ProcessBank(tmp_path)
    bank.start()
    try:
        with known(bank):
            a_bank(bank.code)
            yield bank
    finally:
        bank.kill()


def in_a_while(minutes: int = 1) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def accept(offer: Offer) -> None:
    services.accept_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    drain("outside")


def told_again(offer: Offer) -> Offer:
    drain("outside", clock=in_a_while)
    offer.refresh_from_db()
    return offer


@pytest.mark.parametrize(
    "fault", [{"hang_after": ["accept"]}, {"hang_before": ["accept"]}, {"fail": ["accept"]}]
)
def test_an_acceptance_that_is_not_answered_is_asked_about_and_never_doubled(bank, fault):
    offer = an_offer()
    bank.behaves(**fault)
    accept(offer)
    offer.refresh_from_db()
    assert (offer.state, offer.awaiting) == (OfferState.ACCEPTED, Ask.ACCEPT)
    [silent] = Event.objects.filter(name="BankSilent")
    assert silent.payload["tries"] == 1
    bank.behaves()
    assert told_again(offer).state == OfferState.RESERVED
    assert len(bank.books["facilities"]) == 1


def test_a_bank_that_dies_between_accepting_and_saying_so(process):
    """kill -9 after its books are written, before anybody is answered."""
    offer = an_offer()
    process.behaves(die_after=["accept"])
    accept(offer)
    process.wait_until_dead()
    offer.refresh_from_db()
    assert (offer.state, offer.awaiting) == (OfferState.ACCEPTED, Ask.ACCEPT)

    assert told_again(offer).state == OfferState.ACCEPTED, "it is still dead, and that is no refusal"
    process.start()
    drain("outside", clock=lambda: in_a_while(5))
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED
    books = process.books
    assert [each["offer"] for each in books["facilities"]] == [offer.public_id]
    assert books["calls"]["accept"] == 1, "it was asked by status, not told again"


def test_a_bank_that_dies_before_accepting_is_told_again(process):
    offer = an_offer()
    process.kill()
    accept(offer)
    process.start()
    assert told_again(offer).state == OfferState.RESERVED
    assert len(process.books["facilities"]) == 1


def test_a_bank_that_dies_while_paying_out_pays_once(process):
    offer = accepted(an_offer())
    process.behaves(die_after=["disburse"])
    services.instruct_bank(actor=a_banker(), offer=offer.public_id, ask=Ask.DISBURSE, now=timezone.now())
    drain("outside")
    process.wait_until_dead()
    process.start()
    assert told_again(offer).state == OfferState.DISBURSED
    assert process.books["calls"]["disburse"] == 1


def test_our_worker_dies_after_the_bank_has_answered(bank, monkeypatch):
    """The answer was never written: the next worker asks under the same key, and gets the same answer."""
    offer = an_offer()
    services.accept_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    services.carry_out(offer_id=offer.pk, ask=Ask.ACCEPT, now=timezone.now())  # its effect is lost
    drain("outside")
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED
    assert len(bank.books["facilities"]) == 1


def test_pauses_grow_and_nothing_is_parked(bank):
    offer = an_offer()
    bank.stop()
    services.accept_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    clock = timezone.now()
    for _ in range(12):
        drain("outside", clock=partial(copy, clock))
        clock += timedelta(minutes=11)
    assert not Delivery.objects.filter(parked_at__isnull=False).exists()
    pauses = [
        datetime.fromisoformat(event.payload["ask_at"]) - event.at
        for event in Event.objects.filter(name="BankSilent").order_by("id")
    ]
    assert len(pauses) == 12
    assert pauses[0] == timedelta(seconds=2)
    assert pauses[-1] == timedelta(minutes=10)
    offer.refresh_from_db()
    assert offer.state == OfferState.ACCEPTED


def test_a_forged_answer_to_an_acceptance_is_no_answer(bank):
    offer = an_offer()
    bank.behaves(forge=["accept"])
    accept(offer)
    offer.refresh_from_db()
    assert (offer.state, offer.awaiting) == (OfferState.ACCEPTED, Ask.ACCEPT)
    assert Event.objects.filter(name="BankMessageRefused").count() == 1
    bank.behaves()
    assert told_again(offer).state == OfferState.RESERVED


def test_after_failures_a_bank_is_left_alone_for_a_while(bank, monkeypatch):
    monkeypatch.setattr(wire, "REST_SECONDS", 30)
    connection = wire.Connection(bank.code, "http://127.0.0.1:9", bank.keys["BANK_PUBLIC_KEY"])
    for _ in range(wire.FAILURES):
        with pytest.raises(BankUnclear):
            connection.capabilities()
    with pytest.raises(BankUnclear, match="left alone"):
        connection.capabilities()


def test_a_refusal_is_no_failure(bank):
    connection = connection_to(bank.code)
    assert connection is not None
    for _ in range(wire.FAILURES + 2):
        assert connection.status(offer="fof_nothing") is None


def test_a_redirect_is_not_followed(bank, tmp_path, monkeypatch):
    """Whoever stands at the address may not send us elsewhere."""
    monkeypatch.setattr(wire, "_send", lambda *_: (302, b"{}", ""))
    with pytest.raises(BankUnclear):
        wire.Connection(bank.code, bank.url, bank.keys["BANK_PUBLIC_KEY"]).capabilities()


def test_money_of_which_nothing_is_heard_is_asked_about(bank):
    offer = accepted(an_offer())
    facility = bank.books["facilities"][0]["id"]
    bank_disburses(bank, facility, offer)
    services.poll_banks(now=timezone.now())
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED, "heard of a moment ago"
    services.poll_banks(now=timezone.now() + timedelta(minutes=6))
    offer.refresh_from_db()
    assert offer.state == OfferState.DISBURSED


def test_a_bank_that_dislikes_our_signature_decides_nothing(bank, monkeypatch):
    """It may have accepted before: the invoice stays taken until the bank can be asked."""
    offer = an_offer()
    bank.behaves(hang_after=["accept"])
    accept(offer)
    bank.behaves()
    send = wire._send
    monkeypatch.setattr(
        wire, "_send", lambda method, url, body, headers, s: send(method, url + "?", body, {}, s)
    )
    assert told_again(offer).state == OfferState.ACCEPTED
    assert RegistryEntry.objects.get().released_at is None
    monkeypatch.setattr(wire, "_send", send)
    drain("outside", clock=lambda: in_a_while(5))
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED
    assert len(bank.books["facilities"]) == 1


def bank_disburses(bank, facility: str, offer: Offer) -> None:
    """At the bank's own counter; its message to us is lost."""
    connection = connection_to(bank.code)
    assert connection is not None
    connection.instruct(facility=facility, offer=offer.public_id, ask=Ask.DISBURSE)
