"""Where a company is paid is changed by two persons, and only to an account of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.actors import Member, Staff, actor_for_member
from identity.models import BankAccount, BankAccountChange, Notice
from identity.queries import bank_account_for
from identity.services.bank_changes import TIME_TO_CONFIRM
from identity.states import BankChangeState, Role
from kernel.errors import Refused
from kernel.models import Delivery, Event
from kernel.services import drain
from sme_hub.invariants import check
from tests import factories
from tests.orders import factories as deals

pytestmark = pytest.mark.django_db
NEW = {"bank_name": "Other Bank", "bic": "OTHRSGSG", "account_number": "5551239876"}


def asked(actor: Member, **given: Any) -> BankAccountChange:
    wanted = {"currency": "SGD", "beneficiary": actor.company.legal_name, **NEW, "now": timezone.now()}
    change = services.set_bank_account(actor=actor, **wanted | given)
    assert isinstance(change, BankAccountChange)
    return change


def confirmed(change: BankAccountChange, actor: Member, **given: Any) -> BankAccount:
    return services.confirm_bank_change(actor=actor, change=change, **{"now": timezone.now()} | given)


def decided(change: BankAccountChange, actor: Any, **given: Any) -> BankAccountChange:
    wanted = {"confirmed": True, "reason": "Called the number on its register", "now": timezone.now()}
    return services.decide_bank_change(actor=actor, change=change, **wanted | given)


def refusal(act: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **given)
    return refused.value.code


def tell() -> None:
    drain("fast", seconds=10)


def waiting(actor: Member | Staff) -> list[str]:
    """What waits for them about accounts."""
    lines = Notice.objects.waiting().filter(user=actor.user, code__startswith="bank.")
    return list(lines.values_list("code", flat=True))


def test_one_asks_another_confirms_and_orders_keep_what_was_in_force() -> None:
    alice = factories.alice()
    finance, sales = (factories.a_colleague(alice, role) for role in (Role.FINANCE, Role.SELLER))
    Delivery.objects.all().delete()
    old = bank_account_for(alice.company_id, "SGD")
    change = asked(alice)
    assert not change.by_office and change.respond_by - change.asked_at == TIME_TO_CONFIRM
    tell()
    assert (waiting(finance), waiting(sales), waiting(alice)) == (["bank.to_confirm"], [], [])
    reminded = Event.objects.filter(name="NoticeGiven").latest("pk").payload
    assert reminded["remind_at"], "at half time"
    before = deals.a_confirmed_order()
    assert old is not None and before.bank_instructions["account_number"] == old.account_number
    assert refusal(confirmed, change, alice) == "bank.own_change"
    assert refusal(confirmed, change, sales) == "forbidden"
    assert refusal(confirmed, change, factories.charlie()) == "not_found"
    assert refusal(decided, change, factories.officer()) == "bank.not_for_the_office"
    assert refusal(asked, finance, account_number="666777888") == "bank.change_waiting"
    assert bank_account_for(alice.company_id, "SGD") == old
    account = confirmed(change, finance)
    assert bank_account_for(alice.company_id, "SGD") == account == confirmed(change, finance)
    tell()
    assert waiting(finance) == []
    told = set(Notice.objects.filter(user=alice.user).values_list("code", flat=True))
    assert {"bank.set", "bank.change_confirmed"} <= told
    before.refresh_from_db()
    assert before.bank_instructions["account_number"] == old.account_number
    assert deals.a_confirmed_order().bank_instructions["account_number"] == NEW["account_number"]
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.account) == ("confirmed", finance.user, account)
    assert all(finding.holds for finding in check() if "bank account" in finding.invariant)


def test_only_the_first_account_of_a_currency_is_an_owners_alone() -> None:
    charlie = factories.charlie()
    finance = factories.a_colleague(charlie, Role.FINANCE)
    by_finance = asked(finance, currency="USD")
    assert not BankAccount.objects.filter(company=charlie.company).exists()
    services.withdraw_bank_change(actor=charlie, change=by_finance, now=timezone.now())
    by_finance.refresh_from_db()
    assert by_finance.state == BankChangeState.DECLINED
    first = factories.a_bank_account(charlie)
    services.end_bank_account(actor=charlie, account=first, now=timezone.now())
    assert asked(charlie).is_waiting, "ending the one of before is no way round"
    assert bank_account_for(charlie.company_id, "SGD") is None


def test_who_joins_after_the_asking_confirms_nothing_and_nothing_is_changed_for_who_left() -> None:
    alice = factories.alice()
    finance = factories.a_colleague(alice, Role.FINANCE)
    change = asked(finance)
    joined = factories.a_colleague(alice, Role.FINANCE, email="joined@tanjong-bolts.example")
    assert refusal(confirmed, change, joined) == "bank.joined_since"
    late = change.respond_by + timedelta(seconds=1)
    assert refusal(confirmed, change, alice, now=late) == "bank.change_too_late"
    membership = alice.company.memberships.get(pk=finance.membership_id)
    services.end_membership(actor=alice, membership=membership, now=timezone.now())
    assert refusal(confirmed, change, alice) == "bank.asker_gone"
    change.refresh_from_db()
    assert change.is_waiting
    assert not services.lapse_bank_change(change_id=change.pk, now=late - timedelta(days=1))
    assert services.lapse_bank_change(change_id=change.pk, now=late)
    assert not services.lapse_bank_change(change_id=change.pk, now=late)
    assert refusal(confirmed, change, alice) == "state.illegal_move"


def test_who_is_given_the_role_after_the_asking_confirms_nothing_until_it_is_asked_for_again() -> None:
    alice = factories.alice()
    sales, finance = (factories.a_colleague(alice, role) for role in (Role.SELLER, Role.FINANCE))
    change = asked(alice)
    membership = alice.company.memberships.get(pk=sales.membership_id)
    services.change_roles(actor=alice, membership=membership, roles=[Role.FINANCE], now=timezone.now())
    given = actor_for_member(sales.user, alice.company.slug, timezone.now())
    assert given is not None and given.may(Role.FINANCE)
    assert refusal(confirmed, change, given) == "bank.roles_changed_since"
    assert [one.user for one in services.second_persons(change, timezone.now())] == [finance.user]
    change.refresh_from_db()
    assert change.is_waiting and not BankAccount.objects.filter(**NEW).exists()
    services.withdraw_bank_change(actor=alice, change=change, now=timezone.now())
    assert confirmed(asked(alice), given).account_number == NEW["account_number"]


def test_a_company_of_one_person_is_confirmed_by_an_officer(client: Client) -> None:
    alice = factories.alice()
    clerk = services.register_officer(
        email="clerk@programme.example", password=None, name="Clement", now=timezone.now()
    )
    Delivery.objects.all().delete()
    page = reverse("bank_set", args=[alice.company.slug, "SGD"])
    factories.show_again(factories.sign_in(client, alice))
    said = client.post(page, {"beneficiary": alice.company.legal_name, **NEW}, follow=True).content.decode()
    change = BankAccountChange.objects.get()
    assert change.by_office and "an officer of the programme does" in said
    tell()
    assert list(Notice.objects.waiting().filter(user=clerk).values_list("code", flat=True)) == [
        "bank.to_confirm_office"
    ]
    own = reverse("bank_change", args=[alice.company.slug, change.public_id])
    assert "Nobody confirms a change that they asked for" in client.post(own).content.decode()
    assert refusal(decided, change, alice) == "forbidden"
    assert refusal(decided, change, factories.officer(), reason=" ") == "bank.reason_missing"
    desk = Client()
    desk.force_login(clerk)
    decide = reverse("admin:identity_bankaccountchange_decide", args=[change.pk])
    listed = desk.get(reverse("admin:identity_bankaccountchange_changelist")).content.decode()
    assert decide in listed and NEW["account_number"] in desk.get(decide).content.decode()
    assert desk.post(decide, {"confirmed": "yes", "reason": "Their bank's letter"}).status_code == 302
    assert bank_account_for(alice.company_id, "SGD").account_number == NEW["account_number"]  # type: ignore[union-attr]
    tell()
    assert not Notice.objects.waiting().filter(user=clerk).exists()
    assert "Their bank&#x27;s letter" in client.get(own).content.decode()


def test_a_second_person_confirms_or_declines_on_the_page(client: Client) -> None:
    alice = factories.alice()
    finance = factories.a_colleague(alice, Role.FINANCE)
    change = asked(alice)
    factories.sign_in(client, finance)
    page = reverse("bank_change", args=[alice.company.slug, change.public_id])
    assert page in client.get(reverse("bank", args=[alice.company.slug])).content.decode()
    shown = client.get(page).content.decode()
    for words in ("0721234567", NEW["account_number"], "You are the second person", "Confirm this account"):
        assert words in shown, words
    assert "/accounts/reauthenticate/" in client.post(page)["Location"], "who they are is asked again"
    factories.show_again(client)
    client.post(page)
    assert bank_account_for(alice.company_id, "SGD").account_number == NEW["account_number"]  # type: ignore[union-attr]
    back = asked(finance, account_number="0721234567")
    client.post(reverse("bank_change_withdraw", args=[alice.company.slug, back.public_id]))
    back.refresh_from_db()
    assert back.state == BankChangeState.WITHDRAWN


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("深圳市南山机械有限公司", "深圳市南山机械有限公司"),
        ("深圳市南山机电有限公司", ""),
        ("SHENZHEN SHI NANSHAN JIXIE YOUXIAN GONGSI", "SHENZHEN SHI NANSHAN JIXIE YOUXIAN GONGSI"),
        ("Shenzhen Nanshan Jixie", ""),
        ("Nanshan Lantern Co., Ltd.", ""),
        ("Bo Wen", ""),
    ],
)
def test_a_registered_name_counts_in_hanzi_and_as_it_is_spoken(name: str, kept: str) -> None:
    bo = factories.bo()
    given = {"currency": "CNY", "beneficiary": name, **NEW, "now": timezone.now()}
    if not kept:
        assert refusal(services.set_bank_account, actor=bo, **given) == "bank.beneficiary_is_another"
        assert not BankAccount.objects.filter(company=bo.company).exists()
        return
    account = services.set_bank_account(actor=bo, **given)
    assert isinstance(account, BankAccount) and account.beneficiary == kept


def test_the_name_in_the_other_language_counts_as_an_officer_verified_it() -> None:
    bo = factories.bo()
    english = {"beneficiary": "SHENZHEN NANSHAN MACHINERY CO LTD", "currency": "USD", **NEW}
    setting = {"actor": bo, **english, "now": timezone.now()}
    assert refusal(services.set_bank_account, **setting) == "bank.beneficiary_is_another"
    from tests.identity.test_claims import decide, submit

    decide(submit(actor=bo))
    account = services.set_bank_account(**setting)
    assert isinstance(account, BankAccount) and account.beneficiary == "Shenzhen Nanshan Machinery Co., Ltd."
    # another English name since is the company's own word only
    kept = ("legal_name", "name_zh", "city", "currency", "sells", "buys")
    details = {name: getattr(bo.company, name) for name in kept} | {"name_en": "Somebody Else Ltd"}
    services.edit_company(actor=bo, details=services.CompanyDetails(**details), now=timezone.now())
    setting |= {"beneficiary": "Somebody Else Ltd", "currency": "SGD"}
    assert refusal(services.set_bank_account, **setting) == "bank.beneficiary_is_another"
