"""What a paper says: everything that is printed, in both languages, decimals as text.

Fixed when the paper is numbered; rendering reads nothing else, so that a paper printed years later says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from documents.rules import in_words, plan_packing
from documents.rules.packing import Packing, total
from documents.states import PaperKind
from identity.queries import bank_instructions
from kernel.money import minor_unit
from orders.models import Despatch, Order, OrderLine
from orders.states import PaymentTerms
from tariffs.rules import countries, incoterms, units

LANGUAGES = {"en": "en", "zh": "zh-hans"}

Contents = dict[str, Any]
Words = dict[str, str]


def contents_of(
    kind: str,
    *,
    order: Order,
    lines: Sequence[OrderLine],
    number: str,
    issued_on: date,
    despatch: Despatch | None = None,
) -> Contents:
    """The data of one paper of `order`, whose lines are `lines`; a packing list says what is in `despatch`."""
    contents = _head(kind, order, number, issued_on) | {"origins": _origins(lines)}
    match kind:
        case PaperKind.ORDER_CONFIRMATION:
            return contents | _priced(order, lines) | {"respond_by": _moment(order.respond_by, order)}
        case PaperKind.COMMERCIAL_INVOICE:
            return contents | _priced(order, lines) | _payable(order)
        case PaperKind.PLANNED_PACKING_LIST:
            return contents | _packed((line, line.quantity) for line in lines)
    assert despatch is not None  # a packing list is made for a despatch
    sent = list(despatch.lines.select_related("order_line").order_by("order_line__number"))
    contents["origins"] = _origins(line.order_line for line in sent)  # the marks name what is packed
    return contents | _journey(despatch) | _packed((line.order_line, line.quantity) for line in sent)


# --- what all papers say ---------------------------------------------------------------------------------------------


def _head(kind: str, order: Order, number: str, issued_on: date) -> Contents:
    return {
        "kind": kind,
        "number": number,
        "issued_on": issued_on.isoformat(),
        "reference": order.reference,
        "placed_on": order.placed_at.astimezone(_zone(order)).date().isoformat(),
        "po_number": order.po_number,
        "requested_date": order.requested_date.isoformat() if order.requested_date else "",
        "note": order.note if kind == PaperKind.ORDER_CONFIRMATION else "",
        "remarks": "",
        "currency": order.currency,
        "incoterm": order.incoterm,
        "incoterm_words": _both(lambda: str(incoterms.INCOTERMS[order.incoterm].words)),
        "incoterm_edition": incoterms.EDITION,
        "incoterm_place": order.incoterm_place,
        "payment_terms": order.payment_terms,
        "payment_terms_words": _both(lambda: str(PaymentTerms(order.payment_terms).label)),
        "seller": _party(order.seller_party),
        "buyer": _party(order.buyer_party),
        "bill_to": _address(order.bill_to),
        "ship_to": _address(order.ship_to),
    }


def _party(party: Mapping[str, Any]) -> Contents:
    known = ("legal_name", "name_en", "name_zh", "registration_kind", "registration_number")
    address = party.get("address")
    return {name: party.get(name, "") for name in known} | {
        "country": _country(party.get("country", "")),
        "city": party.get("city", ""),
        "address": _address(address) if address else None,
    }


def _address(address: Mapping[str, Any]) -> Contents:
    known = ("contact_name", "phone", "lines_en", "lines_zh", "city", "postal_code")
    return {name: address.get(name, "") for name in known} | {"country": _country(address.get("country", ""))}


def _country(code: str) -> Words:
    return {short: countries.country_name(code, language) for short, language in LANGUAGES.items()}


def _origins(lines: Iterable[OrderLine]) -> list[Words]:
    """Each country once, in the order of the lines."""
    codes = dict.fromkeys(line.origin for line in lines)
    return [_country(code) for code in codes]


def _both(words: Any) -> Words:
    """`words()` in each language of papers."""
    said = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            said[short] = words()
    return said


# --- money -----------------------------------------------------------------------------------------------------------


def _priced(order: Order, lines: Sequence[OrderLine]) -> Contents:
    return {
        "lines": [_line(line, order.currency) for line in lines],
        "lines_total": _money(order.lines_total, order.currency),
        "freight": None if order.freight is None else _money(order.freight, order.currency),
        "freight_by_seller": incoterms.seller_carries(order.incoterm),
        "taxes": [
            {
                "code": tax.code,
                "category": tax.category,
                "percent": _plain(tax.percent),
                "base": _money(tax.base, order.currency),
                "amount": _money(tax.amount, order.currency),
            }
            for tax in order.taxes.all()
        ],
        "total": _money(order.total, order.currency),
        "total_words": {
            short: in_words(order.total, order.currency, language) for short, language in LANGUAGES.items()
        },
    }


def _line(line: OrderLine, currency: str) -> Contents:
    return _goods(line, line.quantity) | {
        "unit_price": _plain(line.unit_price, at_least=2),
        "amount": _money(line.line_total, currency),
        "conversion": line.conversion,
    }


def _goods(line: OrderLine, quantity: Decimal) -> Contents:
    return {
        "number": line.number,
        "sku": line.sku,
        "name_en": line.name_en,
        "name_zh": line.name_zh,
        "hs6": line.hs6,
        "hs_sg8": line.hs_sg8,
        "hs_cn10": line.hs_cn10,
        "origin": line.origin,
        "origin_words": _country(line.origin),
        "quantity": _plain(quantity),
        "unit": line.unit,
        "unit_words": _unit(line.unit),
    }


def _payable(order: Order) -> Contents:
    """How and until when the invoice is paid."""
    return {
        "due_on": order.payment_due_on.isoformat() if order.payment_due_on else "",
        "bank": order.bank_instructions or bank_details(order),
        "paid": _money(order.amount_paid, order.currency) if order.amount_paid else "",
    }


def bank_details(order: Order) -> Words:
    """The seller's account of today for an order that was confirmed without one; empty when there is none."""
    return bank_instructions(order.seller_id, order.currency, reference=order.reference)


