"""The cart as its page shows it: split by seller, with totals and warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F

from catalog.models import Product
from catalog.states import ProductState
from identity.actors import Actor
from identity.models import Company
from identity.states import CompanyState
from kernel.errors import Refused
from orders.models import Cart, CartLine
from orders.queries.offers import Offer, PriceList, by_public_id, products_on_sale, with_prices
from orders.rules.lines import Problem, plain, price_problem, problem


@dataclass
class CartRow:
    """One product in the cart. `blocked` means that it could not be ordered as it stands."""

    offer: Offer
    #: the price differs from the one when the line was last set
    price_note: Problem | None = None
    #: name of the picture's file; None where there is no picture
    thumbnail: str | None = None

    @property
    def blocked(self) -> bool:
        return bool(self.offer.problems)

    @property
    def rate(self) -> Any:
        """The stored, dated rate behind the price; None where the seller set it in this currency."""
        return self.offer.quote.conversion if self.offer.quote else None

    @property
    def plain_quantity(self) -> str:
        """As a form field holds it."""
        return plain(self.offer.quantity)

    @property
    def plain_price(self) -> str:
        return f"{self.offer.quote.unit_price:f}" if self.offer.quote else ""


@dataclass
class SellerGroup:
    """What goes to one seller: one checkout, one order."""

    seller: Company
    rows: list[CartRow] = field(default_factory=list)
    #: why nothing can be ordered of this seller now, whatever the lines; for pages that ask
    held: Refused | None = None

    @property
    def total(self) -> Decimal:
        """Sum of the rounded lines that have a price, before freight and tax."""
        return sum((row.offer.total or Decimal(0) for row in self.rows), Decimal(0))

    @property
    def ready(self) -> bool:
        return bool(self.rows) and not any(row.blocked for row in self.rows)

    @property
    def converted(self) -> bool:
        """Whether a price stands in here that the seller did not set in this currency."""
        return any(row.offer.quote and row.offer.quote.conversion for row in self.rows)


@dataclass
class CartView:
    currency: str
    groups: list[SellerGroup]

    @property
    def size(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    def of_seller(self, slug: str) -> SellerGroup | None:
        return next((group for group in self.groups if group.seller.slug == slug), None)


def cart_of(actor: Actor, *, as_of: date, seller: str = "") -> CartView:
    """The acting company's cart, or only what goes to the seller of that slug. Two statements, three with rates."""
    cart = Cart.objects.filter(company_id=actor.company_id).first() if actor.company_id else None
    if cart is None:
        return CartView(currency=_own_currency(actor), groups=[])
    lines = (
        with_prices(cart.lines.all(), "orders_cartline.product_id")
        .select_related("product__company", "product__stock")
        .annotate(thumbnail=F("product__shelf_row__thumbnail"))
        .order_by("product__company_id", "id")
    )
    if seller:
        lines = lines.filter(product__company__slug=seller)
    prices = PriceList(cart.currency, as_of, actor.company_id)
    return CartView(cart.currency, _grouped(_row(line, prices) for line in lines))


def basket_of(quantities: Mapping[str, Decimal], *, currency: str, as_of: date) -> CartView:
    """The same for the basket of somebody who acts for no company; what is off sale is left out."""
    prices = PriceList(currency, as_of)
    on_sale = products_on_sale(quantities).select_related("company", "stock")
    products = by_public_id(on_sale.annotate(thumbnail=F("shelf_row__thumbnail")))
    rows = (
        CartRow(prices.assess(products[key], quantities[key]), thumbnail=products[key].thumbnail)
        for key in quantities
        if key in products
    )
    return CartView(currency, _grouped(rows))


def count_in_cart(actor: Actor) -> int:
    if actor.company_id is None:
        return 0
    return CartLine.objects.filter(cart__company_id=actor.company_id).count()


def _row(line: Any, prices: PriceList) -> CartRow:
    product = line.product
    product.tier_rows = line.tier_rows
    offer = prices.assess(product, line.quantity)
    if not _on_sale(product):
        offer = Offer(product, line.quantity, None, None, (problem("line.not_on_sale"),))
    return CartRow(offer, _price_note(line, offer, prices.currency), line.thumbnail)


def _on_sale(product: Product) -> bool:
    return product.state == ProductState.PUBLISHED and product.company.state == CompanyState.ACTIVE


def _price_note(line: CartLine, offer: Offer, currency: str) -> Problem | None:
    if offer.quote is None or line.seen_currency != currency:
        return None
    return price_problem(line.seen_price, offer.quote.unit_price, currency)


def _grouped(rows: Iterable[CartRow]) -> list[SellerGroup]:
    groups: dict[int, SellerGroup] = {}
    for row in rows:
        seller = row.offer.product.company
        groups.setdefault(seller.pk, SellerGroup(seller)).rows.append(row)
    return list(groups.values())


def _own_currency(actor: Actor) -> str:
    company = getattr(actor, "company", None)
    return company.currency if company else "SGD"
