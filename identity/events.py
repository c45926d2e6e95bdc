"""What happens to companies and their people. Personal data only by reference."""

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
class EnquirySent(BusinessEvent):
    """Somebody wrote to the programme office."""

    enquiry_id: int


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


@dataclass(frozen=True, kw_only=True)
class ListReceived(BusinessEvent):
    """A file of a list lies here to be read. What follows is the office's own business: no company hears of it."""

    snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class ListPartTaken(BusinessEvent):
    """Some thousand entries are kept; the next begin at `cursor`."""

    snapshot_id: int
    cursor: int


@dataclass(frozen=True, kw_only=True)
class ListReady(BusinessEvent):
    """A snapshot is in force: what is new in it is compared with every company. From `stale_at` on it is too old."""

    snapshot_id: int
    stale_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ListOutOfDate(BusinessEvent):
    """The copy in force is too old to tell what holds: what rests on it waits for a new one."""

    snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class ListRefused(BusinessEvent):
    snapshot_id: int


@dataclass(frozen=True, kw_only=True)
class ScreeningWanted(BusinessEvent):
    """Companies with keys above `after`, up to `upto`, are to be compared with a snapshot."""

    snapshot_id: int
    after: int
    upto: int


@dataclass(frozen=True, kw_only=True)
class CandidatesChanged(BusinessEvent):
    """Some were found on a list, or are there no longer."""

    source_id: int


@dataclass(frozen=True, kw_only=True)
class CandidateDecided(BusinessEvent):
    candidate_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class ApiTokenIssued(BusinessEvent):
    token_id: int


@dataclass(frozen=True, kw_only=True)
class ApiTokenRevoked(BusinessEvent):
    token_id: int


@dataclass(frozen=True, kw_only=True)
class NoticeGiven(BusinessEvent):
    """People were told `code` of event `told_event_id`: mails leave at `mail_at`, a reminder at `remind_at`."""

    code: str
    told_event_id: int
    mail_at: datetime | None
    remind_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MessageSent(BusinessEvent):
    """One company wrote to the other; the words stand in the message."""

    thread_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class OwnKeysChanged(BusinessEvent):
    """The platform has new keys towards issuers of identities; `kids` names them."""

    kids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IdentityConnected(BusinessEvent):
    """A person showed an identity of elsewhere for the first time."""

    identity_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityShown(BusinessEvent):
    """They showed it again: to sign in, or before an act."""

    identity_id: int


@dataclass(frozen=True, kw_only=True)
class EntityBound(BusinessEvent):
    """An identity proves a company here: an issuer says that its holder acts for it."""

    binding_id: int


@dataclass(frozen=True, kw_only=True)
class EntityUnbound(BusinessEvent):
    """The company was struck off, or the issuer names no role for the person any more."""

    binding_id: int


@dataclass(frozen=True, kw_only=True)
class IssuerLoginRefused(BusinessEvent):
    """A sign-in at an issuer came to nothing; `why` is a code of ours, never a word of the issuer's."""

    issuer: str
    why: str
    user_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityLinkStarted(BusinessEvent):
    """A person began to link two identities of theirs."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkRefused(BusinessEvent):
    """A step of a ceremony came to nothing; `why` is the refusal's code. Who holds an identity is not said."""

    link_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class IdentityLinkMatched(BusinessEvent):
    """Both identities are shown and the person agrees, but the names do not settle it: two officers decide."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentitiesLinked(BusinessEvent):
    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkAccepted(BusinessEvent):
    """One officer accepts it; with the word of another it holds."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkRejected(BusinessEvent):
    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkRevoked(BusinessEvent):
    """Taken back by its person: what rests on it is refused from now on."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityLinkUndone(BusinessEvent):
    """An officer ended it; why stands on the link."""

    link_id: int


@dataclass(frozen=True, kw_only=True)
class IdentityEnded(BusinessEvent):
    """Its person disconnected it; its bindings and its link ended with it."""

    identity_id: int


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


@dataclass(frozen=True, kw_only=True)
class MandateGiven(BusinessEvent):
    """A company's owner lets a person do one kind of act; whom and up to how much stands in the mandate."""

    mandate_id: int
    act: str


@dataclass(frozen=True, kw_only=True)
class MandateRevoked(BusinessEvent):
    mandate_id: int
    act: str
