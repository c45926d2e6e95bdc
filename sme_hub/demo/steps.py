"""The main job in eight steps, each ticked off by what the visitor's companies have really done since they began.

A step says as whom it is done and where. Everything here only reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import ImportJob, Product
from disputes.models import Case
from documents.models import Rendition
from financing.models import Offer
from identity.models import IdentityLink
from identity.states import LinkState
from orders.models import CartLine, Despatch, Order, Receipt
from orders.states import OrderState
from sme_hub.demo.parts import FIRST_BUYER, FIRST_SELLER, Part, part_named
from sme_hub.demo.trial import Trial


@dataclass(frozen=True, kw_only=True)
class Step:
    words: Any
    how: Any
    #: whom it is done as
    part: Part
    url: str
    #: what the link says
    go: Any
    done: bool
    #: it binds a company, so that whoever does it shows who they are, where that is asked for
    shows_who: bool = False


def steps_of(trial: Trial) -> list[Step]:
    """The eight steps in the order of the trade. At most a dozen statements."""
    return list(_steps(Deeds(trial)))


def further_steps_of(trial: Trial) -> list[Step]:
    """What the main job opens: an offer of money, and a dispute."""
    return list(_further(Deeds(trial)))


class Deeds:
    """What the companies of a trial have done since it began; nothing before anybody was entered as."""

    def __init__(self, trial: Trial) -> None:
        self._since, self._companies = trial.since, trial.companies
        self._orders = Order.objects.filter(
            Q(buyer__slug__in=self._companies) | Q(seller__slug__in=self._companies)
        )
        self.has_ordered = self._orders.filter(placed_at__gte=self._since).exists()

    def has_listed(self) -> bool:
        return self._own(Product, created_at__gte=self._since) or self._own(
            ImportJob, created_at__gte=self._since
        )

    def has_published(self) -> bool:
        return self._own(Product, published_at__gte=self._since)

    def has_filled_a_cart(self) -> bool:
        lines = CartLine.objects.filter(cart__company__slug__in=self._companies, added_at__gte=self._since)
        return self.has_ordered or lines.exists()

    def has_confirmed(self) -> bool:
        return self._orders.filter(confirmed_at__gte=self._since).exists()

    def has_papers(self) -> bool:
        drawn = Rendition.objects.filter(version__created_at__gte=self._since)
        return drawn.filter(version__paper__order__in=self._orders).exists()

    def has_sent(self) -> bool:
        return self._moved(Despatch)

    def has_received(self) -> bool:
        return self._moved(Receipt)

    def has_taken_money(self) -> bool:
        return self._own(Offer, accepted_at__gte=self._since)

    def has_opened_a_case(self) -> bool:
        return bool(
            Case.objects.filter(claimant__slug__in=self._companies, opened_at__gte=self._since).exists()
        )

    def has_linked(self, email: str) -> bool:
        """A name in characters and its pinyin wait for two officers: what the visitor does ends there."""
        links = IdentityLink.objects.filter(user__email=email, started_at__gte=self._since)
        return (
            bool(self._companies) and links.filter(state__in=[LinkState.MATCHED, LinkState.ACTIVE]).exists()
        )

    def _own(self, model: Any, **since: datetime) -> bool:
        return bool(model.objects.filter(company__slug__in=self._companies, **since).exists())

    def _moved(self, model: Any) -> bool:
        return bool(model.objects.filter(order__in=self._orders, recorded_at__gte=self._since).exists())


# --- where each step is done ----------------------------------------------------------------------------------------


def _steps(deeds: Deeds) -> Iterator[Step]:
    seller, buyer = part_named("seller"), part_named("buyer")
    assert seller and buyer  # they stand in the table
    yield Step(
        words=_("Write a listing, or import many"),
        how=_("A form that says what is missing, or a spreadsheet whose every row is answered."),
        part=seller,
        url=_address("listing_new", FIRST_SELLER),
        go=_("Write a listing"),
        done=deeds.has_listed(),
    )
    yield Step(
        words=_("Publish it"),
        how=_("A draft is published once nothing is missing; buyers find it at once."),
        part=seller,
        url=_address("listings", FIRST_SELLER, state="draft"),
        go=_("See the drafts"),
        done=deeds.has_published(),
    )
    yield Step(
        words=_("Search as a buyer"),
        how=_(
            "In English or Chinese, by words, codes or categories; ticked with the first thing put into the cart."
        ),
        part=buyer,
        url=f"{reverse('search')}?{urlencode({'q': 'EN 388'})}",
        go=_("Search for gloves by their standard"),
        done=deeds.has_filled_a_cart(),
    )
    yield Step(
        words=_("Put goods into the cart"),
        how=_("The price follows the quantity; the cart of the company is shared by its buyers."),
        part=buyer,
        url=f"{reverse('search')}?{urlencode({'seller': FIRST_SELLER, 'in_stock': '1'})}",
        go=_("See what this seller has in stock"),
        done=deeds.has_filled_a_cart(),
    )
    yield Step(
        words=_("Check out"),
        how=_("Addresses, delivery terms, payment terms, the total: a binding offer to the seller."),
        part=buyer,
        url=_address("cart", FIRST_BUYER),
        go=_("Open the cart"),
        shows_who=True,
        done=deeds.has_ordered,
    )
    yield Step(
        words=_("Accept the order as the seller"),
        how=_("Within 72 hours, or freight is offered first; then both are bound."),
        part=seller,
        url=_order_or_list(
            _newest(OrderState.PLACED, seller=FIRST_SELLER), FIRST_SELLER, side="selling", state="placed"
        ),
        go=_("Look at the order"),
        shows_who=True,
        done=deeds.has_confirmed(),
    )
    yield Step(
        words=_("Read the papers"),
        how=_("Confirmation, invoice and packing list, numbered and in both languages, some seconds later."),
        part=buyer,
        url=_address("papers", FIRST_BUYER),
        go=_("See the papers"),
        done=deeds.has_papers(),
    )
    yield _journey(deeds, seller, buyer)


def _further(deeds: Deeds) -> Iterator[Step]:
    seller, buyer = part_named("seller"), part_named("buyer")
    assert seller and buyer  # they stand in the table
    yield Step(
        words=_("Take an offer of money"),
        how=_(
            "A simulated bank offers to pay an invoice on credit at once; the seller accepts, or lets it expire."
        ),
        part=seller,
        url=_address("finance", FIRST_SELLER),
        go=_("See the offers"),
        shows_who=True,
        done=deeds.has_taken_money(),
    )
    yield Step(
        words=_("Link the identities of both cities"),
        how=_(
            "One person, two fresh sign-ins at simulated services and a consent; taken back, acts that rest on it are refused at once."
        ),
        part=buyer,
        url=reverse("identities"),
        go=_("See the identities"),
        done=deeds.has_linked(buyer.email),
    )
    yield Step(
        words=_("Open a dispute"),
        how=_("From the page of an order that binds; its payment is held, and a mediator is found."),
        part=buyer,
        url=_order_or_list(
            _newest(OrderState.COMPLETED, buyer=FIRST_BUYER), FIRST_BUYER, side="buying", state="completed"
        ),
        go=_("Look at an order that has arrived"),
        done=deeds.has_opened_a_case(),
    )


def _journey(deeds: Deeds, seller: Part, buyer: Part) -> Step:
    """To the goods that are on their way; to what can leave where there are none, or where only sending is left to do."""
    has_sent, has_received = deeds.has_sent(), deeds.has_received()
    on_the_way = _newest(OrderState.DESPATCHED, buyer=FIRST_BUYER, seller=FIRST_SELLER)
    if on_the_way and (has_sent or not has_received):
        part, url, go = buyer, _order_or_list(on_the_way, FIRST_BUYER), _("Count what arrived")
    else:
        to_send = _newest(OrderState.CONFIRMED, seller=FIRST_SELLER)
        part, go = seller, _("Record a shipment")
        url = _order_or_list(to_send, FIRST_SELLER, side="selling", state="confirmed")
    return Step(
        words=_("Ship and receive"),
        how=_(
            "The seller ships all or a part, prepaid goods once the payment is recorded; the buyer counts what arrives."
        ),
        part=part,
        url=url,
        go=go,
        done=has_sent and has_received,
    )


def _newest(state: str, **parties: str) -> Order | None:
    which = {f"{side}__slug": company for side, company in parties.items()}
    found: Order | None = Order.objects.filter(state=state, **which).order_by("-pk").first()
    return found


def _order_or_list(order: Order | None, company: str, **query: str) -> str:
    if order is not None:
        return reverse("order", args=[company, order.public_id])
    return _address("orders", company, **query)


def _address(name: str, company: str, **query: str) -> str:
    found = reverse(name, args=[company])
    return f"{found}?{urlencode(query)}" if query else found
