"""Papers of an order: numbered once, versioned, rendered in three languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from documents.states import PaperKind, PaperLanguage, printed_number
from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow
from orders.models import Despatch, Order

if TYPE_CHECKING:
    from identity.actors import Actor


class PaperQuerySet(PublicQuerySet):
    def visible_to(self, actor: Actor) -> PaperQuerySet:
        """Papers of orders that the acting company buys or sells."""
        if actor.company_id is None:
            return self.none()
        return self.filter(Q(company_id=actor.company_id) | Q(buyer_id=actor.company_id))


class Paper(PublicRow):
    """A document with a number of its own. The seller issues it; the two parties may read it."""

    PREFIX = "pap"

    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    #: the seller, who issues it
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24, choices=PaperKind)
    despatch = models.ForeignKey(Despatch, models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    issued_on = models.DateField()
    created_at = models.DateTimeField()

    #: the latest version, on papers that `documents.queries` has read to be shown
    shown: PaperVersion

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "year", "number"], name="paper_number_once"),
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(despatch__isnull=True), name="paper_once_per_order"
            ),
            models.UniqueConstraint(
                fields=["despatch"], condition=Q(despatch__isnull=False), name="paper_once_per_despatch"
            ),
            models.CheckConstraint(
                condition=Q(kind=PaperKind.PACKING_LIST, despatch__isnull=False)
                | ~Q(kind=PaperKind.PACKING_LIST) & Q(despatch__isnull=True),
                name="paper_packing_list_has_despatch",
            ),
        ]
        indexes = [
            models.Index(fields=["order"], name="paper_of_order"),
            models.Index(fields=["company", "-issued_on", "-id"], name="paper_of_seller_by_day"),
            models.Index(fields=["buyer", "-issued_on", "-id"], name="paper_of_buyer_by_day"),
            # a buyer looks for a paper by its number
            models.Index(fields=["buyer", "kind", "year", "number"], name="paper_number_of_buyer"),
        ]

    def __str__(self) -> str:
        return self.printed_number

    @property
    def printed_number(self) -> str:
        """As it stands on the paper: INV-2026-00001."""
        return printed_number(self.kind, self.year, self.number)


class PaperVersion(models.Model):
    """The data of a paper as issued. A correction is a new version under the same number. Append-only."""

    append_only = True

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    #: everything that is printed, decimals as text; no reading of live rows when rendering
    data = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    #: on versions that `documents.queries` has read to be shown: each language's file, and whether all are there
    files: list[Any]
    is_ready: bool

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["paper", "version"], name="paper_version_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} v{self.version}"


class Rendition(PublicRow):
    """A version as PDF in one language."""

    PREFIX = "ren"

    version = models.ForeignKey(PaperVersion, models.PROTECT, related_name="renditions")
    language = models.CharField(max_length=10, choices=PaperLanguage)
    file = models.FileField(upload_to="papers/")
    #: SHA-256 of the file, hex
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    rendered_at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="rendition_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.language}"
