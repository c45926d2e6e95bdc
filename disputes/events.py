"""What happens to a case. Codes and ids only: words stay in their zone, and never ride on an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class CaseEvent(BusinessEvent):
    case_id: int


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseEvent):
    respond_by: datetime | None


@dataclass(frozen=True, kw_only=True)
class DeadlineSet(CaseEvent):
    """What is awaited in a state ends then; the timer that this brings decides nothing, the deadline does."""

    code: str
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class DeadlineMoved(CaseEvent):
    """What is awaited still may come later than was said: both sides asked for longer, or the days were counted anew."""

    code: str
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class SettlementClaimed(CaseEvent):
    """One side says that the parties have settled; the other has to say so as well."""

    side: str


@dataclass(frozen=True, kw_only=True)
class CaseSettledDirectly(CaseEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MediationRequested(CaseEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class RequestServed(CaseEvent):
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class CaseTaken(CaseEvent):
    """A case manager took on what had gone out without one."""


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(CaseEvent):
    takes_part: bool


@dataclass(frozen=True, kw_only=True)
class CaseUnanswered(CaseEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class MediatorAsked(CaseEvent):
    appointment_id: int
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class MediatorDisclosed(CaseEvent):
    appointment_id: int
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class MediatorNotAvailable(CaseEvent):
    """Declined, objected to, or silent: the case manager asks another."""

    appointment_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class MediatorAccepted(CaseEvent):
    """One side has no objection: its own business until the mediator is appointed."""

    appointment_id: int
    side: str


@dataclass(frozen=True, kw_only=True)
class MediatorAppointed(CaseEvent):
    appointment_id: int
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(CaseEvent):
    side: str
    #: what the act rests on (`identity.services.Evidence`), where it was asked for
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class MediationBegan(CaseEvent):
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class LongerAsked(CaseEvent):
    """One side asks for more time; the other has to ask as well."""

    side: str


@dataclass(frozen=True, kw_only=True)
class MessageLeft(CaseEvent):
    """The audience holds only companies that may read the zone."""

    zone: str


@dataclass(frozen=True, kw_only=True)
class SessionSet(CaseEvent):
    session_id: int
    starts_at: datetime
    sequence: int


@dataclass(frozen=True, kw_only=True)
class SessionCancelled(CaseEvent):
    session_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class TermsDrafted(CaseEvent):
    terms_id: int


@dataclass(frozen=True, kw_only=True)
class TermsLocked(CaseEvent):
    terms_id: int
    respond_by: datetime


@dataclass(frozen=True, kw_only=True)
class TermsSigned(CaseEvent):
    terms_id: int
    side: str
    #: what the act rests on (`identity.services.Evidence`), where it was asked for
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class SettlementSigned(CaseEvent):
    terms_id: int


@dataclass(frozen=True, kw_only=True)
class SettlementFiled(CaseEvent):
    """To be passed to the arbitration desk."""

    filing_id: int
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class FilingAwaited(CaseEvent):
    """The desk is asked for its answer then."""

    filing_id: int
    ask_at: datetime
    #: how often it was asked before: a question that is delivered twice winds one timer only
    time: int


@dataclass(frozen=True, kw_only=True)
class FilingReceived(CaseEvent):
    filing_id: int


@dataclass(frozen=True, kw_only=True)
class FilingExamined(CaseEvent):
    """The desk's registrar looked at what the desk held for them."""

    filing_id: int
    admitted: bool


@dataclass(frozen=True, kw_only=True)
class FilingReturned(CaseEvent):
    filing_id: int
    #: the desk said nothing in time
    by_time: bool = False


@dataclass(frozen=True, kw_only=True)
class AwardIssued(CaseEvent):
    filing_id: int


@dataclass(frozen=True, kw_only=True)
class PerformanceBegan(CaseEvent):
    first_due_on: date | None
    #: where a party chose to go without an award; after one, and by the clock, nobody is asked
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class InstalmentWatched(CaseEvent):
    """The clock looks at `late_at` whether the instalment has come; at `due_at` people are told that it is due."""

    number: int
    late_at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class InstalmentReceived(CaseEvent):
    number: int
    amount: Decimal
    currency: str
    #: the side that paid
    payer: str = ""


@dataclass(frozen=True, kw_only=True)
class PerformanceReported(CaseEvent):
    """Nothing is to be paid, and the respondent says that all was done: the claimant has a time to say otherwise."""


@dataclass(frozen=True, kw_only=True)
class PerformanceContested(CaseEvent):
    """Nothing is to be paid, and the claimant says that what was settled was not done."""


@dataclass(frozen=True, kw_only=True)
class SettlementPerformed(CaseEvent):
    #: nobody said so: it counts as performed, since nobody said otherwise in time
    by_time: bool = False


@dataclass(frozen=True, kw_only=True)
class SettlementDefaulted(CaseEvent):
    number: int


@dataclass(frozen=True, kw_only=True)
class MediationFailed(CaseEvent):
    """Without a reason, as the certificate is."""

    by_side: str


@dataclass(frozen=True, kw_only=True)
class CaseExpired(CaseEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    pass
