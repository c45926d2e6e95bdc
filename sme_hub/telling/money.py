"""What sellers and banks are told of offers of money. The buyer is told nothing."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from financing.events import (
    FinanceDisbursed,
    FinanceDisputed,
    FinanceReserved,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
)
from financing.queries import offer_in_brief
from financing.states import CloseCode, OfferState
from identity.rules.notices import Kind
from identity.states import Role
from kernel.events import Occurrence
from kernel.templatetags.look import money
from sme_hub.telling.rows import Matter, Row


def offer_of(event: Any, occurrence: Occurrence) -> Matter:
    """The offer as it is now; each side reads the other's name as `party`."""
    offer = offer_in_brief(event.offer_id)
    bank, seller = offer.bank.company, offer.company
    return Matter(
        about=offer.uid,
        row=offer,
        event=event,
        now=occurrence.now,
        sides={"seller": (seller.pk, seller.slug), "bank": (bank.pk, bank.slug)},
        params={
            "invoice": offer.paper.printed_number,
            "net": money(offer.net_proceeds, offer.currency),
        },
        params_of={
            "seller": {"party": {"en": bank.name_in("en"), "zh": bank.name_in("zh-hans")}},
            "bank": {"party": {"en": seller.name_in("en"), "zh": seller.name_in("zh-hans")}},
        },
        respond_by=offer.expires_at,
    )


def offer_page(matter: Matter, side: str) -> str:
    name = "financing_file" if side == "bank" else "finance_offer"
    return reverse(name, args=[matter.sides[side][1], matter.row.public_id])


def _row(code: str, words: Any, icon: str, *, advice: Any = "", **row: Any) -> Row:
    kind = Kind(code=code, words=words, icon=icon, group="money", advice=advice)
    return Row(kind=kind, reader=offer_of, path=offer_page, roles=(Role.FINANCE,), **row)


def _needs_an_officer(matter: Matter) -> bool:
    offer = matter.row
    return offer.state == OfferState.ACCEPTED and not (offer.firm and offer.verdict == "clear")


ROWS = (
    _row(
        "money.offered",
        _("%(party)s offers %(net)s now for invoice %(invoice)s"),
        "hand-coins",
        advice=_("If you do nothing, the offer lapses and costs nothing."),
        on=(OfferMade,),
        to="seller",
        waits=True,
        when=lambda matter: matter.row.stands_at(matter.now),
        until=(OfferAccepted, OfferDeclined, OfferExpired, OfferWithdrawn),
    ),
    _row(
        "money.to_decide",
        _("%(party)s accepted %(net)s for invoice %(invoice)s: approve or decline"),
        "clipboard-check",
        on=(OfferAccepted,),
        to="bank",
        waits=True,
        when=_needs_an_officer,
        until=(FinanceReserved, OfferDeclined, OfferWithdrawn, FinanceDisputed),
        respond_by=lambda matter: None,
    ),
    _row(
        "money.to_pay_out",
        _("%(net)s for invoice %(invoice)s of %(party)s is reserved: pay it out"),
        "banknote",
        on=(FinanceReserved,),
        to="bank",
        waits=True,
        when=lambda matter: matter.row.state == OfferState.RESERVED,
        until=(FinanceDisbursed, OfferDeclined, OfferWithdrawn, FinanceDisputed),
        respond_by=lambda matter: None,
    ),
    _row(
        "money.paid_out",
        _("%(party)s paid out %(net)s for invoice %(invoice)s"),
        "banknote",
        on=(FinanceDisbursed,),
        to="seller",
    ),
    _row(
        "money.bank_declined",
        _("%(party)s does not finance invoice %(invoice)s: nothing is paid out"),
        "circle-x",
        on=(OfferDeclined,),
        to="seller",
        when=lambda matter: matter.row.close_code == CloseCode.BANK_DECLINED,
    ),
)
