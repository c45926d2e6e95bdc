"""Finding a mediator: asked by the case manager, checked for conflicts, open to objection."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.events import (
    MediatorAccepted,
    MediatorAppointed,
    MediatorAsked,
    MediatorDisclosed,
    MediatorNotAvailable,
)
from disputes.models import Appointment, Case, Official
from disputes.rules.zones import Viewer, room_uid, zones_of
from disputes.services.consenting import begin_if_both_consented
from disputes.services.fetching import (
    NotNow,
    await_by_rule,
    await_until,
    expect,
    move,
    office_case,
    party_case,
    set_state,
    tell,
)
from disputes.services.meeting import call_off_what_is_ahead
from disputes.states import (
    APPOINTMENT_MOVES,
    LIVE_APPOINTMENTS,
    AppointmentState,
    CaseState,
    OfficeKind,
)
from identity.actors import Actor, System
from identity.services import settle_notices
from kernel.errors import Forbidden, NotFound, Refused
from kernel.states import check_move

CLOCK = System(reason="deadline")


class NoSuchMediator(Refused):
    code = "case.no_such_mediator"
    message = _("Choose a mediator of the list.")
    field = "mediator"


class BelongsToAParty(Refused):
    code = "case.mediator_of_a_party"
    message = _("This mediator belongs to one of the parties. Choose another.")
    field = "mediator"


class ObjectedTo(Refused):
    code = "case.mediator_objected_to"
    message = _("A party has objected to this mediator. Choose another.")
    field = "mediator"


class DisclosureMissing(Refused):
    code = "case.disclosure_missing"
    message = _("Say what the parties should know, or that you know of no conflict.")
    field = "disclosure"


class ReasonMissing(Refused):
    code = "case.reason_missing"
    message = _("Say why.")
    field = "reason"


@transaction.atomic
def ask_mediator(*, actor: Actor, case: str, mediator: str, now: datetime) -> Appointment:
    """The case manager asks a mediator (`off_…`) to disclose; what the search over earlier cases found goes along."""
    found, manager = office_case(actor, case, OfficeKind.MANAGER)
    if found.manager_id != manager.pk:
        raise Forbidden
    try:
        wanted: Official = queries.mediators().fetch(mediator)
    except NotFound as error:
        raise NoSuchMediator from error
    if queries.is_objected_to(found, wanted):
        raise ObjectedTo
    search = queries.search_conflicts(found, wanted)
    if any(hit["what"] == "member" for hit in search):
        raise BelongsToAParty
    move(found, CaseState.CONFLICT_CHECK, now=now)
    until = await_until(found, "disclose", actor=actor, now=now)
    found.save(update_fields=["state", "respond_by", "changed_at"])
    asked = Appointment.objects.create(case=found, mediator=wanted, asked_at=now, search=search)
    event = MediatorAsked(case_id=found.pk, appointment_id=asked.pk, respond_by=until)
    tell(found, event, actor=actor, now=now, subject=asked)
    return asked


@transaction.atomic
def disclose(*, actor: Actor, case: str, disclosure: str, now: datetime) -> Appointment:
    """The mediator says what the parties should know; they may object until the deadline."""
    found, asked = _asked(actor, case, now)
    if not disclosure.strip():
        raise DisclosureMissing
    _move(asked, AppointmentState.DISCLOSED)
    asked.disclosure, asked.disclosed_at = disclosure.strip()[:4000], now
    asked.save(update_fields=["state", "disclosure", "disclosed_at"])
    until = await_until(found, "object", actor=actor, now=now)
    found.changed_at = now
    found.save(update_fields=["respond_by", "changed_at"])
    event = MediatorDisclosed(case_id=found.pk, appointment_id=asked.pk, respond_by=until)
    tell(found, event, actor=actor, now=now, subject=asked)
    return asked


@transaction.atomic
def decline_appointment(*, actor: Actor, case: str, reason: str, now: datetime) -> Appointment:
    """The mediator does not take the case; the manager asks another."""
    found, asked = _asked(actor, case, now)
    if not reason.strip():
        raise ReasonMissing
    return _look_for_another(
        found, asked, AppointmentState.DECLINED, reason.strip()[:500], actor=actor, now=now
    )


@transaction.atomic
def object_to_mediator(*, actor: Actor, case: str, reason: str, now: datetime) -> Appointment:
    """A party objects, saying why, before the deadline."""
    found, member, _side = party_case(actor, case)
    expect(found, CaseState.CONFLICT_CHECK, now=now)
    disclosed = found.appointments.select_for_update().filter(state=AppointmentState.DISCLOSED).first()
    if disclosed is None:
        raise NotNow(state=found.get_state_display())
    if not reason.strip():
        raise ReasonMissing
    return _look_for_another(
        found, disclosed, AppointmentState.OBJECTED, reason.strip()[:500], actor=member, now=now
    )


@transaction.atomic
def replace_mediator(*, actor: Actor, case: str, reason: str, now: datetime) -> Case:
    """The case manager ends an appointment. Sight of the case ends at once; the successor reads none of the old notes."""
    found, manager = office_case(actor, case, OfficeKind.MANAGER)
    if found.manager_id != manager.pk:
        raise Forbidden
    if not reason.strip():
        raise ReasonMissing
    live = found.appointments.select_for_update().filter(state__in=LIVE_APPOINTMENTS).first()
    if live is None or found.state == CaseState.SIGNING:
        raise NotNow(state=found.get_state_display())
    _look_for_another(found, live, AppointmentState.REPLACED, reason.strip()[:500], actor=actor, now=now)
    return found


def appoint_unopposed(case: Case, *, now: datetime) -> None:
    """Nobody objected in time: the mediator is appointed, and both sides are asked for their consent."""
    disclosed = case.appointments.select_for_update().get(state=AppointmentState.DISCLOSED)
    _move(disclosed, AppointmentState.CONFIRMED)
    disclosed.save(update_fields=["state"])
    set_state(case, CaseState.CONSENT_PENDING, now=now)
    case.mediator = disclosed.mediator
    until = await_until(case, "consent", actor=CLOCK, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at", "mediator"])
    event = MediatorAppointed(case_id=case.pk, appointment_id=disclosed.pk, respond_by=until)
    tell(case, event, actor=CLOCK, now=now, subject=disclosed)
    begin_if_both_consented(case, actor=CLOCK, now=now)


def pass_over_silent(case: Case, *, now: datetime) -> None:
    """The mediator did not answer in time: the manager asks another."""
    silent = case.appointments.select_for_update().get(state=AppointmentState.ASKED)
    _look_for_another(case, silent, AppointmentState.SILENT, "", actor=CLOCK, now=now)


@transaction.atomic
def accept_mediator(*, actor: Actor, case: str, now: datetime) -> Case:
    """A party has no objection. When both have said so, nobody waits for the deadline."""
    found, member, side = party_case(actor, case)
    expect(found, CaseState.CONFLICT_CHECK, now=now)
    disclosed = found.appointments.select_for_update().filter(state=AppointmentState.DISCLOSED).first()
    if disclosed is None:
        raise NotNow(state=found.get_state_display())
    if side in disclosed.accepted_by:
        return found
    accepted = {*disclosed.accepted_by, str(side)}
    disclosed.accepted_by = sorted(accepted)
    disclosed.save(update_fields=["accepted_by"])
    event = MediatorAccepted(case_id=found.pk, appointment_id=disclosed.pk, side=side)
    tell(found, event, actor=member, now=now, subject=disclosed, audience=(member.company_id,))
    if accepted == {"a", "b"}:
        appoint_unopposed(found, now=now)
    return found


def _asked(actor: Actor, case: str, now: datetime) -> tuple[Case, Appointment]:
    found, mediator = office_case(actor, case, OfficeKind.MEDIATOR)
    expect(found, CaseState.CONFLICT_CHECK, now=now)
    asked = found.appointments.select_for_update().filter(mediator=mediator, state=AppointmentState.ASKED)
    appointment = asked.first()
    if appointment is None:
        raise NotNow(state=found.get_state_display())
    return found, appointment


def _look_for_another(
    case: Case, appointment: Appointment, target: str, reason: str, *, actor: Actor, now: datetime
) -> Appointment:
    _move(appointment, target)
    appointment.reason, appointment.ended_at = reason, now
    appointment.save(update_fields=["state", "reason", "ended_at"])
    _close_rooms_to(appointment, now=now)
    set_state(case, CaseState.NOMINATING, now=now)
    case.mediator = None
    await_by_rule(case, actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at", "mediator"])
    call_off_what_is_ahead(case, actor=actor, now=now)
    event = MediatorNotAvailable(case_id=case.pk, appointment_id=appointment.pk, why=target)
    tell(case, event, actor=actor, now=now, subject=appointment)
    return appointment


def _close_rooms_to(appointment: Appointment, *, now: datetime) -> None:
    """What was said there waits no longer for who mediates no more."""
    mediator = appointment.mediator.user_id
    for zone in zones_of(Viewer.MEDIATOR):
        settle_notices(about=room_uid(appointment.case.uid, zone), user_id=mediator, now=now)


def _move(appointment: Appointment, target: str) -> None:
    check_move(APPOINTMENT_MOVES, appointment.state, target)
    appointment.state = target
