"""Threads: what two companies write to one another about one matter."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from identity.models.companies import Company
from identity.models.users import User
from identity.states import MatterKind
from kernel.models import PublicQuerySet, PublicRow

if TYPE_CHECKING:
    from identity.actors import Actor


class ThreadQuerySet(PublicQuerySet):
    def visible_to(self, actor: Actor) -> ThreadQuerySet:
        """Threads of the acting company."""
        if actor.company_id is None:
            return self.none()
        return self.filter(Q(buyer_id=actor.company_id) | Q(seller_id=actor.company_id))


class Thread(PublicRow):
    """One conversation: a matter and the two companies that it lies between."""

    PREFIX = "thr"

    kind = models.CharField(max_length=8, choices=MatterKind)
    #: uid of the product, order or case; its room is above this one
    matter = models.UUIDField()
    #: what addresses call it, e.g. prd_…
    matter_id = models.CharField(max_length=40)
    #: what it was called when the thread was opened
    title_en = models.CharField(max_length=200, blank=True)
    title_zh = models.CharField(max_length=200, blank=True)
    buyer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    #: of the last message, kept by its verb: lists read nothing else
    last_at = models.DateTimeField()
    last_message_key = models.BigIntegerField(default=0)
    last_company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "buyer", "seller"], name="thread_once_per_matter_and_pair"
            ),
            models.CheckConstraint(condition=~Q(buyer=F("seller")), name="thread_between_two"),
            models.CheckConstraint(condition=Q(kind__in=MatterKind.values), name="thread_kind_known"),
        ]
        indexes = [
            models.Index(fields=["buyer", "-last_at"], name="thread_of_buyer"),
            models.Index(fields=["seller", "-last_at"], name="thread_of_seller"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.matter_id}"

    @property
    def parties(self) -> tuple[int, int]:
        return self.buyer_id, self.seller_id

    def other_than(self, company_id: int) -> Company:
        """The company on the other side."""
        return self.seller if company_id == self.buyer_id else self.buyer


class Message(PublicRow):
    """One thing said. Append-only: what was said may be needed as evidence."""

    PREFIX = "msg"

    append_only = True

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: codes of `identity.rules.phrases`, read by each side in its own language
    phrases = ArrayField(models.CharField(max_length=20), default=list)
    body = models.TextField(blank=True)
    files_count = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(body="") | Q(phrases__len__gte=1) | Q(files_count__gte=1),
                name="message_says_something",
            )
        ]
        indexes = [
            models.Index(fields=["thread", "-id"], name="message_of_thread"),
            models.Index(fields=["author", "-at"], name="message_of_author"),
            models.Index(fields=["company", "-at"], name="message_of_company"),
        ]

    def __str__(self) -> str:
        return self.public_id


def attachment_path(attachment: MessageFile, filename: str) -> str:
    """A random name with the ending that the content was found to have."""
    return f"talk/{uuid4().hex}{PurePath(filename).suffix}"


class MessageFile(PublicRow):
    """A file that came with a message, checked as evidence is."""

    PREFIX = "mfl"

    append_only = True

    message = models.ForeignKey(Message, models.PROTECT, related_name="files")
    file = models.FileField(upload_to=attachment_path)
    #: what the sender called it
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()

    objects = PublicQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ReadMark(models.Model):
    """How far a person has read a thread, for their company."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="marks")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    #: plain key of the last message read
    message_key = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "user", "company"], name="read_mark_once_per_reader")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.thread_id}"
