"""The product page in words: prices by quantity, facts, codes, sheets and the seller's evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from catalog.models import CategoryAttribute
from catalog.queries import category_tree
from catalog.queries.prices import todays_rates
from catalog.queries.product_page import PagePack, PageTier, ProductPage, attributes_by_category, on
from catalog.rules.pricing import tier_for, tier_table
from catalog.rules.quantities import MOST, nearest_allowed, plain
from catalog.states import AttributeKind, ProductState, SheetKind
from catalog.views.rows import checked_words, image_address, place_words, rates_note, words
from identity.rules import scope_words
from identity.states import ClaimKind, CompanyState
from kernel.ids import public_id
from kernel.money import CURRENCIES, line_total, round_unit_price
from kernel.templatetags.look import SYMBOLS, day, format_amount, format_unit_price, quantity
from tariffs.queries import NoRate
from tariffs.rules.countries import country_name
from tariffs.rules.units import counted_unit, symbol, unit_name

_SIX = Decimal("0.000001")
_PALLET = "XPX"
_CUBIC_MM = Decimal(1_000_000_000)


@dataclass(frozen=True)
class Prices:
    """The tiers as shown: the seller's own in this currency, or converted."""

    currency: str
    tiers: list[PageTier]
    #: the currency converted from; empty where the prices are the seller's own
    base: str


def prices_of(page: ProductPage, currency: str, today: date) -> Prices:
    """The first currency with prices stands in where the seller set none in `currency`, or where no rate is stored."""
    by_currency: dict[str, list[PageTier]] = {}
    for tier in page.tiers:
        by_currency.setdefault(tier.currency, []).append(tier)
    if currency in by_currency:
        return Prices(currency, by_currency[currency], "")
    base = next((code for code in CURRENCIES if code in by_currency), "")
    try:
        rate = todays_rates(today).between(base, currency).rate if base else Decimal(1)
    except NoRate:
        return Prices(base, by_currency[base], "")
    converted = [
        PageTier(currency, tier.min_quantity, round_unit_price(tier.unit_price * rate))
        for tier in by_currency.get(base, [])
    ]
    return Prices(currency, converted, base)


def product_context(page: ProductPage, request: HttpRequest, *, currency: str, today: date) -> dict[str, Any]:
    """What `catalog/public/product.html` shows, in the active language."""
    language = get_language() or "en"
    first, second = ("zh", "en") if language.startswith("zh") else ("en", "zh")
    product = page.product
    place = category_tree().by_pk.get(product["category_id"])
    prices = prices_of(page, currency, today)
    return {
        "product": product,
        "public_id": public_id("prd", page.uid),
        "name": product[f"name_{first}"] or product[f"name_{second}"],
        "other_name": product[f"name_{second}"] if product[f"name_{first}"] else "",
        "description": product[f"description_{first}"] or product[f"description_{second}"],
        "other_description": product[f"description_{second}"] if product[f"description_{first}"] else "",
        "description_lang": _lang(first if product[f"description_{first}"] else second),
        "family": place.family.code if place else "",
        "trail": _trail(place, language),
        "images": [(image_address(image.file), image_address(image.thumbnail)) for image in page.images],
        "preview": _preview(page),
        **_order_box(page, prices, request, language),
        "conversion": rates_note([prices.base] if prices.base else [], prices.currency, today),
        "facts": list(_facts(page, language)),
        "attributes": list(_attributes(page, language)),
        "codes": list(_codes(product)),
        "sheets": list(_sheets(page, today)),
        "seller": _seller(page, today, language),
        "claims": list(_claims(page, today)),
    }


def _preview(page: ProductPage) -> Any:
    """Why only its seller sees the page; empty while everybody does."""
    if page.on_sale:
        return ""
    if page.seller["state"] != CompanyState.ACTIVE:
        return CompanyState(page.seller["state"]).label
    return ProductState(page.product["state"]).label


def _lang(suffix: str) -> str:
    return "zh-Hans" if suffix == "zh" else "en"


def _trail(place: Any, language: str) -> list[tuple[str, str]]:
    search = reverse("search")
    places = [place.parent, place] if place else []
    return [(step.name_in(language), f"{search}?category={step.code}") for step in places if step]


