"""What sellers and banks are told of offers of money. The buyer is told nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from financing.events import (
    FinanceDisbursed,
    FinanceDisputed,
    FinanceReleased,
    FinanceRepaid,
    FinanceReserved,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    RepaymentWatched,
)
from financing.queries import offer_in_brief
from financing.states import CloseCode, OfferState
from identity.rules.notices import ANSWER_BY, DUE_BY, Kind
from identity.states import Role
from kernel.events import BusinessEvent, Occurrence
from kernel.templatetags.look import money
from sme_hub.telling.rows import Matter, Row, no_deadline

#: people are told of a repayment in the morning of its day
AT: dict[type[BusinessEvent], str] = {RepaymentWatched: "due_at"}


def offer_of(event: Any, occurrence: Occurrence) -> Matter:
    """The offer as it is now; each side reads the other's name as `party`."""
    offer = offer_in_brief(event.offer_id)
    bank, seller = offer.bank.company, offer.company
    return Matter(
        about=offer.uid,
        row=offer,
        event=event,
        now=occurrence.now,
        sides={"seller": (seller.pk, seller.slug), "bank": (bank.pk, bank.slug)},
        params={
            "invoice": offer.paper.printed_number,
            "net": money(offer.net_proceeds, offer.currency),
            "advance": money(offer.advance_amount, offer.currency),
        },
        params_of={
            "seller": {"party": {"en": bank.name_in("en"), "zh": bank.name_in("zh-hans")}},
            "bank": {"party": {"en": seller.name_in("en"), "zh": seller.name_in("zh-hans")}},
        },
        respond_by=offer.expires_at,
    )


def offer_page(matter: Matter, side: str) -> str:
    name = "financing_file" if side == "bank" else "finance_offer"
    return reverse(name, args=[matter.sides[side][1], matter.row.public_id])


def repayment_of(event: RepaymentWatched, occurrence: Occurrence) -> Matter:
    """The offer, told of when its money falls due."""
    return Matter(**{**vars(offer_of(event, occurrence)), "at": event.due_at})


def _repay_by(matter: Matter) -> datetime:
    """The end of the day on which the money is to be repaid."""
    return datetime.combine(matter.row.repay_on, time.max, timezone.get_default_timezone())


def _row(
    code: str, words: Any, icon: str, *, advice: Any = "", until_when: Any = ANSWER_BY, **row: Any
) -> Row:
    kind = Kind(code=code, words=words, icon=icon, group="money", advice=advice, until=until_when)
    row.setdefault("reader", offer_of)
    return Row(kind=kind, path=offer_page, roles=(Role.FINANCE,), **row)


def _is(*states: str) -> Callable[[Matter], bool]:
    return lambda matter: matter.row.state in states


def _needs_an_officer(matter: Matter) -> bool:
    offer = matter.row
    return offer.state == OfferState.ACCEPTED and not (offer.firm and offer.verdict == "clear")


def _was_accepted(matter: Matter) -> bool:
    return matter.row.accepted_at is not None


#: after which a bank has nothing to do for now
_HELD_OR_OVER = (OfferDeclined, OfferWithdrawn, FinanceDisputed)

ROWS = (
    _row(
        "money.offered",
        _("%(party)s offers %(net)s now for invoice %(invoice)s"),
        "hand-coins",
        advice=_("If you do nothing, the offer lapses and costs nothing."),
        on=(OfferMade,),
        to="seller",
        waits=True,
        when=lambda matter: matter.row.stands_at(matter.now),
        until=(OfferAccepted, OfferDeclined, OfferExpired, OfferWithdrawn),
    ),
    _row(
        "money.to_decide",
        _("%(party)s accepted %(net)s for invoice %(invoice)s: approve or decline"),
        "clipboard-check",
        on=(OfferAccepted, FinanceReleased),
        to="bank",
        waits=True,
        when=_needs_an_officer,
        until=(FinanceReserved, *_HELD_OR_OVER),
        respond_by=no_deadline,
    ),
    _row(
        "money.to_pay_out",
        _("%(net)s for invoice %(invoice)s of %(party)s is reserved: pay it out"),
        "banknote",
        on=(FinanceReserved, FinanceReleased),
        to="bank",
        waits=True,
        when=_is(OfferState.RESERVED),
        until=(FinanceDisbursed, *_HELD_OR_OVER),
        respond_by=no_deadline,
    ),
    _row(
        "money.paid_out",
        _("%(party)s paid out %(net)s for invoice %(invoice)s"),
        "banknote",
        on=(FinanceDisbursed,),
        to="seller",
    ),
    # --- until it is repaid ---------------------------------------------------------------------------------------------
    _row(
        "money.to_repay",
        _("%(advance)s is to be repaid to %(party)s for invoice %(invoice)s"),
        "landmark",
        advice=_("The offer says who repays it when the buyer does not pay."),
        until_when=DUE_BY,
        on=(FinanceDisbursed, FinanceReleased),
        to="seller",
        waits=True,
        when=_is(OfferState.DISBURSED),
        until=(FinanceRepaid, FinanceDisputed),
        respond_by=_repay_by,
    ),
    _row(
        "money.repayment_to_note",
        _("%(advance)s for invoice %(invoice)s of %(party)s is to be repaid: note it once it is here"),
        "clipboard-check",
        until_when=DUE_BY,
        on=(FinanceDisbursed, FinanceReleased),
        to="bank",
        waits=True,
        when=_is(OfferState.DISBURSED),
        until=(FinanceRepaid, FinanceDisputed),
        respond_by=_repay_by,
    ),
    *(
        _row(
            f"money.repayment_due_{to}",
            _("Today %(advance)s for invoice %(invoice)s is due for repayment"),
            "calendar-clock",
            reader=repayment_of,
            on=(RepaymentWatched,),
            to=to,
            when=_is(OfferState.DISBURSED),
        )
        for to in ("seller", "bank")
    ),
    _row(
        "money.repaid",
        _("%(party)s noted that %(advance)s for invoice %(invoice)s is repaid"),
        "circle-check",
        on=(FinanceRepaid,),
        to="seller",
    ),
    # --- what came to nothing, or is held -------------------------------------------------------------------------------
    _row(
        "money.bank_declined",
        _("%(party)s does not finance invoice %(invoice)s: nothing is paid out"),
        "circle-x",
        on=(OfferDeclined,),
        to="seller",
        when=lambda matter: matter.row.close_code == CloseCode.BANK_DECLINED,
    ),
    _row(
        "money.expired",
        _("The offer of %(party)s for invoice %(invoice)s has lapsed: you may ask the banks again"),
        "hourglass",
        on=(OfferExpired,),
        to="seller",
    ),
    _row(
        "money.withdrawn",
        _("The offer of %(party)s for invoice %(invoice)s no longer stands: see why"),
        "ban",
        on=(OfferWithdrawn,),
        to="seller",
    ),
    _row(
        "money.given_back",
        _("%(party)s gave back the offer for invoice %(invoice)s: nothing is paid out"),
        "ban",
        on=(OfferWithdrawn,),
        to="bank",
        # of offers that nobody accepted a bank has no file
        when=_was_accepted,
    ),
    *(
        _row(
            f"money.{code}_{to}",
            words,
            icon,
            on=(event,),
            to=to,
        )
        for to in ("seller", "bank")
        for code, words, icon, event in (
            (
                "held",
                _("The deal of invoice %(invoice)s is in dispute: its financing is held"),
                "pause",
                FinanceDisputed,
            ),
            (
                "released",
                _("The dispute about invoice %(invoice)s is over: its financing goes on"),
                "play",
                FinanceReleased,
            ),
        )
    ),
)
