"""Those who look after both sides: the case office with its mediators, and the simulated bank with its officer."""

from __future__ import annotations

from datetime import datetime

from disputes.services import appoint_official
from disputes.states import OfficeKind
from identity.actors import Member, Staff
from identity.models import Company
from identity.services import CompanyDetails, register_company
from identity.states import Role
from sme_hub.demo.loading import people
from sme_hub.demo.loading.people import Person

MANAGER, MEDIATOR = "manager@case-office.example", "mediator@case-office.example"
REGISTRAR = "registrar@scia-desk.example"
#: whom a visitor may be → what the list of accounts calls them
PLAYED = {MANAGER: "case manager", MEDIATOR: "mediator", REGISTRAR: "registrar of the simulated SCIA desk"}
#: e-mail → office, name in English and Chinese, what the parties read of them
OFFICIALS = {
    MANAGER: (OfficeKind.MANAGER, "Marcus Lee", "李明德", "", ""),
    MEDIATOR: (
        OfficeKind.MEDIATOR,
        "Meera Pillai",
        "梅拉·皮莱",
        "Twelve years in industrial supply, mediates in English and Chinese.",
        "从事工业品供应十二年，可用中英文调解。",
    ),
    REGISTRAR: (OfficeKind.SCIA, "Ren Jingyi", "任静怡", "", ""),
    "mediator.shenzhen@case-office.example": (
        OfficeKind.MEDIATOR,
        "Chen Yufang",
        "陈玉芳",
        "Former buyer of a Shenzhen machine builder, mediates in Chinese.",
        "曾任深圳机械企业采购负责人，用中文调解。",
    ),
}
BANKER = Person("Fiona Foo", "credit@straits-demo-bank.example", (Role.OWNER,))
BANK_SLUG, BANK_NUMBER = "straits-demo-bank", "201899997E"


def officials(now: datetime) -> dict[str, Staff]:
    """The case office by e-mail, made where it is missing."""
    found = {}
    for email, (kind, name_en, name_zh, about_en, about_zh) in OFFICIALS.items():
        person = Person(name_en, email, ())
        user = people.a_user(person, language="en", may_sign_in=email in PLAYED, now=now)
        appoint_official(
            user=user,
            kind=kind,
            name_en=name_en,
            name_zh=name_zh,
            about_en=about_en,
            about_zh=about_zh,
            now=now - people.HERE_SINCE,
        )
        found[email] = Staff(user=user)
    return found


def banker(now: datetime) -> Member:
    """The owner of the company that the simulated bank is."""
    user = people.a_user(BANKER, language="en", may_sign_in=True, now=now)
    company = Company.objects.filter(country="SG", registration_number=BANK_NUMBER).first()
    if company is None:
        company = register_company(
            user=user,
            country="SG",
            registration_number=BANK_NUMBER,
            details=CompanyDetails(
                legal_name="Straits Demo Bank Ltd.",
                name_en="Straits Demo Bank (simulated)",
                name_zh="海峡演示银行（模拟）",
                city="Singapore",
                currency="SGD",
                sells=False,
                buys=True,
            ),
            slug=BANK_SLUG,
            now=now - people.HERE_SINCE,
        )
    return people.acting(user, company, now)
