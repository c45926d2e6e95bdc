"""Offers for tests, made as the product makes them: an order on credit, its invoice, a simulated bank that is asked.

bank = factories.a_bank(running_bank)                # a company, enrolled
order = factories.an_invoiced_order()                # the fast lane has numbered its papers
offer = factories.an_offer()                         # what the bank offered for it
"""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from financing import services
from financing.models import Bank, Offer
from identity.actors import Member, System
from identity.models import Claim
from identity.services import decide_claim, submit_claim
from identity.states import ClaimKind
from kernel.services import drain
from orders.models import Order
from tests import factories as people
from tests.catalog.factories import a_product
from tests.financing.bank import CODE, running
from tests.orders.factories import NOW, a_confirmed_order


def a_banker(number: int = 1) -> Member:
    """Owner of a company that is to be a bank."""
    email = f"fiona{number}@harbour-bank.example"
    return people._known(email) or people.a_member(
        email=email,
        name="Fiona Foo",
        legal_name=f"Harbour Test Bank {number} Ltd.",
        name_zh=f"海港测试银行{number}",
        country="SG",
        registration_number=people.a_uen(199800000 + number),
    )


def a_bank(code: str = CODE, number: int = 1) -> Bank:
    """Enrolled: the simulated bank of this code has to be running and known."""
    banker = a_banker(number)
    return services.enrol_bank(
        actor=System(reason="test"),
        company=banker.company,
        code=code,
        simulated=True,
        now=timezone.now(),
    )


def verified(of: Member) -> Member:
    """The company's registration is verified by an officer."""
    if Claim.objects.filter(company=of.company, kind=ClaimKind.REGISTRATION).exists():
        return of
    now = timezone.now()
    claim = submit_claim(
        actor=of,
        kind=ClaimKind.REGISTRATION,
        statement="Extract 1",
        evidence=io.BytesIO(b"%PDF-1.7\n%%EOF"),
        evidence_name="extract.pdf",
        now=now,
    )
    decide_claim(
        actor=people.officer(),
        claim=claim,
        verified=True,
        source="Register extract",
        expires_on=timezone.localdate(now) + timedelta(days=300),
        now=now,
    )
    return people.acting(of.user, of.company)


def an_invoiced_order(
    *, total: int = 6250, checked: bool = True, now: datetime = NOW, **changes: Any
) -> Order:
    """Confirmed on 30 days' credit between verified companies; its invoice is numbered, no bank was asked yet."""
    alice, bo = people.alice(), people.bo()
    if checked:
        verified(alice)
        verified(bo)
    product = a_product(seller=alice, stock=10_000)
    order = a_confirmed_order(product, quantity=Decimal(total * 2 // 25 // 10 * 10), now=now, **changes)
    drain("fast")
    return order


def an_offer(**changes: Any) -> Offer:
    """What the one enrolled bank offered for a new invoice."""
    order = an_invoiced_order(**changes)
    drain("outside")
    offer: Offer = Offer.objects.get(order=order)
    return offer


def an_offer_on_its_own() -> Offer:
    """For worlds that hold no bank: one is started, asked, and gone again."""
    with TemporaryDirectory() as store, running(Path(store)):
        a_bank()
        return an_offer()


def accepted(offer: Offer) -> Offer:
    """By Alice; the bank was told."""
    services.accept_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    drain("outside")
    offer.refresh_from_db()
    return offer
