"""The list of a company's orders, and its export."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from identity.acting import CompanyRequest, for_company
from kernel.sheets import read_as, sheet_of
from orders import queries
from orders.forms import FilterForm
from orders.queries import COUNTED_TO, Filters
from orders.states import OrderState
from orders.views import exporting
from orders.views.rows import order_table

#: what a list is narrowed to, as homes lead to it
WAITING_FOR = {
    "send": gettext_lazy("To ship"),
    "receive": gettext_lazy("To count on arrival"),
    "note_payment": gettext_lazy("Payments to look for"),
    "pay": gettext_lazy("To pay"),
}


@require_safe
@for_company
def orders(request: CompanyRequest) -> HttpResponse:
    """Buying or selling, by state, words and sort; the next page begins behind the last order of this one."""
    form, filters = _asked(request)
    now = timezone.now()
    page = queries.page_of(request.actor, filters, after=form.cursor())
    party = _("Seller") if filters.side == "buying" else _("Buyer")
    counts = queries.counts_by_state(request.actor, filters)
    context = {
        "filters": filters,
        "rows": order_table(page.orders, request.actor, party, now),
        "party": party,
        "states": _state_tabs(filters, counts),
        "next_url": f"?{_query(filters, after=page.after)}" if page.after else "",
        "first_url": f"?{_query(filters)}" if form.cursor() else "",
        "sides": [("buying", _("Buying")), ("selling", _("Selling"))],
        "sorts": [
            ("newest", pgettext("orders", "Newest first")),
            ("oldest", pgettext("orders", "Oldest first")),
            ("due", _("Answer due first")),
        ],
        "export_query": _query(filters),
        "without_party": f"?{_query(replace(filters, party=''))}",
        "party_name": _party_name(page.orders, filters),
        "without_waits": f"?{_query(replace(filters, waits=''))}",
        "waits_for": WAITING_FOR.get(filters.waits, ""),
    }
    return render(request, "orders/orders.html", context)


@require_safe
@for_company
def orders_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """What the filters show, as CSV or XLSX that spreadsheets open as it is."""
    _form, filters = _asked(request)
    rows = read_as(queries.exported(request.actor, filters), exporting.order_row)
    return sheet_of(_file_name("orders", filters), exporting.ORDER_COLUMNS, rows, form)


@require_safe
@for_company
def order_lines_export(request: CompanyRequest, form: str) -> HttpResponseBase:
    """The lines of the orders that the filters show."""
    _form, filters = _asked(request)
    rows = read_as(queries.lines_exported(request.actor, filters), exporting.line_row)
    return sheet_of(_file_name("order-lines", filters), exporting.LINE_COLUMNS, rows, form)


def _file_name(what: str, filters: Filters) -> str:
    return f"{what}-{filters.side}-{timezone.localdate():%Y%m%d}"


def _party_name(orders: list[Any], filters: Filters) -> str:
    """As its orders write it; as its address does where the page holds none."""
    parties = (order.seller_party if filters.side == "buying" else order.buyer_party for order in orders)
    return str(next((party["legal_name"] for party in parties), filters.party)) if filters.party else ""


def _asked(request: CompanyRequest) -> tuple[FilterForm, Filters]:
    form = FilterForm(request.GET)
    sells_only = request.actor.company.sells and not request.actor.company.buys
    return form, form.filters(otherwise="selling" if sells_only else "buying")


def _state_tabs(filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    """All states that hold orders, and the one that is chosen."""
    total = sum(counts.values())
    tabs = [
        {
            "label": _("All"),
            "count": _count(total),
            "url": f"?{_query(filters, state='')}",
            "on": not filters.state,
        }
    ]
    for state in OrderState:
        if state in counts or state == filters.state:
            tabs.append(
                {
                    "label": state.label,
                    "count": _count(counts.get(state, 0)),
                    "url": f"?{_query(filters, state=state)}",
                    "on": filters.state == state,
                }
            )
    return tabs


def _count(number: int) -> str:
    return f"{COUNTED_TO:,}+" if number > COUNTED_TO else f"{number:,}"


def _query(filters: Filters, *, state: str | None = None, after: str = "") -> str:
    """The address of the same list with another state or further on."""
    chosen = {
        "side": filters.side,
        "state": filters.state if state is None else state,
        "q": filters.words,
        "sort": filters.sort if filters.sort != "newest" else "",
        "with": filters.party,
        "waits": filters.waits,
        "after": after,
    }
    return urlencode({name: value for name, value in chosen.items() if value})
