"""An order: one buyer, one seller, one currency, and a snapshot of everything that was agreed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow
from orders.states import AWAITING_ANSWER, BINDING, OrderState, PaymentTerms

if TYPE_CHECKING:
    from identity.actors import Actor


#: orders that bind both parties and are not paid in full
OWED_AND_BINDING = Q(amount_paid__lt=F("total"), state__in=sorted(BINDING))


class OrderQuerySet(PublicQuerySet):
    def visible_to(self, actor: Actor) -> OrderQuerySet:
        """Orders that the acting company buys or sells."""
        if actor.company_id is None:
            return self.none()
        return self.filter(Q(buyer_id=actor.company_id) | Q(seller_id=actor.company_id))


class Order(PublicRow):
    PREFIX = "ord"

    #: what people write on a bank transfer, e.g. SH-7K2M9-QXD4T
    reference = models.CharField(_("reference"), max_length=16, unique=True)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=OrderState, default=OrderState.PLACED)
    currency = models.CharField(_("currency"), max_length=3)
    #: Incoterms 2020
    incoterm = models.CharField(_("Incoterm"), max_length=3)
    incoterm_place = models.CharField(_("named place"), max_length=80)
    po_number = models.CharField(_("your purchase order number"), max_length=60, blank=True)
    requested_date = models.DateField(_("requested date"), null=True, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=8, choices=PaymentTerms)
    note = models.CharField(_("note to the seller"), max_length=1000, blank=True)
    #: snapshots: `identity.Address.snapshot()`
    bill_to = models.JSONField()
    ship_to = models.JSONField()
    #: snapshots: registered name, English and Chinese names, registration number, country, city
    buyer_party = models.JSONField()
    seller_party = models.JSONField()
    #: snapshot of the seller's account for this currency, empty when there is none
    bank_instructions = models.JSONField(default=dict)

    #: sums of rounded lines, in `currency`
    lines_total = models.DecimalField(max_digits=19, decimal_places=4)
    #: null: not asked for; the seller may offer one where the Incoterm has the seller carry the goods
    freight = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    tax_total = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    total = models.DecimalField(max_digits=19, decimal_places=4)

    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    #: until when the awaited answer counts; an act after it is refused even where the timer is late
    respond_by = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    #: fixed when confirmed, for orders on credit; the invoice and every page read it here
    payment_due_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=500, blank=True)
    paid_at = models.DateTimeField(null=True)
    amount_paid = models.DecimalField(max_digits=19, decimal_places=4, default=0)
    #: what holds payment (the uid of a case), and since when; nothing is recorded as paid meanwhile
    held_by = models.UUIDField(null=True)
    held_since = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
            models.CheckConstraint(condition=~Q(buyer=F("seller")), name="order_between_two"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(AWAITING_ANSWER)) | Q(respond_by__isnull=False),
                name="order_awaited_until",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        OrderState.CONFIRMED,
                        OrderState.PART_DESPATCHED,
                        OrderState.DESPATCHED,
                        OrderState.COMPLETED,
                    ],
                    confirmed_at__isnull=False,
                )
                | ~Q(
                    state__in=[
                        OrderState.CONFIRMED,
                        OrderState.PART_DESPATCHED,
                        OrderState.DESPATCHED,
                        OrderState.COMPLETED,
                    ]
                ),
                name="order_confirmed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, amount_paid__gte=0), name="order_amounts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(held_by__isnull=True, held_since__isnull=True)
                | Q(held_by__isnull=False, held_since__isnull=False),
                name="order_held_since_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="order_of_buyer"),
            models.Index(fields=["seller", "-id"], name="order_of_seller"),
            models.Index(fields=["seller", "state", "-id"], name="order_of_seller_by_state"),
            models.Index(fields=["buyer", "state", "-id"], name="order_of_buyer_by_state"),
            # what is owed is a small part of a year's orders; counting it does not visit them
            models.Index(
                fields=["seller", "payment_due_on"],
                include=["uid", "held_since"],
                name="order_owed_to_seller",
                condition=OWED_AND_BINDING,
            ),
            models.Index(
                fields=["buyer", "payment_due_on"],
                include=["uid", "held_since"],
                name="order_owed_by_buyer",
                condition=OWED_AND_BINDING,
            ),
            # purchase order numbers are looked for by how they begin
            models.Index(
                OpClass(Upper("po_number"), name="text_pattern_ops"),
                name="order_po_number",
                condition=~Q(po_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def outstanding(self) -> Decimal:
        """What is not yet paid, in the order's currency."""
        return self.total - self.amount_paid

    @property
    def is_paid(self) -> bool:
        return self.outstanding <= 0

    @property
    def is_held(self) -> bool:
        """Whether payment is held while something about the order is being settled."""
        return self.held_by is not None

    @property
    def parties(self) -> tuple[int, int]:
        """The companies that may know of this order: the audience of its events."""
        return self.buyer_id, self.seller_id

    def answer_is_late(self, now: datetime) -> bool:
        """Whether an answer is awaited and its deadline has passed: the deadline decides, not the timer."""
        return self.state in AWAITING_ANSWER and self.respond_by is not None and now > self.respond_by


class OrderLine(models.Model):
    """What was agreed about one product, as it stood then."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    sku = models.CharField(max_length=60)
    name_en = models.CharField(max_length=160, blank=True)
    name_zh = models.CharField(max_length=160, blank=True)
    hs6 = models.CharField(max_length=6, blank=True)
    hs_sg8 = models.CharField(max_length=8, blank=True)
    hs_cn10 = models.CharField(max_length=10, blank=True)
    origin = models.CharField(max_length=2)
    unit = models.CharField(max_length=3)
    #: quantities step by this many base units
    step = models.DecimalField(max_digits=18, decimal_places=6, default=1)
    #: `[{code, contains, length_mm, width_mm, height_mm, gross_kg}]`, decimals as text
    packs = models.JSONField(default=list)
    #: net weight of one base unit in kilograms, where the seller stated it
    net_kg = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    #: the tier that gave the price
    tier_min_quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit_price = models.DecimalField(max_digits=19, decimal_places=6)
    #: where the seller set no price in the order's currency: the rate, its date and source
    conversion = models.JSONField(default=dict)
    line_total = models.DecimalField(max_digits=19, decimal_places=4)
    #: sums of despatch and receipt lines, kept by their verbs
    despatched = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    received = models.DecimalField(max_digits=18, decimal_places=6, default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="order_line_number_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, unit_price__gt=0), name="order_line_positive"),
            models.CheckConstraint(
                condition=Q(despatched__lte=F("quantity"), received__lte=F("despatched"), received__gte=0),
                name="order_line_received_after_despatch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"


class OrderTax(models.Model):
    """A tax line; zero is allowed and says why (a zero-rated export)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="taxes")
    #: e.g. GST, VAT
    code = models.CharField(max_length=10)
    category = models.CharField(max_length=10)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    base = models.DecimalField(max_digits=19, decimal_places=4)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "order taxes"
        constraints = [models.UniqueConstraint(fields=["order", "code"], name="order_tax_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.percent} % of {self.order_id}"
