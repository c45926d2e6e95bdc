"""What a company may not do while it may be on a list, and what waits for everybody while a list is out of date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from catalog import services as catalog
from identity import services
from identity.connectors.issuers import Entity
from identity.models import (
    BankAccountChange,
    Candidate,
    Claim,
    Company,
    ListSnapshot,
    Notice,
    ScreeningRule,
    User,
)
from identity.services.linking import take_login
from identity.services.screening import check_not_held, read_next, refusals_of
from identity.services.screening.holding import OtherUnderReview, UnderReview
from identity.states import CandidateState, ClaimState, EntityStatus, ScreenedAct
from kernel.errors import Refused
from kernel.models import Event
from kernel.services import drain
from orders import services as orders
from orders.models import Order
from orders.states import OrderState
from tests import factories
from tests.catalog.factories import a_product
from tests.identity import recognised
from tests.identity.lists import OFFICE, a_candidate, acra, bring_in, receive, sdn
from tests.identity.test_claims import decide as decide_claim
from tests.identity.test_claims import submit
from tests.identity.test_linking import verified_login
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db
ELSEWHERE = {"bank_name": "Other Bank", "bic": "OTHRSGSG", "account_number": "5551239876"}


def refusal(act: Callable[[], Any]) -> str:
    try:
        act()
    except Refused as refused:
        return refused.code
    return ""


def held(act: str, company: int, *others: int, later: timedelta = timedelta(0)) -> str:
    now = timezone.now() + later
    return refusal(lambda: check_not_held(act=act, company_id=company, others=others, now=now))


def decided(candidate: Candidate, *, confirmed: bool) -> Candidate:
    return services.decide_candidate(
        actor=factories.officer(),
        candidate=candidate,
        confirmed=confirmed,
        reason="Other owners, other town",
        now=timezone.now(),
    )


def test_an_open_candidate_holds_what_binds_and_a_confirmed_one_whatever_trades() -> None:
    """And says so to neither side: only that the office is looking at it."""
    alice, bo, now = factories.alice(), factories.bo(), timezone.now()
    draft, product = a_product(seller=alice, published=False), a_product(seller=alice)
    sent = deals.a_confirmed_order(product)
    waits = deals.an_order(product)
    claim = submit()
    candidate = a_candidate()

    def accept() -> Order:
        return orders.accept_order(actor=alice, order=waits.public_id, now=timezone.now())

    acts: dict[str, Callable[[], Any]] = {
        "bind": accept,
        "publish": lambda: catalog.publish(actor=alice, product=draft, now=now),
        "bank": lambda: services.set_bank_account(
            actor=alice, currency="SGD", beneficiary=alice.company.legal_name, **ELSEWHERE, now=now
        ),
        "verify": lambda: decide_claim(claim),
        "order": lambda: orders.place_order(actor=bo, request=deals.a_request(product), now=timezone.now()),
        "despatch": lambda: deals.a_despatch(sent, {1: 1}),
    }
    with CaptureQueriesContext(connection) as asked:
        held(ScreenedAct.DESPATCH, alice.company_id, bo.company_id)
    assert len(asked) == 2, "one more only where somebody was found"
    under = "company.under_review"
    found = {name: refusal(act) for name, act in acts.items()}
    first = {"bind": under, "publish": under, "bank": under, "verify": "claim.candidate_first"}
    assert found == first | {"order": "", "despatch": ""}
    waits.refresh_from_db()
    draft.refresh_from_db()
    assert (waits.state, draft.state) == (OrderState.PLACED, "draft")
    assert not BankAccountChange.objects.exists() and Claim.objects.get().state == ClaimState.SUBMITTED
    with pytest.raises(Refused) as refused:
        accept()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words = str(refused.value)
            assert not any(
                tip in words.lower() for tip in ("list", "sanction", "ofac", "清单", "制裁", "名单")
            )
    decided(candidate, confirmed=True)
    other = "company.other_under_review"
    assert {name: refusal(act) for name, act in acts.items()} == first | {"order": other, "despatch": under}
    decided(candidate, confirmed=False)
    assert {name: refusal(act) for name, act in acts.items()} == dict.fromkeys(acts, "")


def test_the_cart_and_checkout_say_what_is_held_before_anybody_presses(client: Client, settings: Any) -> None:
    """In the words of the refusal, for one statement more where nothing is held."""
    settings.PREPARE_STATEMENTS = False  # its tables are named each time
    alice, bo, now = factories.alice(), factories.bo(), timezone.now()
    product = a_product(seller=alice)
    orders.put_in_cart(actor=bo, product=product.public_id, quantity=Decimal(30), now=now)
    checkout = reverse("checkout", args=[bo.company.slug, alice.company.slug])
    pages = (reverse("cart", args=[bo.company.slug]), checkout)
    factories.sign_in(client, bo)

    def shown(refusal: type[Refused]) -> list[bool]:
        words = escape(str(refusal()))
        return [words in client.get(page).content.decode() for page in pages]

    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        said = [each["sql"] for each in asked if "FROM identity_candidate" in each["sql"]]
        assert len(said) == 1 and not any("screeningrule" in each["sql"] for each in asked)
    candidate = a_candidate()
    User.objects.filter(pk=bo.user_id).update(language="en")
    assert shown(OtherUnderReview) == [False, False], "an open one holds no order"
    decided(candidate, confirmed=True)
    for language in ("en", "zh-hans"):
        User.objects.filter(pk=bo.user_id).update(language=language)
        with translation.override(language):
            assert shown(OtherUnderReview) == [True, True] and shown(UnderReview) == [False, False]
    assert checkout not in client.get(pages[0]).content.decode()
    of_alice = refusals_of(
        act=ScreenedAct.ORDER, company_id=alice.company_id, others=[bo.company_id], now=now
    )
    assert {company: type(refusal) for company, refusal in of_alice.items()} == {bo.company_id: UnderReview}
    decided(candidate, confirmed=False)
    with translation.override("zh-hans"):
        assert shown(OtherUnderReview) == [False, False]
    assert checkout in client.get(pages[0]).content.decode()


def test_the_order_and_the_listing_say_what_is_held_before_anybody_presses(client: Client) -> None:
    """In the words of the refusal, which tell of no list; what may still be done stays."""
    alice, bo = factories.alice(), factories.bo()
    draft = a_product(seller=alice, published=False)
    waits = deals.an_order(a_product(seller=alice))
    accept, refuse = (f"/{waits.public_id}/{act}/" for act in ("accept", "refuse"))
    publish = reverse("listing_publish", args=[alice.company.slug, draft.public_id])
    pages = {
        reverse("order", args=[alice.company.slug, waits.public_id]): accept,
        reverse("listing", args=[alice.company.slug, draft.public_id]): publish,
        reverse("listing_new", args=[alice.company.slug]): 'value="publish"',
    }
    factories.sign_in(client, alice)

    def shown() -> list[tuple[bool, bool]]:
        """Of each page: whether it says that the act waits, and whether the act can be pressed."""
        contents = {page: client.get(page).content.decode() for page in pages}
        return [(escape(str(UnderReview())) in text, pages[page] in text) for page, text in contents.items()]

    assert shown() == [(False, True)] * 3
    candidate = a_candidate()
    for language in ("en", "zh-hans"):
        User.objects.filter(pk=alice.user_id).update(language=language)
        with translation.override(language):
            assert shown() == [(True, False)] * 3
    page = client.get(next(iter(pages))).content.decode()
    assert refuse in page and not any(tip in page for tip in ("OFAC", candidate.why["listed"], "制裁"))
    User.objects.filter(pk=bo.user_id).update(language="en")
    at_the_buyers = factories.sign_in(Client(), bo).get(
        reverse("order", args=[bo.company.slug, waits.public_id])
    )
    assert 'id="held"' not in at_the_buyers.content.decode(), "it is not the buyer who binds now"
    decided(candidate, confirmed=False)
    with translation.override("zh-hans"):
        assert shown() == [(False, True)] * 3


def test_the_table_the_import_and_the_shipment_say_what_is_held_before_anybody_presses(
    client: Client,
) -> None:
    alice = factories.alice()
    confirmed = deals.a_confirmed_order(a_product(seller=alice))
    slug = alice.company.slug
    pages = {
        reverse("listings", args=[slug]): 'value="publish"',
        reverse("order_despatch", args=[slug, confirmed.public_id]): "button-thumb",
        reverse("import_new", args=[slug]): "",
    }
    factories.sign_in(client, alice)
    User.objects.filter(pk=alice.user_id).update(language="en")

    def shown() -> list[tuple[bool, bool]]:
        contents = {page: client.get(page).content.decode() for page in pages}
        return [(escape(str(UnderReview())) in text, pages[page] in text) for page, text in contents.items()]

    assert shown() == [(False, True)] * 3
    candidate = a_candidate()
    decided(candidate, confirmed=True)
    assert shown() == [(True, False), (True, False), (True, True)], "drafts can be imported all the while"
    decided(candidate, confirmed=False)
    assert shown() == [(False, True)] * 3


def test_where_no_list_was_brought_in_nothing_is_held_and_a_stale_one_holds_money_and_checks() -> None:
    alice = factories.alice()
    money = (ScreenedAct.ACCEPT_FINANCE, ScreenedAct.BANK_ACCOUNT, ScreenedAct.VERIFY)
    assert {held(act, alice.company_id) for act in ScreenedAct} == {""}
    today = timezone.localdate()
    bring_in("ofac_sdn", sdn((1, "Made Up Lantern")), as_of=today - timedelta(days=5))
    assert {held(act, alice.company_id) for act in ScreenedAct} == {""}
    late = timedelta(days=3)
    out = {act: held(act, alice.company_id, later=late) for act in ScreenedAct}
    assert out == {act: "screening.out_of_date" if act in money else "" for act in ScreenedAct}
    clerk = services.register_officer(
        email="clerk@programme.example", password=None, name="Clement", now=timezone.now()
    )
    for _twice in range(2):
        drain("fast", seconds=10, clock=lambda: timezone.now() + late)
    told = Notice.objects.waiting().filter(user=clerk)
    assert [line.code for line in told] == ["list.out_of_date"]
    desk = Client()
    desk.force_login(clerk)
    assert (
        "nothing rests on it yet" in desk.get(reverse("admin:identity_candidate_changelist")).content.decode()
    )
    # a newer copy ends both
    bring_in("ofac_sdn", sdn((1, "Made Up Lantern"), (2, "Another")))
    assert not told.all().exists() and held(ScreenedAct.BANK_ACCOUNT, alice.company_id, later=late) == ""


def test_a_company_waits_for_its_first_comparison_and_not_again_for_each_copy() -> None:
    bring_in("ofac_sdn", sdn((1, "Made Up Lantern")))
    alice = factories.alice()
    waits = "screening.not_compared_yet"
    assert held(ScreenedAct.ACCEPT_FINANCE, alice.company_id) == waits
    assert held(ScreenedAct.ORDER, alice.company_id) == "" == held(ScreenedAct.BANK_ACCOUNT, alice.company_id)
    while drain("slow", seconds=10):
        pass
    assert held(ScreenedAct.ACCEPT_FINANCE, alice.company_id) == ""
    snapshot = receive("ofac_sdn", sdn((1, "Made Up Lantern"), (2, "Another")))
    effect = read_next(snapshot.pk, 0, actor=OFFICE, now=timezone.now())
    assert effect is not None
    effect()
    assert ListSnapshot.objects.in_force().get() == snapshot, "nobody is compared with it yet"
    assert held(ScreenedAct.ACCEPT_FINANCE, alice.company_id) == ""
    assert held(ScreenedAct.ACCEPT_FINANCE, alice.company_id, later=timedelta(hours=2)) == waits


def test_what_is_held_is_a_row_with_a_date() -> None:
    a_candidate()
    alice, today = factories.alice(), timezone.localdate()
    assert held(ScreenedAct.PUBLISH, alice.company_id) and not held(ScreenedAct.ORDER, alice.company_id)
    rule = {
        "standing": CandidateState.OPEN,
        "kind": "names",
        "source_en": "the programme",
        "source_zh": "项目",
    }
    for act, holds, day in (
        ("publish", False, today),
        ("order", True, today),
        ("despatch", True, today + timedelta(1)),
    ):
        ScreeningRule.objects.create(act=act, holds=holds, valid_from=day, **rule)
    assert not held(ScreenedAct.PUBLISH, alice.company_id) and held(ScreenedAct.ORDER, alice.company_id)
    assert not held(ScreenedAct.DESPATCH, alice.company_id)


def test_a_company_struck_off_its_register_loses_check_and_binding_until_an_officer_has_looked() -> None:
    alice = factories.alice()
    company = alice.company
    decide_claim(submit())
    shown = recognised.identity(alice.user, recognised.issuer("sg"))
    binding = recognised.bound(alice, shown)
    row = (company.registration_number, "TANJONG BOLTS PTE. LTD.")
    bring_in("acra", acra((*row, "Registered")))
    company.refresh_from_db()
    assert company.is_checked_on(timezone.localdate()) and not Candidate.objects.exists()
    bring_in("acra", acra((*row, "Deregistered"), ("201912346A", "OTHER PTE. LTD.", "Registered")))
    company.refresh_from_db()
    binding.refresh_from_db()
    claim = Claim.objects.get()
    assert (claim.state, binding.entity_status) == (ClaimState.REFUSED, EntityStatus.DEREGISTERED)
    assert not company.is_checked_on(timezone.localdate()) and not binding.stands_at(timezone.now())
    assert "no longer live" in claim.reason and "存续" in claim.reason
    assert held(ScreenedAct.ACCEPT_FINANCE, company.pk) == "company.under_review"
    assert held(ScreenedAct.ORDER, company.pk) == ""
    events = {"EntityUnbound": 1, "ClaimDecided": 2}
    assert {name: Event.objects.filter(name=name).count() for name in events} == events

    # its person signs in where it still counts as registered: that proves nothing against the register's own copy
    def signs_in() -> Company | None:
        said = verified_login(alice, entity=Entity("uen", company.registration_number, status="Registered"))
        now = timezone.now()
        return take_login(issuer=shown.issuer, verified=said, user=alice.user, agreed="", now=now).company

    assert signs_in() is None
    binding.refresh_from_db()
    assert binding.entity_status == EntityStatus.DEREGISTERED and not binding.stands_at(timezone.now())
    # an officer found the copy wrong: the next one that says the same takes nothing back
    decided(Candidate.objects.get(), confirmed=False)
    decide_claim(submit())
    assert signs_in() == company
    bring_in("acra", acra((*row, "Deregistered"), ("201912347Z", "THIRD PTE. LTD.", "Registered")))
    assert Claim.objects.get().state == ClaimState.VERIFIED
    assert {name: Event.objects.filter(name=name).count() for name in events} == events | {"ClaimDecided": 3}
