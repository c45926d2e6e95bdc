"""The office takes a request and serves it, or the clock does; the respondent answers in time, or the clock goes on.

A request that nobody at the office serves in time goes out by itself: the claimant did what was asked of them, and payment
of the order is held meanwhile. It stands without a case manager then, until one takes it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from disputes.events import CaseAnswered, CaseTaken, RequestServed
from disputes.models import Case
from disputes.services.fetching import (
    NotNow,
    OtherSides,
    await_by_rule,
    await_end,
    await_until,
    expect,
    move,
    office_case,
    party_case,
    set_state,
    tell,
)
from disputes.services.opening import MOST_WORDS, WordsMissing
from disputes.services.uploads import Upload, keep_files
from disputes.states import CaseState, OfficeKind, Side, Zone
from identity.actors import Actor


@transaction.atomic
def serve_request(*, actor: Actor, case: str, now: datetime) -> Case:
    """A case manager takes the case on and serves the request on the respondent, who has until the deadline to answer."""
    found, manager = office_case(actor, case, OfficeKind.MANAGER)
    move(found, CaseState.AWAITING_ANSWER, now=now)
    found.manager = manager
    _serve(found, actor=actor, now=now)
    return found


def serve_by_itself(case: Case, *, actor: Actor, now: datetime) -> None:
    """Nobody took the request on in time: it goes out, and waits for a manager while the respondent answers."""
    set_state(case, CaseState.AWAITING_ANSWER, now=now)
    _serve(case, actor=actor, now=now)


@transaction.atomic
def take_case(*, actor: Actor, case: str, now: datetime) -> Case:
    """A case manager takes on what went out without one."""
    found, manager = office_case(actor, case, OfficeKind.MANAGER)
    expect(found, CaseState.AWAITING_ANSWER, CaseState.NOMINATING, now=now)
    if found.manager_id is not None:
        raise NotNow(state=found.get_state_display())
    found.manager, found.changed_at = manager, now
    found.save(update_fields=["manager", "changed_at"])
    tell(found, CaseTaken(case_id=found.pk), actor=actor, now=now)
    return found


def _serve(case: Case, *, actor: Actor, now: datetime) -> None:
    case.served_at = now
    until = await_until(case, "answer", actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at", "manager", "served_at"])
    tell(case, RequestServed(case_id=case.pk, respond_by=until), actor=actor, now=now)


@transaction.atomic
def answer_case(
    *,
    actor: Actor,
    case: str,
    takes_part: bool,
    answer: str,
    files: Sequence[Upload] = (),
    now: datetime,
) -> Case:
    """The respondent takes part, or declines; either way in their own words."""
    found, member, side = party_case(actor, case)
    if side != Side.B:
        raise OtherSides
    if not 0 < len(answer.strip()) <= MOST_WORDS:
        raise WordsMissing(field="answer")
    move(found, CaseState.NOMINATING if takes_part else CaseState.DECLINED, now=now)
    (await_by_rule if takes_part else await_end)(found, actor=member, now=now)
    found.answered_at, found.takes_part, found.answer = now, takes_part, answer.strip()
    written = ["answered_at", "takes_part", "answer", "unsettled_at"]
    found.save(update_fields=["state", "respond_by", "changed_at", *written])
    keep_files(found, files, zone=Zone.OPEN, member=member, now=now)
    tell(found, CaseAnswered(case_id=found.pk, takes_part=takes_part), actor=member, now=now)
    return found
