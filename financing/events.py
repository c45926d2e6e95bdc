"""What happens to offers of money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class FinanceEvent(BusinessEvent):
    """The business of the seller's and the bank's finance, and of nobody else in either company."""


@dataclass(frozen=True, kw_only=True)
class OfferMade(FinanceEvent):
    offer_id: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(FinanceEvent):
    """The seller said yes and the registry holds the invoice; the bank has to be told."""

    offer_id: int
    #: what the act rests on (`identity.services.Evidence`), where it was asked for
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(FinanceEvent):
    """By the seller or by the bank: `code` says which."""

    offer_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class OfferExpired(FinanceEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(FinanceEvent):
    offer_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class OffersWanted(FinanceEvent):
    """The seller asks the banks again."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class BankInstructed(FinanceEvent):
    """The bank's officer, or the seller who withdraws, wants the bank to do `ask` (`states.Ask`)."""

    offer_id: int
    ask: str


@dataclass(frozen=True, kw_only=True)
class BankSilent(FinanceEvent):
    """The bank did not answer `ask`: what it did is unknown, and it is asked again at `ask_at`."""

    offer_id: int
    ask: str
    tries: int
    ask_at: datetime


@dataclass(frozen=True, kw_only=True)
class FinanceReserved(FinanceEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class FinanceDisbursed(FinanceEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class RepaymentWatched(FinanceEvent):
    """The clock's: at `due_at` seller and bank are told that the money is to be repaid on that day."""

    offer_id: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class FinanceRepaid(FinanceEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class FinanceDisputed(FinanceEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class FinanceReleased(FinanceEvent):
    """The dispute is over; the offer goes on from where it was held."""

    offer_id: int


@dataclass(frozen=True, kw_only=True)
class BankMessageRefused(FinanceEvent):
    """Something came in a bank's name that was not believed: `code` says why, `digest` which message."""

    bank_id: int
    code: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class BankEnrolled(FinanceEvent):
    bank_id: int


@dataclass(frozen=True, kw_only=True)
class FinancePreferenceSet(FinanceEvent):
    wants_offers: bool
