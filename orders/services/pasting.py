"""Ordering by SKU: lines of one seller's goods, pasted, go into the cart together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Upper
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from identity.actors import Actor, require
from identity.queries import public_company
from identity.states import Role
from kernel.errors import Refused
from orders.queries.offers import with_prices
from orders.rules.pasted import MOST_PASTED, PastedLine, pasted_lines
from orders.services.carting import fill_cart
from orders.services.checking import OwnCompany


class NothingPasted(Refused):
    code = "cart.nothing_pasted"
    message = _("Paste lines such as: GLV-0001, 200")
    field = "lines"


class TooManyPasted(Refused):
    code = "cart.too_many_pasted"
    message = _("Paste at most %(most)d lines at a time.")
    field = "lines"


class LinesToMend(Refused):
    code = "cart.lines_to_mend"
    message = _("Nothing was put into the cart yet. Mend these lines first.")
    field = "lines"


@transaction.atomic
def put_in_by_sku(*, actor: Actor, seller: str, text: str, now: datetime) -> int:
    """Let the cart hold what the lines of `text` say of the seller's goods; how many products. Names every bad line."""
    buyer = require(actor, Role.BUYER)
    company = public_company(seller)
    if company.pk == buyer.company_id:
        raise OwnCompany
    lines = pasted_lines(text)
    if not lines:
        raise NothingPasted
    if len(lines) > MOST_PASTED:
        raise TooManyPasted(most=MOST_PASTED)
    products = _on_sale(company.pk, lines)
    if wrong := list(_wrong(lines, products)):
        raise LinesToMend(lines=wrong)
    wanted = {products[line.sku.upper()]: line.quantity for line in lines if line.quantity}
    fill_cart(buyer=buyer, wanted=wanted, now=now)
    return len(wanted)


def _on_sale(company_id: int, lines: list[PastedLine]) -> dict[str, Any]:
    """The seller's goods by SKU in capitals. One statement."""
    typed = {line.sku.upper() for line in lines}
    goods = Product.objects.on_sale().filter(company_id=company_id)
    found = goods.annotate(capitals=Upper("sku")).filter(capitals__in=typed).select_related("stock")
    return {product.capitals: product for product in with_prices(found)}


def _wrong(lines: list[PastedLine], products: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for line in lines:
        sku = line.sku.upper()
        if line.quantity is None:
            words = gettext("a quantity above 0 is missing")
        elif sku not in products:
            words = gettext("this seller has no such SKU on sale")
        elif sku in seen:
            words = gettext("this SKU stands in two lines")
        else:
            seen.add(sku)
            continue
        told = pgettext("a pasted line", "Line %(number)d, “%(text)s”: %(words)s")
        message = told % {"number": line.number, "text": line.text, "words": words}
        yield {"line": line.number, "code": "cart.bad_line", "message": message}
