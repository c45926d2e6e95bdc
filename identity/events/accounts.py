"""What happens to the account of a person. Personal data only by reference."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class SignedIn(BusinessEvent):
    """`by` names each step: password, mfa, code, issuer …; empty where the demonstration let somebody in."""

    user_id: int
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SignedUp(BusinessEvent):
    """An account was made; its address is confirmed later, or never."""

    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class SignUpTried(BusinessEvent):
    """With an address that has an account already; without a person where it is another address of theirs."""

    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class SignInFailed(BusinessEvent):
    """Also where nobody has the address that was tried, which is kept nowhere: then without a person."""

    user_id: int | None
    by: str


@dataclass(frozen=True, kw_only=True)
class SignedOut(BusinessEvent):
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ShownAgain(BusinessEvent):
    """Signed in already, a person has shown once more that it is them."""

    user_id: int
    by: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(BusinessEvent):
    """`how`: changed, set, or reset by a letter."""

    user_id: int
    how: str


@dataclass(frozen=True, kw_only=True)
class FactorAdded(BusinessEvent):
    user_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class FactorRemoved(BusinessEvent):
    user_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class FactorRenewed(BusinessEvent):
    """New recovery codes: those of before hold no longer."""

    user_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class EmailsChanged(BusinessEvent):
    """`what`: added, removed, or main where another became the main one."""

    user_id: int
    what: str


@dataclass(frozen=True, kw_only=True)
class DataConsentGiven(BusinessEvent):
    consent_id: int


@dataclass(frozen=True, kw_only=True)
class DataConsentWithdrawn(BusinessEvent):
    """What rested on it has ended with it."""

    consent_id: int


@dataclass(frozen=True, kw_only=True)
class OwnDataTaken(BusinessEvent):
    """A person took along what is held of them."""

    user_id: int
