"""What waits in a company's orders, and the newest of them: for the home of its workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from identity.actors import CompanyActor
from identity.states import Role
from kernel.ids import public_id
from kernel.prepared import fetch_prepared
from orders.models import Approval, Order
from orders.queries.rows import SHOWN, orders_by, quoted
from orders.queries.turns import TO_PAY, TO_RECEIVE, TO_SEND
from orders.states import AWAITING_ANSWER, BINDING, OrderState

NEWEST = 6
#: counts stop here and read "1,000+"
COUNTED_TO = 1000


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Orders of one side that wait for the same act, by members in one of `roles`.

    `state` narrows the list of orders to them, where one state says it all.
    """

    code: str
    side: str
    roles: tuple[str, ...]
    #: a condition of SQL on `orders_order`
    which: str
    state: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many orders of a kind, which one is first, and until when it can be answered."""

    kind: Kind
    count: int
    first: str
    answer_by: datetime | None


@dataclass(frozen=True)
class ApprovalsWaiting:
    """Requests that can be decided still: how many, one of them, and until when the first can be."""

    count: int = 0
    first: str = ""
    answer_by: datetime | None = None


@dataclass(frozen=True)
class OrdersWaiting:
    waiting: list[Waiting]
    #: orders that await an answer or are under way
    open_sales: int
    open_purchases: int
    #: requests for this approver to decide; for buyers, those that others are to decide
    approvals: ApprovalsWaiting


_OPEN = f"state IN ({quoted(AWAITING_ANSWER | BINDING - {OrderState.COMPLETED})})"

KINDS = (
    Kind(
        code="answer",
        side="selling",
        roles=(Role.SELLER,),
        state=OrderState.PLACED,
        which="state = 'placed' AND respond_by > %(now)s",
    ),
    Kind(
        code="agree",
        side="buying",
        roles=(Role.BUYER,),
        state=OrderState.FREIGHT_OFFERED,
        which="state = 'freight_offered' AND respond_by > %(now)s",
    ),
    Kind(
        code="send",
        side="selling",
        roles=(Role.SELLER, Role.LOGISTICS),
        which=TO_SEND,
    ),
    Kind(
        code="receive",
        side="buying",
        roles=(Role.BUYER, Role.LOGISTICS),
        which=TO_RECEIVE,
    ),
    Kind(code="note_payment", side="selling", roles=(Role.FINANCE,), which=TO_PAY),
    Kind(code="pay", side="buying", roles=(Role.BUYER, Role.FINANCE), which=TO_PAY),
)
_COUNTED = (
    Kind(code="open_sales", side="selling", roles=(), which=_OPEN),
    Kind(code="open_purchases", side="buying", roles=(), which=_OPEN),
)
#: the number of rows, one of them, and the earliest moment by which one is to be answered
_BOUNDED = """SELECT '{code}', count(*), (array_agg(uid))[1], min(respond_by)
FROM (SELECT uid, respond_by FROM {table} WHERE {which} LIMIT %(most)s) AS bounded"""
#: where nothing is to be answered an index tells it all
_UNANSWERED = """SELECT '{code}', count(*), (array_agg(uid))[1], NULL::timestamptz
FROM (SELECT uid FROM orders_order WHERE {which} LIMIT %(most)s) AS bounded"""
_ONLY_COUNTED = """SELECT '{code}', count(*), NULL::uuid, NULL::timestamptz
FROM (SELECT 1 FROM orders_order WHERE {which} LIMIT %(most)s) AS bounded"""
_MINE = {"buying": "buyer_id = %(company)s", "selling": "seller_id = %(company)s"}
_NEWEST = " UNION ALL ".join(
    f"(SELECT {SHOWN} FROM orders_order WHERE {mine} ORDER BY id DESC LIMIT {NEWEST})"
    for mine in _MINE.values()
)
#: what waits for an approver, but for what this person asked for
_TO_DECIDE = "company_id = %(company)s AND state = 'waiting' AND respond_by > %(now)s"
_NOT_OWN = " AND asked_by_id <> %(user)s"


def orders_waiting(actor: CompanyActor, now: datetime) -> OrdersWaiting:
    """What this member can do something about, in the order of `KINDS`, and how many orders are open. One statement.

    Each kind is counted up to 1,001, so that a company of many orders pays no more than that.
    """
    kinds = tuple(kind for kind in KINDS if actor.may(*kind.roles))
    statement = _statement(kinds, actor.company.buys, actor.may(Role.APPROVER))
    asked = {"company": actor.company_id, "user": actor.user_id, "now": now, "most": COUNTED_TO + 1}
    found = {code: told for code, *told in fetch_prepared(statement, asked)}
    waiting = [_waiting(kind, *found[kind.code]) for kind in kinds if found[kind.code][0]]
    sales, purchases = (found[kind.code][0] for kind in _COUNTED)
    return OrdersWaiting(waiting, sales, purchases, _approvals_waiting(*found.get("approvals", ())))


def _waiting(kind: Kind, count: int, uid: UUID, respond_by: datetime | None) -> Waiting:
    return Waiting(kind, count, public_id(Order.PREFIX, uid), respond_by)


@cache
def _statement(kinds: tuple[Kind, ...], buys: bool, approves: bool) -> str:
    parts = [_part(_BOUNDED if kind.state else _UNANSWERED, kind) for kind in kinds]
    parts += [_part(_ONLY_COUNTED, kind) for kind in _COUNTED]
    if buys:
        which = _TO_DECIDE + (_NOT_OWN if approves else "")
        parts.append(_BOUNDED.format(code="approvals", table="orders_approval", which=which))
    return " UNION ALL ".join(parts)


def _part(statement: str, kind: Kind) -> str:
    return statement.format(
        code=kind.code, table="orders_order", which=f"{_MINE[kind.side]} AND {kind.which}"
    )


def newest_orders(actor: CompanyActor) -> list[Order]:
    """The newest orders of both sides. One statement, which walks the index of each side."""
    found = orders_by(_NEWEST, {"company": actor.company_id})
    return sorted(found, key=lambda order: -order.pk)[:NEWEST]


def _approvals_waiting(
    count: int = 0, uid: UUID | None = None, respond_by: datetime | None = None
) -> ApprovalsWaiting:
    return ApprovalsWaiting(count, public_id(Approval.PREFIX, uid) if uid else "", respond_by)
