from identity.models.addresses import Address
from identity.models.banking import BankAccount, BankAccountChange
from identity.models.companies import Claim, Company
from identity.models.enquiries import Enquiry
from identity.models.framework_drafts import FrameworkDraft
from identity.models.keys import SigningKey
from identity.models.letters import Letter
from identity.models.linked import (
    Consent,
    EntityBinding,
    ExternalIdentity,
    IdentityLink,
    LinkedSide,
    Mandate,
    Proof,
    ReturnedLogin,
)
from identity.models.members import ApiToken, Invitation, Membership
from identity.models.notices import Notice, NoticePreference
from identity.models.recognition import (
    AssuranceLevel,
    Enforcement,
    Issuer,
    PolicyDecision,
    PurposeRequirement,
    RecognitionPolicy,
    Suspension,
    TrustFramework,
)
from identity.models.screening import (
    Candidate,
    ListEntry,
    ListSnapshot,
    ListSource,
    Screening,
    ScreeningRule,
    ScreeningThreshold,
)
from identity.models.threads import Message, MessageFile, ReadMark, Thread
from identity.models.users import User

__all__ = [
    "Address",
    "ApiToken",
    "AssuranceLevel",
    "BankAccount",
    "BankAccountChange",
    "Candidate",
    "Claim",
    "Company",
    "Consent",
    "Enquiry",
    "Enforcement",
    "EntityBinding",
    "ExternalIdentity",
    "FrameworkDraft",
    "IdentityLink",
    "Invitation",
    "Issuer",
    "Letter",
    "LinkedSide",
    "Mandate",
    "ListEntry",
    "ListSnapshot",
    "ListSource",
    "Membership",
    "Message",
    "MessageFile",
    "Notice",
    "NoticePreference",
    "PolicyDecision",
    "Proof",
    "PurposeRequirement",
    "ReadMark",
    "RecognitionPolicy",
    "ReturnedLogin",
    "Suspension",
    "SigningKey",
    "Screening",
    "ScreeningRule",
    "ScreeningThreshold",
    "Thread",
    "TrustFramework",
    "User",
]
