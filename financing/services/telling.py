"""Telling a bank what to do, and finding out what it did.

What a bank does not answer is unknown, never failed: it is asked again by `status`, with longer and longer pauses, and told
again only where it never heard of it, under the same key. So nothing is done twice, whoever was killed in between.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from financing.connectors.bank import (
    BankForged,
    BankRefused,
    BankUnclear,
    Connection,
    Standing,
    connection_to,
    within,
)
from financing.connectors.bank.client import ANSWER_SECONDS
from financing.events import BankInstructed, BankMessageRefused, BankSilent, OfferDeclined
from financing.models import Offer
from financing.services.answering import BANK, Unexpected, refuse_message, take_standing
from financing.services.fetching import by_key, close, for_the_bank, tell
from financing.services.registering import release
from financing.states import DONE, Ask, CloseCode, OfferState
from identity.actors import Actor
from kernel.errors import Conflict
from kernel.services import record

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
#: how long a bank may be silent about money under way before it is asked
POLL_AFTER = timedelta(minutes=5)
MOST_POLLED = 50

#: what the bank's officer may ask of it, by where the money stands
OFFICERS: dict[str, frozenset[str]] = {
    OfferState.ACCEPTED: frozenset({Ask.RESERVE, Ask.DECLINE}),
    OfferState.RESERVED: frozenset({Ask.DISBURSE, Ask.DECLINE}),
    OfferState.DISBURSED: frozenset({Ask.REPAY}),
}
Effect = Callable[[], None]


class NotNow(Conflict):
    code = "financing.not_now"
    message = _("The bank can do this neither now nor in this state.")


def asks_open_to_officer(offer: Offer) -> list[Ask]:
    """What the officer can have the bank do now, in the order of the buttons: declining comes last."""
    if offer.awaiting or not offer.facility_ref:
        return []
    asks = [ask for ask in Ask if ask in OFFICERS.get(offer.state, ())]
    return sorted(asks, key=lambda ask: ask == Ask.DECLINE)


@transaction.atomic
def instruct_bank(*, actor: Actor, offer: str, ask: str, now: datetime) -> Offer:
    """The bank's officer has it approve, decline, pay out, or note as repaid. The bank's own books decide; repeatable."""
    found, officer = for_the_bank(offer, actor)
    if found.awaiting == ask:
        return found
    if ask not in asks_open_to_officer(found):
        raise NotNow
    found.awaiting, found.refusal = ask, ""
    found.save(update_fields=["awaiting", "refusal"])
    tell(found, BankInstructed(offer_id=found.pk, ask=ask), actor=officer, now=now)
    return found


def carry_out(*, offer_id: int, ask: str, tries: int = 0, now: datetime) -> Effect | None:
    """Ask the bank, with no transaction open. Returns what to write of its answer; None where it was answered meanwhile."""
    offer = Offer.objects.select_related("bank", "request").get(pk=offer_id)
    if offer.awaiting != ask:
        return None
    call = partial(_ask, offer, Ask(ask), tries)
    answer = within(2 * ANSWER_SECONDS + 1, {"": call})[""]
    match answer:
        case Standing():
            return partial(_keep_standing, offer, ask, tries, answer, now)
        case BankRefused() if (
            ask == Ask.ACCEPT and answer.status == 409
        ):  # it has this quotation otherwise: ask
            return partial(_keep_silence, offer.pk, ask, tries, BankUnclear(answer.code), now)
        case BankRefused():
            return partial(_keep_refusal, offer.pk, ask, answer, now)
        case BankUnclear():
            return partial(_keep_silence, offer.pk, ask, tries, answer, now)
    raise answer


def _ask(offer: Offer, ask: Ask, tries: int) -> Standing:
    connection = connection_to(offer.bank.code)
    if connection is None:
        raise BankUnclear("the settings do not name it")
    if tries:
        known = connection.status(offer=offer.public_id)
        if known is not None and (ask == Ask.ACCEPT or known.state == DONE[ask]):
            return known
    return _say(connection, offer, ask)


def _say(connection: Connection, offer: Offer, ask: Ask) -> Standing:
    if ask == Ask.ACCEPT:
        return connection.accept(
            quote=offer.quote_ref,
            offer=offer.public_id,
            digest=offer.request.digest,
            verdict=offer.verdict,
            payee=offer.payee,
        )
    return connection.instruct(facility=offer.facility_ref, offer=offer.public_id, ask=ask)


# --- what is written of the answer -----------------------------------------------------------------------------------


def _keep_standing(offer: Offer, ask: str, tries: int, standing: Standing, now: datetime) -> None:
    try:
        with transaction.atomic():
            take_standing(offer_id=offer.pk, standing=standing, answered=ask, now=now)
    except Unexpected as refused:  # an answer that cannot be true is none
        refuse_message(bank=offer.bank, code=refused.code, digest="", now=now)
        _keep_silence(offer.pk, ask, tries, BankUnclear(refused.code), now)


def _keep_refusal(offer_id: int, ask: str, refused: BankRefused, now: datetime) -> None:
    """The bank said no: to an acceptance, that ends it; to anything else, things stand as they stood."""
    offer = by_key(offer_id)
    if offer.awaiting != ask:
        return
    offer.heard_at, offer.awaiting, offer.refusal = now, "", refused.code
    offer.save(update_fields=["heard_at", "awaiting", "refusal"])
    if ask == Ask.ACCEPT and offer.state == OfferState.ACCEPTED:
        offer.save(update_fields=close(offer, OfferState.DECLINED, CloseCode.BANK_DECLINED, now=now))
        release(offer, now=now)
        tell(offer, OfferDeclined(offer_id=offer.pk, code=offer.close_code), actor=BANK, now=now)


def _keep_silence(offer_id: int, ask: str, tries: int, why: BankUnclear, now: datetime) -> None:
    """Not answered: asked again after a pause that grows."""
    offer = by_key(offer_id)
    if offer.awaiting != ask:
        return
    if isinstance(why, BankForged):
        forged = BankMessageRefused(bank_id=offer.bank_id, code=str(why), digest=why.digest)
        record(forged, actor=BANK, now=now, subject=offer.bank)
    pause = min(FIRST_PAUSE * 2 ** min(tries, 12), LONGEST_PAUSE)
    event = BankSilent(offer_id=offer.pk, ask=ask, tries=tries + 1, ask_at=now + pause)
    tell(offer, event, actor=BANK, now=now)


# --- asking where things stand ---------------------------------------------------------------------------------------


def poll_banks(*, now: datetime) -> int:
    """Ask about money under way of which nothing was heard for a while: a bank's own messages may be lost.

    Returns how many answered. Each answer is written by itself.
    """
    silent = Offer.objects.filter(
        state__in=[OfferState.ACCEPTED, OfferState.RESERVED, OfferState.DISBURSED],
        awaiting="",
        heard_at__lt=now - POLL_AFTER,
    ).select_related("bank")
    answered = 0
    for offer in silent.order_by("heard_at")[:MOST_POLLED]:
        connection = connection_to(offer.bank.code)
        if connection is None:
            continue
        answer = within(ANSWER_SECONDS + 1, {"": partial(connection.status, offer=offer.public_id)})[""]
        Offer.objects.filter(pk=offer.pk).update(heard_at=now)  # others first next time, answered or not
        if isinstance(answer, Standing):
            _keep_polled(offer, answer, now)
            answered += 1
    return answered


def _keep_polled(offer: Offer, standing: Standing, now: datetime) -> None:
    try:
        take_standing(offer_id=offer.pk, standing=standing, now=now)
    except Unexpected as refused:
        refuse_message(bank=offer.bank, code=refused.code, digest="", now=now)
