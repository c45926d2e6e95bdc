"""What the room of money does when something happens."""

from __future__ import annotations

from documents.events import PapersNumbered
from documents.states import PaperKind
from financing import services
from financing.events import BankInstructed, BankSilent, OfferAccepted, OfferMade, OffersWanted
from financing.states import Ask, CloseCode
from identity.actors import System
from kernel.events import Occurrence
from kernel.subscriptions import Effect
from orders.events import PaymentHeld, PaymentReceived, PaymentReleased

FINANCING = System(reason="financing")


def holds_an_invoice(event: PapersNumbered) -> bool:
    """Other papers, and invoices that are issued again, are no reason to ask."""
    return PaperKind.COMMERCIAL_INVOICE in event.kinds and not event.correction


def seek_offers(event: PapersNumbered, occurrence: Occurrence) -> Effect | None:
    """Outside: an invoice was issued. The banks are asked with no transaction open; their offers are kept in one."""
    return _kept(
        services.ask_banks(version_ids=event.version_ids, at=occurrence.at, now=occurrence.now), occurrence
    )


def seek_offers_again(event: OffersWanted, occurrence: Occurrence) -> Effect | None:
    return _kept(
        services.ask_banks(request_id=event.request_id, at=occurrence.at, now=occurrence.now), occurrence
    )


def _kept(asked: services.Asked | None, occurrence: Occurrence) -> Effect | None:
    if asked is None:
        return None

    def keep() -> None:
        services.keep_answers(asked, actor=FINANCING, now=occurrence.now)

    return keep


def expire(event: OfferMade, occurrence: Occurrence) -> None:
    """Due at `expires_at`."""
    services.expire_offer(offer_id=event.offer_id, now=occurrence.now)


def tell_bank(event: OfferAccepted, occurrence: Occurrence) -> Effect | None:
    """Outside: the seller accepted."""
    return services.carry_out(offer_id=event.offer_id, ask=Ask.ACCEPT, now=occurrence.now)


def instruct_bank(event: BankInstructed, occurrence: Occurrence) -> Effect | None:
    """Outside: the officer, or the seller who withdraws, wants something done."""
    return services.carry_out(offer_id=event.offer_id, ask=event.ask, now=occurrence.now)


def ask_bank_again(event: BankSilent, occurrence: Occurrence) -> Effect | None:
    """Outside, due at `ask_at`: what the bank did is unknown."""
    return services.carry_out(offer_id=event.offer_id, ask=event.ask, tries=event.tries, now=occurrence.now)


def withdraw_when_paid(event: PaymentReceived, occurrence: Occurrence) -> None:
    """The buyer paid, in part or whole: offers on the sum that was open no longer fit."""
    services.withdraw_open_offers(
        order_id=event.order_id, code=CloseCode.INVOICE_PAID, actor=FINANCING, now=occurrence.now
    )


def follow_hold(event: PaymentHeld | PaymentReleased, occurrence: Occurrence) -> None:
    """While payment of the deal is held, money waits as well; whichever event comes first, the order as it is decides."""
    services.follow_hold(order_id=event.order_id, actor=FINANCING, now=occurrence.now)
