"""What cases do when something happens: the clock, and the arbitration desk."""

from __future__ import annotations

import functools

from disputes import services
from disputes.events import DeadlineSet, FilingAwaited, InstalmentWatched, SettlementFiled
from disputes.models import Filing
from disputes.scia.client import NoAnswer, NotReceived, desk
from disputes.states import FilingState
from kernel.events import Occurrence
from kernel.subscriptions import Effect

ANSWERED = (FilingState.AWARDED, FilingState.RETURNED)


def run_out(event: DeadlineSet, occurrence: Occurrence) -> None:
    """Due at `respond_by`. A deadline that was moved, or met, brings a timer that finds nothing to do."""
    services.run_out(case_id=event.case_id, now=occurrence.now)


def look_for_default(event: InstalmentWatched, occurrence: Occurrence) -> None:
    """Due at the end of an instalment's grace."""
    services.look_for_default(case_id=event.case_id, now=occurrence.now)


def file_with_scia(event: SettlementFiled, occurrence: Occurrence) -> Effect | None:
    """Outside: sent under the filing's own key, so that a second attempt is the same filing."""
    filing = Filing.objects.get(pk=event.filing_id)
    if filing.state != FilingState.QUEUED:
        return None
    return _talk(filing, occurrence, 0, send=True)


def ask_scia(event: FilingAwaited, occurrence: Occurrence) -> Effect | None:
    """Outside: how does it stand? A filing that never arrived is sent again."""
    filing = Filing.objects.get(pk=event.filing_id)
    if filing.state in ANSWERED:
        return None
    try:
        return _talk(filing, occurrence, event.time, send=False)
    except NotReceived:
        return _talk(filing, occurrence, event.time, send=True)


def _talk(filing: Filing, occurrence: Occurrence, time: int, *, send: bool) -> Effect:
    """What the desk says, as the effect to be written; silence is kept as UNKNOWN.

    Where it waits for its registrar, and they have decided, it is told so.
    """
    key, now = filing.idempotency_key, occurrence.now
    try:
        answer = desk().send(key, filing.packet) if send else desk().status(key)
        if answer.get("held_for") and filing.admitted is not None:
            answer = desk().examined(key, admit=filing.admitted)
    except NoAnswer:
        return functools.partial(services.keep_silence, filing_id=filing.pk, time=time, now=now)
    return functools.partial(services.keep_answer, filing_id=filing.pk, answer=answer, time=time, now=now)
