"""Reads of offers: for the seller they were made to and the bank that made them. The buyer has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from documents.models import PaperVersion
from documents.states import PaperKind
from financing.models import Bank, FinancePreference, Offer, OfferRequest
from financing.models.offers import OfferQuerySet
from financing.rules import REASONS
from financing.states import TAKEN, OfferState
from identity.actors import Actor
from identity.states import Role
from kernel.ids import MalformedId, parse_public_id
from orders.models import Order
from orders.states import BINDING

PAGE = 25
#: rows of one export
MOST_EXPORTED = 10_000
#: who in a company deals with the money
ROLES = (Role.FINANCE, Role.SELLER)


@dataclass(frozen=True)
class Money:
    """What a deal's page says of finance. `asking` while an answer is on its way."""

    asking: bool = False
    request: OfferRequest | None = None
    offers: list[Offer] = field(default_factory=list)
    #: one of them backs the invoice
    taken: bool = False
    may_accept: bool = False
    may_ask_again: bool = False

    @property
    def reason(self) -> object:
        """Why no bank was asked, in words."""
        return REASONS.get(self.request.reason, "") if self.request else ""


def wants_offers(company_id: int) -> bool:
    """Whether the seller's invoices are shown to banks."""
    row = FinancePreference.objects.filter(company_id=company_id).first()
    return row is None or row.wants_offers


def invoice_among(version_ids: tuple[int, ...]) -> PaperVersion | None:
    """The commercial invoice among these versions, with its paper and order."""
    found: PaperVersion | None = (
        PaperVersion.objects.filter(pk__in=version_ids, paper__kind=PaperKind.COMMERCIAL_INVOICE)
        .select_related("paper__order__seller", "paper__order__buyer")
        .first()
    )
    return found


def finance_of(actor: Actor, order: Order, now: datetime) -> Money | None:
    """What stands on the page of `order`; None for everybody but the seller's people who deal with money."""
    if actor.company_id != order.seller_id or not actor.may(*ROLES) or order.state not in BINDING:
        return None
    request = (
        OfferRequest.objects.visible_to(actor)
        .filter(order=order)
        .order_by("-round")
        .defer("evidence")
        .first()
    )
    if request is None:
        return Money(asking=True)
    offers = list(offers_of_order(actor, order))
    taken = any(offer.state in TAKEN for offer in offers)
    open_now = any(offer.stands_at(now) for offer in offers)
    finance = actor.may(Role.FINANCE)
    return Money(
        asking=request.answered_at is None,
        request=request,
        offers=offers,
        taken=taken,
        may_accept=finance and not taken,
        may_ask_again=finance
        and not (taken or open_now)
        and not order.is_paid
        and request.answered_at is not None
        and request.reason not in {"prepaid", "opted_out", "paid", "due_too_soon"},
    )


def offers_of_order(actor: Actor, order: Order) -> OfferQuerySet:
    """Every offer on the invoice of `order` that this actor may see, the cheapest first, earlier rounds last."""
    found: OfferQuerySet = (
        Offer.objects.visible_to(actor)
        .filter(order=order)
        .select_related("bank__company", "paper")
        .order_by("-request__round", "all_in_cost", "pk")
    )
    return found


def offer_of(actor: Actor, offer: str) -> Offer:
    """One offer (`fof_…`); `NotFound` for everybody but its seller and its bank."""
    found: Offer = (
        Offer.objects.visible_to(actor)
        .select_related("bank__company", "paper", "order__buyer", "company", "request", "accepted_by")
        .fetch(offer)
    )
    return found


def offer_in_brief(offer_id: int) -> Offer:
    """For whoever tells its two sides; not scoped, so never for a page."""
    found: Offer = Offer.objects.select_related("bank__company", "company", "paper").get(pk=offer_id)
    return found


def bank_of(actor: Actor) -> Bank:
    """The bank that the actor works for; `NotFound` where the company is none."""
    return Bank.objects.of(actor)


def files_by_state(actor: Actor) -> dict[str, int]:
    """How many files of the actor's bank are in each state that one of them is in. One statement."""
    found = Offer.objects.visible_to(actor).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(found)


# --- lists -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; unknown values fall back to the whole list."""

    state: str = ""
    words: str = ""


@dataclass(frozen=True)
class Page:
    offers: list[Offer]
    #: `after` of the next page, empty on the last
    after: str


def offers_to(actor: Actor, filters: Filters) -> OfferQuerySet:
    """Offers that banks made to the acting company, newest first."""
    return _narrowed(Offer.objects.visible_to(actor).filter(company_id=actor.company_id or 0), filters)


def offers_by(actor: Actor, filters: Filters) -> OfferQuerySet:
    """Offers that the acting bank made, newest first."""
    return _narrowed(Offer.objects.visible_to(actor).filter(bank__company_id=actor.company_id or 0), filters)


def page_of(offers: OfferQuerySet, *, after: str = "", size: int = PAGE) -> Page:
    """One page by key: a page deep in the list costs no more than the first. One statement, and one for the mark."""
    if after:
        offers = offers.filter(pk__lt=_key_of(offers, after))
    rows = list(offers[: size + 1])
    return Page(rows[:size], rows[size - 1].public_id if len(rows) > size else "")


def exported(offers: OfferQuerySet) -> Iterator[Offer]:
    return offers[:MOST_EXPORTED].iterator(chunk_size=500)


def _narrowed(offers: OfferQuerySet, filters: Filters) -> OfferQuerySet:
    found = offers.select_related("bank__company", "paper", "order", "company").order_by("-pk")
    if filters.state in OfferState.values:
        found = found.filter(state=filters.state)
    if words := filters.words.replace("\0", "").strip()[:80]:
        found = found.filter(
            Q(order__reference__istartswith=words)
            | Q(order__reference__istartswith=f"SH-{words}")
            | Q(facility_ref=words)
        )
    return found


def _key_of(offers: OfferQuerySet, after: str) -> int:
    """Where a page goes on; from the start when the mark is none of this list's."""
    try:
        uid = parse_public_id(Offer.PREFIX, after)
    except MalformedId:
        return 2**63 - 1
    return offers.order_by().filter(uid=uid).values_list("pk", flat=True).first() or 2**63 - 1
