"""Whom a visitor of the demo may be: one account for every role, and what each is good for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from identity.actors import Member
from identity.states import ClaimKind, Role
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading import offices, people, recognising
from sme_hub.demo.loading.accounts import Account, account_of, tokens_in, write_accounts
from sme_hub.demo.loading.people import OFFICERS, PASSWORD, Person

#: the sellers whose shelves stand when the first page opens, and the buyers beside them
SELLERS = ("tuas-safety", "jurong-solvents", "novena-gloves")
BUYERS = ("sz-songgang-machinery", "sz-xinan-safety", "nee-soon-engineering", "queenstown-labs")
STRANGER = "queenstown-labs"

#: who works for the first seller beside its owner
COLLEAGUES = (
    ("Joanna Lim", "sales", (Role.SELLER,), "lists products and answers orders"),
    ("Vikram Das", "finance", (Role.FINANCE,), "records payments, keeps the bank accounts"),
    ("Tan Mei Xuan", "logistics", (Role.LOGISTICS,), "ships and books addresses"),
)
#: and for the first buyer
BUYING_COLLEAGUES = (
    ("韩雪 Han Xue", "purchasing", (Role.BUYER,), "orders; what is over the limit waits for the approver"),
    (
        "何立 He Li",
        "approver",
        (Role.APPROVER, Role.FINANCE),
        "approves orders over the limit, sees what is owed",
    ),
    ("孟凡 Meng Fan", "finance", (Role.FINANCE,), "sees invoices and payments"),
    ("陆宁 Lu Ning", "logistics", (Role.LOGISTICS,), "receives goods"),
)


def load_cast(path: Path, *, now: datetime | None = None) -> list[Member]:
    """The companies of the cast with everybody in them, and accounts.json at `path`. Returns the sellers' owners."""
    now = now or timezone.now()
    buyers = {row["code"]: row for row in rows_of(DATA / "buyers.csv")}
    officer, *_others = people.officers(now)
    recognising.recognise(now)
    selling = cast_sellers(now)
    buying = {code: people.buyer_company(buyers[code], may_sign_in=True, now=now) for code in BUYERS}
    for owner in selling:
        people.verify(owner, [ClaimKind.REGISTRATION, ClaimKind.ADDRESS, ClaimKind.BANK], by=officer, now=now)
    for owner in buying.values():
        people.verify(owner, [ClaimKind.REGISTRATION], by=officer, now=now)
    write_accounts(path, _accounts(selling, buying, tokens_in(path), now))
    return selling


def cast_sellers(now: datetime) -> list[Member]:
    """The owners of the cast's sellers, made where they are missing."""
    rows = {row["code"]: row for row in rows_of(DATA / "sellers.csv")}
    return [people.seller_company(rows[code], may_sign_in=True, now=now) for code in SELLERS]


def _accounts(
    selling: list[Member], buying: dict[str, Member], kept: dict[str, str], now: datetime
) -> list[Account]:
    first_seller, first_buyer = selling[0], buying[BUYERS[0]]
    accounts = [
        account_of(first_seller, "seller owner", "runs a Singapore seller", kept=kept, now=now),
        *_colleagues(first_seller, COLLEAGUES, "seller", kept, now),
        account_of(first_buyer, "buyer owner", "runs a Shenzhen buyer, in Chinese", kept=kept, now=now),
        *_colleagues(first_buyer, BUYING_COLLEAGUES, "buyer", kept, now),
        *(
            account_of(owner, "seller owner", "another Singapore seller", kept=kept, now=now)
            for owner in selling[1:]
        ),
        *(
            account_of(owner, "buyer owner", f"another buyer, in {owner.company.city}", kept=kept, now=now)
            for code, owner in buying.items()
            if code not in (BUYERS[0], STRANGER)
        ),
        account_of(buying[STRANGER], "stranger", "has no part in the others’ orders", kept=kept, now=now),
    ]
    return [*accounts, *_officers_accounts(), *_offices_accounts(kept, now)]


def _colleagues(
    owner: Member,
    known: tuple[tuple[str, str, tuple[Role, ...], str], ...],
    side: str,
    kept: dict[str, str],
    now: datetime,
) -> list[Account]:
    accounts = []
    for name, mailbox, roles, what in known:
        person = Person(name, f"{mailbox}@{owner.company.slug}.example", roles)
        if person.email == owner.user.email:  # the seller's public mailbox is its owner's
            person = Person(name, f"{mailbox}.desk@{owner.company.slug}.example", roles)
        member = people.colleague(owner, person, may_sign_in=True, now=now)
        accounts.append(account_of(member, f"{side} {roles[0].value}", what, kept=kept, now=now))
    return accounts


def _officers_accounts() -> list[Account]:
    return [
        Account(
            email=email,
            password=PASSWORD,
            name=name,
            role="programme officer",
            company="",
            company_name="",
            api_token="",
            what="verifies companies claim by claim, at /operator/",
        )
        for email, (name, _language) in OFFICERS.items()
    ]


def _offices_accounts(kept: Mapping[str, str], now: datetime) -> list[Account]:
    """The case office and the bank."""
    officials = [
        Account(
            email=email,
            password=PASSWORD,
            name=seat.user.name,
            role=offices.PLAYED[email],
            company="",
            company_name="",
            api_token="",
            what="settles disputes, at /mediation/",
        )
        for email, seat in offices.officials(now).items()
        if email in offices.PLAYED
    ]
    banker = offices.banker(now)
    return [
        *officials,
        account_of(banker, "bank officer", "decides on invoices to finance", kept=kept, now=now),
    ]
