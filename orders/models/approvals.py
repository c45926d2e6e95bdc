"""A company's own limit to what its buyers order alone, and the orders that wait for an approver because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow
from orders.models.orders import Order
from orders.states import ApprovalState

if TYPE_CHECKING:
    from identity.actors import Actor

#: days that approvers have, where the company says nothing else
DAYS = 7


class SpendingLimit(models.Model):
    """Orders over `amount` need an approver. Without an amount none do: the limit was lifted."""

    company = models.OneToOneField(Company, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3)
    #: how long a request waits before it lapses
    days = models.PositiveSmallIntegerField(default=DAYS)
    set_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="spending_limit_not_negative"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="spending_limit_waits_a_day"),
        ]

    def __str__(self) -> str:
        return f"limit of {self.company_id}"


class ApprovalQuerySet(PublicQuerySet):
    def visible_to(self, actor: Actor) -> ApprovalQuerySet:
        """What the acting company's own people have asked one another. The seller is never told."""
        if actor.company_id is None:
            return self.none()
        return self.filter(company_id=actor.company_id)


class Approval(PublicRow):
    """An order as its buyer wants it and saw it, until somebody decides. Its `uid` becomes the order's: one deal, one story."""

    PREFIX = "apr"

    #: the buyer
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.WAITING)
    #: `orders.services.OrderRequest` with the prices that were seen
    wanted = models.JSONField(encoder=DjangoJSONEncoder)
    #: `[{sku, name_en, name_zh, unit, quantity, unit_price, line_total}]` as seen, decimals as text
    lines = models.JSONField(encoder=DjangoJSONEncoder)
    currency = models.CharField(_("currency"), max_length=3)
    lines_total = models.DecimalField(max_digits=19, decimal_places=4)
    tax_total = models.DecimalField(max_digits=19, decimal_places=4)
    total = models.DecimalField(max_digits=19, decimal_places=4)
    #: the limit that it goes over, and the total in the limit's currency with the rate behind it
    limit_amount = models.DecimalField(max_digits=19, decimal_places=4)
    limit_currency = models.CharField(max_length=3)
    #: `{total, rate, on, source}`; empty where nothing had to be converted
    conversion = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    asked_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    #: an approval after it is refused even where the timer is late
    respond_by = models.DateTimeField()
    #: who approved, declined or took it back; nobody where it lapsed
    decided_by = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="+")

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApprovalState.values), name="approval_state_known"),
            models.CheckConstraint(
                condition=Q(state=ApprovalState.GIVEN, order__isnull=False)
                | ~Q(state=ApprovalState.GIVEN) & Q(order__isnull=True),
                name="approval_given_is_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state=ApprovalState.WAITING, decided_at__isnull=True)
                | ~Q(state=ApprovalState.WAITING) & Q(decided_at__isnull=False),
                name="approval_decided_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="approval_of_company"),
            models.Index(
                fields=["company", "respond_by"],
                name="approval_waiting",
                condition=Q(state=ApprovalState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_waiting(self) -> bool:
        return self.state == ApprovalState.WAITING
