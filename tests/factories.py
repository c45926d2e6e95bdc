"""The people of all tests, made through the services: Alice sells, Bo buys, Charlie is a stranger.

alice = factories.alice()      # a Member, owner of a Singapore seller
factories.sign_in(client, alice)
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from stdnum.cn import uscc
from stdnum.sg import uen

from identity import services
from identity.actors import Member, Staff, actor_for_member, staff_actor
from identity.models import Address, BankAccount, Company, User

PASSWORD = "a lantern over the strait"


def alice(**details: Any) -> Member:
    """Owner of a Singapore seller of fasteners, with an address and accounts in SGD, USD and CNY."""
    return _known("alice@tanjong-bolts.example") or _settled(
        a_member(
            email="alice@tanjong-bolts.example",
            name="Alice Tan",
            legal_name="Tanjong Bolts Pte. Ltd.",
            name_zh="丹戎螺栓私人有限公司",
            country="SG",
            registration_number=a_uen(201912345),
            sells=True,
            **details,
        )
    )


def bo(**details: Any) -> Member:
    """Owner of a Shenzhen buyer who reads Chinese, with an address."""
    return _known("bo@nanshan-machinery.example") or _settled(
        a_member(
            email="bo@nanshan-machinery.example",
            name="Bo Wen",
            language="zh-hans",
            legal_name="深圳市南山机械有限公司",
            name_en="Shenzhen Nanshan Machinery Co., Ltd.",
            country="CN",
            registration_number=a_uscc("91440305MA5ABCDE1"),
            currency="CNY",
            **details,
        )
    )


def charlie(**details: Any) -> Member:
    """Owner of a company that has nothing to do with the others' business."""
    return _known("charlie@strangers.example") or a_member(
        email="charlie@strangers.example",
        name="Charlie Lim",
        legal_name="Strangers Trading Pte. Ltd.",
        country="SG",
        registration_number=a_uen(202054321),
        sells=True,
        **details,
    )


def officer() -> Staff:
    """A programme officer with every permission."""
    email = "officer@programme.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = services.register_user(email=email, password=PASSWORD, name="Olive Ong", now=timezone.now())
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    return staff_actor(user)


def a_user(email: str, *, name: str = "Somebody", language: str = "en") -> User:
    return services.register_user(
        email=email, password=PASSWORD, name=name, language=language, now=timezone.now()
    )


def a_member(
    *,
    email: str,
    country: str,
    registration_number: str,
    name: str = "Somebody",
    language: str = "en",
    now: datetime | None = None,
    **details: Any,
) -> Member:
    """A new person who has registered a new company."""
    now = now or timezone.now()
    user = a_user(email, name=name, language=language)
    company = services.register_company(
        user=user,
        country=country,
        registration_number=registration_number,
        details=services.CompanyDetails(**details),
        now=now,
    )
    return acting(user, company)


def a_colleague(of: Member, *roles: str, email: str = "", name: str = "Dana Colleague") -> Member:
    """Another member of the same company, who was invited and accepted."""
    from identity.services.members import secret_of

    email = email or f"{'-'.join(roles)}@{of.company.slug}.example"
    user = User.objects.filter(email=email).first() or a_user(email, name=name)
    now = timezone.now()
    invitation = services.invite_member(actor=of, email=email, roles=roles, now=now)
    services.accept_invitation(user=user, secret=secret_of(invitation), now=now)
    return acting(user, of.company)


def acting(user: User, company: Company) -> Member:
    member = actor_for_member(user, company.slug, timezone.now())
    assert member is not None
    return member


def an_address(of: Member, **details: Any) -> Address:
    given = {"label": "Main office", "city": of.company.city or "Singapore", "country": of.company.country}
    given |= {"lines_en": "1 Harbour Road, #02-03"} | details
    return services.add_address(actor=of, details=services.AddressDetails(**given), now=timezone.now())


def a_bank_account(of: Member, currency: str = "SGD") -> BankAccount:
    """The first one of the currency, which an owner sets alone."""
    account = services.set_bank_account(
        actor=of,
        currency=currency,
        beneficiary=of.company.legal_name,
        bank_name="Harbour Bank",
        bic="HARBSGSG",
        account_number="0721234567",
        now=timezone.now(),
    )
    assert isinstance(account, BankAccount)
    return account


def a_uen(digits: int) -> str:
    """A Singapore company's number with its check letter."""
    return f"{digits}{uen.calc_local_company_check_digit(str(digits))}"


def a_uscc(first_17: str) -> str:
    """A Chinese company's code with its check character."""
    return f"{first_17}{uscc.calc_check_digit(first_17)}"


def sign_in(client: Client, actor: Member | Staff) -> Client:
    """`client` with the person's session."""
    client.force_login(actor.user)
    return client


def show_again(client: Client) -> Client:
    """`client` after its person gave the password once more, as sensitive acts ask."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def _known(email: str) -> Member | None:
    user = User.objects.filter(email=email).first()
    if user is None:
        return None
    return acting(user, user.memberships.get().company)


def _settled(member: Member) -> Member:
    """With what a company needs before its first order."""
    an_address(member)
    if member.company.sells:
        for currency in ("SGD", "USD", "CNY"):
            a_bank_account(member, currency)
    return member
