"""Passing a signed settlement to the arbitration desk, and taking what it answers. The wire is in `disputes.scia`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from disputes.events import (
    AwardIssued,
    FilingAwaited,
    FilingExamined,
    FilingReceived,
    FilingReturned,
    SettlementFiled,
)
from disputes.models import Case, Filing
from disputes.queries.packets import manifest_of, packet_of
from disputes.rules.clauses import digest
from disputes.rules.returns import UNANSWERED
from disputes.rules.roles import SIGNATORIES
from disputes.services.fetching import (
    NotNow,
    await_by_rule,
    expect,
    last_deadline,
    move,
    office_case,
    party_case,
    set_state,
    tell,
    wind,
)
from disputes.services.performing import begin_performance
from disputes.services.settling import worth_of
from disputes.states import FILING_MOVES, CaseState, FilingState, OfficeKind, TermsState
from identity.actors import Actor, Member, System
from identity.services import Assured, guard
from identity.states import Purpose
from kernel.errors import Conflict

DESK = System(reason="arbitration-desk")
#: how long until the desk is asked for its answer, longer each time
FIRST_ASKED = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=6)
ANSWERED = (FilingState.AWARDED, FilingState.RETURNED)


class NoArbitrationAgreement(Conflict):
    code = "filing.no_agreement"
    message = _("Both sides have to have agreed to arbitration before a settlement is passed on.")


class ManifestChanged(Conflict):
    code = "filing.manifest_changed"
    message = _("The list of what is sent has changed since you read it. Read it again.")


@transaction.atomic
def file_settlement(*, actor: Actor, case: str, manifest_seen: str, now: datetime) -> Filing:
    """Either side passes the signed settlement on, having read the list of what is sent (its hash is `manifest_seen`)."""
    found, member, _side = party_case(actor, case, *SIGNATORIES)
    move(found, CaseState.SCIA_FILED, now=now)
    terms = found.terms.get(state=TermsState.SIGNED)
    if found.consents.filter(arbitration=True).count() < 2:
        raise NoArbitrationAgreement
    assured = _assured(member, found, now)
    packet = packet_of(found, terms)
    manifest = manifest_of(packet)
    if manifest_seen != digest(manifest):
        raise ManifestChanged
    await_by_rule(found, actor=member, now=now)
    found.save(update_fields=["state", "respond_by", "changed_at"])
    filing = Filing.objects.create(
        case=found,
        terms=terms,
        filed_at=now,
        packet=packet,
        manifest=manifest,
        manifest_digest=manifest_seen,
    )
    event = SettlementFiled(case_id=found.pk, filing_id=filing.pk, assurance=assured.evidence)
    tell(found, event, actor=member, now=now, subject=filing)
    return filing


@transaction.atomic
def perform_without_award(*, actor: Actor, case: str, now: datetime) -> Case:
    """The parties perform what they signed, without an award."""
    found, member, _side = party_case(actor, case, *SIGNATORIES)
    expect(found, CaseState.MSA_SIGNED, CaseState.RETURNED, now=now)
    assured = _assured(member, found, now)
    begin_performance(found, actor=member, now=now, assurance=assured.evidence)
    return found


def _assured(member: Member, case: Case, now: datetime) -> Assured:
    """Whoever says what becomes of a signed settlement shows who they are, as whoever signed it did."""
    terms = case.terms.get(state=TermsState.SIGNED)
    return guard(actor=member, purpose=Purpose.SIGN_SETTLEMENT, worth=worth_of(terms, case, now), now=now)


@transaction.atomic
def examine_filing(*, actor: Actor, case: str, admit: bool, now: datetime) -> Filing:
    """The desk's registrar has looked at a settlement that the desk holds for them: it goes before the arbitrator, or back.

    The decision is kept here and brought to the desk with the next question, which is asked at once.
    """
    found, registrar = office_case(actor, case, OfficeKind.SCIA)
    expect(found, CaseState.SCIA_FILED, now=now)
    filing = found.filings.select_for_update().exclude(state__in=ANSWERED).first()
    if filing is None or not filing.waits_for_registrar:
        raise NotNow(state=found.get_state_display())
    filing.admitted, filing.examined_by, filing.examined_at = admit, registrar, now
    filing.save(update_fields=["admitted", "examined_by", "examined_at"])
    examined = FilingExamined(case_id=found.pk, filing_id=filing.pk, admitted=admit)
    tell(found, examined, actor=actor, now=now, subject=filing)
    _ask_at_once(filing, found, actor=actor, now=now)
    return filing


def admit_filing(*, actor: Actor, case: str, now: datetime) -> Filing:
    return examine_filing(actor=actor, case=case, admit=True, now=now)


def send_filing_back(*, actor: Actor, case: str, now: datetime) -> Filing:
    return examine_filing(actor=actor, case=case, admit=False, now=now)


@transaction.atomic
def ask_desk_again(*, actor: Actor, case: str, now: datetime) -> Filing:
    """The person at the desk does not wait for the timer: the filing is asked about at once."""
    found, _registrar = office_case(actor, case, OfficeKind.SCIA)
    filing = found.filings.select_for_update().exclude(state__in=ANSWERED).first()
    if filing is None:
        raise NotNow(state=found.get_state_display())
    _ask_at_once(filing, found, actor=actor, now=now)
    return filing


def _ask_at_once(filing: Filing, case: Case, *, actor: Actor, now: datetime) -> None:
    event = FilingAwaited(case_id=case.pk, filing_id=filing.pk, ask_at=now, time=filing.times_asked)
    tell(case, event, actor=actor, now=now, subject=filing, audience=())


@transaction.atomic
def keep_silence(*, filing_id: int, time: int = 0, now: datetime) -> None:
    """The desk did not answer: whether it received anything is UNKNOWN until it says so. It is asked again."""
    filing = _locked(filing_id)
    if filing.state == FilingState.QUEUED:
        _move(filing, FilingState.UNKNOWN)
    _ask_later(filing, time, now=now)


@transaction.atomic
def keep_answer(*, filing_id: int, answer: dict[str, Any], time: int = 0, now: datetime) -> None:
    """What the desk said, its signature checked: received, an award, or returned. Repeatable; late answers change nothing."""
    filing = _locked(filing_id)
    if filing.state in ANSWERED:
        return
    filing.reference = str(answer.get("reference", ""))[:40]
    match answer.get("status"):
        case "award":
            _award(filing, answer, now=now)
        case "returned":
            _return(filing, str(answer.get("reason", ""))[:40], actor=DESK, now=now)
        case _:
            filing.held_for = str(answer.get("held_for") or filing.held_for)[:40]
            filing.save(update_fields=["held_for"])
            if filing.state != FilingState.RECEIVED:
                _move(filing, FilingState.RECEIVED)
                event = FilingReceived(case_id=filing.case_id, filing_id=filing.pk)
                tell(filing.case, event, actor=DESK, now=now, subject=filing)
            if not filing.waits_for_registrar:  # whose decision is brought at once; nobody asks meanwhile
                _ask_later(filing, time, now=now)


def _award(filing: Filing, answer: dict[str, Any], *, now: datetime) -> None:
    filing.award_number = str(answer["award_number"])[:40]
    filing.awarded_on = date.fromisoformat(answer["awarded_on"])
    filing.arbitrator = str(answer.get("arbitrator", ""))[:80]
    filing.answered_at = now
    _move(filing, FilingState.AWARDED)
    case = filing.case
    set_state(case, CaseState.AWARD_ISSUED, now=now)
    await_by_rule(case, actor=DESK, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at"])
    event = AwardIssued(case_id=case.pk, filing_id=filing.pk)
    tell(case, event, actor=DESK, now=now, subject=filing)


def give_up_desk(case: Case, *, actor: Actor, now: datetime) -> None:
    """The desk has not answered in time, whoever slept there: the settlement is the parties' again.

    It is not asked any more. What it says later changes nothing: the parties may have gone another way by then.
    """
    filing = case.filings.select_for_update().exclude(state__in=ANSWERED).get()
    filing.case = case
    _return(filing, UNANSWERED, actor=actor, now=now)


def _return(filing: Filing, reason: str, *, actor: Actor, now: datetime) -> None:
    filing.returned_for, filing.answered_at = reason, now
    _move(filing, FilingState.RETURNED)
    case = filing.case
    set_state(case, CaseState.RETURNED, now=now)
    in_time = _await_next_way(case, actor=actor, now=now)
    case.save(update_fields=["state", "respond_by", "changed_at"])
    event = FilingReturned(case_id=case.pk, filing_id=filing.pk, by_time=reason == UNANSWERED)
    tell(case, event, actor=actor, now=now, subject=filing)
    if not in_time:
        begin_performance(case, actor=actor, now=now)


def _await_next_way(case: Case, *, actor: Actor, now: datetime) -> bool:
    """Whether there is time to pass it on again. It is counted at the first return: filing again and again holds nothing longer."""
    first = last_deadline(case, "return")
    if first is None:
        await_by_rule(case, actor=actor, now=now)
    elif first.ends_at > now:
        wind(case, "return", first.ends_at, actor=actor, now=now)
    return first is None or first.ends_at > now


def _ask_later(filing: Filing, time: int, *, now: datetime) -> None:
    """Wind the next timer, unless the same question did so before."""
    if filing.times_asked != time:
        return
    pause = min(FIRST_ASKED * 2 ** min(filing.times_asked, 20), LONGEST_WAIT)
    filing.times_asked += 1
    filing.save(update_fields=["times_asked", "reference"])
    event = FilingAwaited(case_id=filing.case_id, filing_id=filing.pk, ask_at=now + pause, time=time + 1)
    tell(filing.case, event, actor=DESK, now=now, subject=filing, audience=())


def _locked(filing_id: int) -> Filing:
    """Case first, as everywhere."""
    case_id = Filing.objects.values_list("case_id", flat=True).get(pk=filing_id)
    case = Case.objects.select_for_update().get(pk=case_id)
    filing = Filing.objects.select_for_update().get(pk=filing_id)
    filing.case = case
    return filing


def _move(filing: Filing, target: str) -> None:
    if target not in FILING_MOVES[filing.state]:
        raise ValueError(f"a filing goes from {filing.state} to {target}")
    filing.state = target
    filing.save()
