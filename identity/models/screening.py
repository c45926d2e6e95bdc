"""Lists that companies are compared with: where they come from, dated copies of them, and who may be on them.

A copy (snapshot) is in force once it was read whole; the latest one of its source counts. Its entries are never changed, and
nobody sees those of a copy that is still being read.
"""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from identity.models.companies import Company
from identity.states import (
    CandidateEnd,
    CandidateState,
    EntryKind,
    ListCode,
    ListKind,
    ScreenedAct,
    ScreenedStanding,
    SnapshotState,
)
from kernel.models import PublicQuerySet, PublicRow

#: acts at which it is asked besides how old the lists are, and whether the company was compared with them: one statement
#: more, where money is about to go
ASKS_LISTS = (ScreenedAct.ACCEPT_FINANCE, ScreenedAct.BANK_ACCOUNT, ScreenedAct.VERIFY)


class ListSource(PublicRow):
    """Who publishes a list, and how old a copy of it may be."""

    PREFIX = "lsr"

    code = models.CharField(_("list"), max_length=20, choices=ListCode, unique=True)
    kind = models.CharField(max_length=8, choices=ListKind)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    #: days after which a copy no longer tells what holds today
    max_age_days = models.PositiveSmallIntegerField(_("days that a copy holds"))
    publisher_url = models.URLField(blank=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "en").startswith("zh") else self.name_en

    @property
    def is_register(self) -> bool:
        return self.kind == ListKind.REGISTER


class ScreeningThreshold(models.Model):
    """From `valid_from` on, names that score as much are looked at by an officer. The latest row that has begun counts."""

    valid_from = models.DateField(unique=True)
    #: 0 to 100 (`identity.rules.names`)
    score = models.PositiveSmallIntegerField()
    #: for aliases that the publisher itself calls weak
    weak_score = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__range=(50, 100), weak_score__gte=F("score"), weak_score__lte=100),
                name="threshold_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.score}/{self.weak_score} from {self.valid_from}"


class ScreeningRule(models.Model):
    """From `valid_from` on, whether a company that stands so against a list of this kind is kept from an act.

    The latest row that has begun counts; without one nothing is held. How old lists are is asked at acts that are rare.
    """

    standing = models.CharField(max_length=10, choices=ScreenedStanding)
    kind = models.CharField(max_length=8, choices=ListKind)
    act = models.CharField(max_length=20, choices=ScreenedAct)
    holds = models.BooleanField()
    valid_from = models.DateField()
    source_en = models.CharField(max_length=300)
    source_zh = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "standing", "kind", "valid_from"], name="screening_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=[ScreenedStanding.OPEN, ScreenedStanding.CONFIRMED])
                | Q(act__in=ASKS_LISTS),
                name="screening_rule_asks_lists_rarely",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing} {self.kind}: {self.act} from {self.valid_from}"


class ListSnapshotQuerySet(PublicQuerySet):
    def in_force(self) -> Self:
        """The latest copy of each list that was read whole."""
        ready = self.filter(state=SnapshotState.READY)
        return ready.order_by("source_id", "-as_of", "-pk").distinct("source_id")


