"""The address book, and where a company is paid."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity import services
from identity.events import EntityBound
from identity.models import Address, BankAccount, BankAccountChange, EntityBinding
from identity.queries import addresses_of, bank_account_for, party_snapshot
from identity.services import AddressDetails
from identity.states import Role
from kernel.errors import Refused
from kernel.models import Event
from kernel.services import drain, record
from tests import factories
from tests.identity import recognised

pytestmark = pytest.mark.django_db

WAREHOUSE = AddressDetails(
    label="Longgang warehouse",
    lines_zh="广东省深圳市龙岗区园岭工业路12号",
    lines_en="12 Yuanling Industrial Road, Longgang District",
    city="Shenzhen",
    country="CN",
    for_billing=False,
)


def add(actor: object, details: AddressDetails = WAREHOUSE) -> Address:
    return services.add_address(actor=actor, details=details, now=timezone.now())


def account(actor: object, **given: str) -> BankAccount | BankAccountChange:
    wanted = {
        "currency": "SGD",
        "beneficiary": "Tanjong Bolts Pte. Ltd.",
        "bank_name": "Harbour Bank",
        "bic": "HARBSGSG",
        "account_number": "072-123456-7",
    }
    return services.set_bank_account(actor=actor, **wanted | given, now=timezone.now())


def test_an_address_is_kept_in_both_forms() -> None:
    bo = factories.bo()
    address = add(bo)
    assert address.snapshot()["lines_zh"] == WAREHOUSE.lines_zh
    assert list(addresses_of(bo, for_billing=False)) == [address]
    assert address not in addresses_of(bo, for_billing=True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lines_en": " ", "lines_zh": ""}, "lines_en"),
        ({"country": "XX"}, "country"),
        ({"for_shipping": False}, "for_shipping"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(wrong: dict, field: str) -> None:
    bo = factories.bo()
    before = Address.objects.count()
    with pytest.raises(Refused) as refused:
        add(bo, replace(WAREHOUSE, **wrong))
    assert refused.value.field == field
    assert Address.objects.count() == before


def test_an_address_is_edited_in_place_and_removed_for_good() -> None:
    bo = factories.bo()
    address = add(bo)
    edited = services.edit_address(
        actor=bo, address=address, details=replace(WAREHOUSE, label="Hall 2"), now=timezone.now()
    )
    assert (edited.pk, edited.label) == (address.pk, "Hall 2")
    services.end_address(actor=bo, address=address, now=timezone.now())
    services.end_address(actor=bo, address=address, now=timezone.now())
    assert address not in addresses_of(bo)
    assert Event.objects.filter(name="AddressEnded").count() == 1
    with pytest.raises(Refused) as refused:
        services.edit_address(actor=bo, address=address, details=WAREHOUSE, now=timezone.now())
    assert refused.value.code == "address.ended"


def test_another_companys_address_is_not_found() -> None:
    address = add(factories.bo())
    for verb, more in [(services.edit_address, {"details": WAREHOUSE}), (services.end_address, {})]:
        with pytest.raises(Refused) as refused:
            verb(actor=factories.charlie(), address=address, **more, now=timezone.now())
        assert refused.value.code == "not_found"
    address.refresh_from_db()
    assert address.ended_at is None


def test_an_approver_reads_the_address_book_but_does_not_keep_it() -> None:
    approver = factories.a_colleague(factories.bo(), Role.APPROVER)
    with pytest.raises(Refused) as refused:
        add(approver)
    assert refused.value.code == "forbidden"
    assert addresses_of(approver).exists()


def test_the_snapshot_of_a_party_holds_its_business_address() -> None:
    bo = factories.bo()
    party = party_snapshot(bo.company)
    assert party["legal_name"] == "深圳市南山机械有限公司"
    assert party["address"]["label"] == "Main office"
    assert factories.charlie() and party_snapshot(factories.charlie().company)["address"] is None


def test_the_account_of_a_currency_is_replaced_and_the_old_one_kept() -> None:
    alice = factories.alice()
    finance = factories.a_colleague(alice, Role.FINANCE)
    old = bank_account_for(alice.company_id, "SGD")
    new = account(alice)
    assert bank_account_for(alice.company_id, "SGD") == new
    assert old is not None and old.account_number == "0721234567"
    assert old == new, "the same account again changes nothing"
    change = account(alice, account_number="999999")
    assert bank_account_for(alice.company_id, "SGD") == old and isinstance(change, BankAccountChange)
    third = services.confirm_bank_change(actor=finance, change=change, now=timezone.now())
    old.refresh_from_db()
    assert old.ended_at is not None
    assert bank_account_for(alice.company_id, "SGD") == third


@pytest.mark.parametrize(
    "name", ["TANJONG BOLTS PTE LTD", "Ｔanjong　Bolts Pte. Ltd.", "tanjong-bolts pte ltd"]
)
def test_the_beneficiary_may_be_written_as_banks_write_it(name: str) -> None:
    alice = factories.alice()
    assert account(alice, beneficiary=name, account_number="123456").beneficiary == alice.company.legal_name


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"beneficiary": "Alice Tan"}, "beneficiary"),
        ({"beneficiary": "Tanjong Bolts Trading Pte. Ltd."}, "beneficiary"),
        ({"beneficiary": ""}, "beneficiary"),
        ({"bic": "NOPE"}, "bic"),
        ({"bic": "HARBSGSG' OR 1=1"}, "bic"),
        ({"account_number": "12"}, "account_number"),
        ({"account_number": "<script>alert(1)</script>"}, "account_number"),
        ({"currency": "EUR"}, "currency"),
    ],
)
def test_an_account_of_somebody_else_or_nowhere_is_refused(wrong: dict, field: str) -> None:
    alice = factories.alice()
    before = bank_account_for(alice.company_id, "SGD")
    with pytest.raises(Refused) as refused:
        account(alice, **wrong)
    assert refused.value.field == field
    assert bank_account_for(alice.company_id, "SGD") == before


@pytest.mark.parametrize("role", [Role.SELLER, Role.BUYER, Role.APPROVER, Role.LOGISTICS])
def test_only_owner_and_finance_say_where_the_company_is_paid(role: Role) -> None:
    colleague = factories.a_colleague(factories.alice(), role)
    with pytest.raises(Refused) as refused:
        account(colleague, account_number="666666")
    assert refused.value.code == "forbidden"
    account(factories.a_colleague(factories.alice(), Role.FINANCE), account_number="777777")


def test_another_registered_name_ends_checks_and_accounts() -> None:
    alice = factories.alice()
    company = alice.company
    services.edit_company(
        actor=alice,
        details=services.CompanyDetails(legal_name="Tanjong Fasteners Pte. Ltd.", sells=True),
        now=timezone.now(),
    )
    assert bank_account_for(company.pk, "SGD") is None
    assert Event.objects.filter(name="BankAccountEnded").count() == 3
    assert Event.objects.get(name="CompanyEdited").payload["fields"]


def test_an_account_in_another_name_than_the_one_verified_ends_and_owners_hear_of_it() -> None:
    alice, now = factories.alice(), timezone.now()
    proved = recognised.identity(alice.user, recognised.issuer(), now=now)
    binding = recognised.bound(alice, proved)
    for name, left in ((alice.company.legal_name, 3), ("Somebody Else Pte. Ltd.", 0)):
        EntityBinding.objects.update(entity_name=name)
        record(EntityBound(binding_id=binding.pk), actor=alice, now=now, subject=alice.company)
        drain("fast")
        assert BankAccount.objects.standing().filter(company=alice.company).count() == left
    drain("outside")
    (letter,) = [each for each in mail.outbox if "SGD bank account ended" in each.subject]
    assert letter.to == [alice.user.email] and "no more" in letter.body


def test_who_says_where_money_goes_shows_again_who_they_are(client: Client) -> None:
    alice = factories.alice()
    client.force_login(alice.user)
    page = reverse("bank_set", args=[alice.company.slug, "SGD"])
    new = {
        "beneficiary": alice.company.legal_name,
        "bank_name": "Other Bank",
        "bic": "OTHRSGSG",
        "account_number": "5551239876",
    }
    asked = client.post(page, new)
    assert "/accounts/reauthenticate/" in asked["Location"]
    assert bank_account_for(alice.company_id, "SGD").bank_name == "Harbour Bank"
    client.post(asked["Location"], {"password": "wrong"})
    assert bank_account_for(alice.company_id, "SGD").bank_name == "Harbour Bank"
    client.post(asked["Location"], {"password": factories.PASSWORD, "next": page})
    assert bank_account_for(alice.company_id, "SGD").bank_name == "Harbour Bank"
    assert BankAccountChange.objects.get().bank_name == "Other Bank", "what was typed is not lost"
