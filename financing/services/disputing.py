"""A deal in dispute: money that is not paid out yet waits, offers that nobody accepted are off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from financing.events import FinanceDisputed, FinanceReleased
from financing.models import Offer
from financing.services.accepting import withdraw_open_offers
from financing.services.fetching import by_key, move, tell
from financing.states import CloseCode, OfferState
from identity.actors import Actor
from orders.models import Order


@transaction.atomic(savepoint=False)
def hold_for_dispute(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Repeatable."""
    withdraw_open_offers(order_id=order_id, code=CloseCode.DEAL_DISPUTED, actor=actor, now=now)
    states = [OfferState.ACCEPTED, OfferState.RESERVED, OfferState.DISBURSED]
    for pk in _keys(order_id, states):
        offer = by_key(pk)
        if offer.state in states:
            move(offer, OfferState.DISPUTED, now=now)
            offer.save(update_fields=["state"])
            tell(offer, FinanceDisputed(offer_id=offer.pk), actor=actor, now=now)


@transaction.atomic(savepoint=False)
def release_from_dispute(*, order_id: int, actor: Actor, now: datetime) -> None:
    """The dispute is over: the money goes on from where it was held. Repeatable."""
    for pk in _keys(order_id, [OfferState.DISPUTED]):
        offer = by_key(pk)
        if offer.state == OfferState.DISPUTED:
            move(offer, _where_it_was(offer), now=now)
            offer.save(update_fields=["state"])
            tell(offer, FinanceReleased(offer_id=offer.pk), actor=actor, now=now)


def follow_hold(*, order_id: int, actor: Actor, now: datetime) -> None:
    """Held where payment of the order is held, else released. Repeatable."""
    order = Order.objects.get(pk=order_id)
    verb = hold_for_dispute if order.is_held else release_from_dispute
    verb(order_id=order_id, actor=actor, now=now)


def _where_it_was(offer: Offer) -> OfferState:
    if offer.disbursed_at:
        return OfferState.DISBURSED
    return OfferState.RESERVED if offer.reserved_at else OfferState.ACCEPTED


def _keys(order_id: int, states: list[OfferState]) -> list[int]:
    offers = Offer.objects.filter(order_id=order_id, state__in=states).order_by("pk")
    return list(offers.values_list("pk", flat=True))
