"""Who acts for a company: people, what they are mandated for, and programs."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class MemberInvited(BusinessEvent):
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(BusinessEvent):
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class MemberJoined(BusinessEvent):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MemberRolesChanged(BusinessEvent):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(BusinessEvent):
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class ApiTokenIssued(BusinessEvent):
    token_id: int


@dataclass(frozen=True, kw_only=True)
class ApiTokenRevoked(BusinessEvent):
    token_id: int


@dataclass(frozen=True, kw_only=True)
class MandateGiven(BusinessEvent):
    """A company's owner lets a person do one kind of act; whom and up to how much stands in the mandate."""

    mandate_id: int
    act: str


@dataclass(frozen=True, kw_only=True)
class MandateRevoked(BusinessEvent):
    mandate_id: int
    act: str
