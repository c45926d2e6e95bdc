"""The office takes a request and serves it; the respondent answers in time, or the clock goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from disputes.events import CaseAnswered, RequestServed
from disputes.models import Case
from disputes.services.fetching import OtherSides, await_end, await_until, move, office_case, party_case, tell
from disputes.services.opening import MOST_WORDS, WordsMissing
from disputes.services.uploads import Upload, keep_files
from disputes.states import CaseState, OfficeKind, Side, Zone
from identity.actors import Actor


@transaction.atomic
def serve_request(*, actor: Actor, case: str, now: datetime) -> Case:
    """A case manager takes the case on and serves the request on the respondent, who has until the deadline to answer."""
    found, manager = office_case(actor, case, OfficeKind.MANAGER)
    move(found, CaseState.AWAITING_ANSWER, now=now)
    found.manager, found.served_at = manager, now
    until = await_until(found, "answer", actor=actor, now=now)
    found.save(update_fields=["state", "respond_by", "changed_at", "manager", "served_at"])
    tell(found, RequestServed(case_id=found.pk, respond_by=until), actor=actor, now=now)
    return found


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
    if not takes_part:
        await_end(found, actor=member, now=now)
    found.answered_at, found.takes_part, found.answer = now, takes_part, answer.strip()
    written = ["answered_at", "takes_part", "answer", "unsettled_at"]
    found.save(update_fields=["state", "respond_by", "changed_at", *written])
    keep_files(found, files, zone=Zone.OPEN, member=member, now=now)
    tell(found, CaseAnswered(case_id=found.pk, takes_part=takes_part), actor=member, now=now)
    return found
