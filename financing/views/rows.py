"""How offers look in lists and on pages: tones, and the CSV that spreadsheets open as it is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from financing.forms import FilterForm
from financing.models import Offer
from financing.queries import Filters
from financing.states import OfferState
from kernel.sheets import guarded

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


def csv_answer(offers: Iterator[Offer], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_csv(offers), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y%m%d}.csv"'
    return response


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(offers: Iterator[Offer]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # tells spreadsheets that this is UTF-8
    yield writer.writerow(
        [
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
        ]
    )
    for offer in offers:
        yield writer.writerow(_row(offer))


def _row(offer: Offer) -> list[str]:
    amounts = (offer.invoice_amount, offer.advance_amount, offer.interest, offer.fee, offer.all_in_cost)
    return [
        offer.order.reference,
        offer.paper.printed_number,
        guarded(offer.company.legal_name),
        guarded(offer.bank.company.legal_name),
        offer.get_state_display(),
        offer.currency,
        *(f"{amount:.2f}" for amount in amounts),
        f"{offer.apr_percent:.3f}",
        f"{offer.net_proceeds:.2f}",
        offer.repay_on.isoformat(),
        f"{timezone.localtime(offer.made_at):%Y-%m-%d %H:%M}",
        f"{timezone.localtime(offer.expires_at):%Y-%m-%d %H:%M}",
    ]
