"""Who is told what of an offer of money: the seller's and the bank's finance, each in their words; the buyer nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from financing import services
from identity.actors import System
from identity.models import Notice
from kernel.ids import new_uuid
from kernel.services import drain
from orders.services import hold_payment, release_hold
from tests import factories as people
from tests.financing.bank import running
from tests.financing.factories import a_bank, a_banker, an_offer

pytestmark = pytest.mark.django_db
OFFICE = System(reason="test")


def told(actor: Any, *, waiting: bool = False) -> list[str]:
    """Codes about money of what a person was told, oldest first; every link of a wait opens for them."""
    found = Notice.objects.filter(user=actor.user, code__startswith="money.").order_by("pk")
    if not waiting:
        return [line.code.removeprefix("money.") for line in found]
    client = people.sign_in(Client(), actor)
    for line in found.waiting():
        assert client.get(reverse("notice", args=[line.public_id]), follow=True).status_code == 200
    return [line.code.removeprefix("money.") for line in found.waiting()]


def deliver(**passed: Any) -> None:
    late = timezone.now() + timedelta(**passed)
    while sum(drain(lane, clock=lambda: late) for lane in ("fast", "outside")):
        pass


def test_money_is_told_from_the_offer_to_its_repayment(tmp_path: Path, mailoutbox: list[Any]) -> None:
    alice, bo, now = people.alice(), people.bo(), timezone.now()
    with running(tmp_path):
        a_bank()
        offer = an_offer()
        banker = a_banker()
        deliver()
        assert (told(alice, waiting=True), told(banker)) == (["offered"], [])
        services.accept_offer(actor=alice, offer=offer.public_id, now=now)
        deliver()
        assert told(alice, waiting=True) == []
        if told(banker, waiting=True) == ["to_decide"]:
            services.instruct_bank(actor=banker, offer=offer.public_id, ask="reserve", now=now)
            deliver()
        assert told(banker, waiting=True) == ["to_pay_out"]
        _quarrelled(offer, alice, banker)
        services.instruct_bank(actor=banker, offer=offer.public_id, ask="disburse", now=now)
        deliver()
        assert (told(alice, waiting=True), told(banker, waiting=True)) == (
            ["to_repay"],
            ["repayment_to_note"],
        )
        line = Notice.objects.get(user=alice.user, code="money.to_repay")
        assert line.respond_by is not None
        assert timezone.localdate(line.respond_by) == offer.repay_on
        mailoutbox.clear()
        deliver(days=(offer.repay_on - timezone.localdate(now)).days * 0.52)
        assert {letter.to[0] for letter in mailoutbox if letter.subject.startswith("Reminder")} >= {
            alice.user.email,
            banker.user.email,
        }
        Notice.objects.filter(waits=False).delete()
        deliver(days=(offer.repay_on - timezone.localdate(now)).days + 0.5)
        assert "repayment_due_seller" in told(alice)
        assert "repayment_due_bank" in told(banker)
        services.instruct_bank(actor=banker, offer=offer.public_id, ask="repay", now=now)
        deliver()
        assert told(alice, waiting=True) == told(banker, waiting=True) == []
        assert told(alice)[-1] == "repaid"
    assert told(bo) == told(people.charlie()) == [], "the buyer hears nothing of it"


def _quarrelled(offer: Any, alice: Any, banker: Any) -> None:
    """A dispute holds the money; when it is over the bank's officer is waited for again."""
    case, now = new_uuid(), timezone.now()
    hold_payment(actor=OFFICE, order_id=offer.order_id, by=case, now=now)
    deliver()
    assert told(banker, waiting=True) == []
    assert (told(alice)[-1], told(banker)[-1]) == ("held_seller", "held_bank")
    release_hold(actor=OFFICE, order_id=offer.order_id, by=case, now=now)
    deliver()
    assert told(banker, waiting=True) == ["to_pay_out"]
    assert told(alice)[-1] == "released_seller"


def test_an_offer_that_comes_to_nothing_is_told(tmp_path: Path) -> None:
    alice = people.alice()
    with running(tmp_path):
        a_bank()
        lapsed, off = an_offer(), an_offer(total=5000)
        services.withdraw_open_offers(
            order_id=off.order_id, code="deal_disputed", actor=OFFICE, now=timezone.now()
        )
        services.expire_offer(offer_id=lapsed.pk, now=lapsed.expires_at + timedelta(minutes=1))
        deliver(days=(lapsed.expires_at - timezone.now()).days + 2)
    assert told(alice, waiting=True) == []
    assert {"withdrawn", "expired"} <= set(told(alice))
    assert told(a_banker()) == [], "of offers that nobody accepted a bank has no file"
