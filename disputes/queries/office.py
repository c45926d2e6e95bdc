"""Who is what to a case."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from disputes.models import Appointment, Case, Official
from disputes.models.office import OfficialQuerySet, seat_of
from disputes.rules.roles import PARTY_ROLES
from disputes.rules.zones import Viewer
from disputes.states import ENDED, LIVE_APPOINTMENTS, UNTAKEN, AppointmentState, OfficeKind
from identity.actors import Actor, Member, Staff
from identity.models import Membership


def official_of(user_id: int | None) -> Official | None:
    """The person's seat in the office while it lasts."""
    return seat_of(user_id)


def viewer_of(case: Case, actor: Actor) -> Viewer:
    """What the actor is to the case: asked at every read, never kept."""
    if isinstance(actor, Member) and actor.may(*PARTY_ROLES):
        sides = {case.claimant_id: Viewer.PARTY_A, case.respondent_id: Viewer.PARTY_B}
        return sides.get(actor.company_id, Viewer.STRANGER)
    if isinstance(actor, Staff):
        official = official_of(actor.user_id)
        if official is not None:
            return viewer_in_office(case, official)
        return Viewer.SUPERUSER if actor.user.is_superuser else Viewer.STRANGER
    return Viewer.STRANGER


def viewer_in_office(case: Case, official: Official) -> Viewer:
    match official.kind:
        case OfficeKind.MEDIATOR:
            if case.mediator_id == official.pk:
                return Viewer.MEDIATOR
            asked = case.appointments.filter(mediator=official, state__in=LIVE_APPOINTMENTS)
            return Viewer.CANDIDATE if asked.exists() else Viewer.OTHER_MEDIATOR
        case OfficeKind.MANAGER:
            free = case.manager_id is None and case.state in UNTAKEN
            return Viewer.MANAGER if free or case.manager_id == official.pk else Viewer.STRANGER
        case OfficeKind.SCIA:
            return Viewer.SCIA if case.filings.exists() else Viewer.STRANGER
    return Viewer.STRANGER


def mediators() -> OfficialQuerySet:
    """Who may be asked, the least busy first: how busy orders the list, and is told to nobody."""
    busy = Count(
        "appointments",
        filter=Q(appointments__state__in=LIVE_APPOINTMENTS) & ~Q(appointments__case__state__in=sorted(ENDED)),
    )
    return (
        Official.objects.active()
        .filter(kind=OfficeKind.MEDIATOR)
        .annotate(busy=busy)
        .order_by("busy", "name_en")
    )


def mediators_for(case: Case) -> OfficialQuerySet:
    """Of those, whom no party of this case has objected to. Who declined, or kept silent, may be asked again.

    With how many cases of this case's own manager each of them has under way (`ours`): those of other managers are not
    counted to anybody.
    """
    ours = Q(appointments__state__in=LIVE_APPOINTMENTS, appointments__case__manager=case.manager_id)
    under_way = Count("appointments", filter=ours & ~Q(appointments__case__state__in=sorted(ENDED)))
    return mediators().exclude(pk__in=_objected_to(case).values("mediator")).annotate(ours=under_way)


def is_objected_to(case: Case, mediator: Official) -> bool:
    return _objected_to(case).filter(mediator=mediator).exists()


def _objected_to(case: Case) -> QuerySet[Appointment]:
    return Appointment.objects.filter(case=case, state=AppointmentState.OBJECTED)


def search_conflicts(case: Case, mediator: Official) -> list[dict[str, Any]]:
    """Earlier cases of the mediator with one of these parties, and companies of a party that they belong to."""
    parties = {case.claimant_id: "a", case.respondent_id: "b"}
    earlier = (
        Appointment.objects.filter(mediator=mediator, state=AppointmentState.CONFIRMED)
        .exclude(case=case)
        .filter(Q(case__claimant_id__in=parties) | Q(case__respondent_id__in=parties))
        .select_related("case")
        .order_by("pk")[:20]
    )
    found = [
        {"what": "earlier_case", "case": each.case.number, "party": parties[company]}
        for each in earlier
        for company in each.case.parties
        if company in parties
    ]
    member_of = Membership.objects.filter(user_id=mediator.user_id, company_id__in=parties)
    return found + [{"what": "member", "party": parties[each.company_id]} for each in member_of]
