"""How offers look in lists and on pages: tones, and the columns of their files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from documents.states import printed_number
from financing.forms import FilterForm
from financing.models import Offer
from financing.queries import Filters, Line, Lines
from financing.states import OfferState
from kernel.ids import public_id
from kernel.naming import is_chinese
from kernel.sheets import Row, read_as, sheet_of
from kernel.templatetags.look import day, format_amount, relative, with_code

_HUNDREDTH = Decimal("0.01")
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


class OfferRow(NamedTuple):
    """The cells of an offer in a list: ready, escaped strings, so that a row costs a template next to nothing."""

    #: the invoice's number, which leads to the offer, and the order's
    invoice: SafeString
    party: SafeString
    status: SafeString
    net: SafeString
    cost: SafeString
    apr: SafeString
    #: when it was made; until when it stands, or when the money is due
    dates: SafeString


def list_context(
    form: FilterForm, found: Lines, *, address: str, company: str, now: datetime
) -> dict[str, Any]:
    """What the lists of seller and bank have in common. `address` is the name of the page of one offer."""
    filters, cursor = form.filters(), form.cursor()
    return {
        "offers": offer_rows(found.lines, address=address, company=company, now=now),
        "filters": filters,
        "states": OfferState.choices,
        "next_url": f"?{_query(filters, found.after)}" if found.after else "",
        "first_url": f"?{_query(filters)}" if cursor else "",
        "export_query": _query(filters),
    }


def offer_rows(lines: list[Line], *, address: str, company: str, now: datetime) -> list[OfferRow]:
    """`lines` for a reader of the active language."""
    base = reverse(address, kwargs={"company": company, "offer": "0"})[:-2]
    language = get_language() or "en"
    return [_offer_row(line, base, language, now) for line in lines]


def _offer_row(line: Line, base: str, language: str, now: datetime) -> OfferRow:
    first, second = (line.party_zh, line.party_en) if is_chinese() else (line.party_en, line.party_zh)
    number = printed_number(line.paper_kind, line.paper_year, line.paper_number)
    until = _until(line, now)
    return OfferRow(
        invoice=SafeString(
            f'<a class="mono" href="{base}{public_id(Offer.PREFIX, line.uid)}/">{number}</a>'
            f'<span class="table-sub mono">{escape(line.reference)}</span>'
        ),
        party=SafeString(escape(first or second)),
        status=_status(line.state, language),
        net=with_code(line.net_proceeds, line.currency),
        cost=SafeString(escape(format_amount(line.all_in_cost, line.currency))),
        apr=SafeString(f"{line.apr_percent.quantize(_HUNDREDTH, ROUND_HALF_UP)} %"),
        dates=SafeString(day(line.made_at) + (f'<span class="table-sub">{until}</span>' if until else "")),
    )


def _until(line: Line, now: datetime) -> str:
    if line.state == OfferState.OFFERED:
        return gettext("expires %(relative)s") % {"relative": relative(line.expires_at, now)}
    if line.state == OfferState.DISBURSED:
        return gettext("due %(day)s") % {"day": day(line.repay_on)}
    return ""


@cache
def _status(state: str, language: str) -> SafeString:
    """A state in words with its icon; `language` is that of the thread and keeps the languages apart in memory."""
    looks = {"label": OfferState(state).label, "tone": TONES[OfferState(state)]}
    return render_to_string("components/status.html", looks)


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
