"""A case as others tell of it: who, where it stands, who has done their part. Not one word of any zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from disputes.models import Case, Official, Session
from disputes.states import LIVE_APPOINTMENTS, AppointmentState, OfficeKind, TermsState
from identity.models import Company


@dataclass(frozen=True)
class CaseInBrief:
    uid: UUID
    public_id: str
    number: str
    order: str
    state: str
    respond_by: datetime | None
    claimant: Company
    respondent: Company
    #: sides that have consented, that have signed the text that is out, that have accepted the mediator
    consented: frozenset[str]
    signed: frozenset[str]
    accepted: frozenset[str]
    #: a mediator has disclosed and waits for objections
    disclosed: bool
    #: people by what they are to the case
    manager: tuple[int, ...]
    mediator: tuple[int, ...]


def case_in_brief(case_id: int) -> CaseInBrief:
    """For the roof, which tells people; `case_id` is the key of an event."""
    case = Case.objects.select_related("order", "claimant", "respondent", "manager").get(pk=case_id)
    appointment = case.appointments.filter(state__in=LIVE_APPOINTMENTS).select_related("mediator").first()
    locked = case.terms.filter(state=TermsState.LOCKED).first()
    return CaseInBrief(
        uid=case.uid,
        public_id=case.public_id,
        number=case.number,
        order=case.order.reference,
        state=case.state,
        respond_by=case.respond_by,
        claimant=case.claimant,
        respondent=case.respondent,
        consented=frozenset(case.consents.values_list("side", flat=True)),
        signed=frozenset(locked.signatures.values_list("side", flat=True)) if locked else frozenset(),
        accepted=frozenset(appointment.accepted_by) if appointment else frozenset(),
        disclosed=appointment is not None and appointment.state == AppointmentState.DISCLOSED,
        manager=(case.manager.user_id,) if case.manager else (),
        mediator=(appointment.mediator.user_id,) if appointment else (),
    )


def case_managers() -> list[int]:
    """The people who may take a request on."""
    managers = Official.objects.active().filter(kind=OfficeKind.MANAGER)
    return list(managers.values_list("user_id", flat=True))


def zone_of_session(session_id: int) -> str:
    return Session.objects.values_list("zone", flat=True).get(pk=session_id)
