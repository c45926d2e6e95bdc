"""The seller accepts, and the bank is told; late, twice, or in the wrong hands it is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from financing import services
from financing.models import Offer, RegistryEntry
from financing.services.accepting import InvoiceChanged, NetChanged, NothingToWithdraw
from financing.services.fetching import OfferLapsed, OthersOffer
from financing.services.payee import PayeeIsAnother, PayeeMissing
from financing.services.registering import AlreadyFinanced
from financing.states import Ask, CloseCode, OfferState, Verdict
from identity.models import BankAccount
from identity.states import Role
from kernel.errors import Forbidden, NotFound
from kernel.models import Event
from kernel.services import drain
from kernel.states import IllegalMove
from tests import factories as people
from tests.financing.factories import a_banker, accepted, an_offer
from tests.orders.factories import a_payment

pytestmark = pytest.mark.django_db


def untouched(offer: Offer) -> bool:
    offer.refresh_from_db()
    return offer.state == OfferState.OFFERED and not RegistryEntry.objects.exists()


def test_a_firm_offer_is_reserved_at_once(bank):
    offer = accepted(an_offer())
    assert offer.state == OfferState.RESERVED
    assert offer.facility_ref
    assert offer.verdict == Verdict.CLEAR
    assert offer.awaiting == ""
    assert [each["offer"] for each in bank.books["facilities"]] == [offer.public_id]
    names = Event.objects.filter(subject_id=offer.uid).order_by("id").values_list("name", flat=True)
    assert list(names) == ["OfferMade", "OfferAccepted", "FinanceReserved"]


def test_an_officer_pays_out_and_notes_the_repayment(bank):
    offer = accepted(an_offer())
    banker = a_banker()
    for ask, state in ((Ask.DISBURSE, OfferState.DISBURSED), (Ask.REPAY, OfferState.REPAID)):
        services.instruct_bank(actor=banker, offer=offer.public_id, ask=ask, now=timezone.now())
        drain("outside")
        offer.refresh_from_db()
        assert offer.state == state
    assert bank.books["facilities"][0]["state"] == "repaid"
    assert RegistryEntry.objects.get().released_at is None


def test_a_suspect_or_indicative_one_waits_for_the_officer(bank):
    bank.behaves(reviews_all=True)
    offer = accepted(an_offer())
    assert (offer.state, offer.awaiting) == (OfferState.ACCEPTED, "")
    services.instruct_bank(actor=a_banker(), offer=offer.public_id, ask=Ask.RESERVE, now=timezone.now())
    drain("outside")
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED


def test_an_officer_declines_and_the_invoice_is_free_again(bank):
    bank.behaves(reviews_all=True)
    offer = accepted(an_offer())
    services.instruct_bank(actor=a_banker(), offer=offer.public_id, ask=Ask.DECLINE, now=timezone.now())
    drain("outside")
    offer.refresh_from_db()
    assert (offer.state, offer.close_code) == (OfferState.DECLINED, CloseCode.BANK_DECLINED)
    assert RegistryEntry.objects.get().released_at is not None


def test_a_bank_that_takes_its_offer_back_frees_the_invoice(bank):
    offer = an_offer()
    bank.behaves(declines="declined.changed_its_mind")
    offer = accepted(offer)
    assert (offer.state, offer.refusal) == (OfferState.DECLINED, "declined.changed_its_mind")
    assert RegistryEntry.objects.get().released_at is not None


def test_after_the_deadline_nothing_is_accepted_even_where_the_timer_is_late(bank):
    offer = an_offer()
    late = offer.expires_at + timedelta(seconds=1)
    with pytest.raises(OfferLapsed):
        services.accept_offer(actor=people.alice(), offer=offer.public_id, now=late)
    assert untouched(offer)


def test_a_bank_pays_to_the_sellers_own_account_and_to_no_other(bank):
    offer, alice, now = an_offer(), people.alice(), timezone.now()
    accounts = BankAccount.objects.filter(company=alice.company, currency=offer.currency)
    accept = {"actor": alice, "offer": offer.public_id, "now": now}
    accounts.update(beneficiary="Somebody Else Pte. Ltd.")
    with pytest.raises(PayeeIsAnother):
        services.accept_offer(**accept)
    accounts.update(ended_at=now)
    with pytest.raises(PayeeMissing):
        services.accept_offer(**accept)
    offer.refresh_from_db()
    assert (offer.state, offer.payee) == (OfferState.OFFERED, {})
    accounts.update(ended_at=None, beneficiary=alice.company.legal_name)
    kept = services.accept_offer(**accept).payee
    assert (kept["beneficiary"], kept["account_number"]) == (alice.company.legal_name, "0721234567")


def test_two_tabs_accept_once(bank):
    offer, alice = an_offer(), people.alice()
    said = {"actor": alice, "offer": offer.public_id, "now": timezone.now()}
    first = services.accept_once(key="one", **said)
    assert services.accept_once(key="one", **said) == first
    with pytest.raises(IllegalMove):
        services.accept_once(key="two", **said)
    drain("outside")
    assert len(bank.books["facilities"]) == 1


def test_the_amount_that_was_seen_is_the_amount_that_is_accepted(bank):
    offer = an_offer()
    with pytest.raises(NetChanged):
        services.accept_offer(
            actor=people.alice(), offer=offer.public_id, net_seen=Decimal("1.00"), now=timezone.now()
        )
    assert untouched(offer)


def test_an_invoice_that_was_paid_meanwhile_is_not_financed(bank):
    offer = an_offer()
    a_payment(offer.order, "100.00")
    with pytest.raises(InvoiceChanged):
        services.accept_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    assert untouched(offer)


def test_only_the_sellers_finance_accepts(bank):
    offer = an_offer()
    refused = [
        (people.charlie(), NotFound),
        (people.bo(), NotFound),
        (a_banker(), OthersOffer),
        (people.a_colleague(people.alice(), Role.SELLER), Forbidden),
    ]
    for actor, refusal in refused:
        with pytest.raises(refusal):
            services.accept_offer(actor=actor, offer=offer.public_id, now=timezone.now())
    assert untouched(offer)
    finance = people.a_colleague(people.alice(), Role.FINANCE)
    services.accept_offer(actor=finance, offer=offer.public_id, now=timezone.now())


def test_only_the_banks_officer_instructs_it(bank):
    offer = accepted(an_offer())
    for actor, refusal in [
        (people.alice(), OthersOffer),
        (people.bo(), NotFound),
        (people.a_colleague(a_banker(), Role.BUYER), Forbidden),
    ]:
        with pytest.raises(refusal):
            services.instruct_bank(actor=actor, offer=offer.public_id, ask=Ask.DISBURSE, now=timezone.now())
    offer.refresh_from_db()
    assert (offer.state, offer.awaiting) == (OfferState.RESERVED, "")


def test_a_second_offer_on_the_same_invoice_is_refused(bank):
    offer = an_offer()
    twin = a_twin(offer, "q-twin")
    accepted(offer)
    with pytest.raises(AlreadyFinanced) as refused:
        services.accept_offer(actor=people.alice(), offer=twin.public_id, now=timezone.now())
    assert offer.bank.company.legal_name not in str(refused.value)
    twin.refresh_from_db()
    assert twin.state == OfferState.OFFERED


def test_it_stays_taken_after_it_is_repaid(bank):
    offer = an_offer()
    twin = a_twin(offer, "q-twin")
    accepted(offer)
    for ask in (Ask.DISBURSE, Ask.REPAY):
        services.instruct_bank(actor=a_banker(), offer=offer.public_id, ask=ask, now=timezone.now())
        drain("outside")
    with pytest.raises(AlreadyFinanced):
        services.accept_offer(actor=people.alice(), offer=twin.public_id, now=timezone.now())


def test_the_seller_declines(bank):
    offer = an_offer()
    services.decline_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    services.decline_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    offer.refresh_from_db()
    assert (offer.state, offer.close_code) == (OfferState.DECLINED, CloseCode.SELLER_DECLINED)


def test_the_seller_withdraws_before_the_money_is_paid_out(bank):
    offer = accepted(an_offer())
    services.withdraw_acceptance(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    drain("outside")
    offer.refresh_from_db()
    assert (offer.state, offer.close_code) == (OfferState.WITHDRAWN, CloseCode.SELLER_WITHDREW)
    assert bank.books["facilities"][0]["state"] == "cancelled"
    assert RegistryEntry.objects.get().released_at is not None


def test_nothing_is_withdrawn_once_it_is_paid_out(bank):
    offer = accepted(an_offer())
    services.instruct_bank(actor=a_banker(), offer=offer.public_id, ask=Ask.DISBURSE, now=timezone.now())
    drain("outside")
    with pytest.raises(NothingToWithdraw):
        services.withdraw_acceptance(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    offer.refresh_from_db()
    assert offer.state == OfferState.DISBURSED


def test_a_dispute_holds_the_money_and_ends_open_offers(bank):
    offer = accepted(an_offer())
    alice = people.alice()
    services.hold_for_dispute(order_id=offer.order_id, actor=alice, now=timezone.now())
    offer.refresh_from_db()
    assert offer.state == OfferState.DISPUTED
    services.release_from_dispute(order_id=offer.order_id, actor=alice, now=timezone.now())
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED


def test_payment_held_holds_the_money_and_lets_it_go(bank):
    from uuid import uuid4

    from orders.services import hold_payment, release_hold

    offer, case = accepted(an_offer()), uuid4()
    hold_payment(actor=people.officer(), order_id=offer.order_id, by=case, now=timezone.now())
    drain("fast")
    offer.refresh_from_db()
    assert offer.state == OfferState.DISPUTED
    release_hold(actor=people.officer(), order_id=offer.order_id, by=case, now=timezone.now())
    drain("fast")
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED


def test_a_deal_in_dispute_is_not_financed(bank):
    from uuid import uuid4

    from financing.services.accepting import DealDisputed
    from orders.services import hold_payment

    offer = an_offer()
    hold_payment(actor=people.officer(), order_id=offer.order_id, by=uuid4(), now=timezone.now())
    with pytest.raises(DealDisputed):
        services.accept_offer(actor=people.alice(), offer=offer.public_id, now=timezone.now())
    assert untouched(offer)


def a_twin(offer: Offer, quote: str) -> Offer:
    """Another offer on the same invoice, as a second bank would make."""
    fields = {field.attname: getattr(offer, field.attname) for field in Offer._meta.concrete_fields}
    for own in ("id", "uid"):
        del fields[own]
    return Offer.objects.create(**fields | {"quote_ref": quote})
