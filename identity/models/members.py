"""Who acts for a company: members, invitations, API tokens."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from identity.models.companies import Company
from identity.models.owned import OwnedQuerySet
from identity.states import Role
from kernel.models import PublicRow


class MembershipQuerySet(OwnedQuerySet):
    def active(self, now: datetime) -> MembershipQuerySet:
        """Begun, not ended."""
        return self.filter(Q(valid_from__lte=now) & (Q(ended_at__isnull=True) | Q(ended_at__gt=now)))


class Membership(PublicRow):
    """A person acts for a company in these roles, from one moment until another."""

    PREFIX = "mem"

    company = models.ForeignKey(Company, models.PROTECT, related_name="memberships")
    user = models.ForeignKey("identity.User", models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=10, choices=Role))
    valid_from = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"],
                condition=Q(ended_at__isnull=True),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("valid_from")),
                name="membership_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(roles__len__gte=1), name="membership_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.company_id}"


class InvitationQuerySet(OwnedQuerySet):
    def open(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; perhaps expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class Invitation(PublicRow):
    """An offer of membership, sent by mail. The link's secret is stored as a digest only."""

    PREFIX = "inv"

    company = models.ForeignKey(Company, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    roles = ArrayField(models.CharField(max_length=10, choices=Role))
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"invitation to {self.company_id}"

    def stands_at(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at


class ApiToken(PublicRow):
    """A program acts for a company: never more than its maker's present roles, cut down to `roles`."""

    PREFIX = "tok"

    company = models.ForeignKey(Company, models.PROTECT, related_name="api_tokens")
    user = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    #: the secret's last characters, to tell tokens apart in a list
    hint = models.CharField(max_length=8)
    roles = ArrayField(models.CharField(max_length=10, choices=Role))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    #: what its maker had shown in the session that made it; counts for the token until that ends
    proof = models.ForeignKey("identity.Proof", models.PROTECT, null=True, related_name="+")

    objects = OwnedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def stands_at(self, now: datetime) -> bool:
        """Whether it has neither expired nor been revoked."""
        return self.revoked_at is None and now < self.expires_at
