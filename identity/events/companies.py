"""What happens to a company, its addresses, its claims and its bank accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class CompanyRegistered(BusinessEvent):
    company_id: int


@dataclass(frozen=True, kw_only=True)
class CompanyEdited(BusinessEvent):
    """`fields` names what changed, not how."""

    company_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CompanySuspended(BusinessEvent):
    """The programme office stopped it from trading; why stands on the company."""

    company_id: int


@dataclass(frozen=True, kw_only=True)
class CompanyReinstated(BusinessEvent):
    company_id: int


@dataclass(frozen=True, kw_only=True)
class AddressAdded(BusinessEvent):
    address_id: int


@dataclass(frozen=True, kw_only=True)
class AddressEdited(BusinessEvent):
    address_id: int


@dataclass(frozen=True, kw_only=True)
class AddressEnded(BusinessEvent):
    address_id: int


@dataclass(frozen=True, kw_only=True)
class BankAccountSet(BusinessEvent):
    """Where the company is paid in `currency` has changed."""

    bank_account_id: int
    currency: str
    #: what the act rests on (`identity.services.Evidence`), where it was asked for
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class BankAccountEnded(BusinessEvent):
    bank_account_id: int
    currency: str
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class BankChangeAsked(BusinessEvent):
    """Somebody wants the company to be paid elsewhere; a second person confirms until `respond_by`."""

    change_id: int
    respond_by: datetime
    assurance: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class BankChangeClosed(BusinessEvent):
    """Confirmed, declined, taken back or lapsed."""

    change_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ClaimSubmitted(BusinessEvent):
    claim_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimWithdrawn(BusinessEvent):
    claim_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimDecided(BusinessEvent):
    """A programme officer verified or refused a claim."""

    claim_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ClaimExpiryWatched(BusinessEvent):
    """A check holds up to `expires_on`; at `tell_at` its company is told that it ends."""

    claim_id: int
    expires_on: date
    tell_at: datetime