# --- prices by quantity --------------------------------------------------------------------------------------------


def _order_box(page: ProductPage, prices: Prices, request: HttpRequest, language: str) -> dict[str, Any]:
    product, currency = page.product, prices.currency
    wanted = _quantity(request.GET.get("quantity", ""), product)
    reached = tier_for(prices.tiers, wanted)
    table = tier_table(prices.tiers, moq=product["moq"], step=product["step"])
    weight, volume = _per_piece(page.packs)
    return {
        "currency": currency,
        "symbol": SYMBOLS.get(currency, currency),
        "about": bool(prices.base),
        "unit": unit_name(product["unit"], language),
        "units": counted_unit(product["unit"], Decimal(2), language),
        "quantity": plain(wanted),
        "moq": quantity(product["moq"]),
        "moq_plain": plain(product["moq"]),
        "multiple": quantity(product["multiple"]),
        "multiple_plain": plain(product["multiple"]),
        "several": product["multiple"] != product["step"],
        "tiers": [
            {
                "first": plain(tier.first),
                "shown": f"{quantity(tier.first)} {counted_unit(product['unit'], tier.first, language)}",
                "price": f"{tier.unit_price:f}",
                "price_words": format_unit_price(tier.unit_price, currency),
                "reached": reached is not None and tier.unit_price == reached.unit_price,
            }
            for tier in table
        ],
        "unit_price": format_unit_price(reached.unit_price, currency) if reached else "",
        "total": format_amount(line_total(reached.unit_price, wanted, currency), currency) if reached else "",
        "packs": [_pack(pack, wanted, product["unit"], language) for pack in page.packs],
        "weight": {"per": f"{weight:f}", "total": _counted(weight * wanted, 2)} if weight else None,
        "volume": {"per": f"{volume:f}", "total": _counted(volume * wanted, 3)} if volume else None,
        "in_stock": page.available if page.available and page.available > 0 else None,
        "add_url": _address("basket_add"),
    }


def _quantity(text: str, product: dict[str, Any]) -> Decimal:
    """The quantity asked for, raised to one that may be ordered; the minimum where it is none."""
    try:
        asked = Decimal(text[:20])
    except InvalidOperation:
        asked = product["moq"]
    if not asked.is_finite() or not 0 < asked <= MOST:
        asked = product["moq"]
    return nearest_allowed(asked, moq=product["moq"], multiple=product["multiple"])


def _pack(pack: PagePack, wanted: Decimal, unit: str, language: str) -> dict[str, Any]:
    return {
        "name": unit_name(pack.code, language),
        "per": plain(pack.contains),
        "contains": f"{quantity(pack.contains)} {counted_unit(unit, pack.contains, language)}",
        "count": _counted(wanted / pack.contains, 0 if wanted % pack.contains == 0 else 2),
        "size": f"{pack.length_mm} × {pack.width_mm} × {pack.height_mm} mm",
        "weight": f"{quantity(pack.gross_kg)} kg",
    }


def _counted(number: Decimal, decimals: int) -> str:
    """With so many decimals, as `tiers.js` writes it; what would read as nothing says that it is a little."""
    least = Decimal(1).scaleb(-decimals)
    return f"{number:,.{decimals}f}" if number * 2 >= least or not number else f"< {least:f}"


def _per_piece(packs: list[PagePack]) -> tuple[Decimal | None, Decimal | None]:
    """Gross weight (kg) and volume (m³) of one base unit, as it lies in the largest pack short of a pallet."""
    packed = [pack for pack in packs if pack.code != _PALLET] or packs
    if not packed:
        return None, None
    pack = packed[-1]
    volume = Decimal(pack.length_mm) * pack.width_mm * pack.height_mm / _CUBIC_MM
    return (pack.gross_kg / pack.contains).quantize(_SIX), (volume / pack.contains).quantize(_SIX)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


# --- facts ---------------------------------------------------------------------------------------------------------


