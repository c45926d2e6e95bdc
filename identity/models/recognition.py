"""Whose identities are recognised here, for what, since when: frameworks, levels, issuers, and the platform's own policies.

A policy is never edited: it is drafted, approved by two officers and perhaps ended, each a row that stays. What holds on a
day is read from the rows.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from identity.models.users import User
from identity.states import (
    IssuerProfile,
    IssuerState,
    Jurisdiction,
    PolicyDecisionKind,
    Purpose,
    SubjectKind,
)
from kernel.models import PublicQuerySet, PublicRow
from kernel.naming import local

#: levels of all frameworks on one scale (after ISO/IEC 29115): 1 is little, 4 is very high
LOWEST_RANK, HIGHEST_RANK = 1, 4
#: different officers who approve a policy before it counts
APPROVALS = 2


class TrustFramework(PublicRow):
    """A scheme of identity under one law: what its levels mean is said there."""

    PREFIX = "fwk"

    code = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction)
    regulator_en = models.CharField(_("regulator, English"), max_length=160)
    regulator_zh = models.CharField(_("regulator, Chinese"), max_length=160)
    legal_basis_url = models.URLField(_("legal basis"), max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=IssuerState, default=IssuerState.ACTIVE)

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(jurisdiction__in=Jurisdiction.values), name="framework_jurisdiction_known"
            ),
            models.CheckConstraint(condition=Q(state__in=IssuerState.values), name="framework_state_known"),
        ]

    def __str__(self) -> str:
        return local(self)


class AssuranceLevel(models.Model):
    """How surely somebody is known, as one framework grades it, and where that stands on the common scale."""

    framework = models.ForeignKey(TrustFramework, models.PROTECT, related_name="levels")
    #: as the issuer returns it in `acr`, or as its level map says
    code = models.CharField(max_length=80)
    rank = models.PositiveSmallIntegerField(_("rank"))
    name_en = models.CharField(_("English name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "code"], name="level_once_per_framework"),
            models.CheckConstraint(
                condition=Q(rank__gte=LOWEST_RANK, rank__lte=HIGHEST_RANK), name="level_rank_on_the_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.rank})"


class IssuerQuerySet(PublicQuerySet):
    def standing(self) -> IssuerQuerySet:
        """Neither they nor their framework are suspended."""
        return self.filter(state=IssuerState.ACTIVE, framework__state=IssuerState.ACTIVE)


class Issuer(PublicRow):
    """Who vouches for people or companies, and how its answers are read. All of it is data: a new one needs no code."""

    PREFIX = "iss"

    framework = models.ForeignKey(TrustFramework, models.PROTECT, related_name="issuers")
    #: in addresses: `/accounts/issuers/<code>/…`
    code = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=160)
    name_zh = models.CharField(_("Chinese name"), max_length=160)
    #: what its tokens say in `iss`
    iss = models.URLField(max_length=400, unique=True)
    discovery_url = models.URLField(max_length=400)
    #: as what the platform is known there
    client_id = models.CharField(max_length=120)
    profile = models.CharField(max_length=16, choices=IssuerProfile)
    scope = models.CharField(max_length=400)
    #: levels asked for, space-separated; what counts is the one returned
    acr_values = models.CharField(max_length=400, blank=True)
    #: our name of a fact → its dotted path in the claims
    claim_map = models.JSONField(default=dict, blank=True)
    #: level as returned → code of an `AssuranceLevel`; a level that is not named is taken as it is
    level_map = models.JSONField(default=dict, blank=True)
    #: algorithms that are accepted, and no others
    id_token_algs = models.JSONField(default=list)
    id_token_enc = models.JSONField(default=list, blank=True)
    subject_kind = models.CharField(max_length=8, choices=SubjectKind)
    #: SM2 public key (hex, without 04) under which detached assertions are signed; empty where there are none
    assertion_key = models.CharField(max_length=128, blank=True)
    #: played by a program of ours
    simulated = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=IssuerState, default=IssuerState.ACTIVE)
    suspended_at = models.DateTimeField(null=True)
    suspended_reason = models.CharField(max_length=500, blank=True)
    #: when it was last suspended or reinstated: no key of it that was read before is believed; none: never
    keys_from = models.DateTimeField(null=True)
    added_at = models.DateTimeField()

    objects = IssuerQuerySet.as_manager()

    class Meta:
        permissions = [("govern_recognition", "Can draft, approve and end recognition, and suspend issuers")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=IssuerState.ACTIVE, suspended_at__isnull=True, suspended_reason="")
                | Q(state=IssuerState.SUSPENDED, suspended_at__isnull=False) & ~Q(suspended_reason=""),
                name="issuer_suspended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(profile__in=IssuerProfile.values), name="issuer_profile_known"
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__in=SubjectKind.values), name="issuer_subject_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return local(self)

    @property
    def stands(self) -> bool:
        """Whether new acts may rest on it; reads the framework."""
        return self.state == IssuerState.ACTIVE and self.framework.state == IssuerState.ACTIVE

    def level_of(self, returned: str) -> str:
        """The level's code for what the issuer returned."""
        return str(self.level_map.get(returned, returned))


