"""What a company's buyers may order alone: its owner says so, and every order is held against it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import Actor, CompanyActor, require_person
from identity.states import Role
from kernel.errors import Refused
from kernel.money import CURRENCIES, round_money
from kernel.services import record
from orders.events import SpendingLimitSet
from orders.models import SpendingLimit
from orders.models.approvals import DAYS
from orders.queries.approvals import Excess, excess_of
from orders.rules.lines import MOST_MONEY
from orders.services.checking import UnknownCurrency

#: days that an owner may give approvers
MOST_DAYS = 60


class NotALimit(Refused):
    code = "limit.not_an_amount"
    message = _("Give an amount of 0 or more with at most two decimals, or none for no limit.")
    field = "amount"


class NotDays(Refused):
    code = "limit.not_days"
    message = _("Give approvers 1 to %(most)s days.")
    field = "days"


class ApprovalNeeded(Refused):
    """An order over the company's limit, by somebody who is no approver."""

    code = "order.approval_needed"
    message = _(
        "Orders over %(limit)s %(currency)s need an approver of your company. Ask for approval at the checkout of the "
        "workspace, or let an approver place this order."
    )
    status = 403


@transaction.atomic
def set_spending_limit(
    *, actor: Actor, amount: Decimal | None, currency: str, days: int = DAYS, now: datetime
) -> SpendingLimit:
    """Let orders over `amount` need an approver from now on, who has `days` days; None lifts the limit. For owners.

    What waits already keeps its own deadline, and is decided as it was asked.
    """
    owner = require_person(actor, Role.OWNER)
    if currency not in CURRENCIES:
        raise UnknownCurrency
    if amount is not None:
        _check_amount(amount, currency)
    if not 1 <= days <= MOST_DAYS:
        raise NotDays(most=MOST_DAYS)
    said = {"amount": amount, "currency": currency, "days": days}
    limit, _created = SpendingLimit.objects.update_or_create(
        company_id=owner.company_id, defaults={**said, "set_by_id": owner.user_id, "set_at": now}
    )
    event = SpendingLimitSet(amount=amount, currency=currency, days=days)
    record(event, actor=owner, now=now, audience=[owner.company_id])
    return limit


def check_limit(buyer: CompanyActor, total: Decimal, currency: str, now: datetime) -> None:
    """Raises `ApprovalNeeded` where `buyer` may not commit the company to this much alone."""
    excess = excess_of(buyer, total, currency, timezone.localdate(now))
    if excess is not None:
        raise approval_needed(excess)


def approval_needed(excess: Excess) -> ApprovalNeeded:
    return ApprovalNeeded(limit=f"{excess.amount:,.2f}", currency=excess.limit.currency)


def _check_amount(amount: Decimal, currency: str) -> None:
    if not amount.is_finite() or not 0 <= amount < MOST_MONEY or amount != round_money(amount, currency):
        raise NotALimit
