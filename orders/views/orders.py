"""The list of a company's orders, and its export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from catalog.services.reading import guarded
from identity.acting import CompanyRequest, for_company
from orders import queries
from orders.forms import FilterForm
from orders.models import Order
from orders.queries import COUNTED_TO, Filters
from orders.states import OrderState
from orders.views.rows import order_rows


@require_safe
@for_company
def orders(request: CompanyRequest) -> HttpResponse:
    """Buying or selling, by state, words and sort; the next page begins behind the last order of this one."""
    form, filters = _asked(request)
    now = timezone.now()
    page = queries.page_of(request.actor, filters, after=form.cursor())
    counts = queries.counts_by_state(request.actor, filters)
    context = {
        "filters": filters,
        "rows": order_rows(page.orders, filters, company=request.actor.company.slug, now=now),
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
    }
    return render(request, "orders/orders.html", context)


@require_safe
@for_company
def orders_export(request: CompanyRequest) -> HttpResponseBase:
    """What the filters show, as CSV that spreadsheets open as it is."""
    _form, filters = _asked(request)
    lines = _csv(queries.exported(request.actor, filters), timezone.get_current_timezone())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"orders-{filters.side}-{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
        "after": after,
    }
    return urlencode({name: value for name, value in chosen.items() if value})


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(orders: Iterator[Order], zone: tzinfo) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # tells spreadsheets that this is UTF-8
    yield writer.writerow(
        [
            _("Reference"),
            _("Placed"),
            _("State"),
            _("Buyer"),
            _("Seller"),
            _("Purchase order number"),
            _("Incoterm"),
            _("Currency"),
            _("Goods"),
            _("Freight"),
            _("Tax"),
            _("Total"),
            _("Paid"),
        ]
    )
    for order in orders:
        yield writer.writerow(
            [
                order.reference,
                f"{timezone.localtime(order.placed_at, zone):%Y-%m-%d %H:%M}",
                order.get_state_display(),
                guarded(order.buyer_party["legal_name"]),
                guarded(order.seller_party["legal_name"]),
                guarded(order.po_number),
                guarded(f"{order.incoterm} {order.incoterm_place}"),
                order.currency,
                f"{order.lines_total:.2f}",
                "" if order.freight is None else f"{order.freight:.2f}",
                f"{order.tax_total:.2f}",
                f"{order.total:.2f}",
                f"{order.amount_paid:.2f}",
            ]
        )
