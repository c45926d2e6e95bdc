"""Asking the banks about an invoice: all at once, each by a deadline, and keeping what they answered.

`ask_banks` works with no transaction open and may run twice: the banks know a request by its key. `keep_answers` writes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from documents.models import PaperVersion
from financing.connectors.bank import (
    QUOTE_SECONDS,
    BankForged,
    BankRefused,
    BankUnclear,
    connection_to,
    signed_pack,
    within,
)
from financing.events import BankMessageRefused, OfferMade, OffersWanted
from financing.models import Bank, Offer, OfferRequest
from financing.queries import invoice_among, wants_offers
from financing.rules import Facts, Figures, MalformedOffer, read_figures, reason_against, unfit_for
from financing.services.evidence import Pack, canonical, evidence_of
from financing.states import TAKEN, OfferState
from identity.actors import Actor, require
from identity.states import Role
from kernel.errors import Conflict
from kernel.money import round_money
from kernel.services import record
from orders.models import Order
from tariffs.queries import Conversion, NoRate, convert

logger = logging.getLogger(__name__)

#: how often one invoice is shown to banks
MOST_ROUNDS = 10


class NotToBeAskedAgain(Conflict):
    code = "financing.not_to_be_asked_again"
    message = _("Banks are asked again once no offer stands and the invoice backs no money.")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked about an invoice and what came back; not yet kept."""

    version: PaperVersion
    round: int
    asked_at: datetime
    reason: str = ""
    evidence: Pack = field(default_factory=dict)
    jws: str = ""
    outcomes: list[dict[str, str]] = field(default_factory=list)
    offered: list[tuple[Bank, Figures]] = field(default_factory=list)
    #: answers that were not believed: bank, why, digest
    forged: list[tuple[Bank, str, str]] = field(default_factory=list)


def ask_banks(
    *, version_ids: tuple[int, ...] = (), request_id: int | None = None, at: datetime, now: datetime
) -> Asked | None:
    """Show the invoice among `version_ids` (or of a request made before) to every bank that might finance it.

    None where there is no invoice among them, or where it was asked about already. `at` is when the asking was caused: the
    pack says so, and a pack made again after a kill is the same.
    """
    request = OfferRequest.objects.filter(pk=request_id).first() if request_id else None
    version = invoice_among((request.version_id,) if request else version_ids)
    if version is None or (request is not None and request.answered_at is not None):
        return None
    if request is None and OfferRequest.objects.filter(paper=version.paper).exists():
        return None
    order, today = version.paper.order, _today(version.paper.order, now)
    asked = Asked(version=version, round=request.round if request else 1, asked_at=at)
    if reason := reason_against(_facts(order, today), today):
        return dataclasses.replace(asked, reason=reason)
    fitting, outcomes = _fitting(order, today)
    if not fitting:
        return dataclasses.replace(asked, reason="no_bank", outcomes=outcomes)
    return _quoted(asked, fitting, outcomes, today=today, now=now)


@transaction.atomic(savepoint=False)
def keep_answers(asked: Asked, *, actor: Actor, now: datetime) -> OfferRequest | None:
    """Write the request and its offers; None where another process did so meanwhile."""
    request = _request_for(asked, now)
    if request is None:
        return None
    order = asked.version.paper.order
    for bank, figures in asked.offered:
        offer = Offer.objects.create(
            **_of_the_bank(figures), **_of_ours(request, bank, order, now), **_converted(figures, order, now)
        )
        event = OfferMade(offer_id=offer.pk, expires_at=offer.expires_at)
        audience = [request.company_id, bank.company_id]
        record(event, actor=actor, now=now, subject=offer, about=order, audience=audience)
    for bank, code, digest in asked.forged:
        event_ = BankMessageRefused(bank_id=bank.pk, code=code, digest=digest)
        record(event_, actor=actor, now=now, subject=bank)
    return request


@transaction.atomic
def ask_again(*, actor: Actor, order: str, now: datetime) -> OfferRequest:
    """The seller's finance wants new offers, e.g. after the first have expired. Raises `NotToBeAskedAgain`."""
    deal: Order = Order.objects.visible_to(actor).filter(seller_id=actor.company_id or 0).fetch(order)
    seller = require(actor, Role.FINANCE)
    earlier = OfferRequest.objects.select_for_update().filter(order=deal).order_by("-round").first()
    if earlier is None or earlier.answered_at is None or earlier.round >= MOST_ROUNDS:
        raise NotToBeAskedAgain
    offers = Offer.objects.filter(order=deal)
    standing = offers.filter(state=OfferState.OFFERED, expires_at__gte=now)
    if standing.exists() or offers.filter(state__in=TAKEN).exists():
        raise NotToBeAskedAgain
    latest = earlier.paper.versions.latest("version")
    request = OfferRequest.objects.create(
        company_id=deal.seller_id,
        order=deal,
        paper=earlier.paper,
        version=latest,
        round=earlier.round + 1,
        asked_at=now,
    )
    event = OffersWanted(request_id=request.pk)
    record(event, actor=seller, now=now, subject=request, about=deal, audience=[deal.seller_id])
    return request


# --- who is asked ----------------------------------------------------------------------------------------------------


def _facts(order: Order, today: date) -> Facts:
    return Facts(
        on_credit=order.payment_due_on is not None,
        outstanding=order.outstanding,
        due_on=order.payment_due_on,
        wants_offers=wants_offers(order.seller_id),
        seller_verified=order.seller.is_checked_on(today),
        disputed=order.is_held,
    )


