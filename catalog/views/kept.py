"""What a company keeps, with price and stock of now: rows of its page, and of its files."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Favourite, SavedSearch
from catalog.states import ProductState
from catalog.views.rows import image_address, place_words, price_text, rounded
from identity.states import CompanyState
from kernel.sheets import Row
from kernel.templatetags.look import quantity
from tariffs.rules.units import counted_unit, unit_name

PRODUCT_COLUMNS = (
    *(_("Product"), _("SKU"), _("Seller"), _("Currency"), _("Price from"), _("Price to")),
    *(_("Unit"), _("In stock now"), _("State"), _("Kept by"), _("Kept on"), _("Link")),
)
SELLER_COLUMNS = (_("Seller"), _("Place"), _("State"), _("Kept by"), _("Kept on"), _("Link"))
SEARCH_COLUMNS = (_("Name"), _("Saved by"), _("Saved on"), _("Link"))

#: a path of ours as a whole address
Absolute = Callable[[str], str]


class Now(NamedTuple):
    """How a kept product stands today; where it is not on sale, its price and stock are nobody's business."""

    on_sale: bool
    shelf: Any
    #: rounded, None where there is none in the currency
    low: Decimal | None
    high: Decimal | None
    available: Decimal


def stands(favourite: Favourite, currency: str) -> Now:
    product = favourite.product
    assert product is not None
    on_sale = product.company.state == CompanyState.ACTIVE and product.state == ProductState.PUBLISHED
    shelf = getattr(product, "shelf_row", None) if on_sale else None
    low, high = (rounded(getattr(shelf, f"{end}_{currency.lower()}", None)) for end in ("from", "to"))
    available = product.stock.available if hasattr(product, "stock") else Decimal(0)
    return Now(on_sale, shelf, low, high, available)


# --- of the page -----------------------------------------------------------------------------------------------------


def product_row(favourite: Favourite, currency: str) -> dict[str, Any]:
    language = get_language() or "en"
    product, now = favourite.product, stands(favourite, currency)
    assert product is not None
    active = product.company.state == CompanyState.ACTIVE
    counted = f"{quantity(now.available)} {counted_unit(product.unit, now.available, language)}"
    return {
        "id": product.public_id,
        "name": product.name_in(language) or product.sku,
        "sku": product.sku,
        "url": reverse("product", args=[product.public_id]) if now.on_sale else "",
        "picture": image_address(now.shelf.thumbnail) if now.shelf else "",
        "seller": product.company.name_in(language),
        "seller_url": reverse("storefront", args=[product.company.slug]) if active else "",
        "price": price_text(now.low, now.high, currency),
        "unit": unit_name(product.unit, language),
        "stock": counted if now.on_sale else "",
        "on_sale": now.on_sale,
        "by": str(favourite.saved_by),
        "at": favourite.saved_at,
    }


def seller_row(favourite: Favourite, currency: str) -> dict[str, Any]:
    language = get_language() or "en"
    seller = favourite.seller
    assert seller is not None
    active = seller.state == CompanyState.ACTIVE
    return {
        "id": seller.slug,
        "name": seller.name_in(language),
        "url": reverse("storefront", args=[seller.slug]) if active else "",
        "place": place_words(seller.city, seller.country, language),
        "on_sale": active,
        "by": str(favourite.saved_by),
        "at": favourite.saved_at,
    }


# --- of files --------------------------------------------------------------------------------------------------------


def product_cells(favourite: Favourite, currency: str, absolute: Absolute) -> Row:
    shown, now = product_row(favourite, currency), stands(favourite, currency)
    return (
        *(shown["name"], shown["sku"], shown["seller"]),
        *(currency if now.low is not None else "", now.low, now.high),
        shown["unit"],
        now.available.normalize() if now.on_sale else None,
        *_kept(shown, absolute),
    )


def seller_cells(favourite: Favourite, currency: str, absolute: Absolute) -> Row:
    shown = seller_row(favourite, currency)
    return (shown["name"], shown["place"], *_kept(shown, absolute))


def search_cells(search: SavedSearch, absolute: Absolute) -> Row:
    link = absolute(f"{reverse('search')}?{search.query}")
    return (search.name, str(search.saved_by), search.saved_at, link)


def _kept(shown: dict[str, Any], absolute: Absolute) -> Row:
    state = gettext("On sale now") if shown["on_sale"] else gettext("Not on sale now")
    return (state, shown["by"], shown["at"], absolute(shown["url"]) if shown["url"] else "")
