"""The parts that a visitor of the demo may play: one person for every role, and what lies on their desk.

Only fictitious people stand here; `load_demo` registers them, and nobody else can be entered as.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from sme_hub.demo.files import DATA, rows_of

FIRST_SELLER, FIRST_BUYER = "tuas-safety", "sz-songgang-machinery"
BANK = "straits-demo-bank"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Somebody to be. `code` stands in forms; `company` is a slug, empty for those who act for no company."""

    code: str
    email: str
    name: str
    icon: str
    role: Any
    awaits: Any
    company: str = ""
    #: the registered names of the company, where there is one
    name_en: str = ""
    name_zh: str = ""


@dataclass(frozen=True)
class Side:
    """Parts that stand together, under a heading."""

    words: Any
    parts: tuple[Part, ...]


def part_named(code: str) -> Part | None:
    return next((part for part in all_parts() if part.code == code), None)


def all_parts() -> Iterator[Part]:
    for side in sides():
        yield from side.parts


@functools.cache
def sides() -> tuple[Side, ...]:
    """Everybody, by the side of the trade they are on."""
    return (
        Side(_("Selling"), (*_sellers(),)),
        Side(_("Buying"), (*_buyers(),)),
        Side(_("Looking after both"), (*_offices(),)),
    )


def _sellers() -> Iterator[Part]:
    yield _owner(
        "seller",
        "sales@tuas-safety.example",
        "Lee Kah Yee",
        FIRST_SELLER,
        _("Seller, owner of the company"),
        _("Orders to accept, goods to ship, a file with rows to mend, listings that run short."),
    )
    yield _colleague(
        "sales",
        "Joanna Lim",
        "sales.desk",
        FIRST_SELLER,
        _("Seller, sales"),
        _("Orders to accept or refuse, and the rows of an import to mend."),
    )
    yield _colleague(
        "seller-finance",
        "Vikram Das",
        "finance",
        FIRST_SELLER,
        _("Seller, finance"),
        _("Payments to look for on the bank’s statement and to record."),
    )
    yield _colleague(
        "seller-logistics",
        "Tan Mei Xuan",
        "logistics",
        FIRST_SELLER,
        _("Seller, logistics"),
        _("Confirmed orders to pack and ship, whole or in parts."),
    )
    yield _owner(
        "seller-2",
        "sales@jurong-solvents.example",
        "Dr. Vincent Teo",
        "jurong-solvents",
        _("Another seller: solvents"),
        _("Orders of dangerous goods to accept and ship."),
    )
    yield _owner(
        "seller-3",
        "sales@novena-gloves.example",
        "Dr. Daniel Sng",
        "novena-gloves",
        _("Another seller: gloves"),
        _("An order to accept, payments awaited, two listings that ran out."),
    )


def _buyers() -> Iterator[Part]:
    yield _owner(
        "buyer",
        "xu.jiahui@sz-songgang-machinery.example",
        "徐佳慧 Xu Jiahui",
        FIRST_BUYER,
        _("Buyer, owner of the company"),
        _("A filled cart, freight to agree to, deliveries to count, orders to pay."),
    )
    yield _colleague(
        "purchaser",
        "韩雪 Han Xue",
        "purchasing",
        FIRST_BUYER,
        _("Buyer, purchasing"),
        _("Orders up to the company’s limit; a larger one that waits for the approver."),
    )
    yield _colleague(
        "approver",
        "何立 He Li",
        "approver",
        FIRST_BUYER,
        _("Buyer, approver"),
        _("An order over the company’s limit to approve or decline, and what is owed."),
    )
    yield _colleague(
        "buyer-finance",
        "孟凡 Meng Fan",
        "finance",
        FIRST_BUYER,
        _("Buyer, finance"),
        _("Invoices to pay by bank transfer, with the seller’s instructions."),
    )
    yield _colleague(
        "buyer-logistics",
        "陆宁 Lu Ning",
        "logistics",
        FIRST_BUYER,
        _("Buyer, logistics"),
        _("Shipments that have arrived, to count line by line."),
    )
    yield _owner(
        "buyer-2",
        "zhong.ling@sz-xinan-safety.example",
        "钟灵 Zhong Ling",
        "sz-xinan-safety",
        _("Another buyer: Shenzhen"),
        _("A shipment on its way, an order to pay, a filled cart."),
    )
    yield _owner(
        "buyer-3",
        "tan.li.wen@nee-soon-engineering.example",
        "Tan Li Wen",
        "nee-soon-engineering",
        _("Another buyer: Singapore"),
        _(
            "Two shipments on their way, orders to pay, a filled cart; no identity of its city is connected yet."
        ),
    )
    yield _owner(
        "stranger",
        "wong.jun.kai@queenstown-labs.example",
        "Wong Jun Kai",
        "queenstown-labs",
        _("A stranger to the others’ deals"),
        _("Purchases of its own; the others’ orders and papers are not found here."),
    )


def _offices() -> Iterator[Part]:
    yield Part(
        code="officer",
        email="officer@programme.example",
        name="Olive Ong",
        icon="shield-check",
        role=_("Programme officer, Singapore"),
        awaits=_("Companies that wait to be checked, each with its evidence."),
    )
    yield Part(
        code="officer-2",
        email="officer.shenzhen@programme.example",
        name="方一 Fang Yi",
        icon="shield-check",
        role=_("Programme officer, Shenzhen"),
        awaits=_("The same queue: an officer never decides on a company of their own."),
    )
    yield Part(
        code="manager",
        email="manager@case-office.example",
        name="Marcus Lee",
        icon="clipboard-list",
        role=_("Case manager"),
        awaits=_("A case that waits for a mediator, and the deadlines of all cases."),
    )
    yield Part(
        code="mediator",
        email="mediator@case-office.example",
        name="Meera Pillai",
        icon="scale",
        role=_("Mediator"),
        awaits=_("A case in session, with a joint room and a private one for each side."),
    )
    yield Part(
        code="registrar",
        email="registrar@scia-desk.example",
        name="Ren Jingyi",
        icon="landmark",
        role=_("Registrar (simulated SCIA desk)"),
        awaits=_("Settlements that were passed on, with what was sent, and their awards."),
    )
    yield _owner(
        "bank",
        "credit@straits-demo-bank.example",
        "Fiona Foo",
        BANK,
        _("Bank officer (simulated bank)"),
        _("Invoices that sellers offer for finance, and money to pay out."),
    )


def _owner(code: str, email: str, name: str, company: str, role: Any, awaits: Any) -> Part:
    row = _companies()[company]
    icon = "landmark" if company == BANK else "store" if "families" in row else "shopping-cart"
    return Part(
        code=code,
        email=email,
        name=name,
        icon=icon,
        role=role,
        awaits=awaits,
        company=company,
        name_en=row["name_en"],
        name_zh=row["name_zh"],
    )


def _colleague(code: str, name: str, mailbox: str, company: str, role: Any, awaits: Any) -> Part:
    return _owner(code, f"{mailbox}@{company}.example", name, company, role, awaits)


@functools.cache
def _companies() -> dict[str, dict[str, str]]:
    rows = [*rows_of(DATA / "sellers.csv"), *rows_of(DATA / "buyers.csv")]
    bank = {"name_en": "Straits Demo Bank (simulated)", "name_zh": "海峡演示银行（模拟）"}
    return {row["code"]: row for row in rows} | {BANK: bank}
