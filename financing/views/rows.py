"""How offers look in lists and on pages: tones, and the columns of their files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from financing.forms import FilterForm
from financing.models import Offer
from financing.queries import Filters
from financing.states import OfferState
from kernel.sheets import Row, read_as, sheet_of

#: how states look; the word stands beside the colour
TONES = {
    OfferState.OFFERED: "brand",
    OfferState.ACCEPTED: "warning",
    OfferState.RESERVED: "info",
    OfferState.DISBURSED: "success",
    OfferState.REPAID: "success",
    OfferState.DECLINED: "danger",
    OfferState.EXPIRED: "danger",
    OfferState.WITHDRAWN: "",
    OfferState.DISPUTED: "warning",
}


def toned(offers: list[Offer]) -> list[Offer]:
    """Each with `tone`."""
    for offer in offers:
        offer.tone = TONES[OfferState(offer.state)]  # type: ignore[attr-defined]
    return offers


def list_context(form: FilterForm, offers: list[Offer], after: str) -> dict[str, Any]:
    """What the lists of seller and bank have in common."""
    filters, cursor = form.filters(), form.cursor()
    return {
        "offers": toned(offers),
        "filters": filters,
        "states": OfferState.choices,
        "next_url": f"?{_query(filters, after)}" if after else "",
        "first_url": f"?{_query(filters)}" if cursor else "",
        "export_query": _query(filters),
    }


def _query(filters: Filters, after: str = "") -> str:
    said = {"state": filters.state, "q": filters.words, "after": after}
    return urlencode({name: value for name, value in said.items() if value})


COLUMNS = (
    _("Order"),
    _("Invoice"),
    _("Seller"),
    _("Bank"),
    _("State"),
    _("Currency"),
    _("Invoice amount"),
    _("Advance"),
    _("Interest"),
    _("Fee"),
    _("All-in cost"),
    _("Yearly rate, %"),
    _("Paid out to you"),
    _("Repayment"),
    _("Offered"),
    _("Expires"),
)


def file_of(offers: Iterator[Offer], name: str, form: str) -> HttpResponseBase:
    """The offers of a list as CSV or XLSX."""
    return sheet_of(f"{name}-{timezone.localdate():%Y%m%d}", COLUMNS, read_as(offers, _row), form)


def _row(offer: Offer) -> Row:
    amounts = (offer.invoice_amount, offer.advance_amount, offer.interest, offer.fee, offer.all_in_cost)
    return (
        offer.order.reference,
        offer.paper.printed_number,
        offer.company.legal_name,
        offer.bank.company.legal_name,
        offer.get_state_display(),
        offer.currency,
        *(round(amount, 2) for amount in amounts),
        offer.apr_percent,
        round(offer.net_proceeds, 2),
        offer.repay_on,
        offer.made_at,
        offer.expires_at,
    )
