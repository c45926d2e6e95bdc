"""One invoice, money once: how it is recognised, and who wins when forty accept at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from financing import services
from financing.models import Offer, RegistryEntry
from financing.rules import InvoiceFacts, fingerprints, normalised
from financing.services.registering import verdict_on
from financing.states import OfferState, Verdict
from tests import factories as people
from tests.financing.bank import running
from tests.financing.factories import a_bank, accepted, an_offer
from tests.financing.test_accepting import a_twin
from tests.orders.test_races import at_once

INVOICE = {
    "seller": "SG:201912345K",
    "buyer": "CN:91440305MA5ABCDE1X",
    "number": "INV-2026-00001",
    "amount": Decimal("6250.00"),
    "currency": "SGD",
    "issued_on": date(2026, 11, 23),
}


def prints(key: bytes = b"key", **changes):
    return fingerprints(InvoiceFacts(**INVOICE | changes), key=key)


@pytest.mark.parametrize(
    "written", ["ＩＮＶ－２０２６－００００１", "inv-2026-00001", "INV/2026/00001", " INV 2026 00001 "]
)
def test_one_number_however_it_is_written(written):
    assert prints(number=written) == prints()


def test_an_amount_however_it_is_written():
    assert prints(amount=Decimal("6250")) == prints()


def test_tiers():
    original = prints()
    other_amount = prints(amount=Decimal("7000"))
    assert other_amount.number == original.number
    assert other_amount.exact != original.exact
    other_number = prints(number="INV-2026-00002")
    assert other_number.parties == original.parties
    assert (other_number.exact, other_number.number) != (original.exact, original.number)


def test_without_the_key_nothing_is_guessed():
    assert prints(key=b"another").exact != prints().exact


def test_fields_do_not_run_into_each_other():
    assert prints(seller="SG:1", number="23").number != prints(seller="SG:12", number="3").number


def test_letters_of_any_script_count():
    assert normalised("發票－Ａ１") == "發票a1"


@pytest.mark.django_db
def test_what_the_registry_says_beforehand(bank):
    offer = an_offer()
    twin = a_twin(offer, "q-twin")
    assert verdict_on(twin) == Verdict.CLEAR
    accepted(offer)
    assert verdict_on(twin) == Verdict.DUPLICATE


@pytest.mark.django_db
def test_the_same_parties_amount_and_day_under_another_number_is_suspect(bank):
    accepted(an_offer())
    second = accepted(an_offer(total=6250))
    assert second.verdict == Verdict.SUSPECT
    assert second.state == OfferState.ACCEPTED  # the bank's officer looks first


def forty(offer: Offer) -> list[Callable[[], object]]:
    """Forty offers on one invoice, each accepted in its own thread."""
    twins = [offer, *(a_twin(offer, f"q-{number}") for number in range(39))]
    alice, now = people.alice(), timezone.now()
    return [
        lambda twin=twin: services.accept_offer(actor=alice, offer=twin.public_id, now=now) for twin in twins
    ]


@pytest.mark.usefixtures("committed_db")
def test_of_forty_who_finance_one_invoice_at_once_one_wins(tmp_path: Path) -> None:
    with running(tmp_path):
        a_bank()
        acts = forty(an_offer())
    assert at_once(acts, threads=40) == {"done": 1, "financing.already_financed": 39}
    assert RegistryEntry.objects.filter(released_at__isnull=True).count() == 1
    assert Offer.objects.filter(state=OfferState.ACCEPTED).count() == 1
    assert Offer.objects.filter(state=OfferState.OFFERED).count() == 39


@pytest.mark.usefixtures("committed_db")
def test_one_offer_pressed_forty_times_at_once_is_accepted_once(tmp_path: Path) -> None:
    with running(tmp_path):
        a_bank()
        offer = an_offer()
    alice, now = people.alice(), timezone.now()
    ends = at_once(
        [lambda: services.accept_offer(actor=alice, offer=offer.public_id, now=now)] * 40, threads=40
    )
    assert ends == {"done": 1, "state.illegal_move": 39}
    assert RegistryEntry.objects.count() == 1
