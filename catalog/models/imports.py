"""Bulk imports: a file, its parts of 500 rows, and what is wrong with which row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.states import ImportState
from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow


class ImportJob(PublicRow):
    """One file of one seller. The same file (and mode) sent again is answered with the first job, unless the whole file
    was refused: it may have been for want of a reader or of the file, and is looked at anew.
    """

    PREFIX = "imp"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    file = models.FileField(_("file"), upload_to="imports/")
    file_name = models.CharField(max_length=200)
    #: SHA-256 of the file, hex
    digest = models.CharField(max_length=64)
    dry_run = models.BooleanField(_("dry run"), default=False)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    encoding = models.CharField(max_length=20, blank=True)
    rows_total = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    #: why the whole file was refused: code and its facts
    refusal = models.CharField(max_length=60, blank=True)
    refusal_facts = models.JSONField(default=dict)
    #: `identity.actors` key of who sent it
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "digest", "dry_run"],
                condition=~Q(state=ImportState.REFUSED),
                name="import_file_once_per_mode",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ImportState.DONE, ImportState.REFUSED], finished_at__isnull=False)
                | ~Q(state__in=[ImportState.DONE, ImportState.REFUSED]) & Q(finished_at__isnull=True),
                name="import_finished_when_it_ended",
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="import_of_company")]

    def __str__(self) -> str:
        return self.file_name


class ImportPart(models.Model):
    """Up to 500 rows of a file, as read: one delivery each."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    #: line number in the file of the first row
    first_line = models.PositiveIntegerField()
    rows = models.JSONField()
    #: rows whose outcome is committed: a worker that was killed goes on behind them
    rows_done = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"part {self.number} of {self.job_id}"


class ImportProblem(models.Model):
    """One thing to mend in one row."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="problems")
    #: line number in the file, the header being 1
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=60)
    #: fill the gaps of the message
    facts = models.JSONField(default=dict)
    #: what stood there
    value = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["job", "line"], name="import_problem_of_job")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"
