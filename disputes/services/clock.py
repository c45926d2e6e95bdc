"""What the clock does when nobody did: repeatable, and only after the deadline that still stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from disputes.events import CaseExpired, CaseUnanswered, MediationRequested
from disputes.models import Case
from disputes.services.answering import serve_by_itself
from disputes.services.assigning import appoint_unopposed, pass_over_silent
from disputes.services.ending import close_by_itself
from disputes.services.fetching import await_by_rule, await_end, set_state, tell
from disputes.services.filing import give_up_desk
from disputes.services.meeting import call_off_what_is_ahead
from disputes.services.performing import begin_performance, count_as_performed, find_default
from disputes.services.settling import reopen_draft
from disputes.states import WITHOUT_SETTLEMENT, AppointmentState, CaseState
from identity.actors import System
from kernel.events import BusinessEvent

CLOCK = System(reason="deadline")


@transaction.atomic
def run_out(*, case_id: int, now: datetime) -> bool:
    """Go on with a case whose deadline has passed; tells whether it did. One that was moved, or answered, is left alone."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if not case.is_late(now):
        return False
    match case.state:
        case CaseState.NEGOTIATING:
            case.requested_at = now
            case.save(update_fields=["requested_at"])
            _go_on(case, CaseState.REQUESTED, MediationRequested(case_id=case.pk), now)
        case CaseState.REQUESTED:
            serve_by_itself(case, actor=CLOCK, now=now)
        case CaseState.AWAITING_ANSWER:
            _go_on(case, CaseState.NO_ANSWER, CaseUnanswered(case_id=case.pk), now)
        case CaseState.CONFLICT_CHECK if case.appointments.filter(state=AppointmentState.ASKED).exists():
            pass_over_silent(case, now=now)
        case CaseState.CONFLICT_CHECK:
            appoint_unopposed(case, now=now)
        case CaseState.NOMINATING:
            # nobody was asked: it ends without prejudice, and the claimant may open another case about the order
            _go_on(case, CaseState.EXPIRED, CaseExpired(case_id=case.pk), now)
        case CaseState.CONSENT_PENDING | CaseState.MEDIATING | CaseState.DRAFTING:
            call_off_what_is_ahead(case, actor=CLOCK, now=now)
            _go_on(case, CaseState.EXPIRED, CaseExpired(case_id=case.pk), now)
        case CaseState.SIGNING:
            reopen_draft(case, actor=CLOCK, now=now)
        case CaseState.SCIA_FILED:
            give_up_desk(case, actor=CLOCK, now=now)
        case CaseState.MSA_SIGNED | CaseState.RETURNED | CaseState.AWARD_ISSUED:
            begin_performance(case, actor=CLOCK, now=now)
        case CaseState.PERFORMING:
            count_as_performed(case, actor=CLOCK, now=now)
        case state if state in WITHOUT_SETTLEMENT or state == CaseState.DEFAULTED:
            close_by_itself(case, actor=CLOCK, now=now)
    return True


@transaction.atomic
def look_for_default(*, case_id: int, now: datetime) -> None:
    find_default(Case.objects.select_for_update().get(pk=case_id), now=now)


def _go_on(case: Case, target: str, event: BusinessEvent, now: datetime) -> None:
    set_state(case, target, now=now)
    (await_end if target in WITHOUT_SETTLEMENT else await_by_rule)(case, actor=CLOCK, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at", "unsettled_at"])
    tell(case, event, actor=CLOCK, now=now)