class SuspensionQuerySet(PublicQuerySet):
    def at(self, moment: datetime) -> SuspensionQuerySet:
        """Those that lasted at `moment`."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=moment), since__lte=moment)


class Suspension(PublicRow):
    """A time in which nothing new rested on an issuer, so that any past day can be told."""

    PREFIX = "sus"

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="suspensions")
    since = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=500)
    suspended_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_reason = models.CharField(max_length=500, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer"], condition=Q(until__isnull=True), name="suspension_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, lifted_by__isnull=True)
                | Q(until__gte=F("since"), lifted_by__isnull=False),
                name="suspension_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id} since {self.since:%Y-%m-%d}"


class PolicyQuerySet(PublicQuerySet):
    def approved_by(self, day: date) -> PolicyQuerySet:
        """Two officers had approved by the end of `day`."""
        approvals = (
            _decided_by(day)
            .filter(kind=PolicyDecisionKind.APPROVE)
            .order_by()
            .values("policy")
            .annotate(officers=Count("officer", distinct=True))
        )
        approved = self.annotate(approvals=Coalesce(Subquery(approvals.values("officers")), 0))
        return approved.filter(approvals__gte=APPROVALS)

    def in_force(self, day: date) -> PolicyQuerySet:
        """Approved by two, begun, not over and not ended. Whether the issuer stood that day is another question."""
        lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        ended = Exists(_decided_by(day).filter(kind=PolicyDecisionKind.END))
        return self.approved_by(day).filter(lasting, ~ended, valid_from__lte=day)


def _decided_by(day: date) -> QuerySet[PolicyDecision]:
    return PolicyDecision.objects.filter(policy=OuterRef("pk"), effective_on__lte=day)


class RecognitionPolicy(PublicRow):
    """The platform's own rule: from `min_level` on, an issuer's word counts as `recognised_rank` for one purpose.

    Append-only, and without force until two officers have approved it (`PolicyDecision`).
    """

    PREFIX = "pol"

    append_only = True

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="policies")
    min_level = models.ForeignKey(AssuranceLevel, models.PROTECT, related_name="+")
    recognised_rank = models.PositiveSmallIntegerField()
    #: where whoever relies on the identity is registered
    relying_jurisdiction = models.CharField(max_length=2, choices=Jurisdiction)
    purpose = models.CharField(max_length=20, choices=Purpose)
    valid_from = models.DateField()
    #: the first day on which it holds no more; none: until it is ended
    valid_to = models.DateField(null=True)
    legal_note = models.CharField(max_length=500)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recognised_rank__gte=LOWEST_RANK, recognised_rank__lte=HIGHEST_RANK),
                name="policy_rank_on_the_scale",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="policy_dates_in_order",
            ),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="policy_purpose_known"),
            models.CheckConstraint(
                condition=Q(relying_jurisdiction__in=Jurisdiction.values), name="policy_jurisdiction_known"
            ),
        ]
        indexes = [
            models.Index(fields=["purpose", "relying_jurisdiction", "issuer"], name="policy_for_purpose")
        ]

    def __str__(self) -> str:
        return f"{self.issuer}: {self.get_purpose_display()} ({self.relying_jurisdiction})"


class PolicyDecision(models.Model):
    """One officer's word on a policy. Append-only; two approvals by different officers give it force."""

    append_only = True

    policy = models.ForeignKey(RecognitionPolicy, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=8, choices=PolicyDecisionKind)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: the first day on which it counts: of an approval the day it was given, of an end that day or a later one
    effective_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "officer"],
                condition=Q(kind=PolicyDecisionKind.APPROVE),
                name="policy_approved_once_by_each",
            ),
            models.CheckConstraint(
                condition=Q(kind=PolicyDecisionKind.APPROVE) | Q(kind=PolicyDecisionKind.END) & ~Q(reason=""),
                name="policy_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.policy_id}"


class PurposeRequirement(models.Model):
    """How surely whoever does a kind of act must be known, from a day on. Rank 0 asks for nothing."""

    purpose = models.CharField(max_length=20, choices=Purpose)
    rank = models.PositiveSmallIntegerField()
    #: seconds since the identity was shown; none: any time in this session
    max_age_seconds = models.PositiveIntegerField(null=True)
    #: a second person has to agree
    two_persons = models.BooleanField(default=False)
    valid_from = models.DateField()
    source_en = models.CharField(_("source, English"), max_length=300)
    source_zh = models.CharField(_("source, Chinese"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "valid_from"], name="requirement_once_a_day"),
            models.CheckConstraint(
                condition=Q(rank__gte=0, rank__lte=HIGHEST_RANK), name="requirement_rank_on_the_scale"
            ),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="requirement_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} from {self.valid_from}"


class Enforcement(models.Model):
    """From when on acts of one kind ask for what is laid down, or ask no longer: drafted by one officer, decided by another.

    Append-only: a decision is a row of its own that names the draft which it confirms. Of those whose moment has come the
    one decided last holds; without any, what is laid down is only shown.
    """

    append_only = True

    purpose = models.CharField(max_length=20, choices=Purpose)
    #: whether it is asked from then on
    asked = models.BooleanField()
    from_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    #: the draft of another officer; none: this is a draft itself
    confirms = models.OneToOneField("self", models.PROTECT, null=True, related_name="decision")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="enforcement_purpose_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="enforcement_for_a_reason"),
            models.CheckConstraint(condition=Q(from_at__gte=F("at")), name="enforcement_never_backwards"),
        ]
        indexes = [models.Index(fields=["purpose", "-id"], name="enforcement_of_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose} {'asked' if self.asked else 'not asked'} from {self.from_at:%Y-%m-%d %H:%M}"
