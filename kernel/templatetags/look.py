"""What templates say often: an icon, an amount, a date, a name in the reader's language, the same page in the other language.

Everything here is called in long lists, so each tag does little and asks no database.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

register = template.Library()

SYMBOLS = {"SGD": "S$", "CNY": "¥", "USD": "US$"}
LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文"}
HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.simple_tag
def icon(name: str, extra: str = "", title: str = "") -> SafeString:
    """One icon of static/icons/sprite.svg. Without a title it is hidden from screen readers: a word stands beside it."""
    return _icon(name, extra, str(title))


@cache
def _icon(name: str, extra: str, title: str) -> SafeString:
    css = f"icon {extra}".rstrip()
    href = f"{static('icons/sprite.svg')}#{name}"
    if title:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, title, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


def is_chinese() -> bool:
    return (get_language() or "en").startswith("zh")


# Money


def format_amount(amount: Decimal, currency: str, *, decimals: int = 2) -> str:
    """`S$1,234.50`; a minus stands before the symbol."""
    sign = "−" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{abs(amount):,.{decimals}f}"


def format_unit_price(amount: Decimal, currency: str) -> str:
    """A unit price keeps up to four decimals, but never fewer than two: `S$0.0185`, `S$12.50`."""
    four = abs(amount).quantize(Decimal("0.0001"))
    decimals = 2 if four == four.quantize(Decimal("0.01")) else len(str(four.normalize()).split(".")[-1])
    return format_amount(amount, currency, decimals=max(decimals, 2))


@register.filter
def money(value: Any, currency: str = "") -> str:
    """`{{ total|money }}` for a Money, `{{ amount|money:"SGD" }}` for a bare amount. Nothing for nothing."""
    if value is None or value == "":
        return ""
    amount, code = _amount_and_code(value, currency)
    return format_amount(amount, code)


@register.filter
def price(value: Any, currency: str = "") -> str:
    """A unit price: like `money`, with the decimals that a price per piece may need."""
    if value is None or value == "":
        return ""
    amount, code = _amount_and_code(value, currency)
    return format_unit_price(amount, code)


@register.filter
def with_code(value: Any, currency: str = "") -> SafeString:
    """An amount followed by its ISO code, for places where two currencies meet: `¥1,234.50 CNY`."""
    if value is None or value == "":
        return mark_safe("")
    amount, code = _amount_and_code(value, currency)
    return format_html('{} <span class="money-code">{}</span>', format_amount(amount, code), code)


def _amount_and_code(value: Any, currency: str) -> tuple[Decimal, str]:
    if hasattr(value, "amount"):
        return Decimal(value.amount), str(value.currency)
    return Decimal(value), currency


@register.filter
def quantity(value: Any) -> str:
    """A quantity without idle zeros: `1,200`, `0.5`."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Dates. Stored in UTC, shown in the active zone; both cities are at UTC+8.


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def day(value: Any) -> str:
    """`3 Nov 2026` / `2026年11月3日`."""
    if not value:
        return ""
    shown = _local(value) if isinstance(value, datetime) else value
    if is_chinese():
        return f"{shown.year}年{shown.month}月{shown.day}日"
    return f"{shown.day} {MONTHS[shown.month - 1]} {shown.year}"


@register.filter
def moment(value: datetime | None) -> str:
    """`3 Nov 2026, 18:00` / `2026年11月3日 18:00`."""
    if not value:
        return ""
    shown = _local(value)
    return f"{day(shown)}{' ' if is_chinese() else ', '}{shown:%H:%M}"


@register.filter
def time_element(value: datetime | None) -> SafeString:
    """A `<time>` with the moment, its offset, and the machine-readable form."""
    if not value:
        return mark_safe("")
    shown = _local(value)
    return format_html(
        '<time datetime="{}">{} <span class="faint">{}</span></time>',
        shown.isoformat(timespec="minutes"),
        moment(shown),
        _offset(shown),
    )


def _offset(shown: datetime) -> str:
    offset = shown.utcoffset() or timedelta(0)
    hours, seconds = divmod(int(offset.total_seconds()), 3600)
    return f"UTC{hours:+d}" + (f":{seconds // 60:02d}" if seconds else "")


@register.filter
def relative(value: datetime | None, now: datetime | None = None) -> str:
    """A hint beside an absolute date: `in 2 days`, `3 hours ago`."""
    if not value:
        return ""
    seconds = (value - (now or timezone.now())).total_seconds()
    span = _span(abs(seconds))
    return (
        gettext("in %(span)s") % {"span": span} if seconds >= 0 else gettext("%(span)s ago") % {"span": span}
    )


def _span(seconds: float) -> str:
    if seconds < 3600:
        n = max(1, round(seconds / 60))
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if seconds < 48 * 3600:
        n = round(seconds / 3600)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    n = round(seconds / 86400)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


# Names and text kept in both languages


@register.filter
def local(thing: Any, field: str = "name") -> str:
    """`{{ product|local:"name" }}`: the field in the reader's language, or the other one where it is empty."""
    first, second = ("zh", "en") if is_chinese() else ("en", "zh")
    return getattr(thing, f"{field}_{first}", "") or getattr(thing, f"{field}_{second}", "") or ""


@register.filter
def other(thing: Any, field: str = "name") -> str:
    """The same field in the other language; empty where it would repeat what `local` shows."""
    value = getattr(thing, f"{field}_{'en' if is_chinese() else 'zh'}", "") or ""
    return "" if value == local(thing, field) else value


@register.simple_tag
def other_lang() -> str:
    """The `lang` attribute for text in the other language."""
    return "en" if is_chinese() else "zh-Hans"


# The address of this page, changed a little


@register.simple_tag
def html_lang() -> str:
    """The `lang` attribute of the page."""
    return HTML_LANGUAGES.get(get_language() or "en", "en")


@register.simple_tag(takes_context=True)
def page_in(context: template.Context, code: str) -> str:
    """The address of the page being read in another language; empty where the address carries no language."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return f"/{code}/"
    path = request.get_full_path()
    for known, _name in settings.LANGUAGES:
        prefix = f"/{known}/"
        if path.lower().startswith(prefix):
            return f"/{code}/{path[len(prefix) :]}"
    return ""


@register.simple_tag(takes_context=True)
def here(context: template.Context) -> str:
    """The address of the page being read, for a form that returns to it."""
    request: HttpRequest | None = context.get("request")
    return request.get_full_path() if request else "/"


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """`light` or `dark` where the reader chose by hand, else empty: the system decides."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else ""


@register.simple_tag(takes_context=True)
def currency(context: template.Context) -> str:
    """The currency the reader chose for prices; else the one of the language."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("currency", "") if request else ""
    return chosen if chosen in SYMBOLS else ("CNY" if is_chinese() else "SGD")


@register.simple_tag
def currencies() -> tuple[str, ...]:
    return tuple(SYMBOLS)


@register.simple_tag(takes_context=True)
def query_without(context: template.Context, key: str, value: str = "") -> str:
    """This page's query string without one filter (or without one value of it), from the first page: for chips."""
    request: HttpRequest = context["request"]
    query: QueryDict = request.GET.copy()
    kept = [v for v in query.getlist(key) if value and v != str(value)]
    query.setlist(key, kept)
    for cursor in ("page", "after", "before", "cursor"):
        query.pop(cursor, None)
    return "?" + query.urlencode()
