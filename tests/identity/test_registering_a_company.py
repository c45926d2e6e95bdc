"""Registering a company: the number is checked, the person becomes its owner."""

from __future__ import annotations

import pytest
from django.utils import timezone

from identity import services
from identity.models import Company
from identity.services import CompanyDetails
from identity.states import RegistrationKind, Role
from kernel.errors import Refused
from kernel.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


def register(country: str = "SG", number: str = "", **details: str) -> Company:
    user = factories.a_user(f"founder-{Company.objects.count()}@new.example")
    given = {"legal_name": "New Trading Pte. Ltd."} | details
    return services.register_company(
        user=user,
        country=country,
        registration_number=number or factories.a_uen(202100001),
        details=CompanyDetails(**given),
        now=timezone.now(),
    )


def test_the_person_becomes_owner_and_it_is_recorded() -> None:
    company = register()
    membership = company.memberships.get()
    assert membership.roles == [Role.OWNER]
    event = Event.objects.get(name="CompanyRegistered")
    assert event.subject_id == company.uid
    assert event.audience == [company.pk]
    assert event.actor == f"member:{membership.pk}"


def test_a_uen_is_checked_and_written_in_one_form() -> None:
    number = factories.a_uen(202100001)
    company = register(number=f" {number[:5]} {number[5:].lower()} ")
    assert company.registration_number == number
    assert company.registration_kind == RegistrationKind.UEN
    assert company.city == "Singapore"


@pytest.mark.parametrize(
    "number", ["202100001A", "1234", "", "２０２１００００１W", "T25LL0001", "'; DROP", "0" * 40]
)
def test_a_wrong_uen_is_refused_and_nothing_is_kept(number: str) -> None:
    with pytest.raises(Refused) as refused:
        register(number=number or " ")
    assert refused.value.field == "registration_number"
    assert not Company.objects.exists()


def test_a_uscc_shows_its_shenzhen_district() -> None:
    from identity.rules import district_of

    company = register("CN", factories.a_uscc("91440307MA5ABCDE2"), legal_name="深圳市龙岗五金有限公司")
    assert company.registration_kind == RegistrationKind.USCC
    assert company.city == "Shenzhen"
    assert company.time_zone == "Asia/Shanghai"
    assert district_of(company.registration_kind, company.registration_number) == "Longgang, Shenzhen"
    assert company.slug == "shen-zhen-shi-long-gang-wu-jin-you-xian-gong-si"


def test_a_code_of_elsewhere_in_china_shows_no_district() -> None:
    from identity.rules import district_of

    company = register("CN", factories.a_uscc("91110000600037341"), legal_name="北京贸易有限公司")
    assert district_of(company.registration_kind, company.registration_number) == ""
    assert company.city == ""


def test_numbers_of_other_registers_are_kept_unchecked() -> None:
    company = register("MY", "2019 0100-1234")
    assert (company.registration_kind, company.registration_number) == (
        RegistrationKind.OTHER,
        "201901001234",
    )


@pytest.mark.parametrize("country", ["", "XX", "ZZ", "sg", "Singapore"])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(Refused) as refused:
        register(country)
    assert refused.value.field == "country"


def test_a_company_is_registered_once() -> None:
    register()
    with pytest.raises(Refused) as refused:
        register()
    assert refused.value.code == "company.registered_before"
    assert Company.objects.count() == 1


def test_two_companies_of_one_name_have_two_addresses() -> None:
    first, second = register(), register(number=factories.a_uen(202100002))
    assert (first.slug, second.slug) == ("new-trading", "new-trading-2")


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"legal_name": "  "}, "legal_name"),
        ({"currency": "CNH"}, "currency"),
        ({"buys": False, "sells": False}, "buys"),
    ],
)
def test_details_that_cannot_be_are_refused(details: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        register(**details)
    assert refused.value.field == field
