"""Performing a settlement: instalments that the creditor saw arrive, until all are there or one is late.

Where nothing is to be paid there is no instalment to look at, only the two sides' word: `await_performance` says whose silence
means what, and when.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from disputes import queries
from disputes.events import (
    InstalmentReceived,
    InstalmentWatched,
    PerformanceBegan,
    PerformanceContested,
    PerformanceReported,
    SettlementDefaulted,
    SettlementPerformed,
)
from disputes.models import Case, Instalment
from disputes.rules.deadlines import count, day_of, end_of, morning_of
from disputes.services.ending import end
from disputes.services.fetching import (
    CalendarMissing,
    OtherSides,
    await_by_rule,
    expect,
    move,
    party_case,
    set_state,
    tell,
)
from disputes.states import PERFORMED_IN, CaseState, Side, TermsState
from identity.actors import Actor, Member, System
from identity.services import Evidence
from kernel.errors import Conflict, Refused


class NoSuchInstalment(Refused):
    code = "instalment.unknown"
    message = _("There is no such payment that is still open.")
    field = "number"


class NotADay(Refused):
    code = "instalment.not_a_day"
    message = _("The day lies between the settlement’s and today.")
    field = "received_on"


class StillOpen(Conflict):
    code = "instalment.still_open"
    message = _("Payments of the settlement are still open.")


class NotDueYet(Conflict):
    code = "performance.not_due_yet"
    message = _(
        "The terms name %(day)s. Until that day is over, or the other side says that all was done, nothing is late."
    )


def begin_performance(case: Case, *, actor: Actor, now: datetime, assurance: Evidence | None = None) -> None:
    """After the award, or without one: each instalment gets the end of its grace, and a timer; without any, the case does."""
    set_state(case, CaseState.PERFORMING, now=now)
    await_performance(case, actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at"])
    calendars = queries.calendars()
    open_ones = list(_instalments(case))
    for each in open_ones:
        due = end_of(each.due_on)
        each.late_after = count(case.rules["rules"]["grace"], start=due, calendars=calendars).ends_at
        each.save(update_fields=["late_after"])
    first = open_ones[0].due_on if open_ones else None
    event = PerformanceBegan(case_id=case.pk, first_due_on=first, assurance=assurance)
    tell(case, event, actor=actor, now=now)
    watch(case, actor=actor, now=now)


def await_performance(case: Case, *, actor: Actor, now: datetime) -> datetime | None:
    """Where nothing is to be paid: when the settlement counts as performed, unless somebody has said otherwise before.

    Neither side's silence holds payment of the order for ever, and neither side's word alone decides. The respondent says that
    all was done: the claimant, who has the goods before them, has a time to say otherwise (`contest`), and silence then is
    consent. Nobody says anything: a much longer time (`perform`), counted from the last day that the terms name, since
    nothing is late before it. The claimant, whose hold it is, is told at the beginning, half way and by the page, and one
    word of theirs keeps payment held (`contest_performance`); that word has an end too (`recover`). The caller saves.
    """
    if _instalments(case).exists():
        return None
    named = queries.last_day_named(case)
    if named is not None and end_of(named) > now:
        try:
            return await_by_rule(case, actor=actor, now=now, since=end_of(named))
        except CalendarMissing:
            pass  # a day so far ahead that no calendar leads there
    return await_by_rule(case, actor=actor, now=now)


@transaction.atomic
def begin_after_award(*, actor: Actor, case: str, now: datetime) -> Case:
    """A party has taken note of the award: what was settled is performed."""
    found, member, _side = party_case(actor, case)
    expect(found, CaseState.AWARD_ISSUED, now=now)
    begin_performance(found, actor=member, now=now)
    return found


@transaction.atomic
def receive_instalment(
    *, actor: Actor, case: str, number: int, received_on: date, now: datetime
) -> Instalment:
    """The creditor saw an instalment arrive. The last one completes the case; a late one cures the default."""
    found, member, side = party_case(actor, case)
    expect(found, *PERFORMED_IN, now=now)
    instalment = _instalments(found).filter(number=number).first()
    if instalment is None:
        raise NoSuchInstalment
    if instalment.payer == side:
        raise OtherSides
    assert found.settled_at is not None, "a settlement is performed after it was signed"
    if not day_of(found.settled_at) <= received_on <= day_of(now):
        raise NotADay
    instalment.received_on, instalment.received_at = received_on, now
    instalment.save(update_fields=["received_on", "received_at"])
    event = InstalmentReceived(
        case_id=found.pk,
        number=number,
        amount=instalment.amount,
        currency=instalment.currency,
        payer=instalment.payer,
    )
    tell(found, event, actor=member, now=now)
    if not _instalments(found).exists() and found.state == CaseState.PERFORMING:
        _complete(found, actor=member, now=now)
    elif found.state == CaseState.DEFAULTED and not _late(found, now):
        set_state(found, CaseState.PERFORMING, now=now)
        found.save(update_fields=["state", "respond_by", "changed_at"])
        if not _instalments(found).exists():
            _complete(found, actor=member, now=now)
    return instalment


@transaction.atomic
def report_performance(*, actor: Actor, case: str, now: datetime) -> Case:
    """The respondent says that all was done, where nothing is to be paid: the claimant has a time to say otherwise. Said once."""
    found, member = _without_payments(actor, case, Side.B)
    expect(found, CaseState.PERFORMING, now=now)
    if found.performed_said_at is not None:
        return found
    found.performed_said_at = found.changed_at = now
    await_by_rule(found, actor=member, now=now, code="contest")
    found.save(update_fields=["performed_said_at", "respond_by", "changed_at"])
    tell(found, PerformanceReported(case_id=found.pk), actor=member, now=now)
    return found


@transaction.atomic
def contest_performance(*, actor: Actor, case: str, now: datetime) -> Case:
    """The claimant says that it was not done, where nothing is to be paid: once the other side says so, or the day is over."""
    found, member = _without_payments(actor, case, Side.A)
    expect(found, CaseState.PERFORMING, now=now)
    if not queries.may_contest(found, now):
        raise NotDueYet(day=str(queries.last_day_named(found)))
    move(found, CaseState.DEFAULTED, now=now)
    await_by_rule(found, actor=member, now=now)
    found.save(update_fields=["state", "respond_by", "changed_at"])
    tell(found, PerformanceContested(case_id=found.pk), actor=member, now=now)
    return found


@transaction.atomic
def confirm_performance(*, actor: Actor, case: str, now: datetime) -> Case:
    """The claimant says that all was done, in time or late, where the settlement asks for no payment that is still open."""
    found, member = _without_payments(actor, case, Side.A)
    expect(found, *PERFORMED_IN, now=now)
    if found.state == CaseState.DEFAULTED:
        set_state(found, CaseState.PERFORMING, now=now)
    _complete(found, actor=member, now=now)
    return found


def count_as_performed(case: Case, *, actor: Actor, now: datetime) -> None:
    """Nobody has said otherwise in time."""
    set_state(case, CaseState.COMPLETED, now=now)
    end(case, SettlementPerformed(case_id=case.pk, by_time=True), actor=actor, now=now)


def _without_payments(actor: Actor, case: str, whose: Side) -> tuple[Case, Member]:
    """The case, locked, for the one side whose word counts where nothing is to be paid."""
    found, member, side = party_case(actor, case)
    if side != whose:
        raise OtherSides
    if _instalments(found).exists():
        raise StillOpen
    return found, member


def find_default(case: Case, *, now: datetime) -> None:
    """The clock looks: an instalment whose grace has passed is a default."""
    late = _late(case, now)
    if case.state != CaseState.PERFORMING or late is None:
        return
    actor = System(reason="deadline")
    move(case, CaseState.DEFAULTED, now=now)
    await_by_rule(case, actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at"])
    tell(case, SettlementDefaulted(case_id=case.pk, number=late.number), actor=actor, now=now)


def watch(case: Case, *, actor: Actor, now: datetime) -> None:
    """Timers for the day of every open instalment, and for the end of its grace."""
    for each in _instalments(case):
        assert each.late_after is not None, "grace is counted when performance begins"
        event = InstalmentWatched(
            case_id=case.pk, number=each.number, late_at=each.late_after, due_at=morning_of(each.due_on)
        )
        tell(case, event, actor=actor, now=now, audience=())


def _complete(case: Case, *, actor: Actor, now: datetime) -> None:
    move(case, CaseState.COMPLETED, now=now)
    end(case, SettlementPerformed(case_id=case.pk), actor=actor, now=now)


def _instalments(case: Case) -> QuerySet[Instalment]:
    """Of the signed settlement, those not yet seen."""
    return Instalment.objects.select_for_update(of=("self",)).filter(
        terms__case=case, terms__state=TermsState.SIGNED, received_on__isnull=True
    )


def _late(case: Case, now: datetime) -> Instalment | None:
    return _instalments(case).filter(late_after__lt=now).first()
