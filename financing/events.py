"""What happens to offers of money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class OfferMade(BusinessEvent):
    offer_id: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(BusinessEvent):
    """The seller said yes and the registry holds the invoice; the bank has to be told."""

    offer_id: int


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(BusinessEvent):
    """By the seller or by the bank: `code` says which."""

    offer_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class OfferExpired(BusinessEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class OfferWithdrawn(BusinessEvent):
    offer_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class OffersWanted(BusinessEvent):
    """The seller asks the banks again."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class BankInstructed(BusinessEvent):
    """The bank's officer, or the seller who withdraws, wants the bank to do `ask` (`states.Ask`)."""

    offer_id: int
    ask: str


@dataclass(frozen=True, kw_only=True)
class BankSilent(BusinessEvent):
    """The bank did not answer `ask`: what it did is unknown, and it is asked again at `ask_at`."""

    offer_id: int
    ask: str
    tries: int
    ask_at: datetime


@dataclass(frozen=True, kw_only=True)
class FinanceReserved(BusinessEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class FinanceDisbursed(BusinessEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class FinanceRepaid(BusinessEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class FinanceDisputed(BusinessEvent):
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class FinanceReleased(BusinessEvent):
    """The dispute is over; the offer goes on from where it was held."""

    offer_id: int


@dataclass(frozen=True, kw_only=True)
class BankMessageRefused(BusinessEvent):
    """Something came in a bank's name that was not believed: `code` says why, `digest` which message."""

    bank_id: int
    code: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class BankEnrolled(BusinessEvent):
    bank_id: int


@dataclass(frozen=True, kw_only=True)
class FinancePreferenceSet(BusinessEvent):
    wants_offers: bool
