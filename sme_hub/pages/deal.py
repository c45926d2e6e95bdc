"""An order's page: a story that joins orders, papers and events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disputes.queries import open_case_of_order
from disputes.rules import PARTY_ROLES
from documents.views import panel
from financing.views.seller import panel as finance_panel
from identity.acting import CompanyRequest, for_company
from identity.services import refusals_of
from identity.states import ScreenedAct
from kernel.errors import Refused
from kernel.models import Event
from kernel.queries import story_of
from kernel.templatetags.look import money
from orders import queries
from orders.models import Order
from orders.rules import Act, acts_open_to, next_step
from orders.states import BINDING, OrderState, PaymentTerms
from orders.views.rows import TONES, party_name
from tariffs.rules.countries import country_name

#: name of the event → words, icon, tone
STORY: dict[str, tuple[Any, str, str]] = {
    # of these the buyer alone hears
    "ApprovalAsked": (gettext_lazy("Approval asked for"), "clipboard-check", ""),
    "ApprovalGiven": (gettext_lazy("Approved"), "circle-check", "success"),
    "OrderPlaced": (gettext_lazy("Order placed"), "clipboard-list", ""),
    "FreightOffered": (gettext_lazy("Freight offered"), "ship", ""),
    "OrderConfirmed": (gettext_lazy("Order confirmed"), "handshake", "success"),
    "OrderRefused": (gettext_lazy("Order refused"), "circle-x", "danger"),
    "OrderLapsed": (
        gettext_lazy("The time to answer ran out; the stock was released"),
        "hourglass",
        "danger",
    ),
    "OrderCancelled": (gettext_lazy("Order cancelled"), "ban", "danger"),
    "PaymentReceived": (gettext_lazy("Payment received"), "banknote", "success"),
    "PaymentHeld": (gettext_lazy("Payment held: a case is open"), "lock", "warning"),
    "PaymentReleased": (gettext_lazy("Payment released"), "banknote", ""),
    "GoodsDespatched": (gettext_lazy("Goods shipped"), "truck", ""),
    "GoodsReceived": (gettext_lazy("Goods counted on arrival"), "package-check", ""),
    "OrderCompleted": (gettext_lazy("Everything has arrived"), "circle-check", "success"),
    "PapersNumbered": (gettext_lazy("Papers issued"), "file-check", ""),
    # of these the seller alone hears: the buyer is no audience of finance
    "OfferMade": (gettext_lazy("A bank offered finance"), "landmark", ""),
    "OfferAccepted": (gettext_lazy("Offer of finance accepted"), "hand-coins", "success"),
    "OfferExpired": (gettext_lazy("An offer of finance expired"), "hourglass", ""),
    "FinanceReserved": (gettext_lazy("The bank reserved the money"), "landmark", ""),
    "FinanceDisbursed": (gettext_lazy("The bank paid out"), "banknote", "success"),
    "FinanceRepaid": (gettext_lazy("The bank was repaid"), "circle-check", "success"),
}


#: acts that wait while a company is under review
BINDS = frozenset({Act.ACCEPT, Act.OFFER_FREIGHT, Act.AGREE_FREIGHT})


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    text: str
    at: datetime
    by: str
    note: str
    tone: str
    icon_name: str


@require_safe
@for_company
def order(request: CompanyRequest, order: str) -> HttpResponse:
    """Header with what happens next, then lines, papers, money, shipments and the timeline."""
    return render(request, "deal/order.html", _context(request, order))


@require_safe
@for_company
def order_print(request: CompanyRequest, order: str) -> HttpResponse:
    """The same on paper: no navigation, no buttons."""
    return render(request, "deal/order_print.html", _context(request, order))


def _context(request: CompanyRequest, public_id: str) -> dict[str, Any]:
    now, actor = timezone.now(), request.actor
    found = queries.order_of(actor, public_id)
    language = get_language() or "en"
    names = _Names(found, language)
    despatches = queries.despatches_of(found)
    lines = queries.lines_of(found)
    acts = acts_open_to(actor, found, now)
    held = _held(found, actor.company_id, now) if acts & BINDS else None
    if held is not None:
        acts -= BINDS
    step = next_step(found, now)
    side = "seller" if actor.company_id == found.seller_id else "buyer"
    rooms = panel(found, request) | finance_panel(found, request)
    return rooms | {
        "order": found,
        "side": side,
        "tone": TONES[OrderState(found.state)],
        "names": names,
        "step": step,
        "step_by": names.of(step.who),
        "waiting": step.who not in ("", side),
        "rule": _rule(step.code),
        "acts": {act.value for act in acts},
        "held": held,
        "to_receive": [sent for sent in despatches if sent.is_open] if Act.RECEIVE in acts else [],
        "lines": lines,
        "lines_by_number": {line.number: line for line in lines},
        "despatches": [(sent, _contents(sent, lines), sent.is_open) for sent in despatches],
        "bill_to": address_lines(found.bill_to, language),
        "ship_to": address_lines(found.ship_to, language),
        "due_on": found.payment_due_on,
        "prepaid": found.payment_terms == PaymentTerms.PREPAID,
        "binding": found.state in BINDING,
        "open_case": open_case_of_order(actor, found) if found.is_held else None,
        "may_open_case": found.state in BINDING and not found.is_held and actor.may(*PARTY_ROLES),
        "entries": _entries(found, request, names, despatches),
    }


def _held(order: Order, company_id: int | None, now: datetime) -> Refused | None:
    """Why nobody can bind these two companies now, in the words that the act would be refused with."""
    other = order.buyer_id if company_id == order.seller_id else order.seller_id
    refusals = refusals_of(act=ScreenedAct.BIND, company_id=company_id or 0, others=[other], now=now)
    return refusals.get(other)


class _Names:
    """The parties as their reader calls them, from the order's own snapshot."""

    def __init__(self, order: Order, language: str) -> None:
        self.buyer = party_name(order.buyer_party, language)
        self.seller = party_name(order.seller_party, language)
        self._ids = {order.buyer_id: self.buyer, order.seller_id: self.seller}

    def of(self, side: str) -> str:
        return {"buyer": self.buyer, "seller": self.seller}.get(side, "")

    def by(self, company_id: int | None) -> str:
        """Who acted: a party, or the hub itself."""
        return self._ids.get(company_id or 0, pgettext("who acted", "SME Hub"))


