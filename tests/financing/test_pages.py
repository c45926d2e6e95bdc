"""What seller, buyer, bank and strangers see of an offer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from financing import queries, services
from financing.models import FinancePreference, Offer
from financing.queries import Filters
from financing.states import OfferState
from identity.actors import Member
from identity.states import Role
from kernel.services import drain
from tests import factories as people
from tests.financing.bank import ThreadBank, known
from tests.financing.factories import a_bank, a_banker, accepted, an_invoiced_order, an_offer

pytestmark = pytest.mark.django_db


def at(name: str, of: Member, **parts: str) -> str:
    return reverse(name, kwargs={"company": of.company.slug} | parts)


def seen_by(member: Member, name: str, **parts: str) -> Any:
    return people.sign_in(Client(), member).get(at(name, member, **parts))


def press(member: Member, name: str, data: dict[str, Any] | None = None, **parts: str) -> Any:
    client = people.show_again(people.sign_in(Client(), member))
    return client.post(at(name, member, **parts), data or {}, follow=True)


def money_of(offer: Offer) -> str:
    return f"S${offer.net_proceeds:,.2f}"


# --- the order's page ------------------------------------------------------------------------------------------------


def test_the_sellers_page_of_the_order_shows_the_offer(bank):
    offer = an_offer()
    page = seen_by(people.alice(), "order", order=offer.order.public_id).content.decode()
    for shown in (
        money_of(offer),
        f"{offer.apr_percent:.2f} %",
        "CNY",
        "Simulated bank",
        "Stands until",
        "in 48 hours",
    ):
        assert shown in page
    assert at("finance_offer", people.alice(), offer=offer.public_id) in page


def test_the_buyer_sees_nothing_of_it(bank):
    offer = an_offer()
    bo = people.bo()
    for name in ("order", "order_print"):
        page = seen_by(bo, name, order=offer.order.public_id).content.decode()
        assert 'id="finance"' not in page
        assert offer.public_id not in page
        assert f"{offer.net_proceeds:,.2f}" not in page
        assert "A bank offered finance" not in page
        assert "银行给出融资报价" not in page
    assert seen_by(bo, "order_finance", order=offer.order.public_id).status_code == 404
    assert seen_by(bo, "finance_offer", offer=offer.public_id).status_code == 404
    assert seen_by(bo, "finance").context["offers"] == []


def test_a_colleague_who_does_not_deal_with_money_sees_nothing(bank):
    offer = an_offer()
    buyer_here = people.a_colleague(people.alice(), Role.BUYER)
    page = seen_by(buyer_here, "order", order=offer.order.public_id).content.decode()
    assert 'id="finance"' not in page
    assert seen_by(buyer_here, "finance").status_code == 403
    seller_here = people.a_colleague(people.alice(), Role.SELLER)
    page = seen_by(seller_here, "order", order=offer.order.public_id).content.decode()
    assert money_of(offer) in page
    assert at("finance_offer", seller_here, offer=offer.public_id) not in page.split("offer-short")[1]


def test_the_page_asks_for_itself_again_until_the_banks_have_answered(bank):
    order = an_invoiced_order(now=timezone.now())  # a page waits for the banks for two minutes only
    alice = people.alice()
    page = seen_by(alice, "order", order=order.public_id).content.decode()
    assert at("order_finance", alice, order=order.public_id) in page
    drain("outside")
    fragment = seen_by(alice, "order_finance", order=order.public_id).content.decode()
    assert "hx-get" not in fragment
    assert money_of(Offer.objects.get()) in fragment


def test_why_there_is_no_offer_is_said(bank):
    order = an_invoiced_order(checked=False)
    drain("outside")
    page = seen_by(people.alice(), "order", order=order.public_id).content.decode()
    assert "Banks are shown verified sellers only." in page


def test_the_panel_costs_two_statements(bank, django_assert_num_queries):
    from financing.queries import finance_of

    order = an_offer().order
    alice, now = people.alice(), timezone.now()
    with django_assert_num_queries(2):
        finance_of(alice, order, now)


# --- accepting -------------------------------------------------------------------------------------------------------


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_the_seller_confirms_and_follows(bank):
    offer, alice = an_offer(), people.alice()
    page = seen_by(alice, "finance_offer", offer=offer.public_id).content.decode()
    said = fields_of(page)
    answer = press(alice, "finance_offer", said, offer=offer.public_id)
    offer.refresh_from_db()
    assert offer.state == OfferState.OFFERED, "the box was not ticked"
    answer = press(alice, "finance_offer", said | {"sure": "on"}, offer=offer.public_id)
    assert "The offer is accepted. The bank is being told." in answer.content.decode()
    press(alice, "finance_offer", said | {"sure": "on"}, offer=offer.public_id)
    drain("outside")
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED
    assert len(bank.books["facilities"]) == 1


def test_a_late_press_is_told_so(bank):
    offer, alice = an_offer(), people.alice()
    said = fields_of(seen_by(alice, "finance_offer", offer=offer.public_id).content.decode())
    Offer.objects.update(expires_at=timezone.now())
    answer = press(alice, "finance_offer", said | {"sure": "on"}, offer=offer.public_id)
    assert answer.status_code == 409
    assert "The time to accept has passed." in answer.content.decode()
    offer.refresh_from_db()
    assert offer.state == OfferState.OFFERED


def test_declining_and_withdrawing(bank):
    offer, alice = an_offer(), people.alice()
    assert "The offer is declined." in press(alice, "finance_decline", offer=offer.public_id).content.decode()
    drain("fast")
    press(alice, "finance_ask", order=offer.order.public_id)
    drain("outside")
    second = accepted(Offer.objects.exclude(pk=offer.pk).get())
    assert (
        "The bank is asked to cancel."
        in press(alice, "finance_withdraw", offer=second.public_id).content.decode()
    )


def test_the_list_is_narrowed_and_exported(bank):
    offer, alice = an_offer(), people.alice()
    page = people.sign_in(Client(), alice).get(at("finance", alice), {"q": offer.order.reference})
    assert offer.paper.printed_number in page.content.decode()
    none = people.sign_in(Client(), alice).get(at("finance", alice), {"state": "repaid"})
    assert none.context["offers"] == []
    export = b"".join(seen_by(alice, "finance_export", form="csv").streaming_content).decode()
    assert f"{offer.net_proceeds:.2f}" in export
    assert len(export.strip().splitlines()) == 2
    assert seen_by(alice, "finance_export", form="xlsx").getvalue().startswith(b"PK")


def test_both_lists_go_on_by_key_in_one_statement_and_a_bank_counts_its_files(
    bank, django_assert_num_queries
):
    first, second = an_offer(), an_offer()
    for lines, reader in ((queries.lines_to, people.alice()), (queries.lines_by, a_banker())):
        with django_assert_num_queries(1):
            page = lines(reader, Filters(), size=1)
        rest = lines(reader, Filters(), after=page.after, size=1)
        assert [line.uid for line in (*page.lines, *rest.lines)] == [second.uid, first.uid]
        assert rest.after == ""
        assert lines(people.charlie(), Filters(words=first.order.reference)).lines == []
    assert queries.files_by_state(a_banker()) == {"offered": 2}
    assert queries.files_by_state(people.alice()) == {}


def test_a_seller_switches_offers_off_and_on(bank):
    alice = people.alice()
    press(alice, "finance_preference")
    assert FinancePreference.objects.get().wants_offers is False
    assert "Offers are switched off" in seen_by(alice, "finance").content.decode()
    press(alice, "finance_preference", {"wants_offers": "on"})
    assert FinancePreference.objects.get().wants_offers is True


# --- the bank's workspace --------------------------------------------------------------------------------------------


def test_the_officer_sees_the_file_and_has_the_bank_pay_out(bank):
    offer, officer = accepted(an_offer()), a_banker()
    listed = seen_by(officer, "financing").content.decode()
    assert offer.paper.printed_number in listed
    page = seen_by(officer, "financing_file", offer=offer.public_id).content.decode()
    for shown in (
        offer.request.digest,
        offer.request.evidence["invoice"]["digest"],
        offer.order.buyer.registration_number,
        "Registered company",
        "Clear: no such invoice is financed",
    ):
        assert shown in page
    for personal in ("Alice", "Bo Wen"):
        assert personal not in page
    press(officer, "financing_act", {"ask": "disburse"}, offer=offer.public_id)
    drain("outside")
    offer.refresh_from_db()
    assert offer.state == OfferState.DISBURSED
    assert "Paid out" in seen_by(officer, "financing_file", offer=offer.public_id).content.decode()


def test_no_other_bank_sees_it(bank, tmp_path):
    other = ThreadBank(tmp_path, code="other-bank", declines="declined.appetite")
    other.start()
    try:
        with known(bank, other):
            a_bank("other-bank", 2)
            offer = accepted(an_offer())
    finally:
        other.stop()
    stranger = a_banker(2)
    assert seen_by(stranger, "financing").context["offers"] == []
    assert seen_by(stranger, "financing_file", offer=offer.public_id).status_code == 404
    answer = press(stranger, "financing_act", {"ask": "disburse"}, offer=offer.public_id)
    assert answer.status_code == 404
    offer.refresh_from_db()
    assert offer.state == OfferState.RESERVED


def test_who_is_no_bank_has_no_such_workspace(bank):
    offer = an_offer()
    for member in (people.alice(), people.charlie()):
        assert seen_by(member, "financing").status_code == 404
        assert seen_by(member, "financing_file", offer=offer.public_id).status_code == 404


def test_the_officers_roles_decide(bank):
    offer = accepted(an_offer())
    clerk = people.a_colleague(a_banker(), Role.BUYER)
    assert seen_by(clerk, "financing").status_code == 403
    assert press(clerk, "financing_act", {"ask": "disburse"}, offer=offer.public_id).status_code == 403


@pytest.mark.parametrize("ask", ["", "accept", "repay", "steal", "\0"])
def test_an_officer_cannot_skip_a_step(bank, ask):
    offer = accepted(an_offer())
    press(a_banker(), "financing_act", {"ask": ask}, offer=offer.public_id)
    drain("outside")
    offer.refresh_from_db()
    assert (offer.state, offer.awaiting) == (OfferState.RESERVED, "")


def test_a_former_officer_is_out(bank):
    from identity.services import end_membership

    offer, banker = accepted(an_offer()), a_banker()
    officer = people.a_colleague(banker, Role.FINANCE)
    assert seen_by(officer, "financing").status_code == 200
    membership = officer.company.memberships.get(user=officer.user)
    end_membership(actor=banker, membership=membership, now=timezone.now())
    client = people.sign_in(Client(), officer)
    assert client.get(at("financing_file", officer, offer=offer.public_id)).status_code == 404


def test_navigation_leads_each_to_theirs(bank):
    banker = people.acting(a_banker().user, a_banker().company)
    home = seen_by(banker, "workspace").content.decode()
    assert at("financing", banker) in home
    assert f'href="{at("finance", banker)}"' not in home
    alice = people.alice()
    home = seen_by(alice, "workspace").content.decode()
    assert at("finance", alice) in home
    assert at("financing", alice) not in home


# --- being told ------------------------------------------------------------------------------------------------------


def test_the_seller_is_told_and_the_waiting_ends(bank):
    from identity.models import Notice

    offer = an_offer()
    drain("fast")
    notice = Notice.objects.get(code="money.offered")
    assert (notice.company_id, notice.waits, notice.settled_at) == (offer.company_id, True, None)
    accepted(offer)
    drain("fast")
    notice.refresh_from_db()
    assert notice.settled_at is not None
    told = Notice.objects.get(code="money.to_pay_out")
    assert told.company_id == offer.bank.company_id
    assert not Notice.objects.filter(company_id=offer.order.buyer_id, code__startswith="money.").exists()
    services.instruct_bank(actor=a_banker(), offer=offer.public_id, ask="disburse", now=timezone.now())
    drain("outside")
    drain("fast")
    assert Notice.objects.filter(code="money.paid_out", company_id=offer.company_id).exists()
