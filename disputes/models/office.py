"""Who works on cases for the office: mediators, case managers, and the arbitration desk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disputes.states import LIVE_APPOINTMENTS, AppointmentState, OfficeKind
from identity.models import User
from kernel.fetching import columns, take
from kernel.models import PublicQuerySet, PublicRow
from kernel.naming import local
from kernel.prepared import fetch_prepared


class OfficialQuerySet(PublicQuerySet):
    def active(self) -> OfficialQuerySet:
        return self.filter(ended_at__isnull=True, user__is_active=True)


class Official(PublicRow):
    """A person's seat in the office. It gives sight of the seat's own cases, and of nothing else."""

    PREFIX = "off"

    user = models.OneToOneField(User, models.PROTECT, related_name="+")
    kind = models.CharField(_("office"), max_length=8, choices=OfficeKind)
    name_en = models.CharField(_("English name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)
    #: what parties read about a mediator: languages, trades
    about_en = models.CharField(max_length=300, blank=True)
    about_zh = models.CharField(max_length=300, blank=True)
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = OfficialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OfficeKind.values), name="official_kind_known")
        ]

    def __str__(self) -> str:
        return local(self)

    def name_in(self, language: str) -> str:
        return (self.name_zh or self.name_en) if language.startswith("zh") else self.name_en


def seat_of(user_id: int | None) -> Official | None:
    """The person's seat in the office while it lasts. Written out: every page of the office asks."""
    found = fetch_prepared(_SEAT.format(columns=columns(Official, "seat")), [user_id]) if user_id else []
    return take(Official, found[0])[0] if found else None


_SEAT = """
SELECT {columns} FROM disputes_official AS seat JOIN identity_user AS person ON person.id = seat.user_id
WHERE seat.user_id = %s AND seat.ended_at IS NULL AND person.is_active
"""


class Appointment(PublicRow):
    """A mediator asked for one case: discloses or declines; the parties may object."""

    PREFIX = "app"

    case = models.ForeignKey("disputes.Case", models.PROTECT, related_name="appointments")
    mediator = models.ForeignKey(Official, models.PROTECT, related_name="appointments")
    state = models.CharField(max_length=10, choices=AppointmentState, default=AppointmentState.ASKED)
    asked_at = models.DateTimeField()
    #: what the search over earlier cases found for these parties: `[{case, party}]`
    search = models.JSONField(default=list)
    #: the mediator's own words: no conflict known, or what the parties should know
    disclosure = models.TextField(max_length=4000, blank=True)
    disclosed_at = models.DateTimeField(null=True)
    #: sides that have said that they do not object: `["a", "b"]`
    accepted_by = models.JSONField(default=list)
    #: why declined or objected to
    reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AppointmentState.values), name="appointment_state_known"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=sorted(LIVE_APPOINTMENTS)),
                name="appointment_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AppointmentState.DISCLOSED, AppointmentState.CONFIRMED])
                | Q(disclosed_at__isnull=False),
                name="appointment_disclosed_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mediator_id} for {self.case_id}"
