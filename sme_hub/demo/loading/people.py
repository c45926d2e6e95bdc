"""The demo's people and companies, registered, joined and verified as anybody's would be."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from identity import services
from identity.actors import Member, Staff, System, actor_for_member, staff_actor
from identity.models import Address, BankAccount, Claim, Company, Membership, User
from identity.services.screening import compare_company
from identity.states import ClaimKind, Role
from sme_hub.demo.loading.evidence import evidence_of
from sme_hub.demo.loading.moments import number

#: the same for everybody one may sign in as, shown in accounts.json
PASSWORD = "lantern-over-the-strait"
#: the programme's officers: e-mail → name and language; the first has verified the demo's claims
OFFICERS = {
    "officer@programme.example": ("Olive Ong", "en"),
    "officer.shenzhen@programme.example": ("方一 Fang Yi", "zh-hans"),
}
#: how long the companies have been here already
HERE_SINCE = timedelta(days=150)
CHECKED_AGAINST = {
    "SG": "Demo register extract (in place of ACRA BizFile)",
    "CN": "Demo register extract (in place of 国家企业信用信息公示系统)",
}
_ADDRESS_LABEL = {"SG": "Main office", "CN": "公司总部"}

Row = Mapping[str, str]


@dataclass(frozen=True)
class Person:
    """Somebody as a row names them: `roles` of one member of a company."""

    name: str
    email: str
    roles: tuple[str, ...]


def people_of_buyer(row: Row) -> list[Person]:
    """The members of a row of buyers.csv, the owner first."""
    people = []
    for member in row["members"].split("|"):
        hanzi, latin, email, roles = member.split(":")
        name = f"{hanzi} {latin}" if row["country"] == "CN" else latin
        people.append(Person(name, email, tuple(roles.split("+"))))
    return people


def owner_of_seller(row: Row) -> Person:
    name = f"{row['contact_zh']} {row['contact_en']}" if row["country"] == "CN" else row["contact_en"]
    return Person(name, row["email"], (Role.OWNER,))


def officers(now: datetime) -> list[Staff]:
    """The programme's officers, made where they are missing."""
    return [staff_actor(_officer(email, name, language, now)) for email, (name, language) in OFFICERS.items()]


def _officer(email: str, name: str, language: str, now: datetime) -> User:
    known = User.objects.filter(email=email).first()
    return known or services.register_officer(
        email=email, password=None, hashed=_hashed(), name=name, language=language, now=now - HERE_SINCE
    )


def a_user(person: Person, *, language: str, may_sign_in: bool, now: datetime) -> User:
    known = User.objects.filter(email__iexact=person.email).first()
    return known or services.register_user(
        email=person.email,
        password=None,
        hashed=_hashed() if may_sign_in else "",
        name=person.name,
        language=language,
        now=now - HERE_SINCE,
    )


def seller_company(row: Row, *, may_sign_in: bool = False, now: datetime) -> Member:
    """The seller of a row, with an address and accounts in its currencies; its owner as an actor."""
    owner = _company(row, owner_of_seller(row), sells=True, may_sign_in=may_sign_in, now=now)
    _bank_accounts(owner, row, now)
    return owner


def buyer_company(row: Row, *, may_sign_in: bool = False, now: datetime) -> Member:
    """The buyer of a row, with its address and its other members; its owner as an actor."""
    first, *others = people_of_buyer(row)
    owner = _company(row, first, sells=False, may_sign_in=may_sign_in, now=now)
    for person in others:
        colleague(owner, person, may_sign_in=may_sign_in, now=now)
    return owner


def colleague(owner: Member, person: Person, *, may_sign_in: bool = False, now: datetime) -> Member:
    """Another member: invited by the owner, joined by the link."""
    user = a_user(person, language=owner.user.language, may_sign_in=may_sign_in, now=now)
    if not Membership.objects.active(now).filter(company=owner.company, user=user).exists():
        joining = now - HERE_SINCE + timedelta(days=1)
        invitation = services.invite_member(actor=owner, email=person.email, roles=person.roles, now=joining)
        secret = services.invitation_link(invitation).rstrip("/").rsplit("/", 1)[-1]
        services.accept_invitation(user=user, secret=secret, now=joining + timedelta(hours=2))
    return acting(user, owner.company, now)


def owner_of(company: Company, now: datetime) -> Member:
    """The first of its owners."""
    owners = Membership.objects.active(now).filter(company=company, roles__contains=[Role.OWNER])
    return acting(owners.select_related("user").earliest("pk").user, company, now)


def acting(user: User, company: Company, now: datetime, *, session: str = "") -> Member:
    """The person as a member of that company, of which they are one."""
    member = actor_for_member(user, company.slug, now, session=session)
    if member is None:
        raise LookupError(f"{user.email} does not act for {company.slug}")
    return member


