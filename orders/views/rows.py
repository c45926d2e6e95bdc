"""Rows of the list of orders as its template shows them: ready strings, so that a row costs a template next to nothing."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from html import escape
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from identity.actors import CompanyActor
from kernel.ids import public_id
from kernel.templatetags.look import day, with_code
from orders.models import Order
from orders.rules import next_step
from orders.states import OrderState

#: how states look; the word stands beside the colour
TONES = {
    OrderState.PLACED: "warning",
    OrderState.FREIGHT_OFFERED: "warning",
    OrderState.CONFIRMED: "brand",
    OrderState.PART_DESPATCHED: "info",
    OrderState.DESPATCHED: "info",
    OrderState.COMPLETED: "success",
    OrderState.REFUSED: "danger",
    OrderState.LAPSED: "danger",
    OrderState.CANCELLED: "danger",
}


class OrderRow(NamedTuple):
    """The cells of a row: ready HTML."""

    #: the reference as a link
    order: SafeString
    #: the buyer's number, below it
    po_number: SafeString
    side: str
    party: SafeString
    state: SafeString
    #: what comes next, and by when
    step: SafeString
    placed: str
    total: SafeString


def order_rows(orders: list[Order], actor: CompanyActor, now: datetime) -> list[OrderRow]:
    """The orders as the acting company sees them: which side it is on, and the other party's name."""
    language = get_language() or "en"
    address = reverse("order", kwargs={"company": actor.company.slug, "order": "ord"})
    return [_row(order, order.seller_id == actor.company_id, address, language, now) for order in orders]


def order_table(orders: list[Order], actor: CompanyActor, party: str, now: datetime) -> SafeString:
    """The body of the list's table; `party` heads the column of the other side's names."""
    labels = _labels(party, get_language() or "en")
    return SafeString("\n".join(labels % row for row in order_rows(orders, actor, now)))


@cache
def _labels(party: str, language: str) -> str:
    """A row with a gap for each cell of `OrderRow`, but the side, which the whole list shares. Phones show the labels."""
    state, step, placed, total = (
        escape(word).replace("%", "%%")
        for word in (gettext("State"), gettext("Next"), gettext("Placed"), gettext("Total"))
    )
    return (
        '<tr><td class="card-title">%s%s%.0s</td>'
        f'<td data-label="{escape(party)}">%s</td><td data-label="{state}">%s</td>'
        f'<td data-label="{step}"><span>%s</span></td><td class="date" data-label="{placed}">%s</td>'
        f'<td class="num" data-label="{total}"><span>%s</span></td></tr>'
    )


def _row(order: Order, sells: bool, address: str, language: str, now: datetime) -> OrderRow:
    party: dict[str, Any] = order.buyer_party if sells else order.seller_party
    step = next_step(order, now)
    url = address.replace("/ord/", f"/{public_id(Order.PREFIX, order.uid)}/")
    by = f'<span class="table-sub">{day(step.by)}</span>' if step.by else ""
    return OrderRow(
        order=SafeString(f'<a class="mono" href="{url}">{order.reference}</a>'),
        po_number=SafeString(
            f'<span class="table-sub">{escape(order.po_number)}</span>' if order.po_number else ""
        ),
        side=_side(sells, language),
        party=SafeString(escape(party_name(party, language))),
        state=_state(order.state, language),
        step=SafeString(f"{escape(str(step.words))}{by}"),
        placed=day(order.placed_at),
        total=with_code(order.total, order.currency),
    )


def party_name(party: dict[str, Any], language: str) -> str:
    """A party as the reader calls it, from the order's own snapshot."""
    first, second = ("name_zh", "name_en") if language.startswith("zh") else ("name_en", "name_zh")
    return str(party.get(first) or party.get(second) or party.get("legal_name", ""))


@cache
def _side(sells: bool, language: str) -> str:
    """`language` is that of the thread, as below."""
    return gettext("Sale") if sells else gettext("Purchase")


@cache
def _state(state: str, language: str) -> SafeString:
    """The word for a state in its colour; `language` is that of the thread and keeps the languages apart in memory."""
    looks = {"label": OrderState(state).label, "tone": TONES[OrderState(state)]}
    return render_to_string("components/status.html", looks)
