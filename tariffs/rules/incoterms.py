"""Incoterms 2020 (International Chamber of Commerce): who carries, who clears, where risk passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

EDITION = "Incoterms 2020"


@dataclass(frozen=True)
class Incoterm:
    """One of the eleven terms; `place` says what the named place, which is mandatory, must be."""

    code: str
    words: Any
    place: Any
    sea_only: bool = False
    #: the seller contracts for the main carriage
    seller_carries: bool = False
    #: the seller also insures the goods for the buyer
    seller_insures: bool = False
    #: the seller clears for export (all but EXW)
    seller_clears_export: bool = True
    #: the seller clears for import and pays duty (DDP)
    seller_clears_import: bool = False


_TERMS = (
    Incoterm("EXW", _("Ex works"), _("place of collection"), seller_clears_export=False),
    Incoterm("FCA", _("Free carrier"), _("place of hand-over to the carrier")),
    Incoterm("CPT", _("Carriage paid to"), _("place of destination"), seller_carries=True),
    Incoterm(
        "CIP",
        _("Carriage and insurance paid to"),
        _("place of destination"),
        seller_carries=True,
        seller_insures=True,
    ),
    Incoterm("DAP", _("Delivered at place"), _("place of destination"), seller_carries=True),
    Incoterm("DPU", _("Delivered at place unloaded"), _("place of unloading"), seller_carries=True),
    Incoterm(
        "DDP",
        _("Delivered duty paid"),
        _("place of destination"),
        seller_carries=True,
        seller_clears_import=True,
    ),
    Incoterm("FAS", _("Free alongside ship"), _("port of shipment"), sea_only=True),
    Incoterm("FOB", _("Free on board"), _("port of shipment"), sea_only=True),
    Incoterm("CFR", _("Cost and freight"), _("port of destination"), sea_only=True, seller_carries=True),
    Incoterm(
        "CIF",
        _("Cost, insurance and freight"),
        _("port of destination"),
        sea_only=True,
        seller_carries=True,
        seller_insures=True,
    ),
)

INCOTERMS = {term.code: term for term in _TERMS}
#: for model and form fields
CHOICES = [(term.code, term.words) for term in _TERMS]


def is_incoterm(code: str) -> bool:
    return code in INCOTERMS


def seller_carries(code: str) -> bool:
    """Whether the price includes the main carriage, so that the seller names a freight amount."""
    return INCOTERMS[code].seller_carries
