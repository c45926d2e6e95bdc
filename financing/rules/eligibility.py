"""Whether finance makes sense for an invoice, and for which bank. The reason is kept and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

#: money for fewer days than this costs more trouble than it brings
FEWEST_DAYS = 7

#: by code: why no bank was asked, as the seller reads it
REASONS: dict[str, Any] = {
    "prepaid": _("The buyer pays before shipment: there is nothing to bridge."),
    "opted_out": _("Your company has switched offers of finance off."),
    "paid": _("The invoice is paid already."),
    "due_too_soon": _("The invoice is due within a week."),
    "seller_not_verified": _(
        "Banks are shown verified sellers only. Have your registration verified, and later invoices get offers."
    ),
    "disputed": _("The deal is in dispute."),
    "no_bank": _("No bank is connected that finances invoices like this one."),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What decides about one invoice on one day."""

    on_credit: bool
    outstanding: Decimal
    due_on: date | None
    wants_offers: bool
    seller_verified: bool
    disputed: bool = False


def reason_against(facts: Facts, today: date) -> str:
    """Code of the first thing that speaks against asking any bank; empty where nothing does."""
    if not facts.on_credit or facts.due_on is None:
        return "prepaid"
    if not facts.wants_offers:
        return "opted_out"
    if facts.outstanding <= 0:
        return "paid"
    if facts.due_on < today + timedelta(days=FEWEST_DAYS):
        return "due_too_soon"
    if not facts.seller_verified:
        return "seller_not_verified"
    if facts.disputed:
        return "disputed"
    return ""


def unfit_for(capabilities: Mapping[str, Any], *, amount: Decimal, currency: str, days: int) -> str:
    """Why this bank would not finance it anyway, by what it says it can do; empty where it might."""
    limits = capabilities.get("currencies", {}).get(currency)
    if limits is None:
        return "currency"
    if not Decimal(limits["least"]) <= amount <= Decimal(limits["most"]):
        return "amount"
    shortest, longest = capabilities.get("days", (0, 0))
    return "" if shortest <= days <= longest else "days"
