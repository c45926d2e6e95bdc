"""What is wrong with a draft, and what a listing still lacks before it may be published. All at once, field by field."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from catalog.rules import codes
from catalog.rules.drafts import AttributeValue, PackDraft, ProductDraft, TierDraft
from catalog.rules.quantities import MOST, plain
from catalog.states import AttributeKind, TextStatus
from kernel.errors import Refused
from kernel.money import CURRENCIES
from tariffs.rules import units

#: longest texts, in characters
LONGEST = {
    "sku": 60,
    "name_en": 160,
    "name_zh": 160,
    "description_en": 4000,
    "description_zh": 4000,
    "brand": 80,
    "mpn": 80,
}
MOST_TIERS = 10
MOST_PACKS = 6
MOST_STANDARDS = 12
LONGEST_STANDARD = 60
LONGEST_ATTRIBUTE = 120
LONGEST_LEAD_TIME = 365
HIGHEST_PRICE = Decimal(100_000_000)
LONGEST_SIDE_MM = 20_000
HEAVIEST_KG = Decimal(50_000)
#: decimals kept of prices and quantities
DECIMALS = 6


_NUMBER = r"-?[0-9]{1,12}(\.[0-9]{1,6})?"
_YES_OR_NO = {
    "yes": True,
    "true": True,
    "1": True,
    "是": True,
    "no": False,
    "false": False,
    "0": False,
    "否": False,
}


class Missing(Refused):
    code = "listing.missing"
    message = _("This is needed.")


class TooLong(Refused):
    code = "listing.too_long"
    message = _("At most %(most)d characters.")


class TooMany(Refused):
    code = "listing.too_many"
    message = _("At most %(most)d of these.")


class OutOfBounds(Refused):
    code = "listing.out_of_bounds"
    message = _("Give a number from %(least)s to %(most)s.")


class NotPositive(Refused):
    code = "listing.not_positive"
    message = _("Give a number above 0, at most %(most)s.")


class TooFine(Refused):
    code = "listing.too_fine"
    message = _("At most %(decimals)d decimals.")


class NotOnStep(Refused):
    code = "listing.not_on_step"
    message = _("Quantities of this unit go in steps of %(step)s.")


class MoqNotAMultiple(Refused):
    code = "listing.moq_not_a_multiple"
    message = _("The minimum order must be a multiple of %(multiple)s.")
    field = "moq"


class PackTwice(Refused):
    code = "listing.pack_twice"
    message = _("The package %(value)s is named twice.")
    field = "packs"


class PacksNotNested(Refused):
    code = "listing.packs_not_nested"
    message = _("%(outer)s must hold a whole number of %(inner)s, more than one.")
    field = "packs"


class PackTooLight(Refused):
    code = "listing.pack_too_light"
    message = _("%(outer)s cannot weigh less than the %(inner)s inside.")
    field = "packs"


class NetTooHeavy(Refused):
    code = "listing.net_too_heavy"
    message = _("%(pack)s cannot weigh less than the goods inside: look at net and gross weight.")
    field = "net_kg"


class TierCurrencyUnknown(Refused):
    code = "listing.tier_currency_unknown"
    message = _("Prices are in SGD, CNY or USD.")
    field = "tiers"


class TierTwice(Refused):
    code = "listing.tier_twice"
    message = _("Two prices from the same quantity %(quantity)s.")
    field = "tiers"


class TierRises(Refused):
    code = "listing.tier_rises"
    message = _(
        "From %(quantity)s on the price is higher than for less: prices may only fall as quantities rise."
    )
    field = "tiers"


class AttributeUnknown(Refused):
    code = "listing.attribute_unknown"
    message = _("“%(value)s” is no attribute of this category. It has: %(known)s.")
    field = "attributes"


class AttributeNotANumber(Refused):
    code = "listing.attribute_not_a_number"
    message = _("“%(label)s” is a number, e.g. 12.5.")
    field = "attributes"


class AttributeNotAChoice(Refused):
    code = "listing.attribute_not_a_choice"
    message = _("“%(label)s” is one of: %(choices)s.")
    field = "attributes"


class AttributeNeeded(Refused):
    code = "listing.attribute_needed"
    message = _("“%(label)s” is needed in this category.")
    field = "attributes"


class TextNotReady(Refused):
    code = "listing.text_not_ready"
    message = _("Before publishing, give a name and a description in English or Chinese and mark them ready.")
    field = "name_en"


class NoPrice(Refused):
    code = "listing.no_price"
    message = _("Before publishing, give at least one price.")
    field = "tiers"


class NoHsCode(Refused):
    code = "listing.no_hs_code"
    message = _("Before publishing, give the HS code.")
    field = "hs6"


class AttributeLike(Protocol):
    """As much of `catalog.models.CategoryAttribute` as these rules need."""

    code: Any
    label_en: Any
    label_zh: Any
    kind: Any
    choices: Any
    required: Any


def problems_of(draft: ProductDraft, attributes: Iterable[AttributeLike]) -> list[Refused]:
    """Everything that forbids keeping the (tidied) draft, in the order of the form."""
    return [
        *_texts(draft),
        *codes.check_goods_codes(draft.unspsc, draft.gtin, draft.unit, draft.origin),
        *codes.check_hs(draft.hs6, draft.hs_sg8, draft.hs_cn10),
        *codes.check_hazards(draft.cas, draft.un_number, draft.ghs, draft.hsa_class),
        *_quantities(draft),
        *_packs(draft.packs),
        *_tiers(draft),
        *_attributes(draft, {attribute.code: attribute for attribute in attributes}),
    ]


def gaps_of(draft: ProductDraft, attributes: Iterable[AttributeLike]) -> list[Refused]:
    """What a listing without problems still lacks before buyers may see it."""
    gaps: list[Refused] = []
    if TextStatus.READY not in (draft.status_en, draft.status_zh):
        gaps.append(TextNotReady(field="name_zh" if draft.name_zh and not draft.name_en else "name_en"))
    if not draft.hs6:
        gaps.append(NoHsCode())
    if not draft.tiers:
        gaps.append(NoPrice())
    needed = (attribute for attribute in attributes if attribute.required)
    gaps += [
        AttributeNeeded(label=label_of(attribute), attribute=attribute.code)
        for attribute in needed
        if attribute.code not in draft.attributes
    ]
    return gaps


def with_types(draft: ProductDraft, attributes: Iterable[AttributeLike]) -> ProductDraft:
    """The draft with attribute values as they are kept: yes and no as bool, numbers without idle zeros."""
    kinds = {attribute.code: attribute.kind for attribute in attributes}
    typed = {code: _typed(kinds.get(code, ""), value) for code, value in draft.attributes.items()}
    return dataclasses.replace(draft, attributes=typed)


def _typed(kind: str, value: AttributeValue) -> AttributeValue:
    if not isinstance(value, str):
        return value
    if kind == AttributeKind.BOOL:
        return _YES_OR_NO.get(value.lower(), value)
    if kind == AttributeKind.NUMBER and re.fullmatch(_NUMBER, value):
        return plain(Decimal(value))
    return value


def label_of(attribute: AttributeLike) -> str:
    """Both words of an attribute's label, so that a stored refusal reads well in either language."""
    if attribute.label_zh == attribute.label_en:
        return str(attribute.label_en)
    return f"{attribute.label_en} {attribute.label_zh}"


