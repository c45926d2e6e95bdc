"""What a bank says of money that was accepted: believed when it is signed, for us, fresh, new, and about its own offer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from financing.connectors.bank import MessageNotBelieved, Standing, read_notice
from financing.events import (
    BankMessageRefused,
    FinanceDisbursed,
    FinanceRepaid,
    FinanceReserved,
    OfferDeclined,
    OfferWithdrawn,
    RepaymentWatched,
)
from financing.models import Bank, BankMessage, Offer
from financing.services.fetching import by_key, close, move, tell
from financing.services.registering import release
from financing.states import CLOSED, DONE, Ask, CloseCode, OfferState
from identity.actors import Actor, System
from kernel.errors import Conflict, Refused
from kernel.models import Event
from kernel.services import record

BANK = System(reason="bank")

#: refusals of one bank's messages that are kept in a minute: anybody can send what is not signed
MOST_KEPT = 30
#: how far money has come; a message from further back is late and changes nothing
WAY = (OfferState.ACCEPTED, OfferState.RESERVED, OfferState.DISBURSED, OfferState.REPAID)


class NotBelieved(Refused):
    """The message is not the bank's, not for us, too old, or unreadable; `why` is for the records only."""

    code = "bank.not_believed"
    message = _("This message is not accepted.")
    status = 401

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class SeenBefore(Conflict):
    code = "bank.seen_before"
    message = _("This message was received before.")


class NotTheBanks(Refused):
    code = "bank.not_its_offer"
    message = _("There is no such offer of this bank.")
    status = 404


class Unexpected(Conflict):
    """It cannot be true of this offer: nobody accepted it, or the amount is another."""

    code = "bank.unexpected"
    message = _("This does not fit what was agreed.")


@transaction.atomic
def receive_notice(*, bank: Bank, content: bytes, signature: str, now: datetime) -> Offer:
    """A message that the bank sent by itself. Raises a `Refused` that the edge has to keep (`refuse_message`)."""
    try:
        notice = read_notice(bank.code, content, signature, now)
    except MessageNotBelieved as error:
        raise NotBelieved(error.code) from error
    try:
        with transaction.atomic():
            BankMessage.objects.create(bank=bank, message_id=notice.id, digest=notice.digest, received_at=now)
    except IntegrityError as error:
        raise SeenBefore from error
    offer: Offer | None = Offer.objects.with_public_id(notice.standing.offer).filter(bank=bank).first()
    if offer is None:
        raise NotTheBanks
    return _take(offer.pk, notice.standing, actor=BANK, now=now)


@transaction.atomic
def refuse_message(*, bank: Bank, code: str, digest: str, now: datetime) -> None:
    """Keep that something was not believed. By the edge, after the rollback; so many a minute and no more."""
    lately = Event.objects.filter(
        subject_id=bank.uid, name=BankMessageRefused.__name__, at__gt=now - timedelta(minutes=1)
    )
    if lately.count() >= MOST_KEPT:
        return
    record(BankMessageRefused(bank_id=bank.pk, code=code, digest=digest), actor=BANK, now=now, subject=bank)


@transaction.atomic(savepoint=False)
def take_standing(*, offer_id: int, standing: Standing, answered: str = "", now: datetime) -> Offer:
    """Where the bank says that the money stands, in answer to `answered` (`states.Ask`) or to a poll. Repeatable."""
    return _take(offer_id, standing, answered=answered, actor=BANK, now=now)


def _take(offer_id: int, standing: Standing, *, answered: str = "", actor: Actor, now: datetime) -> Offer:
    """Steps that were not told are made up for: messages overtake each other. What is behind us changes nothing."""
    offer = by_key(offer_id)
    if offer.state in CLOSED and offer.state == standing.state:
        return offer
    _check(offer, standing)
    offer.heard_at, offer.refusal = now, ""
    if _answers(standing, offer.awaiting, answered):
        offer.awaiting = ""
    offer.facility_ref = offer.facility_ref or standing.facility
    offer.save(update_fields=["heard_at", "awaiting", "refusal", "facility_ref"])
    if standing.state == OfferState.DECLINED:
        _close(offer, OfferState.DECLINED, CloseCode.BANK_DECLINED, actor, now)
    elif standing.state == OfferState.WITHDRAWN:
        _close(offer, OfferState.WITHDRAWN, CloseCode.SELLER_WITHDREW, actor, now)
    else:
        _advance(offer, standing.state, actor, now)
    return offer


def _answers(standing: Standing, awaiting: str, answered: str) -> bool:
    """Whether nothing more is awaited: a message that left the bank before it was asked answers nothing."""
    return awaiting in {answered, Ask.ACCEPT} or DONE.get(awaiting) == standing.state


def _check(offer: Offer, standing: Standing) -> None:
    if standing.offer != offer.public_id or offer.accepted_at is None:
        raise Unexpected
    if offer.facility_ref and standing.facility != offer.facility_ref:
        raise Unexpected
    paid_out = standing.state == OfferState.DISBURSED
    if paid_out and standing.amount is not None and standing.amount != offer.net_proceeds:
        raise Unexpected
    if offer.state in CLOSED and offer.state != OfferState.REPAID:
        raise Unexpected  # it was over: the bank has to explain itself to its officer


def _advance(offer: Offer, target: str, actor: Actor, now: datetime) -> None:
    if offer.state == OfferState.DISPUTED:
        return  # held: the bank is asked again when the dispute is over
    here, there = WAY.index(OfferState(offer.state)), WAY.index(OfferState(target))
    for state in WAY[here + 1 : there + 1]:
        field, event = _STEPS[state]
        move(offer, state, now=now)
        setattr(offer, field, now)
        fields = ["state", field]
        if state == OfferState.REPAID:
            offer.closed_at = now
            fields.append("closed_at")
        offer.save(update_fields=fields)
        tell(offer, event(offer_id=offer.pk), actor=actor, now=now)
        if state == OfferState.DISBURSED:
            watched = RepaymentWatched(offer_id=offer.pk, due_at=_morning_of(offer.repay_on))
            record(watched, actor=actor, now=now, subject=offer, about=offer.order)


def _morning_of(day: date) -> datetime:
    """When people are told of what falls due on that day."""
    return datetime.combine(day, time(8), timezone.get_default_timezone())


_STEPS = {
    OfferState.RESERVED: ("reserved_at", FinanceReserved),
    OfferState.DISBURSED: ("disbursed_at", FinanceDisbursed),
    OfferState.REPAID: ("repaid_at", FinanceRepaid),
}


def _close(offer: Offer, target: str, code: str, actor: Actor, now: datetime) -> None:
    """Nothing was paid out: the invoice is free again."""
    if offer.disbursed_at is not None:
        raise Unexpected
    offer.save(update_fields=close(offer, target, code, now=now))
    release(offer, now=now)
    event = (
        OfferDeclined(offer_id=offer.pk, code=code)
        if target == OfferState.DECLINED
        else OfferWithdrawn(offer_id=offer.pk, code=code)
    )
    tell(offer, event, actor=actor, now=now)
