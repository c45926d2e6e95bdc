"""Events: history and outbox in one append-only table."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.expressions import RawSQL


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, uid: object) -> EventQuerySet:
        """The story of one deal, oldest first."""
        return self.filter(about=uid).order_by("id")

    def seen_by_company(self, company_id: int) -> EventQuerySet:
        return self.filter(audience__contains=[company_id])

    def settled(self) -> EventQuerySet:
        """Events below every running transaction: a reader by cursor that went past them can never miss one.

        An id is taken before its transaction commits, so a late commit would otherwise be skipped for ever.
        """
        return self.filter(xid__lt=RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", []))


class Event(models.Model):
    """Something that happened. Plain ids, no foreign key to it or from it; personal data only by reference."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    schema = models.PositiveSmallIntegerField(default=1)
    #: `identity.actors` key of who did it, e.g. `member:12`, `system:deadline`
    actor = models.CharField(max_length=80)
    #: the company that acted
    company_id = models.BigIntegerField(null=True)
    #: uid of the thing that changed
    subject_id = models.UUIDField(null=True)
    #: uid of the deal that this belongs to
    about = models.UUIDField(null=True)
    #: companies that may read it
    audience = ArrayField(models.BigIntegerField(), default=list)
    payload = models.JSONField()
    at = models.DateTimeField()
    xid = models.BigIntegerField(db_default=RawSQL("pg_current_xact_id()::text::bigint", []))

    append_only = True

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about", "id"], name="event_about"),
            GinIndex(fields=["audience"], name="event_audience"),
            models.Index(fields=["subject_id", "id"], name="event_subject"),
            # the feed's order: without it each poll sorts the whole history of a company
            models.Index(fields=["xid", "id"], name="event_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"
