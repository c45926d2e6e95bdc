"""The inbox: what a person was told, and how they want to be told."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from identity.models.companies import Company
from identity.models.members import Membership
from identity.models.users import User
from identity.states import NoticeMail
from kernel.models import PublicQuerySet, PublicRow


class NoticeQuerySet(PublicQuerySet):
    def seen_by(self, user: User, now: datetime) -> NoticeQuerySet:
        """The person's own lines, less those of companies that they no longer act for and of offices they no longer hold."""
        acting = Membership.objects.active(now).filter(company=OuterRef("company_id"), user=user)
        personal = Q(company__isnull=True) if user.is_staff else Q(company__isnull=True, for_staff=False)
        return self.filter(Q(Exists(acting)) | personal, user=user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def waiting(self) -> NoticeQuerySet:
        """What waits for the person still."""
        return self.filter(waits=True, settled_at__isnull=True)


class Notice(PublicRow):
    """One line of one person's inbox. Its words are a code and facts, translated when it is read."""

    PREFIX = "ntc"

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: for which company they are told; none where it concerns the person, or the programme's office
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    #: for officers of the programme only
    for_staff = models.BooleanField(default=False)
    #: what it says: a key of `identity.rules.notices`
    code = models.CharField(max_length=40)
    #: uid of the deal, thread, claim … that it is about
    about = models.UUIDField()
    #: plain id of the event that it tells of
    event_id = models.BigIntegerField()
    #: facts that fill the gaps of the words (`identity.rules.notices.words_of`)
    params = models.JSONField(default=dict)
    #: where it leads, without the host
    path = models.CharField(max_length=300)
    #: whether something waits for the person, until `settled_at`; an answer counts until `respond_by`
    waits = models.BooleanField(default=False)
    respond_by = models.DateTimeField(null=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    #: how the person wanted to be told by mail at that moment
    mail = models.CharField(max_length=5, choices=NoticeMail, default=NoticeMail.NOW)
    mailed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "code", "event_id"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(waits=True), name="notice_settled_that_waited"
            ),
            models.CheckConstraint(
                condition=Q(for_staff=False) | Q(company__isnull=True), name="notice_for_staff_or_company"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(
                fields=["about"], name="notice_waiting", condition=Q(waits=True, settled_at__isnull=True)
            ),
            # what heads a home is a small part of a year's lines
            models.Index(
                fields=["user", "company"],
                name="notice_waiting_for",
                condition=Q(waits=True, settled_at__isnull=True),
            ),
            models.Index(fields=["event_id"], name="notice_of_event"),
            models.Index(
                fields=["user"], name="notice_for_digest", condition=Q(mail="daily", mailed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.user_id}"

    @property
    def is_waiting(self) -> bool:
        return self.waits and self.settled_at is None


class NoticePreference(models.Model):
    """How a person is told of one group of notices; without a row: by mail at once, everything in the inbox."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: a key of `identity.rules.notices.GROUPS`
    group = models.CharField(max_length=20)
    mail = models.CharField(max_length=5, choices=NoticeMail, default=NoticeMail.NOW)
    #: whether lines that only inform stand in the inbox; what waits always does
    informs = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="notice_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group} of {self.user_id}"
