"""Where companies are paid, and changes of it that wait for a second person."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from identity.models.companies import Company
from identity.models.owned import LastingQuerySet, OwnedQuerySet
from identity.states import BankChangeState
from kernel.models import PublicRow


class BankAccount(PublicRow):
    """Where a seller is paid. Shown on bank instructions; the product moves no money."""

    PREFIX = "bnk"

    company = models.ForeignKey(Company, models.PROTECT, related_name="bank_accounts")
    currency = models.CharField(_("currency"), max_length=3)
    beneficiary = models.CharField(_("beneficiary"), max_length=160)
    bank_name = models.CharField(_("bank"), max_length=160)
    #: ISO 9362
    bic = models.CharField(_("SWIFT/BIC"), max_length=11)
    account_number = models.CharField(_("account number"), max_length=40)
    ended_at = models.DateTimeField(null=True)

    objects = LastingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=Q(ended_at__isnull=True),
                name="bank_account_per_currency",
            )
        ]

    def __str__(self) -> str:
        return f"{self.currency} account of {self.company_id}"


class BankAccountChange(PublicRow):
    """An account as one person wants it, until a second one confirms. What was in force stays in force meanwhile."""

    PREFIX = "bkc"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    beneficiary = models.CharField(_("beneficiary"), max_length=160)
    bank_name = models.CharField(_("bank"), max_length=160)
    bic = models.CharField(_("SWIFT/BIC"), max_length=11)
    account_number = models.CharField(_("account number"), max_length=40)
    state = models.CharField(max_length=10, choices=BankChangeState, default=BankChangeState.WAITING)
    #: nobody else of the company could confirm when it was asked for: an officer of the programme does
    by_office = models.BooleanField(default=False)
    asked_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    #: a confirmation after it is refused even where the timer is late
    respond_by = models.DateTimeField()
    #: who confirmed, declined or took it back; nobody where it lapsed
    decided_by = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    #: what came of it
    account = models.OneToOneField(BankAccount, models.PROTECT, null=True, related_name="+")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        permissions = [("confirm_bank_account", "Can confirm where a company of one person is paid")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "currency"],
                condition=Q(state=BankChangeState.WAITING),
                name="bank_change_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BankChangeState.values), name="bank_change_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=BankChangeState.CONFIRMED)
                | Q(account__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="bank_change_by_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state=BankChangeState.WAITING, decided_at__isnull=True)
                | ~Q(state=BankChangeState.WAITING) & Q(decided_at__isnull=False),
                name="bank_change_decided_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="bank_change_of_company")]

    def __str__(self) -> str:
        return f"{self.currency} account of {self.company_id}, {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == BankChangeState.WAITING

    def waits_at(self, now: datetime) -> bool:
        """Whether it can still be confirmed."""
        return self.is_waiting and now <= self.respond_by