class ListSnapshot(PublicRow):
    """A dated copy of a list: the file as it came, and how far it is read. The same file twice is one copy."""

    PREFIX = "lst"

    source = models.ForeignKey(ListSource, models.PROTECT, related_name="+")
    as_of = models.DateField(_("as of"))
    #: until it is read; empty then
    file = models.FileField(_("file"), upload_to="lists/")
    file_name = models.CharField(max_length=200)
    #: SHA-256 of the file, hex
    digest = models.CharField(_("SHA-256"), max_length=64)
    state = models.CharField(max_length=10, choices=SnapshotState, default=SnapshotState.IMPORTING)
    #: the copy that was in force when reading began: what is new is told against it
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    #: where the next entries begin: bytes of a CSV, records of an XML; -1 at the end
    cursor = models.BigIntegerField(default=0)
    #: the columns that a CSV names in its first row
    columns = ArrayField(models.CharField(max_length=80), default=list)
    rows = models.PositiveIntegerField(_("entries"), default=0)
    rows_new = models.PositiveIntegerField(_("new"), default=0)
    rows_changed = models.PositiveIntegerField(_("changed"), default=0)
    rows_gone = models.PositiveIntegerField(_("gone"), default=0)
    companies_screened = models.PositiveIntegerField(_("companies compared"), default=0)
    #: why the whole file was refused: code and its facts
    refusal = models.CharField(max_length=60, blank=True)
    refusal_facts = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    #: null: by a command
    imported_by = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField(_("read"), null=True)
    #: when its comparison was parted into deliveries, and when the last of them was done
    planned_at = models.DateTimeField(null=True)
    screened_at = models.DateTimeField(null=True)

    objects = ListSnapshotQuerySet.as_manager()

    class Meta:
        permissions = [("import_list", "Can bring in lists that companies are compared with")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "digest"],
                condition=~Q(state=SnapshotState.REFUSED),
                name="list_file_once",
            ),
            models.CheckConstraint(
                condition=Q(state=SnapshotState.READY, imported_at__isnull=False)
                | ~Q(state=SnapshotState.READY) & Q(imported_at__isnull=True),
                name="list_ready_when_read",
            ),
            models.CheckConstraint(
                condition=~Q(state=SnapshotState.REFUSED) | ~Q(refusal=""), name="list_refused_for_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["source", "state", "-as_of", "-id"], name="list_in_force")]

    def __str__(self) -> str:
        return f"{self.source_id} as of {self.as_of}"


class ListEntry(models.Model):
    """One person, organisation or company of one copy."""

    snapshot = models.ForeignKey(ListSnapshot, models.PROTECT, related_name="entries")
    #: the publisher's own number
    ref = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=EntryKind)
    #: `{"name": …, "script": "han" | "latin" | "other", "weak": bool}`, the first one its main name
    names = models.JSONField()
    programme = models.CharField(max_length=200, blank=True)
    #: what else the publisher says; no numbers of identity papers
    facts = models.JSONField(default=dict)
    #: SHA-256 of all that, hex: another one means that the entry has changed
    digest = models.CharField(max_length=64)
    #: not in the copy before, or otherwise there
    fresh = models.BooleanField()
    #: what alike names have in common (`identity.rules.names.keys_of`)
    keys = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        verbose_name_plural = "list entries"
        constraints = [models.UniqueConstraint(fields=["snapshot", "ref"], name="list_entry_once")]
        indexes = [GinIndex(fields=["keys"], name="list_entry_keys")]

    def __str__(self) -> str:
        return str(self.names[0]["name"]) if self.names else self.ref


class Screening(models.Model):
    """The company was compared with this copy, all of it or what was new since the copy before."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(ListSnapshot, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "company"], name="screening_once")]

    def __str__(self) -> str:
        return f"{self.company_id} against {self.snapshot_id}"


class CandidateQuerySet(PublicQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def waiting(self) -> Self:
        """Those that an officer has to decide."""
        return self.standing().filter(state=CandidateState.OPEN)


class Candidate(PublicRow):
    """A company that may be somebody on a list, or differs from its register. An officer decides.

    It stands for one entry, whichever copy it is read from, until the entry goes or what was decided on has changed.
    """

    PREFIX = "cnd"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    source = models.ForeignKey(ListSource, models.PROTECT, related_name="+")
    ref = models.CharField(max_length=40)
    #: in the latest copy that has it
    entry = models.ForeignKey(ListEntry, models.PROTECT, related_name="+")
    #: 0 to 100; 100 for a difference from the register
    score = models.PositiveSmallIntegerField(_("score"))
    #: which names, and by what they are alike; for a register: what differs
    why = models.JSONField()
    #: SHA-256 of the entry and the company's names as they were compared
    seen = models.CharField(max_length=64)
    found_at = models.DateTimeField(_("found"))
    state = models.CharField(max_length=10, choices=CandidateState, default=CandidateState.OPEN)
    decided_by = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    ended_at = models.DateTimeField(null=True)
    ended_for = models.CharField(max_length=8, choices=CandidateEnd, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        permissions = [("decide_candidate", "Can decide whether a company is the one on a list")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "source", "ref"],
                condition=Q(ended_at__isnull=True),
                name="candidate_once",
            ),
            models.CheckConstraint(
                condition=Q(state=CandidateState.OPEN, decided_at__isnull=True, decided_by__isnull=True)
                | ~Q(state=CandidateState.OPEN)
                & Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(reason=""),
                name="candidate_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_for="")
                | Q(ended_at__isnull=False) & ~Q(ended_for=""),
                name="candidate_ended_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-state", "-score", "id"], condition=Q(ended_at__isnull=True), name="candidate_queue"
            ),
            models.Index(
                fields=["source", "ref"], condition=Q(ended_at__isnull=True), name="candidate_of_entry"
            ),
            models.Index(fields=["entry"], name="candidate_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.ref}"
