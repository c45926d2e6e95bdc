"""A settlement passed to the arbitration desk, and what came back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from disputes.models.cases import Case
from disputes.models.office import Official
from disputes.models.terms import Terms
from disputes.rules.returns import returned_in_words
from disputes.states import FilingState
from kernel.models import PublicQuerySet, PublicRow


class Filing(PublicRow):
    PREFIX = "fil"

    case = models.ForeignKey(Case, models.PROTECT, related_name="filings")
    terms = models.ForeignKey(Terms, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=FilingState, default=FilingState.QUEUED)
    filed_at = models.DateTimeField()
    #: exactly what is sent: open file, consents, outcome
    packet = models.JSONField()
    #: `[{name, zone, sha256}]`, which both sides read before and after
    manifest = models.JSONField()
    manifest_digest = models.CharField(max_length=64)
    #: the desk's own number of the filing
    reference = models.CharField(max_length=40, blank=True)
    times_asked = models.PositiveSmallIntegerField(default=0)
    award_number = models.CharField(max_length=40, blank=True)
    awarded_on = models.DateField(null=True)
    arbitrator = models.CharField(max_length=80, blank=True)
    #: a code of the desk's
    returned_for = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    #: why a person at the desk looks at it first, a code of the desk's; empty: the desk decides by itself
    held_for = models.CharField(max_length=40, blank=True)
    #: what the registrar decided on it: put before the arbitrator, or sent back
    admitted = models.BooleanField(null=True)
    examined_by = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    examined_at = models.DateTimeField(null=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~Q(state=FilingState.RETURNED), name="filing_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state=FilingState.AWARDED, awarded_on__isnull=False) & ~Q(award_number="")
                | ~Q(state=FilingState.AWARDED) & Q(award_number=""),
                name="filing_award_has_number",
            ),
            models.CheckConstraint(
                condition=Q(admitted=None, examined_by=None, examined_at=None)
                | Q(admitted__isnull=False, examined_by__isnull=False, examined_at__isnull=False)
                & ~Q(held_for=""),
                name="filing_examined_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["award_number"], condition=~Q(award_number=""), name="filing_award_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reference or f"filing of {self.case_id}"

    @property
    def returned_words(self) -> str:
        return returned_in_words(self.returned_for) if self.returned_for else ""

    @property
    def waits_for_registrar(self) -> bool:
        return bool(self.held_for) and self.admitted is None and self.state == FilingState.RECEIVED

    @property
    def idempotency_key(self) -> str:
        """The same however often it is sent."""
        return f"sme-hub-{self.public_id}"
