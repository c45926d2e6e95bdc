"""One row of a seller's file: first by the marketplace's own rules, then by what those rules leave to the seller."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.rules.columns import NAMES, read_row
from catalog.rules.columns import merged as merged_into
from catalog.rules.completeness import gaps_of, problems_of, with_types
from catalog.rules.drafts import PackDraft, ProductDraft, text_status, tidy
from sme_hub.demo.checks.findings import Finding

#: UNSPSC segments in which the goods of a family are found
SEGMENTS = {
    "hardware": {"23", "24", "26", "27", "31", "39", "40", "41"},
    "chemicals": {"11", "12", "15", "31", "41", "44", "47", "53"},
    "safety": {"31", "39", "41", "46", "47", "55"},
    "medical": {"41", "42", "47", "53"},
    "office": {"14", "24", "31", "43", "44", "47", "52", "55", "56"},
}
#: HS chapters that no seller of these families has business with: food (but ethanol), arms, art
FOREIGN_CHAPTERS = {*(f"{number:02}" for number in range(1, 25)), "93", "97"} - {"22"}
#: the most that a carton of several pieces weighs, and that a pallet carries on a fork, in kg
HEAVIEST_CARTON = Decimal(30)
HEAVIEST_PALLET = Decimal(1600)

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHORTEST_DESCRIPTION = {"en": 60, "zh": 22}


@dataclass
class Attribute:
    """A category's attribute as the reference file has it; what `catalog.rules.completeness` asks of one."""

    code: str
    label_en: str
    label_zh: str
    kind: str
    required: bool
    choices: list[str] = field(default_factory=list)


def attributes_by_category(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Attribute]]:
    """The rows of `catalog/reference/attributes.csv` by category."""
    found: dict[str, list[Attribute]] = {}
    for row in rows:
        choices = [choice.replace(":", "=", 2) for choice in row["choices"].split("|") if choice]
        found.setdefault(row["category"], []).append(
            Attribute(
                row["code"], row["label_en"], row["label_zh"], row["kind"], row["required"] == "yes", choices
            )
        )
    return found


def check_listing(
    cells: Mapping[str, str], *, families: Mapping[str, str], attributes: Mapping[str, list[Attribute]]
) -> list[Finding]:
    """Everything wrong with a row. `families` maps each category to its family."""
    sku = cells.get("sku") or "(no SKU)"
    if set(cells) != set(NAMES):
        return [Finding(sku, "", "the columns differ from those of the import")]
    if cells["category"] not in families:
        return [Finding(sku, "category", f"“{cells['category']}” is unknown")]
    row, refusals = read_row(cells)
    draft = _as_kept(merged_into(ProductDraft(sku="", category=""), row), attributes[cells["category"]])
    refusals += problems_of(draft, attributes[cells["category"]])
    if cells["status"] == "published":
        refusals += gaps_of(draft, attributes[cells["category"]])
    return [
        *(Finding(sku, refused.field or "", str(refused)) for refused in refusals),
        *(
            Finding(sku, column, what)
            for column, what in (
                *_stocked(row.stock, draft.multiple),
                *_classified(draft, families[cells["category"]]),
                *_worded(draft),
                *_priced(draft),
                *_packed(draft.packs),
            )
        ),
    ]


def _as_kept(draft: ProductDraft, attributes: list[Attribute]) -> ProductDraft:
    """The draft as the marketplace keeps it, its texts marked as far as they are."""
    draft = with_types(tidy(draft), attributes)
    return tidy(
        ProductDraft(
            **{
                **vars(draft),
                "status_en": text_status(draft.name_en, draft.description_en),
                "status_zh": text_status(draft.name_zh, draft.description_zh),
            }
        )
    )


def _stocked(stock: Decimal | None, multiple: Decimal) -> Iterable[tuple[str, str]]:
    if stock is not None and (stock < 0 or stock % multiple):
        yield "stock", "is not a number of multiples that could be sold"


def _classified(draft: ProductDraft, family: str) -> Iterable[tuple[str, str]]:
    if draft.unspsc[:2] not in SEGMENTS[family]:
        yield "unspsc", f"segment {draft.unspsc[:2]} is foreign to {family}"
    if draft.hs6[:2] in FOREIGN_CHAPTERS:
        yield "hs6", f"chapter {draft.hs6[:2]} is foreign to {family}"
    if draft.un_number and not draft.ghs and draft.un_number not in {"3481", "3091"}:
        yield "ghs", "dangerous goods other than batteries in equipment carry a pictogram"
    if family == "medical" and draft.hsa_class == "" and draft.unspsc.startswith("42"):
        yield "hsa_class", "a medical device has a class"


def _worded(draft: ProductDraft) -> Iterable[tuple[str, str]]:
    for language in ("en", "zh"):
        text = getattr(draft, f"description_{language}")
        if len(text) < _SHORTEST_DESCRIPTION[language]:
            yield f"description_{language}", "says too little"
    for column in ("name_zh", "description_zh"):
        if not _CHINESE.search(getattr(draft, column)):
            yield column, "holds no Chinese"
    for column in ("name_en", "description_en"):
        if _CHINESE.search(getattr(draft, column)):
            yield column, "holds Chinese"


def _priced(draft: ProductDraft) -> Iterable[tuple[str, str]]:
    """Prices begin at the minimum order, in steps of the multiple, and fall strictly."""
    for currency in ("SGD", "CNY", "USD"):
        column = f"tiers_{currency.lower()}"
        tiers = [tier for tier in draft.tiers if tier.currency == currency]
        if not tiers and currency == "SGD":
            yield column, "is empty"
        if tiers and tiers[0].min_quantity != draft.moq:
            yield column, "does not begin at the minimum order"
        if any(tier.min_quantity % draft.multiple for tier in tiers):
            yield column, "names a quantity that cannot be ordered"
        if any(later.unit_price >= tier.unit_price for tier, later in zip(tiers, tiers[1:], strict=False)):
            yield column, "does not fall as quantities rise"


def _packed(packs: tuple[PackDraft, ...]) -> Iterable[tuple[str, str]]:
    """An outer package has room and weight for those inside, and somebody can lift it."""
    if not packs:
        yield "packs", "is empty"
    for inner, outer in zip(packs, packs[1:], strict=False):
        number = outer.contains / inner.contains
        if _litres(outer) < _litres(inner) * number * Decimal("0.9"):
            yield "packs", f"{outer.code} has no room for {number:f} {inner.code}"
        if outer.gross_kg < inner.gross_kg * number * Decimal("0.98"):
            yield "packs", f"{outer.code} weighs less than its {inner.code}"
    for pack in packs:
        # steel in a match box weighs as much, nothing weighs more
        if _litres(pack) * Decimal("8.1") < pack.gross_kg:
            yield "packs", f"{pack.code} is denser than steel"
        if pack.code == "XPX" and pack.gross_kg > HEAVIEST_PALLET:
            yield "packs", f"a pallet of {pack.gross_kg} kg"
        if pack.code == "XCT" and pack.contains > 1 and pack.gross_kg > HEAVIEST_CARTON:
            yield "packs", f"a carton of {pack.gross_kg} kg"


def _litres(pack: PackDraft) -> Decimal:
    return Decimal(pack.length_mm * pack.width_mm * pack.height_mm) / 1_000_000
