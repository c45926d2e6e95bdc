"""What was asked of the banks about an invoice, and what they offered."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from documents.models import Paper, PaperVersion
from financing.models.banks import Bank
from financing.rules.refusals import refused_in_words
from financing.states import TAKEN, CloseCode, OfferState, Recourse, Verdict
from identity.models import Company
from identity.models.owned import OwnedQuerySet
from kernel.models import PublicQuerySet, PublicRow
from orders.models import Order

if TYPE_CHECKING:
    from identity.actors import Actor

MONEY: dict[str, Any] = {"max_digits": 19, "decimal_places": 4}


class OfferRequest(PublicRow):
    """One round of asking about one invoice: what the banks were shown, or why none was asked."""

    PREFIX = "frq"

    #: the seller
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="+")
    #: 1 when the invoice was issued; one more each time the seller asks again
    round = models.PositiveSmallIntegerField(default=1)
    #: why no bank was asked, empty where they were (`rules.eligibility.REASONS`)
    reason = models.CharField(max_length=40, blank=True)
    #: the pack that the banks were shown
    evidence = models.JSONField(default=dict)
    #: the same, signed (JWS, compact)
    evidence_jws = models.TextField(blank=True)
    #: SHA-256 of the signed pack, hex
    digest = models.CharField(max_length=64, blank=True)
    #: by bank: `{"bank": code, "outcome": "offered" | "declined" | "silent" | "malformed" | "unfit", "code": …}`
    outcomes = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    #: null while the banks are being asked again
    answered_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "round"], name="offer_request_round_once"),
            models.UniqueConstraint(
                fields=["paper"], condition=Q(answered_at__isnull=True), name="offer_request_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["order"], name="offer_request_of_order"),
            models.Index(fields=["company", "-id"], name="offer_request_of_seller"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} round {self.round}"


class OfferQuerySet(PublicQuerySet):
    def visible_to(self, actor: Actor) -> OfferQuerySet:
        """Offers made to the acting company, and those that the acting bank made. The buyer sees none."""
        if actor.company_id is None:
            return self.none()
        return self.filter(Q(company_id=actor.company_id) | Q(bank__company_id=actor.company_id))


class Offer(PublicRow):
    """What one bank would pay now for one invoice. Every figure is the bank's own."""

    PREFIX = "fof"

    request = models.ForeignKey(OfferRequest, models.PROTECT, related_name="offers")
    #: the seller
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    #: whether the bank is bound by it; an indicative one is looked at by an officer after it is accepted
    firm = models.BooleanField()
    #: the bank's names for its quotation and, once accepted, for the money
    quote_ref = models.CharField(max_length=80)
    facility_ref = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3)
    invoice_amount = models.DecimalField(**MONEY)
    #: of the invoice
    advance_percent = models.DecimalField(max_digits=6, decimal_places=3)
    advance_amount = models.DecimalField(**MONEY)
    interest = models.DecimalField(**MONEY)
    fee = models.DecimalField(**MONEY)
    #: interest and fee: nothing else is charged
    all_in_cost = models.DecimalField(**MONEY)
    #: the advance less the cost
    net_proceeds = models.DecimalField(**MONEY)
    #: the whole cost as a yearly rate on what is paid out (`rules.figures.apr`)
    apr_percent = models.DecimalField(max_digits=9, decimal_places=3)
    recourse = models.CharField(max_length=4, choices=Recourse)
    repay_on = models.DateField()
    #: the net proceeds in the other party's currency, at a stored, dated rate; empty where none was to be had
    other_currency = models.CharField(max_length=3, blank=True)
    other_net_proceeds = models.DecimalField(null=True, **MONEY)
    other_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    other_rate_on = models.DateField(null=True)
    other_rate_source = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    #: the deadline decides, not the timer
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    #: the seller's account as it was when it was accepted (`identity.queries.bank_instructions`): where the bank pays
    payee = models.JSONField(default=dict)
    #: what the registry said when it was accepted
    verdict = models.CharField(max_length=9, choices=Verdict, blank=True)
    reserved_at = models.DateTimeField(null=True)
    disbursed_at = models.DateTimeField(null=True)
    repaid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_code = models.CharField(max_length=20, choices=CloseCode, blank=True)
    #: what the bank was last asked to do and has not answered (`states.Ask`)
    awaiting = models.CharField(max_length=10, blank=True)
    #: the bank's code for why it did not do what it was last asked
    refusal = models.CharField(max_length=60, blank=True)
    #: when the bank was last heard of
    heard_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state_known"),
            models.UniqueConstraint(fields=["bank", "quote_ref"], name="offer_quote_once"),
            models.UniqueConstraint(
                fields=["paper"], condition=Q(state__in=sorted(TAKEN)), name="offer_one_per_invoice"
            ),
            models.CheckConstraint(
                condition=Q(
                    invoice_amount__gt=0,
                    advance_amount__gt=0,
                    advance_amount__lte=F("invoice_amount"),
                    interest__gte=0,
                    fee__gte=0,
                    net_proceeds__gt=0,
                    all_in_cost=F("interest") + F("fee"),
                    net_proceeds=F("advance_amount") - F("all_in_cost"),
                ),
                name="offer_figures_agree",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(TAKEN)) | Q(accepted_at__isnull=False) & ~Q(verdict=""),
                name="offer_accepted_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[OfferState.DISBURSED, OfferState.REPAID])
                | Q(disbursed_at__isnull=False) & ~Q(facility_ref=""),
                name="offer_disbursed_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="offer_of_seller"),
            models.Index(fields=["bank", "-id"], name="offer_of_bank"),
            # a bank's home counts its files by state, and their list is narrowed to one
            models.Index(fields=["bank", "state", "-id"], name="offer_of_bank_by_state"),
            models.Index(fields=["order"], name="offer_of_order"),
            models.Index(
                fields=["heard_at"],
                name="offer_to_poll",
                condition=Q(state__in=[OfferState.ACCEPTED, OfferState.RESERVED, OfferState.DISBURSED]),
            ),
        ]

    @property
    def refusal_words(self) -> str:
        return refused_in_words(self.refusal) if self.refusal else ""

    def __str__(self) -> str:
        return f"{self.currency} {self.net_proceeds} of {self.bank_id}"

    def stands_at(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.state == OfferState.OFFERED and now <= self.expires_at

    @property
    def rest(self) -> Decimal:
        """What the seller gets when the buyer has paid."""
        return self.invoice_amount - self.advance_amount
