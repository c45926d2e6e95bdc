"""What is said and filed in the zones of a case, and when people meet."""

from __future__ import annotations

from pathlib import PurePath
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disputes.models.cases import Case
from disputes.models.office import Official
from disputes.models.sealing import seal, unseal
from disputes.rules.zones import SEALED
from disputes.states import SessionMode, Zone
from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow


class Message(PublicRow):
    """Words in one zone. In the private rooms and the mediator's notes they are kept sealed."""

    PREFIX = "cmg"

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    zone = models.CharField(max_length=10, choices=Zone)
    #: the party that wrote; null: an official
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    official = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    body = models.TextField(max_length=6000, blank=True)
    #: codes of `identity.rules.phrases`, read by each side in its own language; in the joint room only
    phrases = models.JSONField(default=list)
    sealed = models.BinaryField(null=True)
    at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(zone__in=sorted(SEALED), sealed__isnull=False, body="", phrases=[])
                | ~Q(zone__in=sorted(SEALED)) & Q(sealed__isnull=True) & (~Q(body="") | ~Q(phrases=[])),
                name="message_sealed_where_private",
            ),
            models.CheckConstraint(
                condition=Q(company__isnull=True, official__isnull=False)
                | Q(company__isnull=False, official__isnull=True),
                name="message_of_one_author",
            ),
        ]
        indexes = [models.Index(fields=["case", "zone", "id"], name="message_of_zone")]

    def __str__(self) -> str:
        return f"message {self.pk} in {self.zone}"

    @property
    def words(self) -> str:
        if self.sealed is None:
            return self.body
        return unseal(bytes(self.sealed), case=self.case.uid, zone=self.zone).decode()

    def say(self, words: str) -> None:
        """Keep `words` as the zone asks."""
        if self.zone in SEALED:
            self.sealed = seal(words.encode(), case=self.case.uid, zone=self.zone)
        else:
            self.body = words


class ReadMark(models.Model):
    """How far a person has read a room: shown to those who wrote there, and what is new is told by it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="marks")
    zone = models.CharField(max_length=10, choices=Zone)
    user = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    #: the party the person read for; null: an official
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    #: plain key of the last message read
    read_to = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "zone", "user"], name="room_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.zone} of {self.case_id}"


class Reading(models.Model):
    """An official looked: at which zones of a case, or which file. Append-only; the case manager reads it."""

    append_only = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="readings")
    official = models.ForeignKey(Official, models.PROTECT, related_name="+")
    #: zones in which something was to be read
    zones = models.JSONField()
    file = models.ForeignKey("CaseFile", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.official_id} read {self.case_id}"

    @property
    def zones_in_words(self) -> str:
        return " · ".join(str(Zone(zone).label) for zone in self.zones)


def file_path(file: CaseFile, filename: str) -> str:
    """A random name; sealed files have no ending, since their content says nothing."""
    ending = ".sealed" if file.zone in SEALED else PurePath(filename).suffix
    return f"cases/{uuid4().hex}{ending}"


class CaseFile(PublicRow):
    """A file in one zone, sealed where words would be."""

    PREFIX = "cfl"

    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    zone = models.CharField(max_length=10, choices=Zone)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="files")
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    official = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    file = models.FileField(upload_to=file_path)
    name = models.CharField(max_length=120)
    #: SHA-256 of the content as sent, hex
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"file {self.pk} in {self.zone}"

    def content(self) -> bytes:
        with self.file.open("rb") as stored:
            kept: bytes = stored.read()
        return unseal(kept, case=self.case.uid, zone=self.zone) if self.zone in SEALED else kept


class Session(PublicRow):
    """A meeting, in a zone: all together, or one side with the mediator."""

    PREFIX = "ses"

    case = models.ForeignKey(Case, models.PROTECT, related_name="sessions")
    zone = models.CharField(max_length=10, choices=Zone)
    mode = models.CharField(_("how"), max_length=10, choices=SessionMode)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    #: address of a room, or of a conference
    place = models.CharField(_("where"), max_length=200)
    #: rises with every change, as iCalendar asks (RFC 5545 3.8.7.4)
    sequence = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True)
    set_at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.CheckConstraint(
                condition=Q(zone__in=[Zone.JOINT, Zone.CAUCUS_A, Zone.CAUCUS_B]), name="session_in_a_room"
            ),
        ]

    def __str__(self) -> str:
        return f"session of {self.case_id} at {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)
