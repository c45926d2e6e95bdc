"""What a company keeps, with price and stock of now: rows of its page, and of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Favourite, Product, SavedSearch
from catalog.queries.saved import KeptProduct
from catalog.states import ProductState
from catalog.views.rows import place_words, price_text, rounded
from identity.states import CompanyState
from kernel.ids import public_id
from kernel.naming import is_chinese
from kernel.sheets import Row
from kernel.templatetags.look import day, quantity
from tariffs.rules.units import counted_unit, unit_name

PRODUCT_COLUMNS = (
    *(_("Product"), _("SKU"), _("Seller"), _("Currency"), _("Price from"), _("Price to")),
    *(_("Unit"), _("In stock now"), _("State"), _("Kept by"), _("Kept on"), _("Link")),
)
SELLER_COLUMNS = (_("Seller"), _("Place"), _("State"), _("Kept by"), _("Kept on"), _("Link"))
SEARCH_COLUMNS = (_("Name"), _("Saved by"), _("Saved on"), _("Link"))

#: in forms that are drawn once for all rows; no address of ours has such a sign
PLACE, NAME = "\x00", "\x01"
#: a path of ours as a whole address
Absolute = Callable[[str], str]


class Now(NamedTuple):
    """How a kept product stands today; where it is not on sale, its price and stock are nobody's business."""

    on_sale: bool
    #: rounded, None where there is none in the currency
    low: Decimal | None
    high: Decimal | None
    available: Decimal


def stands(kept: KeptProduct, currency: str) -> Now:
    on_sale = kept.seller_state == CompanyState.ACTIVE and kept.state == ProductState.PUBLISHED
    low, high = (
        rounded(getattr(kept, f"{end}_{currency.lower()}")) if on_sale else None for end in ("from", "to")
    )
    return Now(on_sale, low, high, kept.available or Decimal(0))


# --- of the page -----------------------------------------------------------------------------------------------------


def product_row(kept: KeptProduct, currency: str) -> dict[str, Any]:
    language, now = get_language() or "en", stands(kept, currency)
    own, seller = (
        (kept.name_zh or kept.name_en, kept.seller_zh or kept.seller_en)
        if is_chinese()
        else (kept.name_en or kept.name_zh, kept.seller_en or kept.seller_zh)
    )
    public = public_id(Product.PREFIX, kept.uid)
    active = kept.seller_state == CompanyState.ACTIVE
    counted = f"{quantity(now.available)} {counted_unit(kept.unit, now.available, language)}"
    return {
        "id": public,
        "name": own or kept.sku,
        "sku": kept.sku,
        "url": reverse("product", args=[public]) if now.on_sale else "",
        "seller": seller or kept.seller_legal,
        "seller_url": reverse("storefront", args=[kept.seller_slug]) if active else "",
        "price": price_text(now.low, now.high, currency),
        "unit": unit_name(kept.unit, language),
        "stock": counted if now.on_sale else "",
        "on_sale": now.on_sale,
        "by": kept.by_name or kept.by_email,
        "at": kept.saved_at,
    }


class KeptCells(NamedTuple):
    """The cells of what is kept: ready, escaped strings, so that a row costs a template next to nothing."""

    name: SafeString
    #: of a product
    seller: SafeString
    price: SafeString
    stock: str
    #: of a seller
    place: str
    by: SafeString
    #: no longer keep
    heart: SafeString


def cells(shown: dict[str, Any], heart: str) -> KeptCells:
    """`shown` of a product or a seller; `heart` is its form, `PLACE` standing for what it is kept by."""
    below = f'<span class="table-sub mono">{escape(shown["sku"])}</span>' if shown.get("sku") else ""
    if not shown["on_sale"]:
        below += f'<span class="table-sub no-stock">{escape(gettext("Not on sale now"))}</span>'
    price, per = shown.get("price", ""), gettext("per %(unit)s") % {"unit": shown.get("unit", "")}
    return KeptCells(
        name=SafeString(_linked(shown["url"], shown["name"]) + below),
        seller=SafeString(_linked(shown.get("seller_url", ""), shown.get("seller", ""))),
        price=SafeString(f'{escape(price)}<span class="table-sub">{escape(per)}</span>' if price else "–"),
        stock=shown.get("stock") or "–",
        place=shown.get("place", ""),
        by=SafeString(f'{escape(shown["by"])}<span class="table-sub">{day(shown["at"])}</span>'),
        heart=SafeString(heart.replace(PLACE, escape(shown["id"]))),
    )


def _linked(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>' if address else escape(words)


def seller_row(favourite: Favourite) -> dict[str, Any]:
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


class SearchRow(NamedTuple):
    name: SafeString
    #: who saved it, and when
    by: str
    rename: SafeString
    remove: SafeString


def search_rows(searches: Iterable[SavedSearch], forms: tuple[str, str]) -> list[SearchRow]:
    """`forms` rename and remove one, `PLACE` and `NAME` standing for what it is kept by and called."""
    base = reverse("search")
    return [
        SearchRow(
            SafeString(f'<a href="{base}?{escape(search.query)}"><b>{escape(search.name)}</b></a>'),
            f"{search.saved_by} · {day(search.saved_at)}",
            *(
                SafeString(form.replace(PLACE, search.public_id).replace(NAME, escape(search.name)))
                for form in forms
            ),
        )
        for search in searches
    ]


# --- of files --------------------------------------------------------------------------------------------------------


def product_cells(kept: KeptProduct, currency: str, absolute: Absolute) -> Row:
    shown, now = product_row(kept, currency), stands(kept, currency)
    return (
        *(shown["name"], shown["sku"], shown["seller"]),
        *(currency if now.low is not None else "", now.low, now.high),
        shown["unit"],
        now.available.normalize() if now.on_sale else None,
        *_kept(shown, absolute),
    )


def seller_cells(favourite: Favourite, absolute: Absolute) -> Row:
    shown = seller_row(favourite)
    return (shown["name"], shown["place"], *_kept(shown, absolute))


def search_cells(search: SavedSearch, absolute: Absolute) -> Row:
    link = absolute(f"{reverse('search')}?{search.query}")
    return (search.name, str(search.saved_by), search.saved_at, link)


def _kept(shown: dict[str, Any], absolute: Absolute) -> Row:
    state = gettext("On sale now") if shown["on_sale"] else gettext("Not on sale now")
    return (state, shown["by"], shown["at"], absolute(shown["url"]) if shown["url"] else "")
