"""A case: a claim about one order, between its two parties, and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from disputes.models.office import Appointment, Official, seat_of
from disputes.rules.roles import PARTY_ROLES
from disputes.states import (
    ENDED,
    GIVEN_LATER,
    LIVE_APPOINTMENTS,
    SETTLED,
    UNTAKEN,
    WITH_DEADLINE,
    WITH_MEDIATOR,
    CaseState,
    ClaimKind,
    OfficeKind,
    Remedy,
    Side,
)
from identity.actors import Member, Staff
from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow
from orders.models import Order

if TYPE_CHECKING:
    from identity.actors import Actor


class CaseQuerySet(PublicQuerySet):
    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """A party's cases for its people who deal with them; an official's own cases. Nobody else's, whatever they are.

        For an official one statement asks for the seat, here and now.
        """
        if isinstance(actor, Member):
            if not actor.may(*PARTY_ROLES):
                return self.none()
            return self.filter(Q(claimant_id=actor.company_id) | Q(respondent_id=actor.company_id))
        if isinstance(actor, Staff):
            seat = seat_of(actor.user_id)
            return self.of_seat(seat) if seat else self.none()
        return self.none()

    def of_seat(self, seat: Official) -> CaseQuerySet:
        """The cases of an official whose seat, which lasts, is known: only what may be true of its kind is asked."""
        match seat.kind:
            case OfficeKind.MANAGER:
                free = Q(manager__isnull=True, state__in=sorted(UNTAKEN))
                return self.filter(Q(manager_id=seat.pk) | free)
            case OfficeKind.MEDIATOR:
                asked = Appointment.objects.filter(
                    case=OuterRef("pk"), mediator_id=seat.pk, state__in=LIVE_APPOINTMENTS
                )
                return self.filter(Exists(asked))
        filings = apps.get_model("disputes", "Filing").objects.filter(case=OuterRef("pk"))
        return self.filter(Exists(filings))


class Case(PublicRow):
    PREFIX = "cas"

    #: what is read aloud and stands in calendars, e.g. MC-7K2M9-QXD4T
    number = models.CharField(_("case number"), max_length=16, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    claimant = models.ForeignKey(Company, models.PROTECT, related_name="+")
    respondent = models.ForeignKey(Company, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=16, choices=CaseState, default=CaseState.NEGOTIATING)
    kind = models.CharField(_("kind of claim"), max_length=10, choices=ClaimKind)
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    #: the order's
    currency = models.CharField(max_length=3)
    remedy = models.CharField(_("what is asked for"), max_length=10, choices=Remedy)
    statement = models.TextField(max_length=6000)
    urgent = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    #: the rule set of the day of opening, as it stood: name and day counts
    rules = models.JSONField()
    #: the order as it stood, its papers by digest, its payments and its story; never read anew
    evidence = models.JSONField()
    #: SHA-256 of `evidence`, hex
    evidence_digest = models.CharField(max_length=64)

    #: until when the awaited act counts; an act after it is refused even where the timer is late
    respond_by = models.DateTimeField(null=True)
    settled_by_a_at = models.DateTimeField(null=True)
    settled_by_b_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(null=True)
    manager = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    served_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    takes_part = models.BooleanField(null=True)
    answer = models.TextField(max_length=6000, blank=True)
    mediator = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    mediation_began_at = models.DateTimeField(null=True)
    #: one side asks to go on longer; the other joins
    longer_asked_by = models.CharField(max_length=1, choices=Side, blank=True)
    settled_at = models.DateTimeField(null=True)
    #: nothing is to be paid, and the respondent said then that all was done
    performed_said_at = models.DateTimeField(null=True)
    #: who left, without a reason, as the certificate says it
    failed_by = models.CharField(max_length=10, blank=True)
    #: when it ended without a settlement; closing it comes later
    unsettled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=~Q(claimant=F("respondent")), name="case_between_two"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="case_amount_positive"),
            models.UniqueConstraint(
                fields=["order"], condition=~Q(state__in=sorted(ENDED)), name="case_one_open_per_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(WITH_DEADLINE - set(GIVEN_LATER)), respond_by__isnull=False)
                | Q(state__in=sorted(GIVEN_LATER))
                | ~Q(state__in=sorted(WITH_DEADLINE | set(GIVEN_LATER))) & Q(respond_by__isnull=True),
                name="case_awaited_until",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WITH_MEDIATOR)) | Q(mediator__isnull=False),
                name="case_mediator_at_work",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(SETTLED), settled_at__isnull=False)
                | ~Q(state__in=sorted(SETTLED)) & (Q(settled_at__isnull=True) | Q(state=CaseState.CLOSED)),
                name="case_settled_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED), ended_at__isnull=False)
                | ~Q(state__in=sorted(ENDED)) & Q(ended_at__isnull=True),
                name="case_ended_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.AWAITING_ANSWER)
                | Q(served_at__isnull=False, answered_at__isnull=True),
                name="case_served_before_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["claimant", "-id"], name="case_of_claimant"),
            models.Index(fields=["respondent", "-id"], name="case_of_respondent"),
            models.Index(fields=["manager", "-id"], name="case_of_manager"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def parties(self) -> tuple[int, int]:
        """The companies that may know of this case: the audience of its events."""
        return self.claimant_id, self.respondent_id

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    def company_of(self, side: str) -> Company:
        return self.claimant if side == Side.A else self.respondent

    def is_late(self, now: datetime) -> bool:
        """Whether something is awaited and its deadline has passed: the deadline decides, not the timer."""
        return self.respond_by is not None and now > self.respond_by


class Deadline(models.Model):
    """How a deadline was counted. Append-only: a recount is a further row, and never moves the end earlier."""

    append_only = True

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    #: key of the rule
    code = models.CharField(max_length=20)
    #: e.g. "14 calendar", "5 jwd"
    rule = models.CharField(max_length=40)
    counted_from = models.DateTimeField()
    nominal = models.DateField()
    rolled = models.DateField()
    ends_at = models.DateTimeField()
    #: the notices that the count stood on, and whether one of them was provisional
    calendar = models.CharField(max_length=200)
    provisional = models.BooleanField()
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.code} of {self.case_id} until {self.rolled}"
