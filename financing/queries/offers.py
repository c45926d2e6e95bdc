"""Reads of offers: for the seller they were made to and the bank that made them. The buyer has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from documents.models import PaperVersion
from documents.states import PaperKind
from financing.models import Bank, Offer, OfferRequest
from financing.models.offers import OfferQuerySet
from financing.rules import REASONS
from financing.states import TAKEN, OfferState
from identity.actors import Actor
from identity.states import Role
from kernel.fetching import fetch
from kernel.ids import MalformedId, parse_public_id, public_id
from kernel.prepared import fetch_prepared
from orders.models import Order
from orders.states import BINDING

PAGE = 25
#: counts stop here and read "1,000+"
COUNTED_TO = 1000
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
    chosen = fetch_prepared(
        "SELECT wants_offers FROM financing_financepreference WHERE company_id = %s", [company_id]
    )
    return bool(chosen[0][0]) if chosen else True


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


_FILES = """
SELECT wanted.state, (
    SELECT count(*) FROM (
        SELECT 1 FROM financing_offer AS offer
        WHERE offer.bank_id = bank.id AND offer.state = wanted.state LIMIT %s) AS bounded)
FROM financing_bank AS bank, unnest(%s::varchar[]) AS wanted (state) WHERE bank.company_id = %s
"""


def files_by_state(actor: Actor) -> dict[str, int]:
    """How many files of the actor's bank are in each state that one of them is in, each counted up to 1,001.

    One statement that reads an index only, and of that no more than is shown.
    """
    found = fetch_prepared(_FILES, [COUNTED_TO + 1, OfferState.values, actor.company_id])
    return {state: files for state, files in found if files}


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


class Line(NamedTuple):
    """An offer as a list shows it, with the other side's names; columns as `_LINES` reads them."""

    uid: UUID
    state: str
    currency: str
    net_proceeds: Decimal
    all_in_cost: Decimal
    apr_percent: Decimal
    repay_on: date
    made_at: datetime
    expires_at: datetime
    reference: str
    paper_kind: str
    paper_year: int
    paper_number: int
    party_en: str
    party_zh: str

    @property
    def public_id(self) -> str:
        return public_id(Offer.PREFIX, self.uid)


#: written out: the ORM would compose it for longer than PostgreSQL reads it
_LINES = """
SELECT offer.uid, offer.state, offer.currency, offer.net_proceeds, offer.all_in_cost, offer.apr_percent, offer.repay_on,
    offer.made_at, offer.expires_at, deal.reference, paper.kind, paper.year, paper.number, party.name_en, party.name_zh
FROM financing_offer AS offer
JOIN orders_order AS deal ON deal.id = offer.order_id
JOIN documents_paper AS paper ON paper.id = offer.paper_id
{party}
WHERE {whose} {narrowed}
ORDER BY offer.id DESC LIMIT %(most)s
"""
_OUR_BANK = "(SELECT id FROM financing_bank WHERE company_id = %(company)s)"
_BANK_NAMED = """JOIN financing_bank AS bank ON bank.id = offer.bank_id
JOIN identity_company AS party ON party.id = bank.company_id"""
_SELLER_NAMED = "JOIN identity_company AS party ON party.id = offer.company_id"


@dataclass(frozen=True)
class Lines:
    lines: list[Line]
    #: `after` of the next page, empty on the last
    after: str


def offers_to(actor: Actor, filters: Filters) -> OfferQuerySet:
    """Offers that banks made to the acting company, newest first."""
    return _narrowed(Offer.objects.filter(company_id=actor.company_id or 0), filters)


def offers_by(actor: Actor, filters: Filters) -> OfferQuerySet:
    """Offers that the acting bank made, newest first. Its key is looked up first: so the index of its offers is walked."""
    bank = Bank.objects.filter(company_id=actor.company_id or 0).values("pk")[:1]
    return _narrowed(Offer.objects.filter(bank_id=bank), filters)


def page_of(offers: OfferQuerySet, *, after: str = "", size: int = PAGE) -> Page:
    """One page by key: a page deep in the list costs no more than the first. One statement, and one for the mark."""
    rows = list(_after(offers, after)[: size + 1])
    return Page(rows[:size], rows[size - 1].public_id if len(rows) > size else "")


def lines_to(actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> Lines:
    """A page of `offers_to`, as its list shows it. One statement, and two where it is narrowed."""
    statement = _LINES.replace("{party}", _BANK_NAMED).replace("{whose}", "offer.company_id = %(company)s")
    return _lines(statement, actor, offers_to, filters, after, size)


def lines_by(actor: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> Lines:
    """A page of `offers_by`, as its list shows it. One statement, and two where it is narrowed."""
    statement = _LINES.replace("{party}", _SELLER_NAMED).replace("{whose}", f"offer.bank_id = {_OUR_BANK}")
    return _lines(statement, actor, offers_by, filters, after, size)


def _lines(
    statement: str,
    actor: Actor,
    offers: Callable[[Actor, Filters], OfferQuerySet],
    filters: Filters,
    after: str,
    size: int,
) -> Lines:
    narrowed, keys = "", []
    if after or filters != Filters():
        narrowed = "AND offer.id = ANY(%(keys)s)"
        keys = list(_after(offers(actor, filters), after).values_list("pk", flat=True)[: size + 1])
    asked = {"company": actor.company_id, "keys": keys, "most": size + 1}
    rows = [Line._make(row) for row in fetch(statement.replace("{narrowed}", narrowed), asked)]
    return Lines(rows[:size], public_id(Offer.PREFIX, rows[size - 1].uid) if len(rows) > size else "")


def _after(offers: OfferQuerySet, after: str) -> OfferQuerySet:
    return offers.filter(pk__lt=_key_of(offers, after)) if after else offers


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
