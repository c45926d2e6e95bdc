"""A listing as its seller writes it, in one piece: what a form, a row of a file and the API all become."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.states import TextStatus

#: a value of a category's attribute: text, choice and number as text, yes-or-no as bool
AttributeValue = str | bool


@dataclass(frozen=True, kw_only=True)
class PackDraft:
    """A package of `contains` base units: outer sizes in mm, gross weight in kg."""

    code: str
    contains: Decimal
    length_mm: int
    width_mm: int
    height_mm: int
    gross_kg: Decimal


@dataclass(frozen=True, kw_only=True)
class TierDraft:
    """From `min_quantity` base units on, one costs `unit_price`."""

    currency: str
    min_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, kw_only=True)
class ProductDraft:
    """Everything a seller says about one product, but its stock, pictures and data sheets."""

    sku: str
    #: code of the category
    category: str
    name_en: str = ""
    name_zh: str = ""
    description_en: str = ""
    description_zh: str = ""
    #: `TextStatus`; empty keeps it while the text stays, and otherwise follows from the text
    status_en: str = ""
    status_zh: str = ""
    unspsc: str = ""
    hs6: str = ""
    hs_sg8: str = ""
    hs_cn10: str = ""
    brand: str = ""
    mpn: str = ""
    gtin: str = ""
    unit: str = "H87"
    moq: Decimal = Decimal(1)
    multiple: Decimal = Decimal(1)
    #: net weight of one base unit in kilograms; None where it is not stated
    net_kg: Decimal | None = None
    lead_time_days: int = 0
    origin: str = ""
    cas: str = ""
    un_number: str = ""
    ghs: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    hsa_class: str = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    packs: tuple[PackDraft, ...] = ()
    tiers: tuple[TierDraft, ...] = ()


def tidy(draft: ProductDraft) -> ProductDraft:
    """The same draft without stray blanks, dots in codes and invisible characters, its rows in order."""
    return dataclasses.replace(
        draft,
        sku=line(draft.sku),
        category=line(draft.category),
        name_en=line(draft.name_en),
        name_zh=line(draft.name_zh),
        description_en=paragraphs(draft.description_en),
        description_zh=paragraphs(draft.description_zh),
        unspsc=digits(draft.unspsc),
        hs6=digits(draft.hs6),
        hs_sg8=digits(draft.hs_sg8),
        hs_cn10=digits(draft.hs_cn10),
        brand=line(draft.brand),
        mpn=line(draft.mpn),
        gtin=digits(draft.gtin),
        unit=line(draft.unit).upper(),
        origin=line(draft.origin).upper(),
        cas=line(draft.cas),
        un_number=re.sub(r"^UN\s*", "", line(draft.un_number).upper()),
        ghs=tuple(sorted({line(code).upper() for code in draft.ghs if line(code)})),
        standards=tuple(dict.fromkeys(line(name) for name in draft.standards if line(name))),
        hsa_class=line(draft.hsa_class).upper(),
        attributes={
            code: line(value) if isinstance(value, str) else value
            for code, value in sorted(draft.attributes.items())
            if value is not None and value != ""
        },
        packs=tuple(sorted(draft.packs, key=lambda pack: pack.contains)),
        tiers=tuple(sorted(draft.tiers, key=lambda tier: (tier.currency, tier.min_quantity))),
    )


def text_status(name: str, description: str) -> TextStatus:
    """How far a text is that nobody has judged: complete is ready."""
    if name and description:
        return TextStatus.READY
    return TextStatus.DRAFT if name or description else TextStatus.MISSING


def line(text: str) -> str:
    """One line: blanks joined, invisible characters dropped."""
    return " ".join(_visible(text).split())


def paragraphs(text: str) -> str:
    """Text that keeps its line breaks and loses other invisible characters."""
    lines = (" ".join(_visible(part).split()) for part in text.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def digits(code: str) -> str:
    """A code without the dots, blanks and hyphens that people group it by."""
    return re.sub(r"[.\s-]", "", line(code))


def _visible(text: str) -> str:
    """Without control, format and unpaired surrogate characters, which the database or a page would stumble over."""
    return "".join(
        " " if character in "\t\n\r" else character
        for character in text
        if character in "\t\n\r" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
