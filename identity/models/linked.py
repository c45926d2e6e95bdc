"""Identities that people have shown here, what they prove, and how two of them are linked.

Of an external person only a keyed hash of the subject is kept, and the name as the issuer gave it: no NRIC, no resident
identity number, no subject in the clear.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from identity.models.companies import Company
from identity.models.owned import LastingQuerySet, OwnedQuerySet
from identity.models.recognition import AssuranceLevel, Issuer
from identity.models.users import User
from identity.states import EntityStatus, Jurisdiction, LinkKind, LinkState, Purpose, RegistrationKind
from kernel.models import PublicQuerySet, PublicRow

_HEX64 = "^[0-9a-f]{64}$"
#: states of a ceremony that goes on
UNDER_WAY = (LinkState.STARTED, LinkState.A_PROVED, LinkState.B_PROVED)
#: states of a link in which one of its sides cannot be part of another
HELD = (LinkState.B_PROVED, LinkState.MATCHED, LinkState.ACTIVE)


class ExternalIdentity(PublicRow):
    """One person as one issuer knows them, shown here by a sign-in."""

    PREFIX = "xid"

    user = models.ForeignKey(User, models.PROTECT, related_name="external_identities")
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="+")
    #: `identity.services.subjects.subject_hash`
    subject_hash = models.CharField(max_length=64)
    level_code = models.CharField(max_length=80)
    #: when the person last signed in at the issuer, as it says
    auth_time = models.DateTimeField()
    #: how they did, as the issuer names it
    amr = models.JSONField(default=list, blank=True)
    #: SHA-256 of the token or assertion that was verified last
    assertion_digest = models.CharField(max_length=64)
    name_shown = models.CharField(_("name"), max_length=160, blank=True)
    first_proved_at = models.DateTimeField()
    last_proved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    #: to what its person agreed before they connected it; withdrawn, the identity ends
    consent = models.ForeignKey("Consent", models.PROTECT, null=True, related_name="+")

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject_hash"],
                condition=Q(ended_at__isnull=True),
                name="external_identity_of_one_person",
            ),
            models.CheckConstraint(
                condition=Q(subject_hash__regex=_HEX64, assertion_digest__regex=_HEX64),
                name="external_identity_hashed",
            ),
        ]
        indexes = [models.Index(fields=["user"], name="external_identity_of_user")]

    def __str__(self) -> str:
        return f"{self.public_id} at {self.issuer_id}"


class EntityBinding(PublicRow):
    """An issuer's word that a person acts for a company on its register. A standing one is what proves the company here."""

    PREFIX = "ebd"

    company = models.ForeignKey(Company, models.PROTECT, related_name="entity_bindings")
    identity = models.ForeignKey(ExternalIdentity, models.PROTECT, related_name="bindings")
    scheme = models.CharField(max_length=8, choices=RegistrationKind)
    identifier = models.CharField(max_length=40)
    #: what the issuer called the company; empty where it tells none
    entity_name = models.CharField(max_length=160, blank=True)
    entity_status = models.CharField(max_length=12, choices=EntityStatus)
    #: codes of roles as the issuer names them
    roles = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    proved_at = models.DateTimeField()
    #: when the last of its roles ends; none where one has no end
    valid_to = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    evidence_digest = models.CharField(max_length=64)

    objects = LastingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "identity"],
                condition=Q(ended_at__isnull=True),
                name="binding_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(scheme__in=[RegistrationKind.UEN, RegistrationKind.USCC]),
                name="binding_by_a_register",
            ),
            models.CheckConstraint(
                condition=Q(entity_status__in=EntityStatus.values), name="binding_status_known"
            ),
            models.CheckConstraint(
                condition=Q(evidence_digest__regex=_HEX64), name="binding_evidence_hashed"
            ),
        ]
        indexes = [models.Index(fields=["identity"], name="binding_of_identity")]

    def __str__(self) -> str:
        return f"{self.identifier} by {self.identity_id}"

    def stands_at(self, now: datetime) -> bool:
        """Registered, its roles not over, not ended."""
        return (
            self.ended_at is None
            and self.entity_status == EntityStatus.REGISTERED
            and (self.valid_to is None or now < self.valid_to)
        )


class Mandate(PublicRow):
    """Who may do a kind of act for a company, up to how much, from when to when, by whose word."""

    PREFIX = "mdt"

    company = models.ForeignKey(Company, models.PROTECT, related_name="mandates")
    holder = models.ForeignKey(User, models.PROTECT, related_name="+")
    act = models.CharField(max_length=20, choices=Purpose)
    #: none: any amount
    ceiling = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    #: none: the company's own owner gave it
    issuer = models.ForeignKey(Issuer, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True, currency="") | Q(ceiling__gte=0) & ~Q(currency=""),
                name="mandate_ceiling_with_currency",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="mandate_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(act__in=Purpose.values), name="mandate_act_known"),
        ]
        indexes = [models.Index(fields=["company", "holder", "act"], name="mandate_of_holder")]

    def __str__(self) -> str:
        return f"{self.act} for {self.company_id}"

    def stands_at(self, now: datetime) -> bool:
        """Begun, not over, not revoked."""
        begun = self.valid_from <= now
        return begun and self.revoked_at is None and (self.valid_to is None or now < self.valid_to)