def verify(owner: Member, kinds: Iterable[str], *, by: Staff, now: datetime) -> None:
    """Let the officer verify these claims of the company, with evidence, each on a day of its own in the past weeks."""
    known = set(Claim.objects.filter(company=owner.company).values_list("kind", flat=True))
    if known.isdisjoint(kinds):
        _compare_now(owner.company, now)
    for kind in kinds:
        if kind in known:
            continue
        day = now - timedelta(days=3 + number(f"{owner.company.slug} {kind}", 30))
        statement = _statement(owner.company, kind)
        claim = submit(owner, kind, statement, now=day - timedelta(days=1))
        services.decide_claim(
            actor=by,
            claim=claim,
            verified=True,
            source=CHECKED_AGAINST[owner.company.country],
            expires_on=timezone.localdate(day) + timedelta(days=365),
            now=day,
        )


def _compare_now(company: Company, now: datetime) -> None:
    """With the lists in force, where there are any: nobody is verified before, and a worker may not have come round to it."""
    compared = compare_company(company.pk, actor=System(reason="demonstration"), at=now, now=now)
    if compared is not None:
        with transaction.atomic():
            compared()


def submit(owner: Member, kind: str, statement: str, *, now: datetime) -> Claim:
    """Ask for a check, with a page of evidence that says it is made up."""
    return services.submit_claim(
        actor=owner,
        kind=kind,
        statement=statement,
        evidence=evidence_of(ClaimKind(kind).name.title(), _lines(owner.company)),
        evidence_name=f"{kind}.png",
        now=now,
    )


def claims_to_verify(code: str, *, sells: bool) -> list[str]:
    """Which claims of a company are verified: sellers mostly, buyers often, nobody all without exception."""
    luck = number(code, 10)
    kinds: list[str] = [ClaimKind.REGISTRATION] if luck else []
    if sells and luck > 2:
        kinds.append(ClaimKind.ADDRESS)
    if sells and luck > 4:
        kinds.append(ClaimKind.BANK)
    return kinds


@functools.cache
def _hashed() -> str:
    """The password's hash, made once."""
    return make_password(PASSWORD)


def _company(row: Row, owner: Person, *, sells: bool, may_sign_in: bool, now: datetime) -> Member:
    chinese = row["country"] == "CN"
    user = a_user(owner, language="zh-hans" if chinese else "en", may_sign_in=may_sign_in, now=now)
    company = Company.objects.filter(country=row["country"], registration_number=row["registration"]).first()
    if company is None:
        company = services.register_company(
            user=user,
            country=row["country"],
            registration_number=row["registration"],
            details=services.CompanyDetails(
                legal_name=row["name_zh"] if chinese else row["name_en"],
                name_en=row["name_en"],
                name_zh=row["name_zh"],
                profile_en=row.get("profile_en", ""),
                profile_zh=row.get("profile_zh", ""),
                city=row["city_en"],
                currency="CNY" if chinese else "SGD",
                sells=sells,
                buys=not sells,
            ),
            slug=row["code"],
            now=now - HERE_SINCE,
        )
    member = acting(user, company, now)
    _address(member, row, owner, now)
    return member


def _address(owner: Member, row: Row, contact: Person, now: datetime) -> None:
    if Address.objects.filter(company=owner.company).exists():
        return
    services.add_address(
        actor=owner,
        details=services.AddressDetails(
            label=_ADDRESS_LABEL[row["country"]],
            lines_en=row["address_en"].split(", Singapore ")[0].split(", Shenzhen ")[0],
            lines_zh=row["address_zh"].split("，邮编")[0].removeprefix("新加坡").removeprefix("广东省深圳市"),
            city=row["city_zh"] if row["country"] == "CN" else row["city_en"],
            postal_code=row["postal_code"],
            country=row["country"],
            contact_name=contact.name,
        ),
        now=now - HERE_SINCE,
    )


def _bank_accounts(owner: Member, row: Row, now: datetime) -> None:
    """In the company's currency and US dollars, at a bank that does not exist."""
    currencies = ("CNY", "USD", "SGD") if row["country"] == "CN" else ("SGD", "CNY", "USD")
    known = set(BankAccount.objects.filter(company=owner.company).values_list("currency", flat=True))
    for currency in currencies:
        if currency in known:
            continue
        services.set_bank_account(
            actor=owner,
            currency=currency,
            beneficiary=owner.company.legal_name,
            bank_name="Pengcheng Demo Bank" if row["country"] == "CN" else "Harbour Demo Bank",
            bic="PENGCNBS" if row["country"] == "CN" else "HARBSGSG",
            account_number=f"000{number(row['code'] + currency, 10**9):09}",
            now=now - HERE_SINCE + timedelta(days=1),
        )


def _statement(company: Company, kind: str) -> str:
    return {
        ClaimKind.REGISTRATION: f"Registered as {company.registration_number}",
        ClaimKind.ADDRESS: f"We trade from our main office in {company.city}",
        ClaimKind.BANK: "The accounts on file are in our registered name",
    }.get(ClaimKind(kind), "")


def _lines(company: Company) -> list[str]:
    return [company.name_en, f"No. {company.registration_number}", company.city]
