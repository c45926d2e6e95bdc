"""Offers of money: the simulated bank is asked about the invoices of the past days, and one offer is accepted.

The bank is a process of its own. Where none is connected, there are no offers, and the rest of the demo is as it is.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.utils import timezone

from financing.models import Bank, Offer
from financing.services import accept_offer, enrol_bank
from financing.services.banks import BankNotConnected
from financing.states import OfferState
from identity.actors import Member, System
from identity.queries.enforcement import is_asked
from identity.states import Purpose
from kernel.models.deliveries import Lane
from kernel.services import drain

#: the order whose offer is accepted
ACCEPTED, SELLER = "DEMO-038", "jurong-solvents"
#: how long one waits for the bank's answers
PATIENCE_SECONDS = 60.0


def open_bank(banker: Member) -> bool:
    """Connect the bank that the settings name, so that invoices are shown to it from now on. False without one."""
    code = next(iter(settings.BANKS), "")
    if not code:
        return False
    if Bank.objects.filter(company=banker.company).exists():
        return True
    try:
        enrol_bank(
            actor=System(reason="demo"), company=banker.company, code=code, simulated=True, now=timezone.now()
        )
    except BankNotConnected:
        return False
    return True


def accept_one(seller: Member) -> bool:
    """Accept the offer on the invoice of `ACCEPTED`, once it is there. False where none came, or one was taken before.

    Nor is one taken where that asks who somebody is: the rest is for visitors.
    """
    if is_asked(Purpose.ACCEPT_FINANCE, timezone.now()):
        return False
    offers = Offer.objects.filter(company=seller.company, order__po_number=ACCEPTED)
    stop_at = time.monotonic() + PATIENCE_SECONDS
    while not offers.exists() and time.monotonic() < stop_at:
        if drain(Lane.OUTSIDE, seconds=2.0) == 0:
            time.sleep(0.5)
    offer = offers.filter(state=OfferState.OFFERED, expires_at__gt=timezone.now()).order_by("pk").first()
    if offer is None or offers.exclude(state=OfferState.OFFERED).exists():
        return False
    accept_offer(actor=seller, offer=offer.public_id, now=timezone.now())
    return True