# --- packages --------------------------------------------------------------------------------------------------------


def _packed(wanted: Iterable[tuple[OrderLine, Decimal]]) -> Contents:
    lines: list[Contents] = []
    packings: list[Packing] = []
    for line, quantity in wanted:
        after = packings[-1].last if packings else 0
        packing = plan_packing(
            quantity=quantity, unit=line.unit, packs=line.packs, net_kg=line.net_kg, after=after
        )
        packings.append(packing)
        lines.append(_goods(line, quantity) | {"net_kg": _known(packing.net_kg), "packages": _rows(packing)})
    return {
        "lines": lines,
        "packages_total": packings[-1].last if packings else 0,
        "packages_by_kind": _by_kind(packings),
        "net_kg": _known(total([packing.net_kg for packing in packings])),
        "gross_kg": _known(total([packing.gross_kg for packing in packings])),
        "volume_m3": _known(total([packing.volume_m3 for packing in packings])),
    }


def _rows(packing: Packing) -> list[Contents]:
    return [
        {
            "code": row.code,
            "words": _unit(row.code) if row.code else {"en": "package", "zh": "件"},
            "count": row.count,
            "first": row.first,
            "last": row.last,
            "quantity": _plain(row.quantity),
            "gross_kg": _known(row.gross_kg),
            "volume_m3": _known(row.volume_m3),
            "size_mm": list(row.size_mm) if row.size_mm else None,
        }
        for row in packing.packed
    ]


def _by_kind(packings: Iterable[Packing]) -> list[Contents]:
    counts: dict[str, int] = {}
    for packing in packings:
        for row in packing.packed:
            counts[row.code] = counts.get(row.code, 0) + row.count
    return [
        {"code": code, "words": _unit(code) if code else {"en": "package", "zh": "件"}, "count": count}
        for code, count in counts.items()
    ]


def _journey(despatch: Despatch) -> Contents:
    return {
        "despatch_number": despatch.number,
        "carrier": despatch.carrier,
        "tracking_number": despatch.tracking_number,
        "despatched_on": despatch.despatched_on.isoformat(),
        "eta": despatch.eta.isoformat() if despatch.eta else "",
    }


# --- how values are written ------------------------------------------------------------------------------------------


def _unit(code: str) -> Words:
    return {short: units.unit_name(code, language) for short, language in LANGUAGES.items()}


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount.quantize(minor_unit(currency)):f}"


def _plain(number: Decimal, *, at_least: int = 0) -> str:
    """No exponent, no trailing zeros beyond `at_least` decimals."""
    whole, _point, decimals = f"{number:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(at_least, "0")
    return f"{whole}.{decimals}" if decimals else whole


def _known(number: Decimal | None) -> str:
    """Empty where it is not known."""
    return "" if number is None else _plain(number)


def _moment(at: datetime | None, order: Order) -> str:
    """Local time of the seller, e.g. 2026-11-26 10:00 (UTC+8)."""
    if at is None:
        return ""
    local = at.astimezone(_zone(order))
    offset = local.utcoffset() or timedelta(0)
    hours = offset.total_seconds() / 3600
    return f"{local:%Y-%m-%d %H:%M} (UTC{hours:+g})"


def _zone(order: Order) -> ZoneInfo:
    return ZoneInfo(order.seller.time_zone)
