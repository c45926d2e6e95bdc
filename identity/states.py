"""Choices and moves of people and companies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a member may do for the company. Owner includes all the others."""

    OWNER = "owner", _("Owner")
    SELLER = "seller", _("Seller")
    BUYER = "buyer", _("Buyer")
    APPROVER = "approver", _("Approver")
    FINANCE = "finance", _("Finance")
    LOGISTICS = "logistics", _("Logistics")


class EnquiryTopic(models.TextChoices):
    """What somebody writes to the programme office about."""

    ACCOUNT = "account", _("My account or company")
    ORDER = "order", _("An order or a dispute")
    PRIVACY = "privacy", _("My personal data")
    SAFETY = "safety", _("A seller, goods or a security problem")
    OTHER = "other", _("Something else")


class RegistrationKind(models.TextChoices):
    """Which register the company's number is from."""

    UEN = "uen", _("UEN (Singapore)")
    USCC = "uscc", _("Unified Social Credit Code (China)")
    OTHER = "other", _("Another register (not checked here)")


class KeyUse(models.TextChoices):
    """What one of the platform's own keys is for, as RFC 7517 names it."""

    SIGNING = "sig", _("Signing")
    ENCRYPTION = "enc", _("Being written to")


class CompanyState(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


COMPANY_MOVES: dict[str, set[str]] = {
    CompanyState.ACTIVE: {CompanyState.SUSPENDED},
    CompanyState.SUSPENDED: {CompanyState.ACTIVE},
}


class ClaimKind(models.TextChoices):
    """What a programme officer verifies, one by one."""

    REGISTRATION = "registration", _("Registered company")
    ADDRESS = "address", _("Business address")
    AUTHORITY = "authority", _("Authority of the representative")
    BANK = "bank", _("Bank account in the company's name")


class ClaimState(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for a check")
    VERIFIED = "verified", _("Verified")
    REFUSED = "refused", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CLAIM_MOVES: dict[str, set[str]] = {
    ClaimState.SUBMITTED: {ClaimState.VERIFIED, ClaimState.REFUSED, ClaimState.WITHDRAWN},
    # a verified claim is sent again when its check is about to expire
    ClaimState.VERIFIED: {ClaimState.SUBMITTED, ClaimState.REFUSED, ClaimState.WITHDRAWN},
    ClaimState.REFUSED: {ClaimState.SUBMITTED},
    ClaimState.WITHDRAWN: {ClaimState.SUBMITTED},
}


class BankChangeState(models.TextChoices):
    """Of a change of where a company is paid."""

    WAITING = "waiting", _("Waiting for a second person")
    CONFIRMED = "confirmed", pgettext_lazy("bank account", "Confirmed")
    DECLINED = "declined", pgettext_lazy("bank account", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("bank account", "Taken back")
    LAPSED = "lapsed", pgettext_lazy("bank account", "Nobody confirmed in time")


BANK_CHANGE_MOVES: dict[str, set[str]] = {
    BankChangeState.WAITING: {
        BankChangeState.CONFIRMED,
        BankChangeState.DECLINED,
        BankChangeState.WITHDRAWN,
        BankChangeState.LAPSED,
    },
    BankChangeState.CONFIRMED: set(),
    BankChangeState.DECLINED: set(),
    BankChangeState.WITHDRAWN: set(),
    BankChangeState.LAPSED: set(),
}


class ListCode(models.TextChoices):
    """Lists that companies are compared with."""

    ACRA = "acra", _("ACRA register of companies")
    OFAC_SDN = "ofac_sdn", _("OFAC list of specially designated nationals")
    UN_CONSOLIDATED = "un_consolidated", _("United Nations Security Council consolidated list")
    #: made up for a demonstration, in the columns of `sdn.csv`: nobody real stands on it
    MADE_UP = "made_up", _("Made-up list of a demonstration")


class ListKind(models.TextChoices):
    """How a list is compared: by alike names, or by the number of the register."""

    NAMES = "names", _("Names")
    REGISTER = "register", _("Number of the register")


class SnapshotState(models.TextChoices):
    IMPORTING = "importing", _("Being read")
    READY = "ready", _("In force")
    REFUSED = "refused", _("Not usable")


SNAPSHOT_MOVES: dict[str, set[str]] = {
    SnapshotState.IMPORTING: {SnapshotState.READY, SnapshotState.REFUSED},
    SnapshotState.READY: set(),
    SnapshotState.REFUSED: set(),
}


class EntryKind(models.TextChoices):
    """What an entry of a list is."""

    PERSON = "person", _("Person")
    ENTITY = "entity", _("Organisation")
    VESSEL = "vessel", _("Vessel or aircraft")
    REGISTRY = "registry", _("Entry of a register")


class CandidateState(models.TextChoices):
    """What an officer says of a company that may be the one on a list."""

    OPEN = "open", _("To be decided")
    CLEARED = "cleared", _("Somebody else")
    CONFIRMED = "confirmed", _("The same")


CANDIDATE_MOVES: dict[str, set[str]] = {
    CandidateState.OPEN: {CandidateState.CLEARED, CandidateState.CONFIRMED},
    # an officer may think again
    CandidateState.CLEARED: {CandidateState.CONFIRMED},
    CandidateState.CONFIRMED: {CandidateState.CLEARED},
}


class ScreenedStanding(models.TextChoices):
    """What may be the matter between a company and the lists that it is compared with."""

    OPEN = "open", _("An officer has not decided yet")
    CONFIRMED = "confirmed", _("It is the one on the list")
    UNSCREENED = "unscreened", _("Not compared with the copy in force yet")
    STALE = "stale", _("The copy in force is too old")


class ScreenedAct(models.TextChoices):
    """What a company may be kept from because of how it stands against the lists."""

    ORDER = "order", _("Place an order")
    BIND = "bind", _("Bind both parties to an order")
    DESPATCH = "despatch", _("Ship goods")
    PUBLISH = "publish", _("Publish goods")
    ACCEPT_FINANCE = "accept_finance", _("Accept an offer of finance")
    SIGN_SETTLEMENT = "sign_settlement", _("Sign a settlement")
    BANK_ACCOUNT = "bank_account", _("Say where money is paid")
    VERIFY = "verify", _("Be verified by an officer")


class CandidateEnd(models.TextChoices):
    """Why a candidate stands no longer."""

    GONE = "gone", _("No longer on the list")
    CHANGED = "changed", _("The entry or the company changed: looked at anew")
    UNLIKE = "unlike", _("No longer alike")


class NoticeMail(models.TextChoices):
    """When a person is told by mail."""

    NOW = "now", _("At once")
    DAILY = "daily", _("Once a day, together")
    NEVER = "never", pgettext_lazy("by mail", "Never")


class MatterKind(models.TextChoices):
    """What two companies write to one another about."""

    PRODUCT = "product", _("Product")
    ORDER = "order", _("Order")
    CASE = "case", _("Dispute")


class Purpose(models.TextChoices):
    """What an act is, by how surely whoever does it must be known."""

    BROWSE = "browse", _("Look around")
    QUOTE = "quote", _("Offer a price that binds")
    ORDER = "order", _("Place an order, or agree to its freight")
    ISSUE_DOCUMENT = "issue_document", _("Accept an order, ship it or issue its papers")
    ACCEPT_FINANCE = "accept_finance", _("Accept an offer of finance")
    SIGN_SETTLEMENT = "sign_settlement", _("Sign a settlement")
    CHANGE_BANK_ACCOUNT = "change_bank_account", _("Change where money is paid")


class Jurisdiction(models.TextChoices):
    """Whose law stands behind an identity, or applies to whoever relies on it."""

    SG = "SG", _("Singapore")
    CN = "CN", _("Mainland China")


class IssuerProfile(models.TextChoices):
    """Which protocol an issuer of identities speaks; each name is one connector."""

    SINGPASS_FAPI = "singpass_fapi", "Singpass FAPI 2.0"
    CORPPASS_FAPI = "corppass_fapi", "Corppass FAPI 2.0"
    CORPPASS_V2 = "corppass_v2", "Corppass v2"
    SINGPASS_V2 = "singpass_v2", "Singpass v2"
    CN_OIDC = "cn_oidc", "OpenID Connect (CN)"


class SubjectKind(models.TextChoices):
    """Whom an issuer vouches for."""

    PERSON = "person", _("A person")
    ENTITY = "entity", _("A company and who acts for it")


class IssuerState(models.TextChoices):
    """Of frameworks of trust and of their issuers."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


ISSUER_MOVES: dict[str, set[str]] = {
    IssuerState.ACTIVE: {IssuerState.SUSPENDED},
    IssuerState.SUSPENDED: {IssuerState.ACTIVE},
}


class PolicyDecisionKind(models.TextChoices):
    """What an officer decides on a policy of recognition."""

    APPROVE = "approve", _("Approved")
    END = "end", pgettext_lazy("recognition", "Ended")


class EntityStatus(models.TextChoices):
    """What the issuer says of a company on its register."""

    REGISTERED = "registered", _("Registered")
    DEREGISTERED = "deregistered", _("Deregistered")
    WITHDRAWN = "withdrawn", pgettext_lazy("register entry", "Withdrawn")


class LinkKind(models.TextChoices):
    """What a link of two identities says. Never that two companies are one."""

    SAME_PERSON = "same_person", _("The same person")
    REPRESENTATIVE = "representative", _("Authorised representative, or a company of the same group")


class LinkState(models.TextChoices):
    STARTED = "started", _("Started")
    A_PROVED = "a_proved", _("First identity shown")
    B_PROVED = "b_proved", _("Both identities shown")
    MATCHED = "matched", _("Waiting for officers")
    ACTIVE = "active", _("Linked")
    REJECTED = "rejected", _("Not accepted")
    REVOKED = "revoked", _("Taken back")
    EXPIRED = "expired", _("Lapsed")


LINK_MOVES: dict[str, set[str]] = {
    LinkState.STARTED: {LinkState.A_PROVED, LinkState.EXPIRED, LinkState.REJECTED},
    LinkState.A_PROVED: {LinkState.B_PROVED, LinkState.EXPIRED, LinkState.REJECTED},
    # after both: consent is asked for; names that settle it make the link, others wait for two officers
    LinkState.B_PROVED: {LinkState.MATCHED, LinkState.ACTIVE, LinkState.EXPIRED, LinkState.REJECTED},
    LinkState.MATCHED: {LinkState.ACTIVE, LinkState.REJECTED, LinkState.REVOKED},
    LinkState.ACTIVE: {LinkState.REVOKED},
    LinkState.REJECTED: set(),
    LinkState.REVOKED: set(),
    LinkState.EXPIRED: set(),
}
