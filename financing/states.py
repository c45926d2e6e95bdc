"""Choices and moves of offers of money."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfferState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted, waiting for the bank")
    RESERVED = "reserved", _("Reserved by the bank")
    DISBURSED = "disbursed", _("Paid out")
    REPAID = "repaid", _("Repaid")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISPUTED = "disputed", _("Held: the deal is in dispute")


OFFER_MOVES: dict[str, set[str]] = {
    OfferState.OFFERED: {
        OfferState.ACCEPTED,
        OfferState.DECLINED,
        OfferState.EXPIRED,
        OfferState.WITHDRAWN,
    },
    OfferState.ACCEPTED: {
        OfferState.RESERVED,
        OfferState.DECLINED,
        OfferState.WITHDRAWN,
        OfferState.DISPUTED,
    },
    OfferState.RESERVED: {
        OfferState.DISBURSED,
        OfferState.DECLINED,
        OfferState.WITHDRAWN,
        OfferState.DISPUTED,
    },
    OfferState.DISBURSED: {OfferState.REPAID, OfferState.DISPUTED},
    OfferState.DISPUTED: {
        OfferState.ACCEPTED,
        OfferState.RESERVED,
        OfferState.DISBURSED,
        OfferState.REPAID,
        OfferState.DECLINED,
        OfferState.WITHDRAWN,
    },
    OfferState.REPAID: set(),
    OfferState.DECLINED: set(),
    OfferState.EXPIRED: set(),
    OfferState.WITHDRAWN: set(),
}

#: the invoice backs this money, or has backed it: it can back no other
TAKEN = frozenset(
    {
        OfferState.ACCEPTED,
        OfferState.RESERVED,
        OfferState.DISBURSED,
        OfferState.DISPUTED,
        OfferState.REPAID,
    }
)
#: the bank may still have something to say
UNDER_WAY = frozenset({OfferState.ACCEPTED, OfferState.RESERVED, OfferState.DISBURSED, OfferState.DISPUTED})
#: the bank has paid, where it says when, and is not paid back
OUT = frozenset({OfferState.DISBURSED, OfferState.DISPUTED})
CLOSED = frozenset({OfferState.REPAID, OfferState.DECLINED, OfferState.EXPIRED, OfferState.WITHDRAWN})

#: what became of offers, as a plot shows it
OUTCOMES: dict[str, frozenset[str]] = {
    "open": frozenset({OfferState.OFFERED}),
    "taken": TAKEN,
    "closed": CLOSED - TAKEN,
}


class CloseCode(models.TextChoices):
    """Why an offer came to nothing."""

    SELLER_DECLINED = "seller_declined", _("The seller did not want it.")
    BANK_DECLINED = "bank_declined", _("The bank declined.")
    OFFER_LAPSED = "offer_lapsed", _("Nobody accepted it in time.")
    INVOICE_PAID = "invoice_paid", _("The buyer paid the invoice before.")
    DEAL_DISPUTED = "deal_disputed", _("The deal came into dispute.")
    SELLER_WITHDREW = "seller_withdrew", _("The seller withdrew before the money was paid out.")


class Recourse(models.TextChoices):
    """Who bears it when the buyer does not pay."""

    FULL = "full", _("With recourse: if the buyer does not pay, you repay the bank.")
    NONE = "none", _("Without recourse: if the buyer does not pay, the bank bears it.")


class Verdict(models.TextChoices):
    """What the registry says of an invoice; never who else is concerned."""

    CLEAR = "clear", _("Clear: no such invoice is financed")
    SUSPECT = "suspect", _("Suspect: another invoice of the same parties, amount and day is financed")
    DUPLICATE = "duplicate", _("Duplicate: this invoice is financed already")


class Ask(models.TextChoices):
    """What the bank is told to do, by its officer or by the seller. One of the words of the wire."""

    ACCEPT = "accept", _("Accept")
    CANCEL = "cancel", _("Cancel")
    RESERVE = "reserve", _("Approve")
    DECLINE = "decline", _("Decline")
    DISBURSE = "disburse", _("Pay out")
    REPAY = "repay", _("Repaid")


#: where the money stands once the bank has done it
DONE: dict[str, str] = {
    Ask.CANCEL: OfferState.WITHDRAWN,
    Ask.RESERVE: OfferState.RESERVED,
    Ask.DECLINE: OfferState.DECLINED,
    Ask.DISBURSE: OfferState.DISBURSED,
    Ask.REPAY: OfferState.REPAID,
}