def choice_codes(attribute: AttributeLike) -> list[str]:
    """The codes among an attribute's choices, each stored as `code` or `code=English=Chinese`."""
    return [choice.split("=", 1)[0] for choice in attribute.choices]


def _texts(draft: ProductDraft) -> list[Refused]:
    problems: list[Refused] = []
    if not draft.sku:
        problems.append(Missing(field="sku"))
    if not (draft.name_en or draft.name_zh):
        problems.append(Missing(field="name_en"))
    for name, most in LONGEST.items():
        if len(getattr(draft, name)) > most:
            problems.append(TooLong(field=name, most=most))
    for language in ("en", "zh"):
        if getattr(draft, f"status_{language}") == TextStatus.READY and not getattr(
            draft, f"name_{language}"
        ):
            problems.append(Missing(field=f"name_{language}"))
    if len(draft.standards) > MOST_STANDARDS:
        problems.append(TooMany(field="standards", most=MOST_STANDARDS))
    if any(len(name) > LONGEST_STANDARD for name in draft.standards):
        problems.append(TooLong(field="standards", most=LONGEST_STANDARD))
    return problems


def _quantities(draft: ProductDraft) -> list[Refused]:
    problems = [
        *_bounded("moq", draft.moq, MOST),
        *_bounded("multiple", draft.multiple, MOST),
    ]
    if draft.net_kg is not None:
        problems += _net_weight(draft.net_kg, draft.packs)
    if not 0 <= draft.lead_time_days <= LONGEST_LEAD_TIME:
        problems.append(OutOfBounds(field="lead_time_days", least="0", most=str(LONGEST_LEAD_TIME)))
    if problems:
        return problems
    step = units.step_of(draft.unit) if units.is_unit(draft.unit) else Decimal(1)
    problems += [
        NotOnStep(field=name, step=plain(step)) for name in ("moq", "multiple") if getattr(draft, name) % step
    ]
    if not problems and draft.moq % draft.multiple:
        problems.append(MoqNotAMultiple(multiple=plain(draft.multiple)))
    return problems


