"""Rows of product lists as templates show them: ready, escaped strings, so that a row costs a template next to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from catalog.models import Product
from catalog.queries import FoundRow
from catalog.queries.prices import todays_rates
from identity.states import RegistrationKind
from kernel.ids import public_id
from kernel.templatetags.look import day, format_unit_price, quantity
from tariffs.queries import NoRate
from tariffs.rules.countries import country_name
from tariffs.rules.units import counted_unit, unit_name

#: who keeps the register that a number was checked against
REGISTERS = {RegistrationKind.UEN: "ACRA", RegistrationKind.USCC: "SAMR"}
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Words:
    """What every row says, in one language."""

    language: str
    moq: str
    in_stock: str
    no_stock: str
    per: str
    on_request: str

    @property
    def chinese(self) -> bool:
        return self.language.startswith("zh")


@cache
def _words_in(language: str) -> Words:
    return Words(
        language=language,
        moq=gettext("MOQ"),
        in_stock=gettext("In stock: %(quantity)s"),
        no_stock=gettext("Out of stock"),
        per=gettext("per %(unit)s"),
        on_request=gettext("No price in this currency"),
    )


def words() -> Words:
    return _words_in(get_language() or "en")


@lru_cache(maxsize=1024)
def lead_time(days: int, language: str) -> SafeString:
    """`language` is that of the thread; it keeps the languages apart in memory."""
    return ready(ngettext("Lead time: %(days)d day", "Lead time: %(days)d days", days) % {"days": days})


@lru_cache(maxsize=1024)
def origin_words(country: str, language: str) -> SafeString:
    return ready(gettext("Origin: %(country)s") % {"country": country_name(country, language)})


@lru_cache(maxsize=1024)
def checked_words(
    kind: str, checked_on: date | None, expires_on: date | None, today: date, language: str
) -> str:
    """`ACRA checked 3 Nov 2026`; empty where nobody checked, or the check no longer holds."""
    if checked_on is None or (expires_on is not None and today > expires_on):
        return ""
    register = REGISTERS.get(RegistrationKind(kind))
    if register is None:
        return gettext("Registration checked %(day)s") % {"day": day(checked_on)}
    return gettext("%(register)s checked %(day)s") % {"register": register, "day": day(checked_on)}


def price_text(low: Decimal | None, high: Decimal | None, currency: str) -> str:
    """`S$11.80–S$12.50`, or one price where there is only one; empty without a price."""
    if low is None:
        return ""
    cheapest = format_unit_price(low, currency)
    if high is None or high == low:
        return cheapest
    return f"{cheapest}–{format_unit_price(high, currency)}"


def rounded(amount: Decimal | None) -> Decimal | None:
    """A converted price to the cent where it has one: its further digits are the rate's, not the seller's."""
    return amount.quantize(_HUNDREDTH) if amount is not None and amount >= 1 else amount


def ready(text: str) -> SafeString:
    """`text` escaped for HTML, once: a template that is handed this does not look at it again."""
    return SafeString(escape(text))


def place_words(city: str, country: str, language: str) -> str:
    """`Shenzhen, China`; a city that is the country is named once."""
    named = country_name(country, language)
    return named if city in ("", named, country_name(country, "en")) else f"{city}, {named}"


def image_address(name: str) -> str:
    return f"{settings.MEDIA_URL}{name}" if name else ""


def list_rows(rows: Iterable[FoundRow], *, currency: str, today: date) -> list[dict[str, Any]]:
    """`rows` for a reader of the active language."""
    say = words()
    product = reverse("product", args=["0"])[:-2]
    return [_list_row(row, say, currency, today, product) for row in rows]


def _list_row(row: FoundRow, say: Words, currency: str, today: date, product: str) -> dict[str, Any]:
    language = say.language
    first, second = (row.name_zh, row.name_en) if say.chinese else (row.name_en, row.name_zh)
    seller = (row.seller_name_zh if say.chinese else row.seller_name_en) or (
        row.seller_name_en or row.seller_name_zh or row.seller_legal_name
    )
    converted = currency not in row.priced_in
    low, high = (rounded(row.low), rounded(row.high)) if converted else (row.low, row.high)
    stock = row.available if row.available is not None else 0
    unit = unit_name(row.unit, language)
    return {
        # what people wrote
        "name": ready(first or second),
        "other": ready(second) if first and second else "",
        "seller": ready(seller),
        "standards": ready(row.standards) if row.standards else "",
        # what we wrote: numbers, codes, words of the catalogue
        "url": f"{product}{public_id(Product.PREFIX, row.uid)}/",
        "image": image_address(row.thumbnail),
        "checked": checked_words(
            row.registration_kind, row.checked_on, row.check_expires_on, today, language
        ),
        "price": SafeString(price_text(low, high, currency) or say.on_request),
        "about": converted and row.low is not None,
        "per": SafeString(say.per % {"unit": unit}),
        "moq": SafeString(f"{say.moq} {quantity(row.moq)} {counted_unit(row.unit, row.moq, language)}"),
        "stock": SafeString(say.in_stock % {"quantity": quantity(stock)}) if stock > 0 else "",
        "lead": lead_time(row.lead_time_days, language),
        "origin": origin_words(row.origin, language),
    }


def conversion_note(rows: Iterable[FoundRow], *, currency: str, today: date) -> str:
    """Where the prices marked ≈ come from; empty where none is converted."""
    bases = sorted({row.priced_in[0] for row in rows if row.priced_in and currency not in row.priced_in})
    return rates_note(bases, currency, today)


def rates_note(bases: list[str], currency: str, today: date) -> str:
    """`≈ converted: 1 SGD = 5.3245 CNY (European Central Bank, 20 Nov 2026)`."""
    if not bases:
        return ""
    try:
        rates = [todays_rates(today).between(base, currency) for base in bases]
    except NoRate:
        return ""
    said = [f"1 {rate.base} = {rate.rate.normalize():f} {rate.quote}" for rate in rates]
    return gettext("≈ converted: %(rates)s (%(source)s, %(day)s)") % {
        "rates": ", ".join(said),
        "source": rates[0].source,
        "day": day(min(rate.on for rate in rates)),
    }
