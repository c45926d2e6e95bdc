"""What the seller does with an offer: accept it, leave it, step back from it; and what the clock and a payment do."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from financing.events import BankInstructed, OfferAccepted, OfferDeclined, OfferExpired, OfferWithdrawn
from financing.models import Offer
from financing.services.fetching import by_key, close, for_the_seller, move, tell
from financing.services.payee import payee_of
from financing.services.registering import take
from financing.states import Ask, CloseCode, OfferState
from identity.actors import Actor, System
from identity.services import check_not_held, guard
from identity.states import Purpose, Role, ScreenedAct
from kernel.errors import Conflict, Forbidden
from kernel.services import once
from tariffs.queries import Worth

Answer = dict[str, Any]


class InvoiceChanged(Conflict):
    code = "financing.invoice_changed"
    message = _(
        "What is to be paid on the invoice has changed since the offer was made. Ask the banks again."
    )


class NetChanged(Conflict):
    code = "financing.net_changed"
    message = _("This offer pays %(net)s now. Look at it again.")


class DealDisputed(Conflict):
    code = "financing.deal_disputed"
    message = _("The deal is in dispute: its invoice backs no money until that is settled.")


class NothingToWithdraw(Conflict):
    code = "financing.nothing_to_withdraw"
    message = _("Only money that is accepted and not yet paid out can be given back.")


def accept_once(
    *, actor: Actor, offer: str, net_seen: Decimal | None = None, key: str, now: datetime
) -> Answer:
    """`accept_offer`, repeatable under the key of a form or an API call."""

    def act() -> Answer:
        return _told(_accept(actor, offer, net_seen, now))

    body = {"offer": offer, "net_seen": None if net_seen is None else f"{net_seen.normalize():f}"}
    return once(actor=actor, verb="accept_finance", key=key, body=body, now=now, act=act)


@transaction.atomic
def accept_offer(*, actor: Actor, offer: str, net_seen: Decimal | None = None, now: datetime) -> Offer:
    """The seller's finance accepts: the invoice is entered in the registry, and the bank is told.

    Raises `OfferLapsed` after the deadline, `AlreadyFinanced` where the invoice backs money already, `InvoiceChanged`
    where the buyer has paid meanwhile, `NetChanged` where the offer pays another amount than the seller saw, and
    `PayeeMissing` or `PayeeIsAnother` where there is no account of the seller's own to pay to.
    """
    return _accept(actor, offer, net_seen, now)


def _accept(actor: Actor, offer: str, net_seen: Decimal | None, now: datetime) -> Offer:
    found, seller = for_the_seller(offer, actor)
    check_not_held(
        act=ScreenedAct.ACCEPT_FINANCE,
        company_id=found.company_id,
        others=[found.order.buyer_id],
        now=now,
    )
    worth = Worth(found.net_proceeds, found.currency, timezone.localdate(now))
    assured = guard(actor=seller, purpose=Purpose.ACCEPT_FINANCE, worth=worth, now=now)
    move(found, OfferState.ACCEPTED, now=now)
    if found.order.is_held:
        raise DealDisputed
    if found.order.outstanding != found.invoice_amount:
        raise InvoiceChanged
    if net_seen is not None and net_seen != found.net_proceeds:
        raise NetChanged(net=found.net_proceeds)
    found.payee = payee_of(found, now)
    found.verdict = take(found, now=now)
    found.accepted_at, found.accepted_by, found.awaiting = now, seller.user, Ask.ACCEPT
    found.save(update_fields=["state", "verdict", "payee", "accepted_at", "accepted_by", "awaiting"])
    tell(found, OfferAccepted(offer_id=found.pk, assurance=assured.evidence), actor=seller, now=now)
    return found


def _told(offer: Offer) -> Answer:
    """JSON-ready, and kept under the key."""
    return {
        "id": offer.public_id,
        "state": offer.state,
        "currency": offer.currency,
        "net_proceeds": f"{offer.net_proceeds:f}",
    }


@transaction.atomic
def decline_offer(*, actor: Actor, offer: str, now: datetime) -> Offer:
    """The seller does not want it. It would also lapse by itself."""
    found, seller = for_the_seller(offer, actor)
    if found.state == OfferState.DECLINED:
        return found
    if found.state != OfferState.OFFERED:
        raise NothingToWithdraw  # accepted already: that is given back, not declined
    found.save(update_fields=close(found, OfferState.DECLINED, CloseCode.SELLER_DECLINED, now=now))
    tell(found, OfferDeclined(offer_id=found.pk, code=found.close_code), actor=seller, now=now)
    return found


@transaction.atomic
def withdraw_acceptance(*, actor: Actor, offer: str, now: datetime) -> Offer:
    """The seller gives the money back before it is paid out: the bank is asked to cancel. Repeatable."""
    found, seller = for_the_seller(offer, actor)
    if found.state not in {OfferState.ACCEPTED, OfferState.RESERVED} or not found.facility_ref:
        raise NothingToWithdraw
    if found.awaiting == Ask.CANCEL:
        return found
    if found.awaiting:
        raise Conflict
    found.awaiting = Ask.CANCEL
    found.save(update_fields=["awaiting"])
    tell(found, BankInstructed(offer_id=found.pk, ask=Ask.CANCEL), actor=seller, now=now)
    return found


@transaction.atomic(savepoint=False)
def expire_offer(*, offer_id: int, now: datetime) -> bool:
    """The deadline closes an offer that nobody accepted. Repeatable; tells whether it did."""
    found = by_key(offer_id)
    if found.state != OfferState.OFFERED or now < found.expires_at:
        return False
    found.save(update_fields=close(found, OfferState.EXPIRED, CloseCode.OFFER_LAPSED, now=now))
    tell(found, OfferExpired(offer_id=found.pk), actor=System(reason="deadline"), now=now)
    return True


@transaction.atomic(savepoint=False)
def withdraw_open_offers(*, order_id: int, code: str, actor: Actor, now: datetime) -> int:
    """What nobody has accepted yet is off: the buyer paid, or the deal came into dispute. Returns how many."""
    if not actor.may(Role.OWNER):
        raise Forbidden
    keys = Offer.objects.filter(order_id=order_id, state=OfferState.OFFERED).order_by("pk")
    count = 0
    for pk in list(keys.values_list("pk", flat=True)):
        found = by_key(pk)
        if found.state == OfferState.OFFERED:
            found.save(update_fields=close(found, OfferState.WITHDRAWN, code, now=now))
            tell(found, OfferWithdrawn(offer_id=found.pk, code=code), actor=actor, now=now)
            count += 1
    return count
