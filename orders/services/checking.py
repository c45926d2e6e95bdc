"""What is looked at before an order is placed, and before one is asked for: everything, and every bad line is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.actors import CompanyActor
from identity.models import Address, Company
from identity.queries import addresses_named
from identity.states import CompanyState
from kernel.errors import Refused
from kernel.money import CURRENCIES
from kernel.refusals import about
from orders.queries.offers import Offer, PriceList, by_public_id, products_on_sale, with_packs
from orders.queries.taxes import tax_of_day
from orders.rules import MOST_LINES, Problem, Totals, sum_up
from orders.rules.lines import MOST_MONEY, problem
from orders.services.requests import OrderRequest, WantedLine
from orders.states import PaymentTerms
from tariffs.models import TaxRate
from tariffs.rules import incoterms


class NotOrderable(Refused):
    """Some lines cannot be ordered; `lines` names each and says why."""

    code = "order.not_orderable"
    message = _("Some lines cannot be ordered as they are. Nothing was ordered.")


class NothingWanted(Refused):
    code = "order.nothing_wanted"
    message = _("Choose at least one product.")


class TooManyLines(Refused):
    code = "order.too_many_lines"
    message = _("One order holds at most %(most)s lines.")


class SellerClosed(Refused):
    code = "order.seller_closed"
    message = _("This seller does not take orders at present.")


class BuyerSuspended(Refused):
    code = "order.buyer_suspended"
    message = _("Your company is suspended and places no orders. Write to the programme office.")
    status = 403


class OwnCompany(Refused):
    code = "order.own_company"
    message = _("A company cannot order from itself.")


class UnknownCurrency(Refused):
    code = "order.unknown_currency"
    message = _("Choose SGD, CNY or USD.")
    field = "currency"


class UnknownIncoterm(Refused):
    code = "order.unknown_incoterm"
    message = _("Choose a term of Incoterms 2020.")
    field = "incoterm"


class PlaceMissing(Refused):
    code = "order.place_missing"
    message = _("An Incoterm needs a named place, such as a port or a warehouse.")
    field = "place"


class UnknownTerms(Refused):
    code = "order.unknown_payment_terms"
    message = _("Choose payment terms from the list.")
    field = "payment_terms"


class DateInThePast(Refused):
    code = "order.date_in_the_past"
    message = _("The requested date has passed.")
    field = "requested_date"


class UnknownAddress(Refused):
    code = "order.unknown_address"
    message = _("Choose an address from your address book.")


class TotalChanged(Refused):
    code = "order.total_changed"
    message = _("The total is %(total)s %(currency)s now. Look at it again and place the order once more.")
    status = 409


@dataclass(frozen=True)
class Ready:
    """A request that could be placed at this moment, with all that the order will say."""

    seller: Company
    bill_to: Address
    ship_to: Address
    offers: list[Offer]
    tax: TaxRate | None
    totals: Totals


def checked(request: OrderRequest, buyer: CompanyActor, now: datetime) -> Ready:
    """The request with the prices, tax and addresses of this moment. Changes nothing.

    Raises a `Refused` that names each line which cannot be ordered as asked.
    """
    if buyer.company.is_suspended:
        raise BuyerSuspended
    seller = _seller(request.seller, buyer)
    _check_terms(request, now)
    bill_to, ship_to = _addresses(request, buyer)
    offers = _offers_at_the_door(request, seller, buyer, now)
    tax = tax_of_day(seller.country, ship_to.country, timezone.localdate(now))
    return Ready(seller, bill_to, ship_to, offers, tax, _totals(request, offers, tax))


def _seller(slug: str, buyer: CompanyActor) -> Company:
    seller = Company.objects.filter(slug=slug, state=CompanyState.ACTIVE, sells=True).first()
    if seller is None:
        raise SellerClosed
    if seller.pk == buyer.company_id:
        raise OwnCompany
    return seller


def _check_terms(request: OrderRequest, now: datetime) -> None:
    if request.currency not in CURRENCIES:
        raise UnknownCurrency
    if not incoterms.is_incoterm(request.incoterm):
        raise UnknownIncoterm
    if not request.place.strip():
        raise PlaceMissing
    if request.payment_terms not in PaymentTerms.values:
        raise UnknownTerms
    if request.requested_date is not None and request.requested_date < timezone.localdate(now):
        raise DateInThePast


def _addresses(request: OrderRequest, buyer: CompanyActor) -> tuple[Address, Address]:
    """Bill-to and ship-to out of the buyer's own address book, each of its kind. One statement."""
    own = addresses_named(buyer, request.bill_to, request.ship_to)
    bill_to, ship_to = own.get(request.bill_to), own.get(request.ship_to)
    if bill_to is None or not bill_to.for_billing:
        raise UnknownAddress(field="bill_to")
    if ship_to is None or not ship_to.for_shipping:
        raise UnknownAddress(field="ship_to")
    return bill_to, ship_to


def _offers_at_the_door(
    request: OrderRequest, seller: Company, buyer: CompanyActor, now: datetime
) -> list[Offer]:
    """Each line with its price of this moment; refuses all bad lines together, each by its number."""
    if not request.lines:
        raise NothingWanted
    if len(request.lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    products = by_public_id(with_packs(products_on_sale(line.product for line in request.lines)))
    prices = PriceList(request.currency, timezone.localdate(now), buyer.company_id)
    seen: set[str] = set()
    offers, refused = [], []
    for number, line in enumerate(request.lines, start=1):
        product = products.get(line.product)
        repeated = line.product in seen
        seen.add(line.product)
        if product is None:
            refused.append(_refusal(number, line, problem("line.not_on_sale")))
        elif product.company_id != seller.pk:
            refused.append(_refusal(number, line, problem("line.other_seller")))
        elif repeated:
            refused.append(_refusal(number, line, problem("line.repeated")))
        else:
            offer = prices.assess(product, line.quantity, price_seen=line.price_seen)
            refused += [_refusal(number, line, found, product) for found in offer.problems]
            offers.append(offer)
    if refused:
        raise NotOrderable(lines=refused)
    return offers


def _refusal(number: int, line: WantedLine, found: Problem, product: Any = None) -> dict[str, Any]:
    what = about(product.sku, found) if product else str(found)
    words = _("Line %(line)s: %(what)s") % {"line": number, "what": what}
    return {"line": number, "product": line.product, "code": found.code, "message": words}


def _totals(request: OrderRequest, offers: list[Offer], tax: TaxRate | None) -> Totals:
    totals = sum_up(
        [offer.total or Decimal(0) for offer in offers],
        currency=request.currency,
        freight=None,
        tax_percent=tax.percent if tax else None,
    )
    if totals.total > MOST_MONEY:
        raise NotOrderable(
            lines=[{"line": 0, "code": "line.too_large", "message": str(problem("line.too_large"))}]
        )
    if request.total_seen is not None and request.total_seen != totals.total:
        raise TotalChanged(total=totals.total, currency=request.currency)
    return totals
