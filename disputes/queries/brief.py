"""A case as others tell of it: who, where it stands, who has done their part. Not one word of any zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from disputes.models import Appointment, Case, Instalment, Official, Session
from disputes.rules.deadlines import end_of, morning_of
from disputes.states import (
    LIVE_APPOINTMENTS,
    PERFORMED_IN,
    AppointmentState,
    OfficeKind,
    Side,
    TermsState,
)
from identity.models import Company


class InstalmentInBrief(NamedTuple):
    """A payment of the settlement that has not come yet."""

    payer: str
    #: when people are told that it is due; the end of that day; the end of its grace
    due_at: datetime
    due_by: datetime
    late_after: datetime | None


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
    #: the side that asks for more time; sides that say that the parties have settled
    longer_asked_by: str
    says_settled: frozenset[str]
    #: nothing is to be paid, and the respondent says that all was done
    says_performed: bool
    #: sides that have consented, that have signed the text that is out, that have accepted the mediator
    consented: frozenset[str]
    signed: frozenset[str]
    accepted: frozenset[str]
    #: a mediator has disclosed and waits for objections
    disclosed: bool
    #: what is to be paid while the settlement is performed, the earliest first
    instalments: tuple[InstalmentInBrief, ...]
    #: people by what they are to the case
    manager: tuple[int, ...]
    mediator: tuple[int, ...]
    #: the mediator once confirmed: who is only asked reads no room
    mediates: tuple[int, ...]


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
        longer_asked_by=case.longer_asked_by,
        says_settled=frozenset(
            side
            for side, at in ((Side.A, case.settled_by_a_at), (Side.B, case.settled_by_b_at))
            if at is not None
        ),
        says_performed=case.performed_said_at is not None,
        consented=frozenset(case.consents.values_list("side", flat=True)),
        signed=frozenset(locked.signatures.values_list("side", flat=True)) if locked else frozenset(),
        accepted=frozenset(appointment.accepted_by) if appointment else frozenset(),
        disclosed=appointment is not None and appointment.state == AppointmentState.DISCLOSED,
        instalments=_instalments(case) if case.state in PERFORMED_IN else (),
        manager=(case.manager.user_id,) if case.manager else (),
        mediator=(appointment.mediator.user_id,) if appointment else (),
        mediates=(appointment.mediator.user_id,)
        if appointment and appointment.state == AppointmentState.CONFIRMED
        else (),
    )


def _instalments(case: Case) -> tuple[InstalmentInBrief, ...]:
    open_ones = Instalment.objects.filter(
        terms__case=case, terms__state=TermsState.SIGNED, received_on__isnull=True
    )
    return tuple(
        InstalmentInBrief(each.payer, morning_of(each.due_on), end_of(each.due_on), each.late_after)
        for each in open_ones.order_by("due_on", "number")
    )


def officials(kind: OfficeKind) -> list[int]:
    """The people of the office who do that work: case managers take requests on, registrars see to filings."""
    found = Official.objects.active().filter(kind=kind)
    return list(found.values_list("user_id", flat=True))


def mediator_of(appointment_id: int) -> int:
    """The person who was asked, whatever became of it."""
    return Appointment.objects.values_list("mediator__user_id", flat=True).get(pk=appointment_id)


def zone_of_session(session_id: int) -> str:
    return Session.objects.values_list("zone", flat=True).get(pk=session_id)
