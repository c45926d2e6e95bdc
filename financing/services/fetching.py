"""Fetching an offer to change it: locked, seen by the actor, and in the right hands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from financing.models import Offer
from financing.models.offers import OfferQuerySet
from financing.states import OFFER_MOVES, TAKEN, OfferState
from identity.actors import Actor, CompanyActor, require
from identity.states import Role
from kernel.errors import Conflict, Forbidden
from kernel.events import BusinessEvent
from kernel.services import record
from kernel.states import check_move


class OthersOffer(Forbidden):
    code = "financing.others_offer"
    message = _("Only the other side of this offer can do this.")


class OfferLapsed(Conflict):
    """The deadline decides, not the timer that closes the offer."""

    code = "financing.offer_lapsed"
    message = _("The time to accept has passed. Ask the banks again for a new offer.")


def for_the_seller(offer: str, actor: Actor) -> tuple[Offer, CompanyActor]:
    """The offer, locked, for the seller's finance. `NotFound` for strangers and the buyer, `OthersOffer` for the bank."""
    found = _locked(offer, actor)
    if found.company_id != actor.company_id:
        raise OthersOffer
    return found, require(actor, Role.FINANCE)


def for_the_bank(offer: str, actor: Actor) -> tuple[Offer, CompanyActor]:
    """The offer, locked, for an officer of the bank that made it."""
    found = _locked(offer, actor)
    if found.bank.company_id != actor.company_id:
        raise OthersOffer
    return found, require(actor, Role.FINANCE)


def by_key(pk: int) -> Offer:
    """The offer, locked, for the clock and for what a bank says."""
    found: Offer = _whole().select_for_update(of=("self",)).get(pk=pk)
    return found


def move(offer: Offer, target: str, *, now: datetime) -> None:
    """Set the state (the caller saves) if it may follow the present one; nothing is accepted after the deadline."""
    check_move(OFFER_MOVES, offer.state, target)
    if offer.state == OfferState.OFFERED and target in TAKEN and now > offer.expires_at:
        raise OfferLapsed
    offer.state = target


def close(offer: Offer, target: str, code: str, *, now: datetime) -> list[str]:
    """Set a state that ends the offer, and why. Returns the fields to save."""
    move(offer, target, now=now)
    offer.closed_at, offer.close_code, offer.awaiting = now, code, ""
    return ["state", "closed_at", "close_code", "awaiting"]


def tell(offer: Offer, event: BusinessEvent, *, actor: Actor, now: datetime) -> None:
    """Record `event` for the seller and the bank; the buyer is no audience of finance."""
    audience: Iterable[int] = (offer.company_id, offer.bank.company_id)
    record(event, actor=actor, now=now, subject=offer, about=offer.order, audience=audience)


def _locked(offer: str, actor: Actor) -> Offer:
    found: Offer = _whole().visible_to(actor).select_for_update(of=("self",)).fetch(offer)
    return found


def _whole() -> OfferQuerySet:
    found: OfferQuerySet = Offer.objects.select_related("bank", "order", "paper")
    return found