def _net_weight(net_kg: Decimal, packs: tuple[PackDraft, ...]) -> list[Refused]:
    """Of one base unit: no more than its share of any package weighs."""
    if problems := _bounded("net_kg", net_kg, HEAVIEST_KG):
        return problems
    measured = [pack for pack in packs if pack.contains.is_finite() and pack.gross_kg.is_finite()]
    return [NetTooHeavy(pack=pack.code) for pack in measured if net_kg * pack.contains > pack.gross_kg]


def _packs(packs: tuple[PackDraft, ...]) -> list[Refused]:
    if len(packs) > MOST_PACKS:
        return [TooMany(field="packs", most=MOST_PACKS)]
    problems: list[Refused] = []
    for pack in packs:
        if not units.is_package(pack.code):
            problems.append(codes.PackageUnknown(value=pack.code))
        problems += _bounded("packs", pack.contains, MOST)
        problems += _bounded("packs", pack.gross_kg, HEAVIEST_KG)
        sides = (pack.length_mm, pack.width_mm, pack.height_mm)
        if not all(0 < side <= LONGEST_SIDE_MM for side in sides):
            problems.append(OutOfBounds(field="packs", least="1", most=str(LONGEST_SIDE_MM)))
    return problems or _nesting(packs)


def _nesting(packs: tuple[PackDraft, ...]) -> list[Refused]:
    """Piece → carton → pallet: each holds a whole number of the one before."""
    problems: list[Refused] = []
    known = [pack.code for pack in packs]
    problems += [PackTwice(value=code) for code in sorted({code for code in known if known.count(code) > 1})]
    for inner, outer in zip(packs, packs[1:], strict=False):
        if outer.contains == inner.contains or outer.contains % inner.contains:
            problems.append(PacksNotNested(inner=inner.code, outer=outer.code))
        elif outer.gross_kg < inner.gross_kg:
            problems.append(PackTooLight(inner=inner.code, outer=outer.code))
    return problems


def _tiers(draft: ProductDraft) -> list[Refused]:
    problems: list[Refused] = []
    if any(tier.currency not in CURRENCIES for tier in draft.tiers):
        return [TierCurrencyUnknown()]
    step = units.step_of(draft.unit) if units.is_unit(draft.unit) else Decimal(1)
    for currency in CURRENCIES:
        tiers = [tier for tier in draft.tiers if tier.currency == currency]
        problems += _tiers_of_one_currency(tiers, field=f"tiers_{currency.lower()}", step=step)
    return problems


def _tiers_of_one_currency(tiers: list[TierDraft], *, field: str, step: Decimal) -> list[Refused]:
    if len(tiers) > MOST_TIERS:
        return [TooMany(field=field, most=MOST_TIERS)]
    problems: list[Refused] = []
    for tier in tiers:
        bounds = [*_bounded(field, tier.min_quantity, MOST), *_bounded(field, tier.unit_price, HIGHEST_PRICE)]
        problems += bounds
        if not bounds and tier.min_quantity % step:
            problems.append(NotOnStep(field=field, step=plain(step)))
    if problems:
        return problems
    for less, more in zip(tiers, tiers[1:], strict=False):
        if less.min_quantity == more.min_quantity:
            problems.append(TierTwice(field=field, quantity=plain(more.min_quantity)))
        elif more.unit_price > less.unit_price:
            problems.append(TierRises(field=field, quantity=plain(more.min_quantity)))
    return problems


def _attributes(draft: ProductDraft, known: dict[str, AttributeLike]) -> list[Refused]:
    problems: list[Refused] = []
    for code, value in draft.attributes.items():
        if code not in known:
            problems.append(AttributeUnknown(value=code, known=", ".join(known) or "–"))
        else:
            problems += _attribute_value(known[code], value)
    return problems


def _attribute_value(attribute: AttributeLike, value: AttributeValue) -> list[Refused]:
    facts = {"label": label_of(attribute), "attribute": attribute.code}
    match attribute.kind:
        case AttributeKind.BOOL:
            fits = isinstance(value, bool)
            return [] if fits else [AttributeNotAChoice(**facts, choices="yes, no")]
        case AttributeKind.NUMBER:
            return [] if _is_number(value) else [AttributeNotANumber(**facts)]
        case AttributeKind.CHOICE:
            allowed = choice_codes(attribute)
            return [] if value in allowed else [AttributeNotAChoice(**facts, choices=", ".join(allowed))]
    fits = isinstance(value, str) and len(value) <= LONGEST_ATTRIBUTE
    return [] if fits else [TooLong(field="attributes", most=LONGEST_ATTRIBUTE)]


def _is_number(value: AttributeValue) -> bool:
    return isinstance(value, str) and re.fullmatch(_NUMBER, value) is not None


def _bounded(field: str, number: Decimal, most: Decimal) -> list[Refused]:
    if not number.is_finite() or not 0 < number <= most:
        return [NotPositive(field=field, most=plain(most))]
    if number != number.quantize(Decimal(1).scaleb(-DECIMALS)):
        return [TooFine(field=field, decimals=DECIMALS)]
    return []
