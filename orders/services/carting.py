"""The company's cart, shared by its buyers: put in, set, remove, take over the basket of the session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from identity.actors import Actor, CompanyActor, require
from identity.states import Role
from kernel.errors import NotFound, Refused
from kernel.money import CURRENCIES
from orders.models import Cart, CartLine
from orders.queries.offers import Offer, PriceList, by_public_id, products_on_sale
from orders.rules import MOST_LINES, MOST_UNITS
from orders.services.checking import OwnCompany, UnknownCurrency

#: a basket before anybody acts for a company: quantities by the product's public id
Basket = Mapping[str, Decimal]


class NotAQuantity(Refused):
    code = "cart.not_a_quantity"
    message = _("Give a quantity above 0, at most 1,000,000,000, with at most six decimals.")
    field = "quantity"


class CartFull(Refused):
    code = "cart.full"
    message = _("A cart holds at most %(most)s products. Order or remove some first.")


@transaction.atomic
def put_in_cart(
    *, actor: Actor, product: str, quantity: Decimal, now: datetime, currency: str = ""
) -> CartLine:
    """Add `quantity` of the product (`prd_…`) to what the company's cart holds of it.

    An empty cart takes on the `currency` that the product was looked at in.
    """
    buyer = require(actor, Role.BUYER)
    found = products_on_sale([product]).first()
    if found is None:
        raise NotFound
    if found.company_id == buyer.company_id:
        raise OwnCompany
    cart = _cart(buyer)
    if currency in CURRENCIES and currency != cart.currency and not cart.lines.exists():
        cart.currency = currency
        cart.save(update_fields=["currency"])
    return _add(cart, found, _checked(quantity), buyer, now)


@transaction.atomic
def set_quantity(*, actor: Actor, product: str, quantity: Decimal, now: datetime) -> CartLine:
    """Let the cart hold `quantity` of the product; what was seen of its price is today's. Puts it in if it is not."""
    buyer = require(actor, Role.BUYER)
    found = products_on_sale([product]).first()
    if found is None:
        raise NotFound
    if found.company_id == buyer.company_id:
        raise OwnCompany
    cart = _cart(buyer)
    line = cart.lines.filter(product=found).first()
    if line is None:
        return _add(cart, found, _checked(quantity), buyer, now)
    line.quantity = _checked(quantity)
    _see_price(line, found, cart.currency, now)
    line.save(update_fields=["quantity", "seen_price", "seen_currency"])
    return line


@transaction.atomic
def remove_from_cart(*, actor: Actor, product: str) -> Decimal:
    """Take the product (`prd_…`) out; returns the quantity, so that it can be put back. 0 when it was not there."""
    buyer = require(actor, Role.BUYER)
    product_id = Product.objects.with_public_id(product).values("pk")
    line = _cart(buyer).lines.filter(product_id__in=product_id).first()
    if line is None:
        return Decimal(0)
    line.delete()
    return line.quantity


@transaction.atomic
def choose_currency(*, actor: Actor, currency: str, now: datetime) -> Cart:
    """The currency that the company's cart is shown and ordered in."""
    buyer = require(actor, Role.BUYER)
    if currency not in CURRENCIES:
        raise UnknownCurrency
    cart = _cart(buyer)
    if cart.currency != currency:
        cart.currency = currency
        cart.save(update_fields=["currency"])
        cart.lines.update(seen_price=None, seen_currency="")
    return cart


@transaction.atomic
def merge_basket(*, actor: Actor, basket: Basket, now: datetime) -> int:
    """Put what was chosen before signing in into the company's cart; returns how many products were taken over.

    The larger quantity stands where both hold a product, so that merging twice changes nothing. What is no longer on
    sale, or is the company's own, stays out.
    """
    buyer = require(actor, Role.BUYER)
    if not basket:
        return 0
    cart = _cart(buyer)
    held = {line.product_id: line for line in cart.lines.all()}
    taken = 0
    for public_id, product in by_public_id(products_on_sale(basket)).items():
        quantity = basket[public_id]
        if product.company_id == buyer.company_id or not 0 < quantity <= MOST_UNITS:
            continue
        line = held.get(product.pk)
        if line is None and len(held) >= MOST_LINES:
            break
        if line is None:
            held[product.pk] = _add(cart, product, quantity, buyer, now)
        elif quantity > line.quantity:
            line.quantity = quantity
            _see_price(line, product, cart.currency, now)
            line.save(update_fields=["quantity", "seen_price", "seen_currency"])
        taken += 1
    return taken


def fill_cart(*, buyer: CompanyActor, wanted: Mapping[Product, Decimal], now: datetime) -> None:
    """Let the company's cart hold these quantities of products that carry their prices. Four statements, however many."""
    cart = _cart(buyer)
    prices = PriceList(cart.currency, timezone.localdate(now))
    held = set(cart.lines.values_list("product_id", flat=True))
    if len(held | {product.pk for product in wanted}) > MOST_LINES:
        raise CartFull(most=MOST_LINES)
    CartLine.objects.bulk_create(
        [_line(cart, product, quantity, prices, buyer, now) for product, quantity in wanted.items()],
        update_conflicts=True,
        unique_fields=["cart", "product"],
        update_fields=["quantity", "seen_price", "seen_currency"],
    )


def take_out_of_cart(buyer: CompanyActor, offers: Iterable[Offer]) -> None:
    """What is ordered, or asked for, is in the cart no longer."""
    ordered = [offer.product.pk for offer in offers]
    CartLine.objects.filter(cart__company_id=buyer.company_id, product_id__in=ordered).delete()


def _line(
    cart: Cart,
    product: Product,
    quantity: Decimal,
    prices: PriceList,
    buyer: CompanyActor,
    now: datetime,
) -> CartLine:
    """Not yet stored, priced as today."""
    line = CartLine(
        cart=cart, product=product, quantity=_checked(quantity), added_by_id=buyer.user_id, added_at=now
    )
    _note_price(line, product, prices)
    return line


def _cart(buyer: CompanyActor) -> Cart:
    """The company's cart, locked, so that two of its people change it one after the other."""
    cart, _created = Cart.objects.get_or_create(
        company_id=buyer.company_id, defaults={"currency": buyer.company.currency}
    )
    return Cart.objects.select_for_update().get(pk=cart.pk)


def _add(cart: Cart, product: Product, quantity: Decimal, buyer: CompanyActor, now: datetime) -> CartLine:
    line = cart.lines.filter(product=product).first()
    if line is None:
        if cart.lines.count() >= MOST_LINES:
            raise CartFull(most=MOST_LINES)
        line = CartLine(
            cart=cart, product=product, quantity=Decimal(0), added_by_id=buyer.user_id, added_at=now
        )
    line.quantity = _checked(line.quantity + quantity)
    _see_price(line, product, cart.currency, now)
    line.save()
    return line


def _see_price(line: CartLine, product: Product, currency: str, now: datetime) -> None:
    _note_price(line, product, PriceList(currency, timezone.localdate(now)))


def _note_price(line: CartLine, product: Product, prices: PriceList) -> None:
    quote = prices.quote(product, line.quantity)
    line.seen_price = quote.unit_price if quote else None
    line.seen_currency = prices.currency if quote else ""


def _checked(quantity: Decimal) -> Decimal:
    """A quantity that the column can hold. Minimum, multiple and stock are warnings in the cart, checks at the door."""
    if not quantity.is_finite() or not 0 < quantity <= MOST_UNITS:
        raise NotAQuantity
    if quantity != quantity.quantize(Decimal("0.000001")):
        raise NotAQuantity
    return quantity
