"""Choices and moves of cases, of the mediator's appointment, of terms and of what is filed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseState(models.TextChoices):
    NEGOTIATING = "negotiating", _("The parties negotiate")
    SETTLED_DIRECT = "settled_direct", _("Settled between the parties")
    REQUESTED = "requested", _("Mediation requested")
    AWAITING_ANSWER = "awaiting_answer", _("Waiting for the other party’s answer")
    NO_ANSWER = "no_answer", _("Not answered in time")
    DECLINED = "declined", _("Mediation declined")
    NOMINATING = "nominating", _("A mediator is being found")
    CONFLICT_CHECK = "conflict_check", _("The mediator is being checked for conflicts")
    CONSENT_PENDING = "consent_pending", _("Waiting for both parties’ consent")
    MEDIATING = "mediating", _("In mediation")
    DRAFTING = "drafting", _("Terms are being drafted")
    SIGNING = "signing", _("Waiting for both signatures")
    MSA_SIGNED = "msa_signed", _("Settlement signed")
    SCIA_FILED = "scia_filed", _("Settlement passed to arbitration")
    RETURNED = "returned", _("Returned by the arbitration desk")
    AWARD_ISSUED = "award_issued", _("Award issued")
    PERFORMING = "performing", _("Settlement being performed")
    DEFAULTED = "defaulted", _("Settlement not performed")
    COMPLETED = "completed", _("Settlement performed")
    FAILED = "failed", _("Mediation ended without a settlement")
    EXPIRED = "expired", _("Time ran out")
    WITHDRAWN = "withdrawn", _("Case withdrawn")
    CLOSED = "closed", _("Case closed")


_S = CaseState

CASE_MOVES: dict[str, set[str]] = {
    _S.NEGOTIATING: {_S.SETTLED_DIRECT, _S.REQUESTED, _S.WITHDRAWN},
    _S.REQUESTED: {_S.AWAITING_ANSWER, _S.WITHDRAWN},
    _S.AWAITING_ANSWER: {_S.NOMINATING, _S.DECLINED, _S.NO_ANSWER, _S.WITHDRAWN},
    _S.NOMINATING: {_S.CONFLICT_CHECK, _S.EXPIRED, _S.WITHDRAWN},
    # a mediator who declines, is objected to or keeps silent is followed by another
    _S.CONFLICT_CHECK: {_S.CONSENT_PENDING, _S.NOMINATING, _S.WITHDRAWN},
    # a mediator who is replaced is followed by another
    _S.CONSENT_PENDING: {_S.MEDIATING, _S.NOMINATING, _S.EXPIRED, _S.FAILED, _S.WITHDRAWN},
    _S.MEDIATING: {_S.DRAFTING, _S.NOMINATING, _S.FAILED, _S.EXPIRED},
    _S.DRAFTING: {_S.SIGNING, _S.NOMINATING, _S.FAILED, _S.EXPIRED},
    # an edit, or a signature that does not come in time, leads back to the draft
    _S.SIGNING: {_S.MSA_SIGNED, _S.DRAFTING, _S.FAILED},
    _S.MSA_SIGNED: {_S.SCIA_FILED, _S.PERFORMING},
    _S.SCIA_FILED: {_S.AWARD_ISSUED, _S.RETURNED},
    _S.RETURNED: {_S.SCIA_FILED, _S.PERFORMING},
    _S.AWARD_ISSUED: {_S.PERFORMING},
    _S.PERFORMING: {_S.COMPLETED, _S.DEFAULTED},
    # made up for, or given up to the courts
    _S.DEFAULTED: {_S.PERFORMING, _S.CLOSED},
    _S.NO_ANSWER: {_S.CLOSED},
    _S.DECLINED: {_S.CLOSED},
    _S.FAILED: {_S.CLOSED},
    _S.EXPIRED: {_S.CLOSED},
    _S.SETTLED_DIRECT: set(),
    _S.COMPLETED: set(),
    _S.WITHDRAWN: set(),
    _S.CLOSED: set(),
}

#: the case has ended: payment of the order is free again, and another case may be opened
ENDED = frozenset({_S.SETTLED_DIRECT, _S.COMPLETED, _S.WITHDRAWN, _S.CLOSED})
#: ended without a settlement, awaiting the claimant's word that it is closed
WITHOUT_SETTLEMENT = frozenset({_S.NO_ANSWER, _S.DECLINED, _S.FAILED, _S.EXPIRED})
#: somebody's act is awaited until `respond_by`
WITH_DEADLINE = frozenset(
    {
        *(_S.NEGOTIATING, _S.REQUESTED, _S.AWAITING_ANSWER, _S.NOMINATING, _S.CONFLICT_CHECK),
        *(_S.CONSENT_PENDING, _S.MEDIATING, _S.DRAFTING, _S.SIGNING, _S.MSA_SIGNED),
    }
)
#: the states whose deadline came with later rules → the key of its rule: a case that was in one of them before gets its
#: deadline when the product starts next
GIVEN_LATER: dict[str, str] = {
    _S.REQUESTED: "serve",
    _S.NOMINATING: "nominate",
    _S.SCIA_FILED: "desk",
    _S.RETURNED: "return",
    _S.AWARD_ISSUED: "begin",
    # while payments are open each of them has its own end, and the case none beside it
    _S.PERFORMING: "perform",
    _S.DEFAULTED: "recover",
    **dict.fromkeys(sorted(WITHOUT_SETTLEMENT), "close"),
}
#: may stand without a case manager: the request goes out by itself where nobody has taken it on in time
UNTAKEN = frozenset({_S.REQUESTED, _S.AWAITING_ANSWER, _S.NOMINATING})
#: a mediator is confirmed and at work
WITH_MEDIATOR = frozenset({_S.CONSENT_PENDING, _S.MEDIATING, _S.DRAFTING, _S.SIGNING})
#: the private rooms are open
WITH_ROOMS = frozenset({_S.MEDIATING, _S.DRAFTING, _S.SIGNING})
#: both have signed a settlement
SETTLED = frozenset(
    {_S.MSA_SIGNED, _S.SCIA_FILED, _S.RETURNED, _S.AWARD_ISSUED, _S.PERFORMING, _S.DEFAULTED, _S.COMPLETED}
)
#: payments of the settlement are awaited, in time or late
PERFORMED_IN = frozenset({_S.PERFORMING, _S.DEFAULTED})


class ClaimKind(models.TextChoices):
    QUALITY = "quality", _("The goods are not as agreed")
    SHORT = "short", _("Goods are missing")
    LATE = "late", _("Goods came late or not at all")
    DAMAGED = "damaged", _("Goods arrived damaged")
    UNPAID = "unpaid", _("Payment is missing")
    OTHER = "other", pgettext_lazy("kind of claim", "Something else")


class Remedy(models.TextChoices):
    REFUND = "refund", _("Money back")
    PRICE_CUT = "price_cut", _("A lower price")
    REPLACE = "replace", _("Replacement or the missing goods")
    PAY = "pay", _("Payment")
    OTHER = "other", pgettext_lazy("remedy", "Something else")


class Side(models.TextChoices):
    """The parties of a case. A is who opened it."""

    A = "a", _("Claimant")
    B = "b", _("Respondent")


class Zone(models.TextChoices):
    """Who may see what was written or filed; `disputes.rules.zones` is the one policy."""

    OPEN = "open", _("Open file")
    JOINT = "joint", _("Joint room")
    CAUCUS_A = "caucus_a", _("Private room of the claimant")
    CAUCUS_B = "caucus_b", _("Private room of the respondent")
    MEDIATOR = "mediator", _("Mediator’s notes")
    RECORD = "record", _("Consents and certificates")
    OUTCOME = "outcome", _("Signed settlement")
    AWARD = "award", _("Award")
    ADMIN = "admin", _("Case office")


class OfficeKind(models.TextChoices):
    MEDIATOR = "mediator", _("Mediator")
    MANAGER = "manager", _("Case manager")
    SCIA = "scia", _("Arbitration desk (simulated SCIA)")


class AppointmentState(models.TextChoices):
    ASKED = "asked", _("Asked to disclose")
    DISCLOSED = "disclosed", _("Has disclosed; the parties may object")
    CONFIRMED = "confirmed", _("Appointed")
    DECLINED = "declined", _("Declined")
    OBJECTED = "objected", _("Objected to")
    SILENT = "silent", _("Did not answer in time")
    REPLACED = "replaced", _("Replaced")


APPOINTMENT_MOVES: dict[str, set[str]] = {
    AppointmentState.ASKED: {
        AppointmentState.DISCLOSED,
        AppointmentState.DECLINED,
        AppointmentState.SILENT,
        AppointmentState.REPLACED,
    },
    AppointmentState.DISCLOSED: {
        AppointmentState.CONFIRMED,
        AppointmentState.OBJECTED,
        AppointmentState.REPLACED,
    },
    AppointmentState.CONFIRMED: {AppointmentState.REPLACED},
    AppointmentState.DECLINED: set(),
    AppointmentState.OBJECTED: set(),
    AppointmentState.SILENT: set(),
    AppointmentState.REPLACED: set(),
}
LIVE_APPOINTMENTS = frozenset(
    {AppointmentState.ASKED, AppointmentState.DISCLOSED, AppointmentState.CONFIRMED}
)


class SessionMode(models.TextChoices):
    ONLINE = "online", _("Online")
    IN_PERSON = "in_person", _("In person")


class TermsState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    LOCKED = "locked", _("Locked for signature")
    SIGNED = "signed", _("Signed by both")
    VOID = "void", _("Replaced by a later text")


TERMS_MOVES: dict[str, set[str]] = {
    TermsState.DRAFT: {TermsState.LOCKED, TermsState.VOID},
    TermsState.LOCKED: {TermsState.SIGNED, TermsState.VOID},
    TermsState.SIGNED: set(),
    TermsState.VOID: set(),
}


class FilingState(models.TextChoices):
    QUEUED = "queued", _("Being passed on")
    UNKNOWN = "unknown", _("No answer yet; the desk is asked again")
    RECEIVED = "received", _("Received by the desk")
    AWARDED = "awarded", _("Award issued")
    RETURNED = "returned", _("Returned")


FILING_MOVES: dict[str, set[str]] = {
    FilingState.QUEUED: {
        FilingState.UNKNOWN,
        FilingState.RECEIVED,
        FilingState.AWARDED,
        FilingState.RETURNED,
    },
    FilingState.UNKNOWN: {FilingState.RECEIVED, FilingState.AWARDED, FilingState.RETURNED},
    FilingState.RECEIVED: {FilingState.AWARDED, FilingState.RETURNED},
    FilingState.AWARDED: set(),
    FilingState.RETURNED: set(),
}
