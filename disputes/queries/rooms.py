"""What lies in a case's zones, for one viewer: every read asks the policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from disputes.models import Appointment, Case, CaseFile, Message, Reading, ReadMark, Session, Terms
from disputes.queries.office import viewer_of
from disputes.rules.zones import Viewer, may_see, zones_of
from disputes.states import AppointmentState, TermsState, Zone
from identity.actors import Actor, Member
from kernel.errors import NotFound

NEWEST = 200
MOST_READINGS = 50


def messages_of(case: Case, actor: Actor, viewer: Viewer) -> dict[Zone, list[Message]]:
    """The last messages of every zone that the viewer reads, oldest first, with their files."""
    zones = zones_of(viewer)
    found: dict[Zone, list[Message]] = {zone: [] for zone in zones}
    files = CaseFile.objects.filter(zone__in=zones)
    rows = (
        _own_notes_only(case.messages.filter(zone__in=zones), actor)
        .select_related("company", "official")
        .prefetch_related(Prefetch("files", files))
        .order_by("-pk")[:NEWEST]
    )
    for message in reversed(rows):
        message.case = case  # its key opens it
        found[Zone(message.zone)].append(message)
    return found


def marks_of(case: Case, viewer: Viewer) -> list[ReadMark]:
    """How far others have read the rooms that the viewer reads."""
    return list(case.marks.filter(zone__in=zones_of(viewer)).select_related("company"))


def with_news(actor: Member, cases: Sequence[Case]) -> set[int]:
    """Keys of those cases in whose rooms somebody else said something that the actor has not seen. One statement."""
    company = actor.company_id
    mark = ReadMark.objects.filter(case=OuterRef("case"), zone=OuterRef("zone"), user_id=actor.user_id)
    heard = (
        Q(zone=Zone.JOINT)
        | Q(zone=Zone.CAUCUS_A, case__claimant_id=company)
        | Q(zone=Zone.CAUCUS_B, case__respondent_id=company)
    )
    news = (
        Message.objects.filter(heard, case__in=[case.pk for case in cases])
        .exclude(company_id=company, company_id__isnull=False)
        .filter(pk__gt=Coalesce(Subquery(mark.values("read_to")[:1]), 0))
    )
    return set(news.values_list("case_id", flat=True).order_by().distinct())


def readings_of(case: Case, viewer: Viewer) -> list[Reading]:
    """Who of the office looked, newest first: for the case manager, who reads no name of a file in a private room."""
    if not may_see(Zone.ADMIN, viewer):
        return []
    return list(case.readings.select_related("official")[:MOST_READINGS])


def files_of(case: Case, actor: Actor, viewer: Viewer) -> list[CaseFile]:
    """Files that belong to no message: sent with the request or the answer."""
    files = case.files.filter(zone__in=zones_of(viewer), message__isnull=True)
    return list(files.select_related("company"))


def file_of(actor: Actor, case: str, file: str) -> CaseFile:
    """One file; `NotFound` unless its case and its zone are for the actor."""
    seen: Case = Case.objects.visible_to(actor).fetch(case)
    viewer = viewer_of(seen, actor)
    found: CaseFile = seen.files.select_related("case", "message").fetch(file)
    author = found.message is None or found.message.author_id == actor.user_id
    if not may_see(found.zone, viewer, author=author):
        raise NotFound
    return found


def sessions_of(case: Case, viewer: Viewer) -> list[Session]:
    return list(case.sessions.filter(zone__in=zones_of(viewer)))


def session_of(actor: Actor, case: str, session: str) -> Session:
    seen: Case = Case.objects.visible_to(actor).fetch(case)
    found: Session = seen.sessions.select_related("case").fetch(session)
    if not may_see(found.zone, viewer_of(seen, actor)):
        raise NotFound
    return found


def standing_terms(case: Case, viewer: Viewer) -> Terms | None:
    """The text that counts now; a draft is for the joint room, a signed one is the outcome."""
    terms = (
        case.terms.exclude(state=TermsState.VOID)
        .prefetch_related("clauses", "instalments", "signatures__company", "signatures__signed_by")
        .first()
    )
    if terms is None:
        return None
    zone = Zone.OUTCOME if terms.state == TermsState.SIGNED else Zone.JOINT
    return terms if may_see(zone, viewer) else None


def disclosures_of(case: Case, viewer: Viewer) -> list[Appointment]:
    """What mediators disclosed: part of the open file. The one who was asked sees their own request."""
    appointments = case.appointments.select_related("mediator").order_by("pk")
    if may_see(Zone.OPEN, viewer):
        return list(appointments)
    if viewer == Viewer.CANDIDATE:
        return list(appointments.filter(state__in=[AppointmentState.ASKED, AppointmentState.DISCLOSED]))
    return []


def _own_notes_only(messages: Any, actor: Actor) -> Any:
    return messages.filter(~Q(zone=Zone.MEDIATOR) | Q(author_id=actor.user_id))