def _facts(page: ProductPage, language: str) -> Iterator[tuple[str, str]]:
    product = page.product
    yield gettext("Brand"), product["brand"]
    yield gettext("Country of origin"), country_name(product["origin"], language)
    yield gettext("Lead time"), gettext("%(days)d days") % {"days": product["lead_time_days"]}
    yield gettext("Net weight"), _net_weight(product, language)
    yield gettext("Standards"), ", ".join(product["standards"])
    yield gettext("HSA class"), product["hsa_class"]
    yield gettext("UN number"), f"UN {product['un_number']}" if product["un_number"] else ""
    yield gettext("GHS pictograms"), ", ".join(product["ghs"])


def _net_weight(product: Mapping[str, Any], language: str) -> str:
    if product["net_kg"] is None:
        return ""
    return f"{quantity(product['net_kg'])} kg / {unit_name(product['unit'], language)}"


def _attributes(page: ProductPage, language: str) -> Iterator[tuple[str, str]]:
    chinese = language.startswith("zh")
    values = page.product["attributes"]
    for attribute in attributes_by_category().get(page.product["category_id"], []):
        value = values.get(attribute.code)
        if value in (None, ""):
            continue
        yield (
            attribute.label_zh if chinese else attribute.label_en,
            _attribute_words(attribute, value, chinese),
        )


def _attribute_words(attribute: CategoryAttribute, value: Any, chinese: bool) -> str:
    match attribute.kind:
        case AttributeKind.BOOL:
            return gettext("Yes") if value in (True, "true", "yes", "1") else gettext("No")
        case AttributeKind.NUMBER:
            return f"{value} {symbol(attribute.unit)}".rstrip() if attribute.unit else str(value)
        case AttributeKind.CHOICE:
            return _choice_words(attribute.choices, str(value), chinese)
    return str(value)


def _choice_words(choices: list[str], value: str, chinese: bool) -> str:
    for choice in choices:
        code, *said = choice.replace("=", ":").split(":")
        if code == value and said:
            return said[-1] if chinese else said[0]
    return value


def _codes(product: dict[str, Any]) -> Iterator[tuple[str, str]]:
    hs6 = product["hs6"]
    yield gettext("SKU"), product["sku"]
    yield gettext("Manufacturer’s number"), product["mpn"]
    yield "GTIN", product["gtin"]
    yield gettext("HS code (2022)"), f"{hs6[:4]}.{hs6[4:]}" if hs6 else ""
    yield gettext("HS code, Singapore"), product["hs_sg8"]
    yield gettext("HS code, China"), product["hs_cn10"]
    yield "UNSPSC", product["unspsc"]
    yield gettext("CAS number"), product["cas"]


# --- evidence ------------------------------------------------------------------------------------------------------


def _sheets(page: ProductPage, today: date) -> Iterator[dict[str, Any]]:
    for sheet in page.sheets:
        expires = on(sheet.expires_on)
        yield {
            "url": image_address(sheet.file),
            "title": sheet.title,
            "kind": SheetKind(sheet.kind).label if sheet.kind in SheetKind.values else sheet.kind,
            "language": "中文" if sheet.language.startswith("zh") else "English",
            "expires": day(expires),
            "expired": expires is not None and expires < today,
        }


def _seller(page: ProductPage, today: date, language: str) -> dict[str, str]:
    seller = page.seller
    named = seller["name_zh"] if words().chinese else seller["name_en"]
    return {
        "name": named or seller["name_en"] or seller["name_zh"] or seller["legal_name"],
        "legal_name": seller["legal_name"],
        "place": place_words(seller["city"], seller["country"], language),
        "url": reverse("storefront", args=[seller["slug"]]),
        "number": seller["registration_number"],
        "checked": checked_words(
            seller["registration_kind"],
            seller["registration_checked_on"],
            seller["registration_check_expires_on"],
            today,
            language,
        ),
    }


def _claims(page: ProductPage, today: date) -> Iterator[dict[str, Any]]:
    for claim in page.claims:
        expires = on(claim.expires_on)
        yield {
            "kind": ClaimKind(claim.kind).label,
            "source": claim.source,
            "scope": scope_words(claim.kind, claim.scope),
            "checked": day(on(claim.checked_on)),
            "expires": day(expires),
            "holds": expires is None or today <= expires,
        }
