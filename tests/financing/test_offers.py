"""An invoice is issued, banks are asked, and what they offer is kept; or why none was asked."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from financing import services
from financing.models import Offer, OfferRequest
from financing.services.asking import NotToBeAskedAgain
from financing.states import CloseCode, OfferState
from kernel.models import Delivery, Event
from kernel.services import drain
from orders.states import PaymentTerms
from simulators.bank.profile import Profile
from tests import factories as people
from tests.financing.bank import ThreadBank, known
from tests.financing.factories import a_bank, accepted, an_invoiced_order, an_offer
from tests.orders.factories import a_payment

pytestmark = pytest.mark.django_db


def asked_about(**order) -> OfferRequest:
    found = an_invoiced_order(**order)
    drain("outside")
    return OfferRequest.objects.get(order=found)


def test_an_invoice_on_credit_brings_an_offer(bank):
    offer = an_offer()
    assert offer.state == OfferState.OFFERED
    assert offer.firm
    assert offer.invoice_amount == offer.order.total
    assert offer.advance_amount == offer.invoice_amount * Decimal("0.9")
    assert offer.net_proceeds == offer.advance_amount - offer.all_in_cost
    assert offer.repay_on == offer.order.payment_due_on
    assert (offer.other_currency, bool(offer.other_rate_source)) == ("CNY", True)
    assert offer.other_net_proceeds == (offer.net_proceeds * offer.other_rate).quantize(Decimal("0.01"))


def test_it_does_not_wait_for_the_papers_to_be_rendered(bank):
    an_offer()
    assert Delivery.objects.filter(lane="slow", done_at__isnull=True).exists()


def test_the_pack_names_companies_and_checks_and_no_person(bank):
    offer = an_offer()
    evidence = offer.request.evidence
    assert evidence["invoice"]["number"] == offer.paper.printed_number
    assert evidence["seller"]["verified"][0]["claim"] == "registration"
    assert evidence["buyer"]["registration_number"] == offer.order.buyer.registration_number
    for personal in ("Alice", "Bo Wen", offer.order.ship_to["contact_name"], "Harbour Road"):
        assert not personal or personal not in str(evidence)


def test_the_buyer_hears_nothing_of_it(bank):
    offer = an_offer()
    [event] = Event.objects.filter(name="OfferMade")
    assert set(event.audience) == {offer.company_id, offer.bank.company_id}


def test_a_second_delivery_asks_nobody(bank):
    an_offer()
    Delivery.objects.filter(handler="financing.seek_offers").update(
        done_at=None, leased_until=None, attempts=0
    )
    drain("outside")
    assert Offer.objects.count() == OfferRequest.objects.count() == 1
    assert bank.books["quotes"] == 1


def test_a_kill_between_answer_and_keeping_brings_the_same_offer(bank):
    order = an_invoiced_order()
    versions = tuple(order_versions(order))
    at = timezone.now()
    first = services.ask_banks(version_ids=versions, at=at, now=at)
    second = services.ask_banks(version_ids=versions, at=at, now=at)
    assert first.offered[0][1] == second.offered[0][1]
    assert bank.books["quotes"] == 1


def order_versions(order):
    from documents.models import PaperVersion

    return PaperVersion.objects.filter(paper__order=order).values_list("pk", flat=True)


# --- why no bank is asked --------------------------------------------------------------------------------------------


def test_prepaid_orders_need_no_money(bank):
    assert asked_about(payment_terms=PaymentTerms.PREPAID).reason == "prepaid"
    assert bank.books["quotes"] == 0


def test_a_seller_who_has_opted_out_is_shown_to_nobody(bank):
    services.set_preference(actor=people.alice(), wants_offers=False, now=timezone.now())
    assert asked_about().reason == "opted_out"
    assert bank.books["calls"].get("quote", 0) == 0


def test_a_seller_who_is_not_verified_is_shown_to_nobody(bank):
    assert asked_about(checked=False).reason == "seller_not_verified"
    assert bank.books["calls"].get("quote", 0) == 0


def test_without_a_bank_there_is_nobody_to_ask():
    assert asked_about().reason == "no_bank"


def test_a_bank_is_not_asked_what_it_does_not_finance(bank):
    request = asked_about(total=500)
    assert (request.reason, request.outcomes[0]["code"]) == ("no_bank", "amount")


# --- banks that misbehave --------------------------------------------------------------------------------------------


def test_a_bank_that_declines_offers_nothing(bank):
    bank.behaves(declines="declined.appetite")
    request = asked_about()
    assert request.outcomes == [{"bank": bank.code, "outcome": "declined", "code": "declined.appetite"}]
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "figures",
    [
        {"all_in_cost": "1.00"},
        {"net_proceeds": "999999.00"},
        {"apr_percent": "1.000"},
        {"advance_amount": "-5.00"},
        {"invoice_amount": "1.00"},
        {"currency": "USD"},
        {"fee": 35.0},
        {"fee": "NaN"},
        {"interest": "0.001"},
        {"expires_at": "2020-01-01T00:00:00+00:00"},
        {"expires_at": "soon"},
        {"repay_on": "2020-01-01"},
        {"recourse": "perhaps"},
        {"firm": "yes"},
        {"quote": "../../x"},
        {"quote": None},
    ],
)
def test_figures_that_do_not_add_up_are_shown_to_nobody(bank, figures):
    bank.behaves(figures=figures)
    request = asked_about()
    assert request.outcomes[0]["outcome"] == "malformed"
    assert not Offer.objects.exists()


def test_an_answer_signed_for_another_request_is_refused_and_kept(bank):
    bank.behaves(forge=["quote"])
    request = asked_about()
    assert request.outcomes[0]["outcome"] == "malformed"
    assert not Offer.objects.exists()
    [refused] = Event.objects.filter(name="BankMessageRefused")
    assert refused.payload["code"] == "answer_to_another_request"


def test_an_answer_signed_by_somebody_else_is_refused(bank, settings, tmp_path):
    stranger = ThreadBank(tmp_path / "..", code="stranger")
    settings.BANKS = {bank.code: bank.named[bank.code] | {"public_key": stranger.keys["BANK_PUBLIC_KEY"]}}
    assert asked_about().outcomes[0]["code"] == "not_signed"
    assert not Offer.objects.exists()


@pytest.mark.parametrize("profile", [{"hang_before": ["quote"]}, {"fail": ["quote"]}])
def test_one_that_does_not_answer_delays_nobody_for_long(bank, tmp_path: Path, profile):
    other = ThreadBank(tmp_path, code="other-bank", **profile)
    other.start()
    try:
        with known(bank, other):
            a_bank("other-bank", 2)
            order = an_invoiced_order()
            began = time.monotonic()
            drain("outside", seconds=5)
            assert time.monotonic() - began < Profile.HANGS_FOR
            request = OfferRequest.objects.get(order=order)
            assert {each["bank"]: each["outcome"] for each in request.outcomes} == {
                bank.code: "offered",
                "other-bank": "silent",
            }
            assert Offer.objects.get().bank.code == bank.code
    finally:
        other.stop()


def test_a_bank_that_is_gone_is_silent(bank):
    bank.stop()
    assert asked_about().outcomes[0]["outcome"] == "silent"


# --- time, payment, asking again -------------------------------------------------------------------------------------


def test_an_offer_expires_by_itself(bank):
    offer = an_offer()
    drain("fast", clock=lambda: offer.expires_at + timedelta(seconds=1))
    offer.refresh_from_db()
    assert (offer.state, offer.close_code) == (OfferState.EXPIRED, CloseCode.OFFER_LAPSED)


def test_a_payment_ends_offers_on_the_sum_that_was_open(bank):
    offer = an_offer()
    a_payment(offer.order, "100.00")
    drain("fast")
    offer.refresh_from_db()
    assert (offer.state, offer.close_code) == (OfferState.WITHDRAWN, CloseCode.INVOICE_PAID)


def test_the_seller_asks_again_after_an_offer_has_expired(bank):
    offer = an_offer()
    alice, later = people.alice(), offer.expires_at + timedelta(hours=1)
    with pytest.raises(NotToBeAskedAgain):
        services.ask_again(actor=alice, order=offer.order.public_id, now=timezone.now())
    drain("fast", clock=lambda: later)
    services.ask_again(actor=alice, order=offer.order.public_id, now=timezone.now())
    with pytest.raises(NotToBeAskedAgain):
        services.ask_again(actor=alice, order=offer.order.public_id, now=timezone.now())
    drain("outside")
    fresh = Offer.objects.exclude(pk=offer.pk).get()
    assert (fresh.request.round, fresh.state) == (2, OfferState.OFFERED)


def test_an_invoice_that_backs_money_is_not_asked_about_again(bank):
    offer = accepted(an_offer())
    with pytest.raises(NotToBeAskedAgain):
        services.ask_again(actor=people.alice(), order=offer.order.public_id, now=timezone.now())
