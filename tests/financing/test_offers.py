"""An invoice is issued, banks are asked, and what they offer stands on the seller's page."""

from __future__ import annotations

from decimal import Decimal

import pytest

from financing.models import Offer, OfferRequest
from financing.states import OfferState
from kernel.services import drain
from tests.financing.factories import an_invoiced_order, an_offer

pytestmark = pytest.mark.django_db


def test_an_invoice_on_credit_brings_an_offer(bank):
    offer = an_offer()
    assert offer.state == OfferState.OFFERED
    assert offer.firm
    assert offer.invoice_amount == offer.order.total
    assert offer.advance_amount == offer.invoice_amount * Decimal("0.9")
    assert offer.net_proceeds == offer.advance_amount - offer.all_in_cost
    assert offer.other_currency == "CNY"
    assert offer.other_net_proceeds
    assert offer.other_rate_source


def test_a_delivery_more_asks_nobody(bank):
    an_invoiced_order()
    drain("outside")
    from kernel.models import Delivery

    Delivery.objects.update(done_at=None, leased_until=None, attempts=0)
    drain("outside")
    assert Offer.objects.count() == OfferRequest.objects.count() == 1
    assert bank.books["quotes"] == 1
