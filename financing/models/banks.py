"""Banks that are asked, what they said in signed messages, and who wants no offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, models

from identity.models import Company
from kernel.errors import NotFound
from kernel.models import PublicQuerySet, PublicRow
from kernel.prepared import fetch_prepared

if TYPE_CHECKING:
    from identity.actors import Actor


class BankQuerySet(PublicQuerySet):
    def standing(self) -> BankQuerySet:
        """Those that are asked."""
        return self.filter(ended_at__isnull=True)

    def of(self, actor: Actor) -> Bank:
        """The bank that the actor works for, of which little is read; `NotFound` for everybody else."""
        found = fetch_prepared(
            "SELECT id, company_id, code, simulated FROM financing_bank WHERE company_id = %s",
            [actor.company_id or 0],
        )
        if not found:
            raise NotFound
        return Bank.from_db(connection.alias, ("id", "company_id", "code", "simulated"), found[0])


class Bank(PublicRow):
    """A company that gives money against invoices. Its address and key stand in the settings under `code`."""

    PREFIX = "lnd"

    company = models.OneToOneField(Company, models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40, unique=True)
    #: a simulator, and said to be one wherever it is named
    simulated = models.BooleanField(default=False)
    #: what it said it can do: `{"currencies": {"SGD": {"least": "…", "most": "…"}}, "days": [7, 120]}`, amounts as text
    capabilities = models.JSONField(default=dict)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = BankQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class BankMessage(models.Model):
    """A signed message that a bank sent by itself and that was believed, so that none is believed twice. Append-only."""

    append_only = True

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="+")
    #: the sender's own
    message_id = models.CharField(max_length=80)
    #: SHA-256 of the body, hex
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "message_id"], name="bank_message_once")]

    def __str__(self) -> str:
        return f"{self.message_id} of {self.bank_id}"


class FinancePreference(models.Model):
    """Whether a seller's invoices are shown to banks. No row: they are."""

    company = models.OneToOneField(Company, models.PROTECT, related_name="+")
    wants_offers = models.BooleanField()
    changed_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.company_id}: {self.wants_offers}"