def address_lines(address: dict[str, Any], language: str) -> dict[str, Any]:
    """The address in the reader's language where it has that form, else in the other one, as lines with their `lang`."""
    chinese = language.startswith("zh")
    own, other = (
        (address["lines_zh"], address["lines_en"]) if chinese else (address["lines_en"], address["lines_zh"])
    )
    shown_in_chinese = chinese if own else not chinese
    lines = [address["contact_name"] or address["label"], *(own or other).splitlines()]
    lines.append(
        " ".join(
            filter(
                None, (address["city"], address["postal_code"], country_name(address["country"], language))
            )
        )
    )
    if address["phone"]:
        lines.append(address["phone"])
    return {"lines": lines, "lang": "zh-Hans" if shown_in_chinese else "en"}


def _story(order: Order, request: CompanyRequest) -> list[Event]:
    """Newest first; steps that tell a party nothing are left out."""
    events = story_of(order.uid, actor=request.actor).filter(name__in=STORY)
    return list(reversed(events))


def _entries(order: Order, request: CompanyRequest, names: _Names, despatches: list[Any]) -> list[Entry]:
    """The timeline; where the order needed an approval, with who asked and who approved (one statement more)."""
    story = _story(order, request)
    asked = any(event.name == "ApprovalAsked" for event in story)
    approval = queries.approval_behind(request.actor, order.uid) if asked else None
    people = {"ApprovalAsked": approval.asked_by, "ApprovalGiven": approval.decided_by} if approval else {}
    entries = [_entry(event, order, names, despatches) for event in story]
    return [
        replace(entry, note=str(people[event.name])) if event.name in people else entry
        for event, entry in zip(story, entries, strict=True)
    ]


def _entry(event: Event, order: Order, names: _Names, despatches: list[Any]) -> Entry:
    words, icon_name, tone = STORY[event.name]
    note = _note(event, order, despatches)
    return Entry(str(words), event.at, names.by(event.company_id), note, tone, icon_name)


def _note(event: Event, order: Order, despatches: list[Any]) -> str:
    told = event.payload
    match event.name:
        case "FreightOffered":
            return money(told["freight"], order.currency)
        case "PaymentReceived":
            return money(told["amount"], told["currency"])
        case "OrderRefused" | "OrderCancelled":
            return order.close_reason
        case "GoodsDespatched":
            sent = next((each for each in despatches if each.pk == told["despatch_id"]), None)
            return f"{sent.carrier} {sent.tracking_number}".strip() if sent else ""
    return ""


def _contents(despatch: Any, lines: list[Any]) -> list[dict[str, Any]]:
    by_number = {line.number: line for line in lines}
    return [row | {"line": by_number[row["line"]]} for row in despatch.contents]


def _rule(code: str) -> str:
    """The rule behind a deadline, shown on demand."""
    if code == "answer":
        return _(
            "A seller answers within 72 hours of the order. Then it closes by itself and the stock is free again."
        )
    if code == "agree":
        return _(
            "A buyer agrees within 72 hours of the offer. Then the order closes by itself and the stock is free again."
        )
    return ""
