"""The two long loops of a product list, written out by Python: through the template language they were most of a page.

Rows are handed in escaped (`catalog.views.rows.list_rows`). The markup is that of `docs/look.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from catalog.views.rows import ready
from kernel.templatetags.look import icon, other_lang

register = template.Library()


@register.simple_tag
def product_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """`<li>`s of `ol.products`, of rows made by `catalog.views.rows.list_rows`."""
    badge = icon("badge-check")
    unchecked = f'<span class="unchecked">{ready(gettext("Not checked yet"))}</span>'
    no_stock = f'<span class="no-stock">{ready(gettext("Out of stock"))}</span>'
    lang = other_lang()
    return SafeString("".join([_row(row, badge, unchecked, no_stock, lang) for row in rows]))


def _row(row: Mapping[str, Any], badge: str, unchecked: str, no_stock: str, lang: str) -> str:
    checked = f'<span class="checked">{badge}{row["checked"]}</span>' if row["checked"] else unchecked
    stock = f'<span class="in-stock">{row["stock"]}</span>' if row["stock"] else no_stock
    standards = f"<span>{row['standards']}</span>" if row["standards"] else ""
    other = f'<p class="product-other clip" lang="{lang}">{row["other"]}</p>' if row["other"] else ""
    return (
        f'<li class="product">{_picture(row["image"])}<div>'
        f'<h3 class="product-name two-lines"><a href="{row["url"]}">{row["name"]}</a></h3>{other}'
        f'<p class="product-seller"><span>{row["seller"]}</span>{checked}</p>'
        f'<p class="product-facts"><span>{row["moq"]}</span>{stock}<span>{row["lead"]}</span>'
        f"<span>{row['origin']}</span>{standards}</p></div>"
        f'<p class="product-price"><b>{"≈ " if row["about"] else ""}{row["price"]}</b><span>{row["per"]}</span></p></li>\n'
    )


def _picture(address: str) -> str:
    if not address:
        return '<span class="product-image"></span>'
    return f'<img class="product-image" src="{address}" alt="" width="104" height="104" loading="lazy">'


@register.simple_tag
def facet_options(facet: Mapping[str, Any]) -> SafeString:
    """The choices of one facet: links, or boxes to tick."""
    options = facet["options"]
    return SafeString(
        "".join(map(_link, options) if facet["kind"] == "links" else [_box(facet, one) for one in options])
    )


def _link(option: tuple[Any, ...]) -> str:
    url, label, count, current = option
    here = ' aria-current="true"' if current else ""
    return f'<a href="{url.replace("&", "&amp;")}"{here}><span>{ready(label)}</span><span class="check-count">{count}</span></a>'


def _box(facet: Mapping[str, Any], option: tuple[Any, ...]) -> str:
    value, label, count, ticked = option
    on = " checked" if ticked else ""
    return (
        f'<label class="check"><input type="checkbox" name="{facet["name"]}" value="{ready(value)}"{on}>'
        f'<span>{ready(label)}</span><span class="check-count">{count}</span></label>'
    )