class Consent(PublicRow):
    """What a person agreed to: for what, which kinds of data, from which jurisdiction to which, under which words."""

    PREFIX = "cns"

    user = models.ForeignKey(User, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    #: codes of kinds of data
    data_categories = ArrayField(models.CharField(max_length=40))
    from_jurisdiction = models.CharField(max_length=2, choices=Jurisdiction)
    to_jurisdiction = models.CharField(max_length=2, choices=Jurisdiction)
    legal_basis = models.CharField(max_length=200)
    notice_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(data_categories__len__gte=1), name="consent_names_data"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_afterwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} by {self.user_id}"


class IdentityLink(PublicRow):
    """Two identities of one account, shown in one ceremony. `LinkedSide` keeps an identity out of a second link."""

    PREFIX = "lnk"

    user = models.ForeignKey(User, models.PROTECT, related_name="identity_links")
    #: where each side is to be shown
    first_issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="+")
    second_issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="+")
    first = models.ForeignKey(ExternalIdentity, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(ExternalIdentity, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=14, choices=LinkKind, default=LinkKind.SAME_PERSON)
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.STARTED)
    #: in both nonces
    ceremony_id = models.UUIDField(default=uuid.uuid4, unique=True)
    #: `identity.services.subjects.session_hash`: both sign-ins happen in this session
    session = models.CharField(max_length=64)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    #: of the ceremony
    expires_at = models.DateTimeField()
    #: officers, where names do not settle it
    decided_by_1 = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by_2 = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: why it was accepted or not
    reason = models.CharField(max_length=300, blank=True)
    revoked_at = models.DateTimeField(null=True)
    #: its person, or the officer who undid it, with their reason
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_reason = models.CharField(max_length=300, blank=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        permissions = [("decide_link", "Can decide whether two identities are linked")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LinkState.values), name="link_state_known"),
            models.CheckConstraint(
                condition=~Q(state=LinkState.A_PROVED) | Q(first__isnull=False) | Q(second__isnull=False),
                name="link_one_shown",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HELD) | Q(first__isnull=False, second__isnull=False),
                name="link_both_shown",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LinkState.MATCHED, LinkState.ACTIVE]) | Q(consent__isnull=False),
                name="link_with_consent",
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="link_of_two_identities"),
            models.CheckConstraint(condition=~Q(first_issuer=F("second_issuer")), name="link_of_two_issuers"),
            models.CheckConstraint(
                condition=~Q(decided_by_1=F("decided_by_2")), name="link_decided_by_two_officers"
            ),
            models.CheckConstraint(
                condition=~Q(state=LinkState.REVOKED) | Q(revoked_at__isnull=False),
                name="link_revoked_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["user", "state"], name="link_of_user")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def was_undone(self) -> bool:
        """By an officer; a person takes their own back."""
        return self.revoked_by_id is not None and self.revoked_by_id != self.user_id

    def is_open_at(self, now: datetime) -> bool:
        """Whether the ceremony goes on: the deadline decides, whether or not anybody has come by since."""
        return self.state in UNDER_WAY and now <= self.expires_at


class LinkedSide(models.Model):
    """An identity's place in a link: one that is open at a time, from both sides shown until the link's end."""

    link = models.ForeignKey(IdentityLink, models.PROTECT, related_name="sides")
    identity = models.ForeignKey(ExternalIdentity, models.PROTECT, related_name="+")
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identity"], condition=Q(open=True), name="identity_in_one_link"),
            models.UniqueConstraint(fields=["link", "identity"], name="identity_once_in_a_link"),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} in {self.link_id}"


class Proof(models.Model):
    """That somebody showed an identity in a session. How much that counts is asked of the policies at each act.

    What an act rested on is read from it years later: no later sign-in changes it.
    """

    append_only = True

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: `identity.services.subjects.session_hash`
    session = models.CharField(max_length=64)
    identity = models.ForeignKey(ExternalIdentity, models.PROTECT, related_name="+")
    #: as returned, not as asked for
    level = models.ForeignKey(AssuranceLevel, models.PROTECT, related_name="+")
    auth_time = models.DateTimeField()
    #: SHA-256 of the token or assertion that proved it; empty where it was shown before this was kept
    evidence_digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    #: keys of the bindings by which it counts for a company: set where it is read for one
    rests_on: Sequence[int]

    class Meta:
        indexes = [models.Index(fields=["session", "user"], name="proof_of_session")]
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence_digest="") | Q(evidence_digest__regex=_HEX64),
                name="proof_evidence_hashed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} at {self.at:%Y-%m-%d %H:%M}"


class ReturnedLogin(models.Model):
    """A sign-in that came back from its issuer: none comes back twice, whichever of two requests is there first."""

    #: SHA-256 of the state that it was sent with
    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