def _fitting(order: Order, today: date) -> tuple[list[Bank], list[dict[str, str]]]:
    """Banks that may finance it by what they said they can do, and why the others may not."""
    assert order.payment_due_on is not None  # reason_against has looked
    days = (order.payment_due_on - today).days
    fitting, unfit = [], []
    for bank in Bank.objects.standing().select_related("company").order_by("pk"):
        amount, currency = order.outstanding, order.currency
        why = unfit_for(bank.capabilities, amount=amount, currency=currency, days=days)
        if why or bank.company_id in order.parties:
            unfit.append(_outcome(bank, "unfit", why or "party"))
        else:
            fitting.append(bank)
    return fitting, unfit


# --- asking ----------------------------------------------------------------------------------------------------------


def _quoted(
    asked: Asked, banks: list[Bank], outcomes: list[dict[str, str]], *, today: date, now: datetime
) -> Asked:
    order = asked.version.paper.order
    evidence = evidence_of(asked.version, order, today=today, at=asked.asked_at)
    jws = signed_pack(canonical(evidence))
    key = f"{asked.version.paper.public_id}.{asked.round}"
    by_code = {bank.code: bank for bank in banks}
    calls: dict[str, Callable[[], Any]] = {code: partial(_quote, code, key, jws) for code in by_code}
    offered, forged = [], []
    for code, answer in within(QUOTE_SECONDS, calls).items():
        bank = by_code[code]
        match answer:
            case BankForged():
                forged.append((bank, str(answer), answer.digest))
                outcomes.append(_outcome(bank, "malformed", str(answer)))
            case BankUnclear():
                outcomes.append(_outcome(bank, "silent"))
            case BankRefused():
                outcomes.append(_outcome(bank, "declined", answer.code))
            case Exception():
                raise answer
            case _:
                figures = _figures(answer, bank, order, outcomes, today=today, now=now)
                offered += [(bank, figures)] if figures else []
    return dataclasses.replace(
        asked, evidence=evidence, jws=jws, outcomes=outcomes, offered=offered, forged=forged
    )


def _quote(code: str, key: str, jws: str) -> dict[str, Any]:
    connection = connection_to(code)
    if connection is None:
        raise BankUnclear("the settings do not name it")
    return connection.quote(request=key, evidence=jws)


def _figures(
    answer: dict[str, Any],
    bank: Bank,
    order: Order,
    outcomes: list[dict[str, str]],
    *,
    today: date,
    now: datetime,
) -> Figures | None:
    try:
        figures = read_figures(
            answer, amount=order.outstanding, currency=order.currency, today=today, now=now
        )
    except MalformedOffer as error:
        logger.warning("bank %s: an offer that does not add up: %s", bank.code, error)
        outcomes.append(_outcome(bank, "malformed", str(error)))
        return None
    outcomes.append(_outcome(bank, "offered"))
    return figures


def _outcome(bank: Bank, outcome: str, code: str = "") -> dict[str, str]:
    return {"bank": bank.code, "outcome": outcome, "code": code[:60]}


# --- keeping ---------------------------------------------------------------------------------------------------------


def _request_for(asked: Asked, now: datetime) -> OfferRequest | None:
    """The row of this round: made now, or made when the seller asked again and filled now."""
    paper, order = asked.version.paper, asked.version.paper.order
    said = {
        "reason": asked.reason,
        "evidence": asked.evidence,
        "evidence_jws": asked.jws,
        "digest": hashlib.sha256(asked.jws.encode()).hexdigest() if asked.jws else "",
        "outcomes": asked.outcomes,
        "answered_at": now,
    }
    row, is_new = OfferRequest.objects.select_for_update().get_or_create(
        paper=paper,
        round=asked.round,
        defaults=said
        | {
            "company_id": order.seller_id,
            "order": order,
            "version": asked.version,
            "asked_at": asked.asked_at,
        },
    )
    if is_new:
        return row
    if row.answered_at is not None:
        return None
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))
    return row


def _of_the_bank(figures: Figures) -> dict[str, Any]:
    said = dataclasses.asdict(figures)
    return {"quote_ref": said.pop("quote")} | said


def _of_ours(request: OfferRequest, bank: Bank, order: Order, now: datetime) -> dict[str, Any]:
    return {
        "request": request,
        "company_id": request.company_id,
        "order": order,
        "paper_id": request.paper_id,
        "bank": bank,
        "made_at": now,
        "heard_at": now,
    }


def _converted(figures: Figures, order: Order, now: datetime) -> dict[str, Any]:
    """The net proceeds in the currency of the other side of the strait, with the rate behind it."""
    currency = _other_currency(order)
    found = _conversion(figures.net_proceeds, figures.currency, currency, _today(order, now))
    if found is None:
        return {}
    return {
        "other_currency": currency,
        "other_net_proceeds": round_money(found.amount, currency),
        "other_rate": found.rate,
        "other_rate_on": found.on,
        "other_rate_source": found.source,
    }


def _other_currency(order: Order) -> str:
    """The seller's own where the invoice is in another one; else the buyer's; else the one across the strait."""
    for currency in (order.seller.currency, order.buyer.currency):
        if currency != order.currency:
            return currency
    return "SGD" if order.currency == "CNY" else "CNY"


def _conversion(amount: Decimal, base: str, quote: str, today: date) -> Conversion | None:
    try:
        return convert(amount, base, quote, today)
    except NoRate:
        return None


def _today(order: Order, now: datetime) -> date:
    return now.astimezone(ZoneInfo(order.seller.time_zone)).date()
