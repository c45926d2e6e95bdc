"""The list of a company's orders: by side, state and words, in keyset pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from identity.actors import Actor
from kernel.ids import MalformedId, parse_public_id
from kernel.sheets import MOST_CSV
from orders.models import Order, OrderLine
from orders.models.orders import OrderQuerySet
from orders.queries.rows import COLUMNS
from orders.queries.waiting import KINDS
from orders.states import AWAITING_ANSWER, OrderState

PAGE_SIZE = 20
#: counts stop here and read "1,000+"
COUNTED_TO = 1000

#: kinds of work of which a home counts the orders, and leads here; by code
WAITS = {kind.code: kind for kind in KINDS if not kind.state}

SIDES = ("buying", "selling")
SORTS = ("newest", "oldest", "due")


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; unknown values fall back to the whole list."""

    side: str = "buying"
    state: str = ""
    words: str = ""
    sort: str = "newest"
    #: the other party, by the name in its address
    party: str = ""
    #: what the orders wait for, of `WAITS`, where no one state says it all
    waits: str = ""

    @property
    def column(self) -> str:
        return "buyer_id" if self.side == "buying" else "seller_id"

    @property
    def other(self) -> str:
        return "seller" if self.side == "buying" else "buyer"


@dataclass(frozen=True)
class Page:
    orders: list[Order]
    #: cursor of the following page; empty on the last one
    after: str


def page_of(actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE_SIZE) -> Page:
    """One page, one statement; a page deep in the list costs no more than the first."""
    found = _after(_sorted(matching(actor, filters), filters), filters, after).only(*COLUMNS)
    orders = list(found[: size + 1])
    more = len(orders) > size
    return Page(orders[:size], orders[size - 1].public_id if more else "")


def matching(actor: Actor, filters: Filters) -> OrderQuerySet:
    """The orders of one side of the acting company that fit the filters."""
    found = Order.objects.visible_to(actor).filter(**{filters.column: actor.company_id})
    found = found.defer("bill_to", "ship_to", "bank_instructions", "note", "close_reason")
    if filters.sort == "due":
        found = found.filter(state__in=AWAITING_ANSWER)
    if filters.party:
        found = found.filter(**{f"{filters.other}__slug": filters.party})
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.waits:
        which = WAITS[filters.waits].which
        waiting = f"SELECT id FROM orders_order WHERE {filters.column} = %s AND {which}"
        found = found.filter(pk__in=RawSQL(waiting, [actor.company_id]))
    if filters.words:
        words = filters.words.strip()
        found = found.filter(
            Q(reference__istartswith=words)
            | Q(reference__istartswith=f"SH-{words}")
            | Q(po_number__icontains=words)
        )
    return found


def counts_by_state(actor: Actor, filters: Filters) -> dict[str, int]:
    """How many orders are in each state, each counted up to 1,000: one statement that reads an index only."""
    part = (
        "(SELECT %s, count(*) FROM (SELECT 1 FROM orders_order "
        f"WHERE {filters.column} = %s AND state = %s LIMIT %s) AS bounded)"
    )
    parameters: list[Any] = []
    for state in OrderState.values:
        parameters += [state, actor.company_id, state, COUNTED_TO + 1]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(OrderState.values)), parameters)
        return {state: count for state, count in cursor.fetchall() if count}


def exported(actor: Actor, filters: Filters) -> Iterator[Order]:
    """All that fit the filters, as sorted, read as they are sent."""
    return _sorted(matching(actor, filters), filters)[: MOST_CSV + 1].iterator(chunk_size=500)


def lines_exported(actor: Actor, filters: Filters) -> Iterator[OrderLine]:
    """The lines of all orders that fit the filters, the newest order first."""
    lines = OrderLine.objects.filter(order__in=matching(actor, filters).only("pk")).select_related("order")
    ordered = lines.defer("packs", "order__bill_to", "order__ship_to").order_by("-order_id", "number")
    return ordered[: MOST_CSV + 1].iterator(chunk_size=500)


def _sorted(orders: OrderQuerySet, filters: Filters) -> OrderQuerySet:
    match filters.sort:
        case "oldest":
            return orders.order_by("id")
        case "due":
            return orders.order_by("respond_by", "id")
    return orders.order_by("-id")


def _after(orders: OrderQuerySet, filters: Filters, after: str) -> OrderQuerySet:
    """Behind the order that the last page ended with; from the beginning where there is no such order."""
    last = _place_of(after)
    if last is None or last[1] is None:
        return orders
    key, respond_by = last
    match filters.sort:
        case "oldest":
            return orders.filter(id__gt=key)
        case "due":
            return orders.filter(Q(respond_by__gt=respond_by) | Q(respond_by=respond_by, id__gt=key))
    return orders.filter(id__lt=key)


def _place_of(public_id: str) -> tuple[int, datetime | None] | None:
    try:
        uid = parse_public_id(Order.PREFIX, public_id)
    except MalformedId:
        return None
    return Order.objects.filter(uid=uid).values_list(F("id"), F("respond_by")).first()
