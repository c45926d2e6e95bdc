"""Whose identities are recognised, and which acts ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kernel.events import BusinessEvent


@dataclass(frozen=True, kw_only=True)
class IssuerAdded(BusinessEvent):
    """From now on people may be sent there; what it says counts for nothing until a policy recognises it."""

    issuer_id: int


@dataclass(frozen=True, kw_only=True)
class IssuerSuspended(BusinessEvent):
    """Nothing new rests on it; why stands on the issuer."""

    issuer_id: int


@dataclass(frozen=True, kw_only=True)
class IssuerReinstated(BusinessEvent):
    issuer_id: int


@dataclass(frozen=True, kw_only=True)
class FrameworkSuspended(BusinessEvent):
    """With each of its issuers, which have events of their own."""

    framework_id: int


@dataclass(frozen=True, kw_only=True)
class FrameworkReinstated(BusinessEvent):
    framework_id: int


@dataclass(frozen=True, kw_only=True)
class FrameworkDrafted(BusinessEvent):
    """An officer wants a framework or a level of one added, or its words corrected; another one decides."""

    draft_id: int


@dataclass(frozen=True, kw_only=True)
class FrameworkConfirmed(BusinessEvent):
    """Another officer has confirmed it: it is written."""

    draft_id: int


@dataclass(frozen=True, kw_only=True)
class FrameworkDraftDropped(BusinessEvent):
    """Taken back by who drafted it, or turned down: nothing was written."""

    draft_id: int


@dataclass(frozen=True, kw_only=True)
class PolicyDrafted(BusinessEvent):
    """Somebody wants an issuer recognised for a purpose; without force until two officers approve."""

    policy_id: int


@dataclass(frozen=True, kw_only=True)
class PolicyApproved(BusinessEvent):
    """One officer's approval; `in_force` says that it was the second."""

    policy_id: int
    in_force: bool


@dataclass(frozen=True, kw_only=True)
class PolicyEnded(BusinessEvent):
    """From `effective_on` on the policy recognises nothing."""

    policy_id: int
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class RequirementDrafted(BusinessEvent):
    """An officer wants acts of one kind to ask, or to ask no longer; another one decides."""

    purpose: str
    asked: bool


@dataclass(frozen=True, kw_only=True)
class RequirementEnforced(BusinessEvent):
    """From `from_at` on acts of one kind ask how surely somebody is known."""

    purpose: str
    from_at: datetime


@dataclass(frozen=True, kw_only=True)
class RequirementEased(BusinessEvent):
    """They ask no longer."""

    purpose: str
