"""What templates say often: an icon, an amount, a date, a name in the reader's language, the same page in the other language.

Everything here is called in long lists, so each tag does little and asks no database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.base import FilterExpression, Parser, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from kernel.naming import is_chinese, local

register = template.Library()

SYMBOLS = {"SGD": "S$", "CNY": "¥", "USD": "US$"}
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


class ConstantNode(template.Node):
    """What is the same for everybody in one language is rendered once per process."""

    #: a view that varies by something unbounded by mistake must not fill the memory
    MOST = 64

    def __init__(self, nodelist: template.NodeList, varies: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.varies = varies
        self.rendered: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), *(vary.resolve(context, ignore_failures=True) for vary in self.varies))
        text = self.rendered.get(key)
        if text is None:
            text = self.nodelist.render(context)
            if len(self.rendered) < self.MOST:
                self.rendered[key] = text
        return text


@register.tag
def constant(parser: Parser, token: Token) -> ConstantNode:
    """`{% constant demo %}…{% endconstant %}`: words, addresses and icons of the frame, which depend on the language
    and on the few values named, and on nothing of the request. The frame is on every page; its words need not be
    looked up for every page."""
    varies = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endconstant",))
    parser.delete_first_token()
    return ConstantNode(nodelist, varies)


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
    return SafeString(f'{escape(format_amount(amount, code))} <span class="money-code">{escape(code)}</span>')


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
    return _day_of(_local(value) if isinstance(value, datetime) else value, is_chinese())


def _day_of(shown: date, chinese: bool) -> str:
    if chinese:
        return f"{shown.year}年{shown.month}月{shown.day}日"
    return f"{shown.day} {MONTHS[shown.month - 1]} {shown.year}"


@register.filter
def moment(value: datetime | None) -> str:
    """`3 Nov 2026, 18:00` / `2026年11月3日 18:00`."""
    if not value:
        return ""
    return _moment_of(_local(value), is_chinese())


def _moment_of(shown: datetime, chinese: bool) -> str:
    between = " " if chinese else ", "
    return f"{_day_of(shown, chinese)}{between}{shown.hour:02}:{shown.minute:02}"


def moments() -> Callable[[datetime], str]:
    """`moment` for many of them: the thread's zone and language are asked for once. For moments that know their zone."""
    zone, chinese = timezone.get_current_timezone(), is_chinese()
    return lambda value: _moment_of(value.astimezone(zone), chinese)


@register.filter
def time_element(value: datetime | date | None) -> SafeString:
    """A `<time>` with the moment, its offset, and the machine-readable form; of a date, the day."""
    if not value:
        return mark_safe("")
    # figures and words of ours: there is nothing in them to escape
    if not isinstance(value, datetime):
        return SafeString(f'<time datetime="{value.isoformat()}">{day(value)}</time>')
    shown = _local(value)
    at, offset = shown.isoformat(timespec="minutes"), _offset(shown.utcoffset() or timedelta(0))
    return SafeString(
        f'<time datetime="{at}">{_moment_of(shown, is_chinese())} <span class="faint">{offset}</span></time>'
    )


@cache
def _offset(offset: timedelta) -> str:
    hours, seconds = divmod(int(offset.total_seconds()), 3600)
    return f"UTC{hours:+d}" + (f":{seconds // 60:02d}" if seconds else "")


@register.filter
def relative(value: datetime | date | None, now: datetime | None = None) -> str:
    """A hint beside an absolute date: `in 2 days`, `3 hours ago`. A day counts until it ends."""
    if not value:
        return ""
    if not isinstance(value, datetime):
        value = timezone.make_aware(datetime.combine(value, time.max))
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


register.filter(local)


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


@register.simple_tag(takes_context=True)
def page_frame(context: template.Context) -> dict[str, str]:
    """What the frame says of this page: `lang`, `here` (its address), `english` and `chinese` (its addresses in both
    languages, empty where the address carries none), `theme` (empty: the system decides), `currency`."""
    request: HttpRequest | None = context.get("request")
    here = request.get_full_path() if request else "/"
    cookies = request.COOKIES if request else {}
    chosen = cookies.get("theme", "")
    return {
        "lang": HTML_LANGUAGES.get(get_language() or "en", "en"),
        "here": here,
        "english": address_in(here, "en"),
        "chinese": address_in(here, "zh-hans"),
        "theme": chosen if chosen in ("light", "dark") else "",
        "currency": chosen_currency(cookies),
    }


def address_in(here: str, code: str) -> str:
    """The same page in another language; empty where the address carries no language."""
    for known, _name in settings.LANGUAGES:
        prefix = f"/{known}/"
        if here.startswith(prefix):
            return f"/{code}/{here[len(prefix) :]}"
    return ""


def chosen_currency(cookies: Mapping[str, str]) -> str:
    """The currency the reader chose for prices; else the one of the language."""
    chosen = cookies.get("currency", "")
    return chosen if chosen in SYMBOLS else ("CNY" if is_chinese() else "SGD")


@register.simple_tag(takes_context=True)
def currency(context: template.Context) -> str:
    """`{% currency as code %}`: the currency prices are shown in."""
    request: HttpRequest | None = context.get("request")
    return chosen_currency(request.COOKIES if request else {})


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
