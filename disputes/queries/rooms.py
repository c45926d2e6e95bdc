"""What lies in a case's zones, for one viewer: every read asks the policy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, Window
from django.db.models.functions import RowNumber

from disputes.models import (
    Appointment,
    Case,
    CaseFile,
    Instalment,
    Message,
    Reading,
    ReadMark,
    Session,
    Signature,
    Terms,
)
from disputes.queries.office import viewer_of
from disputes.rules.zones import Viewer, may_see, zones_of
from disputes.states import AppointmentState, Side, TermsState, Zone
from identity.actors import Actor, Member
from identity.queries import ShownFor, shown_for
from kernel.errors import NotFound
from kernel.models import Event
from kernel.prepared import fetch_prepared

#: of each room
MESSAGES_A_PAGE = 50
MOST_READINGS = 50


@dataclass(frozen=True)
class RoomPage:
    """What a room shows at once."""

    #: oldest first, with their files
    messages: list[Message]
    #: cursor of the earlier page; empty on the first one
    before: str = ""
    #: whether later words were left out: the room was asked for what lies before a message
    is_earlier: bool = False


def messages_of(
    case: Case, actor: Actor, viewer: Viewer, *, zones: Collection[Zone] = tuple(Zone), before: str = ""
) -> dict[Zone, RoomPage]:
    """The last messages of each of `zones` that the viewer reads, or, in its own zone, those before one (`cmg_…`).

    A cursor is looked for in what the viewer reads, and nowhere else: any other is as unknown, and shows what is newest.
    Two statements, three behind a cursor.
    """
    read = [zone for zone in zones_of(viewer) if zone in zones]
    heard = _own_notes_only(case.messages.filter(zone__in=read), actor)
    first = heard.with_public_id(before).first() if before else None
    if first is not None:
        heard = heard.filter(~Q(zone=first.zone) | Q(pk__lt=first.pk))
    found: dict[Zone, list[Message]] = {zone: [] for zone in read}
    for message in _newest_of_each(heard, CaseFile.objects.filter(zone__in=read)):
        message.case = case  # its key opens it
        found[Zone(message.zone)].append(message)
    earlier = first.zone if first is not None else None
    return {zone: _page(messages, zone == earlier) for zone, messages in found.items()}


def _newest_of_each(heard: Any, files: Any) -> Any:
    """Newest first, one more of each zone than is shown."""
    place = Window(RowNumber(), partition_by="zone", order_by="-pk")
    newest = heard.order_by().annotate(place=place).filter(place__lte=MESSAGES_A_PAGE + 1)
    return (
        Message.objects.filter(pk__in=newest.values("pk"))
        .select_related("company", "official")
        .prefetch_related(Prefetch("files", files))
        .order_by("-pk")
    )


def _page(newest: list[Message], is_earlier: bool) -> RoomPage:
    shown = newest[:MESSAGES_A_PAGE]
    before = shown[-1].public_id if len(newest) > MESSAGES_A_PAGE else ""
    return RoomPage(shown[::-1], before, is_earlier)


def marks_of(case: Case, viewer: Viewer) -> list[ReadMark]:
    """How far others have read the rooms that the viewer reads."""
    return list(case.marks.filter(zone__in=zones_of(viewer)).select_related("company"))


def with_news(actor: Member, cases: Sequence[int]) -> set[int]:
    """Keys of those cases in whose rooms somebody else said something that the actor has not seen. One statement."""
    parameters = {"cases": list(cases), "company": actor.company_id, "reader": actor.user_id}
    return {case for (case,) in fetch_prepared(_NEWS, parameters)}


#: written out, since a list asks it each time it is shown: the rooms are those that a party reads
_NEWS = f"""
SELECT DISTINCT message.case_id
FROM disputes_message AS message JOIN disputes_case AS quarrel ON quarrel.id = message.case_id
WHERE message.case_id = ANY(%(cases)s)
  AND (message.zone = '{Zone.JOINT}'
       OR message.zone = '{Zone.CAUCUS_A}' AND quarrel.claimant_id = %(company)s
       OR message.zone = '{Zone.CAUCUS_B}' AND quarrel.respondent_id = %(company)s)
  AND message.company_id IS DISTINCT FROM %(company)s
  AND message.id > COALESCE((
      SELECT mark.read_to FROM disputes_readmark AS mark
      WHERE mark.case_id = message.case_id AND mark.zone = message.zone AND mark.user_id = %(reader)s
  ), 0)
"""


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


def sides_in_default(case: Case, now: datetime) -> set[str]:
    """The sides with a payment of the signed settlement that is not here, and past its grace.

    Where nothing is to be paid, what was settled is the respondent’s to do.
    """
    late = Instalment.objects.filter(
        terms__case=case, terms__state=TermsState.SIGNED, received_on__isnull=True, late_after__lt=now
    )
    return set(late.values_list("payer", flat=True)) or {Side.B}


def signatures_of(case: Case, terms: Terms | None) -> list[tuple[Signature, ShownFor | None]]:
    """The signatures under these terms, each with the identity that its signatory had shown, where that was asked for."""
    signatures = list(terms.signatures.all()) if terms else []
    if not signatures:
        return []
    assert terms is not None
    signed = Event.objects.about(case.uid).filter(name="TermsSigned", payload__terms_id=terms.pk)
    kept = {told["side"]: told.get("assurance") for told in signed.values_list("payload", flat=True)}
    return [(each, shown_for(kept.get(each.side))) for each in signatures]


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
