"""What a company's buyers may order alone, and the orders that wait for an approver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from catalog.queries.prices import todays_rates
from identity.actors import CompanyActor
from identity.states import Role
from kernel.ids import MalformedId, parse_public_id, public_id
from kernel.money import round_money
from kernel.prepared import fetch_prepared
from kernel.sheets import MOST_CSV
from orders.models import Approval, Order, SpendingLimit
from orders.models.approvals import ApprovalQuerySet
from orders.states import ApprovalState
from tariffs.queries import Conversion, NoRate

PAGE_SIZE = 20
#: requests named on a home, and earlier orders beside a request
FEW = 6


@dataclass(frozen=True)
class ToGive:
    """A request that waits for an approver, as a home names it."""

    public_id: str
    respond_by: datetime
    total: Decimal
    currency: str
    asked_by: str
    #: registered, English and Chinese name
    seller: tuple[str, ...]


@dataclass(frozen=True)
class Excess:
    """Why an order needs an approver: the limit, and what the order comes to in the limit's currency.

    `total` is None where no rate is stored to tell: then it needs one as well.
    """

    limit: SpendingLimit
    amount: Decimal
    total: Decimal | None
    conversion: Conversion | None = None


@dataclass(frozen=True, kw_only=True)
class SeenLine:
    """A line of a request as its buyer saw it."""

    sku: str
    name_en: str
    name_zh: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    line_total: Decimal


@dataclass(frozen=True)
class ApprovalPage:
    approvals: list[Approval]
    #: cursor of the following page; empty on the last one
    after: str


def limit_of(actor: CompanyActor) -> SpendingLimit | None:
    """The acting company's limit, lifted ones too; None where it never set one. One statement."""
    return SpendingLimit.objects.filter(company_id=actor.company_id).first()


def excess_of(buyer: CompanyActor, total: Decimal, currency: str, as_of: date) -> Excess | None:
    """How an order of this total goes over what `buyer` may order alone; None where it does not, and for approvers.

    One statement, two with a stored, dated rate.
    """
    if buyer.may(Role.APPROVER):
        return None
    limit = limit_of(buyer)
    if limit is None or limit.amount is None:
        return None
    if limit.currency == currency:
        return Excess(limit, limit.amount, total) if total > limit.amount else None
    try:
        conversion = todays_rates(as_of).convert(total, currency, limit.currency)
    except NoRate:
        return Excess(limit, limit.amount, None)
    converted = round_money(conversion.amount, limit.currency)
    return Excess(limit, limit.amount, converted, conversion) if converted > limit.amount else None


def approvals_of(
    actor: CompanyActor, *, decided: bool = False, after: str = "", size: int = PAGE_SIZE
) -> ApprovalPage:
    """One page of the acting company's requests that wait, or of those that wait no longer; the newest first."""
    found = matching_approvals(actor, decided=decided)
    last = _key_of(after)
    if last is not None:
        found = found.filter(id__lt=last)
    page = list(found[: size + 1])
    return ApprovalPage(page[:size], page[size - 1].public_id if len(page) > size else "")


def matching_approvals(actor: CompanyActor, *, decided: bool) -> ApprovalQuerySet:
    """Those that wait, or those that wait no longer, with whom they are about."""
    found = Approval.objects.visible_to(actor).select_related("seller", "asked_by", "decided_by", "order")
    waiting = {"state": ApprovalState.WAITING}
    found = found.exclude(**waiting) if decided else found.filter(**waiting)
    return found.defer("wanted", "lines").order_by("-id")


def approvals_exported(actor: CompanyActor, *, decided: bool) -> Iterator[Approval]:
    """All of them, read as they are sent."""
    return matching_approvals(actor, decided=decided)[: MOST_CSV + 1].iterator(chunk_size=500)


def approval_of(actor: CompanyActor, approval: str) -> Approval:
    """One request in full; `NotFound` for other companies. One statement."""
    found: Approval = (
        Approval.objects.visible_to(actor)
        .select_related("company", "seller", "asked_by", "decided_by", "order")
        .fetch(approval)
    )
    return found


_TO_GIVE = f"""
SELECT approval.uid, approval.respond_by, approval.total, approval.currency, coalesce(nullif(asker.name, ''), asker.email),
    seller.legal_name, seller.name_en, seller.name_zh
FROM orders_approval AS approval
JOIN identity_company AS seller ON seller.id = approval.seller_id
JOIN identity_user AS asker ON asker.id = approval.asked_by_id
WHERE approval.company_id = %s AND approval.state = 'waiting' AND approval.respond_by > %s AND approval.asked_by_id <> %s
ORDER BY approval.respond_by, approval.id LIMIT {FEW}
"""


def approvals_to_give(actor: CompanyActor, now: datetime) -> list[ToGive]:
    """The first requests that this approver can decide, the most urgent first. One statement."""
    return [
        ToGive(public_id(Approval.PREFIX, uid), respond_by, total, currency, asker, tuple(seller))
        for uid, respond_by, total, currency, asker, *seller in fetch_prepared(
            _TO_GIVE, [actor.company_id, now, actor.user_id]
        )
    ]


def approval_in_brief(approval_id: int) -> Approval:
    """As it is now, for a handler. No actor: the caller decides who is told what."""
    found: Approval = Approval.objects.select_related(
        "company", "seller", "asked_by", "decided_by", "order"
    ).get(pk=approval_id)
    return found


def approval_behind(actor: CompanyActor, deal: UUID) -> Approval | None:
    """The request that an order of the acting company came from. One statement."""
    found = Approval.objects.visible_to(actor).filter(uid=deal)
    return found.select_related("asked_by", "decided_by").first()


def lines_seen(approval: Approval) -> list[SeenLine]:
    """What was asked for, decimals as such."""
    return [
        SeenLine(
            sku=line["sku"],
            name_en=line["name_en"],
            name_zh=line["name_zh"],
            unit=line["unit"],
            quantity=Decimal(line["quantity"]),
            unit_price=Decimal(line["unit_price"]),
            line_total=Decimal(line["line_total"]),
        )
        for line in approval.lines
    ]


def earlier_orders(approval: Approval) -> list[Order]:
    """The last orders that the company placed with this seller. One statement."""
    placed: Any = Order.objects.filter(buyer_id=approval.company_id, seller_id=approval.seller_id)
    return list(placed.defer("bill_to", "ship_to", "bank_instructions").order_by("-id")[:FEW])


def _key_of(public_id: str) -> int | None:
    try:
        uid = parse_public_id(Approval.PREFIX, public_id)
    except MalformedId:
        return None
    return Approval.objects.filter(uid=uid).values_list("pk", flat=True).first()
