"""Consents, and the bilingual terms that both sides sign."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from disputes.models.cases import Case
from disputes.states import Side, TermsState
from identity.models import Company, User
from kernel.models import PublicQuerySet, PublicRow


class Consent(models.Model):
    """What one side agreed to, tick by tick, to a text known by its hash. Append-only."""

    append_only = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="consents")
    side = models.CharField(max_length=1, choices=Side)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    mediation = models.BooleanField()
    #: any settlement may go to arbitration at SCIA to be recorded as an award
    arbitration = models.BooleanField()
    different_arbitrator = models.BooleanField()
    online = models.BooleanField()
    #: both languages; which one governs stands in the text
    language = models.BooleanField()
    data_transfer = models.BooleanField()
    #: which text, and SHA-256 of both its languages, hex
    text_version = models.CharField(max_length=20)
    text_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "side"], name="consent_once_per_side")]

    def __str__(self) -> str:
        return f"consent of {self.side} in {self.case_id}"


class Terms(PublicRow):
    """One text of the settlement. An edit makes the next one, and the signatures under this one void."""

    PREFIX = "trm"

    case = models.ForeignKey(Case, models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=TermsState, default=TermsState.DRAFT)
    #: en or zh-hans: which text holds where the two differ
    governing_language = models.CharField(max_length=8)
    #: SHA-256 of clauses and schedule, hex; fixed when locked
    text_hash = models.CharField(max_length=64, blank=True)
    drafted_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "terms"
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="terms_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=~Q(state=TermsState.VOID), name="terms_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TermsState.LOCKED, TermsState.SIGNED], locked_at__isnull=False)
                & ~Q(text_hash="")
                | Q(state__in=[TermsState.DRAFT, TermsState.VOID]),
                name="terms_locked_with_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"terms {self.version} of {self.case_id}"


class Clause(models.Model):
    """The same clause in both languages, with the same figures."""

    terms = models.ForeignKey(Terms, models.PROTECT, related_name="clauses")
    number = models.PositiveSmallIntegerField()
    text_en = models.TextField(max_length=4000)
    text_zh = models.TextField(max_length=4000)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["terms", "number"], name="clause_number_once")]

    def __str__(self) -> str:
        return f"clause {self.number} of {self.terms_id}"


class Instalment(models.Model):
    """What is paid, by whom, by when. `received_on`: the creditor saw it arrive."""

    terms = models.ForeignKey(Terms, models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    payer = models.CharField(max_length=1, choices=Side)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    #: the end of grace, counted when the settlement was signed; late only after it
    late_after = models.DateTimeField(null=True)
    received_on = models.DateField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "number"], name="instalment_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_positive"),
        ]

    def __str__(self) -> str:
        return f"instalment {self.number} of {self.terms_id}"


class Signature(models.Model):
    """One side signs one text. Append-only: a later text makes it void by standing under another hash."""

    append_only = True

    terms = models.ForeignKey(Terms, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=1, choices=Side)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: as the signatory wrote it
    name = models.CharField(max_length=120)
    text_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "side"], name="signature_once_per_side")]

    def __str__(self) -> str:
        return f"signature of {self.side} under {self.terms_id}"
