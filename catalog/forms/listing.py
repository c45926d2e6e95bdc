"""The form of a listing: sections of fields, the attributes of the chosen category, rows of prices and packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from catalog.forms.rows import Rows, pack_rows, tier_rows
from catalog.models import Category, CategoryAttribute
from catalog.rules.codes import GHS_PICTOGRAMS, HSA_CLASSES
from catalog.rules.columns import NotANumber, NotAWholeNumber, read_decimal, read_whole
from catalog.rules.completeness import LONGEST
from catalog.rules.drafts import PackDraft, ProductDraft, TierDraft
from catalog.rules.quantities import plain
from catalog.states import AttributeKind, TextStatus
from kernel.errors import Refused
from kernel.money import CURRENCIES
from tariffs.rules import countries, units

GHS_WORDS = {
    "GHS01": _("explosive"),
    "GHS02": _("flammable"),
    "GHS03": _("oxidising"),
    "GHS04": _("gas under pressure"),
    "GHS05": _("corrosive"),
    "GHS06": _("toxic"),
    "GHS07": _("irritant"),
    "GHS08": _("health hazard"),
    "GHS09": _("hazardous to the environment"),
}

#: fields whose text becomes a number, read by the rules of import files
_DECIMALS = ("moq", "multiple")
_TEXTS = (
    "sku",
    "category",
    "name_en",
    "name_zh",
    "description_en",
    "description_zh",
    "unspsc",
    "hs6",
    "hs_sg8",
    "hs_cn10",
    "brand",
    "mpn",
    "gtin",
    "unit",
    "origin",
    "cas",
    "un_number",
    "hsa_class",
)


class IncompleteRow(Refused):
    code = "listing.incomplete_row"
    message = _("Fill every cell of row %(row)d, or none.")


class NeededLater(forms.CharField):
    """A text that a draft may lack and a published listing may not: not marked optional, not insisted on either."""

    def validate(self, value: Any) -> None:
        """Publishing asks for it."""


class ChosenLater(forms.ChoiceField):
    """The same for a choice."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def _text(label: Any, *, needed: bool = False, **more: Any) -> forms.CharField:
    if needed:
        return NeededLater(label=label, strip=True, **more)
    return forms.CharField(label=label, required=more.pop("required", False), strip=True, **more)


def _code(label: Any, **more: Any) -> forms.CharField:
    return _text(label, widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off"}), **more)


def _long(label: Any) -> forms.CharField:
    return _text(label, widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST["description_en"])


class ListingForm(forms.Form):
    """Checks only shapes; whether codes, quantities and prices hold is for the verbs to say."""

    use_required_attribute = False

    sku = _text(
        _("SKU"), required=True, max_length=LONGEST["sku"], help_text=_("Your own number of the product.")
    )
    category = forms.ChoiceField(label=_("Category"))
    name_en = _text(_("Name, English"), max_length=LONGEST["name_en"])
    description_en = _long(_("Description, English"))
    ready_en = forms.BooleanField(
        label=_("The English text is ready for buyers"), required=False, initial=True
    )
    name_zh = _text(_("Name, Chinese"), max_length=LONGEST["name_zh"])
    description_zh = _long(_("Description, Chinese"))
    ready_zh = forms.BooleanField(
        label=_("The Chinese text is ready for buyers"), required=False, initial=True
    )
    brand = _text(_("Brand"), max_length=LONGEST["brand"])
    mpn = _text(_("Manufacturer’s number"), max_length=LONGEST["mpn"])
    gtin = _code(
        _("GTIN"), max_length=20, help_text=_("The number below the bar code, with its check digit.")
    )
    unit = forms.ChoiceField(
        label=_("Unit"), initial="H87", help_text=_("Prices and quantities are per this unit.")
    )
    moq = _text(_("Minimum order"), required=True, initial="1", max_length=20)
    multiple = _text(_("Order multiple"), required=True, initial="1", max_length=20)
    lead_time_days = _text(
        _("Lead time"), initial="0", max_length=5, help_text=_("Days until you can hand the goods over.")
    )
    net_kg = _text(
        _("Net weight"),
        max_length=20,
        help_text=_("Of one unit without its packaging; printed on packing lists."),
    )
    tiers = tier_rows(
        label=_("Tier prices"),
        help_text=_("Leave a currency empty to have it converted for buyers, marked ≈."),
    )
    packs = pack_rows(
        [],
        label=_("Packs"),
        required=False,
        help_text=_("Smallest first; each holds a whole number of the one before."),
    )
    hs6 = _code(
        _("HS code"),
        needed=True,
        max_length=120,
        help_text=_("6 digits of the Harmonized System 2022. Write a word to search."),
    )
    hs_sg8 = _code(_("HS code, Singapore"), max_length=20, help_text=_("8 digits, where known."))
    hs_cn10 = _code(_("HS code, China"), max_length=20, help_text=_("10 digits, where known."))
    unspsc = _code(_("UNSPSC"), max_length=20, help_text=_("8 digits, e.g. 31161504."))
    origin = forms.ChoiceField(label=_("Country of origin"))
    standards = _text(
        _("Standards"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, with edition: EN 388:2016."),
    )
    cas = _code(_("CAS number"), max_length=20)
    un_number = _code(_("UN number"), max_length=10, help_text=_("Of dangerous goods, four digits."))
    ghs = forms.MultipleChoiceField(
        label=_("GHS pictograms"),
        required=False,
        choices=[(code, code) for code in GHS_PICTOGRAMS],
        widget=forms.CheckboxSelectMultiple,
    )
    hsa_class = forms.ChoiceField(
        label=_("HSA class"),
        required=False,
        choices=[("", "–"), *((name, name) for name in HSA_CLASSES)],
        help_text=_("Risk class of a medical device in Singapore."),
    )
    #: the version that the editor saw
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        *args: Any,
        categories: Iterable[Category],
        attributes: Iterable[CategoryAttribute] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        language = translation.get_language() or "en"
        self.attributes = list(attributes)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [("", _("Choose")), *_grouped(categories, language)]
        fields["unit"].choices = [
            (code, f"{unit.name_in(language)} ({code})") for code, unit in units.UNITS.items()
        ]
        fields["origin"].choices = [("", _("Choose")), *countries.choices(language)]
        fields["ghs"].choices = [(code, f"{code} {GHS_WORDS[code]}") for code in GHS_PICTOGRAMS]
        packages = tuple((code, unit.name_in(language)) for code, unit in units.PACKAGES.items())
        code_cell, *cells = fields["packs"].widget.cells
        fields["packs"].widget.cells = (
            type(code_cell)(code_cell.name, code_cell.label, choices=(("", "–"), *packages)),
            *cells,
        )
        fields["hs6"].widget.attrs["list"] = "hs-found"
        for name, tag in (("en", "en"), ("zh", "zh-Hans")):
            fields[f"name_{name}"].widget.attrs["lang"] = fields[f"description_{name}"].widget.attrs[
                "lang"
            ] = tag
        for attribute in self.attributes:
            fields[_attribute_field(attribute.code)] = _field_for(attribute, language)

    def attribute_fields(self) -> Iterator[forms.BoundField]:
        return (self[_attribute_field(attribute.code)] for attribute in self.attributes)

    def draft(self) -> ProductDraft | None:
        """What was written as a draft; None when a number cannot be read, which is then said beside its field."""
        data = self.cleaned_data
        before = len(self.errors)
        numbers = {name: self._read(name, read_decimal, data[name]) for name in _DECIMALS}
        net_kg = self._read("net_kg", read_decimal, data["net_kg"]) if data["net_kg"] else None
        lead_time = self._read("lead_time_days", read_whole, data["lead_time_days"])
        tiers, packs = self._tiers(data["tiers"]), self._packs(data["packs"])
        if len(self.errors) > before:
            return None
        return ProductDraft(
            **{name: data[name] for name in _TEXTS},
            **numbers,
            net_kg=net_kg,
            lead_time_days=lead_time,
            status_en=_status(data, "en"),
            status_zh=_status(data, "zh"),
            standards=tuple(data["standards"].splitlines()),
            ghs=tuple(data["ghs"]),
            attributes={a.code: data[_attribute_field(a.code)] for a in self.attributes},
            tiers=tiers,
            packs=packs,
        )

    def show(self, refused: Refused) -> None:
        """Say each problem beside its field."""
        for problem in getattr(refused, "problems", [refused]):
            self.add_error(self._place_of(problem), str(problem))

    def _place_of(self, problem: Refused) -> str | None:
        field = problem.field or ""
        if field == "attributes":
            field = _attribute_field(str(problem.facts.get("attribute", "")))
        elif field.startswith("tiers_"):
            field = "tiers"
        return field if field in self.fields else None

    def _read(self, name: str, read: Any, text: str) -> Any:
        try:
            return read(text)
        except Refused as refused:
            self.add_error(name, str(refused))
            return None

    def _tiers(self, rows: Rows) -> tuple[TierDraft, ...]:
        tiers = []
        for number, row in enumerate(rows, start=1):
            prices = [(currency, row[currency.lower()]) for currency in CURRENCIES if row[currency.lower()]]
            if not row["from"] or not prices:
                self.add_error("tiers", str(IncompleteTierRow(row=number)))
                continue
            quantity = self._read("tiers", read_decimal, row["from"])
            for currency, text in prices:
                price = self._read("tiers", read_decimal, text)
                if quantity is not None and price is not None:
                    tiers.append(TierDraft(currency=currency, min_quantity=quantity, unit_price=price))
        return tuple(tiers)

    def _packs(self, rows: Rows) -> tuple[PackDraft, ...]:
        packs = []
        for number, row in enumerate(rows, start=1):
            if not all(row.values()):
                self.add_error("packs", str(IncompleteRow(row=number)))
                continue
            try:
                packs.append(
                    PackDraft(
                        code=row["code"],
                        contains=read_decimal(row["contains"]),
                        length_mm=read_whole(row["length"]),
                        width_mm=read_whole(row["width"]),
                        height_mm=read_whole(row["height"]),
                        gross_kg=read_decimal(row["gross"]),
                    )
                )
            except (NotANumber, NotAWholeNumber) as refused:
                self.add_error("packs", str(refused))
        return tuple(packs)


class IncompleteTierRow(Refused):
    code = "listing.incomplete_tier_row"
    message = _("Row %(row)d needs a quantity and at least one price.")


def initial_of(draft: ProductDraft, version: int | None = None) -> dict[str, Any]:
    """What the form shows of a draft."""
    quantities: dict[Decimal, dict[str, str]] = {}
    for tier in draft.tiers:
        row = quantities.setdefault(tier.min_quantity, {"from": plain(tier.min_quantity)})
        row[tier.currency.lower()] = plain(tier.unit_price)
    return {
        **{name: getattr(draft, name) for name in _TEXTS},
        **{name: plain(getattr(draft, name)) for name in _DECIMALS},
        "net_kg": "" if draft.net_kg is None else plain(draft.net_kg),
        "lead_time_days": draft.lead_time_days,
        "ready_en": draft.status_en != TextStatus.DRAFT,
        "ready_zh": draft.status_zh != TextStatus.DRAFT,
        "standards": "\n".join(draft.standards),
        "ghs": list(draft.ghs),
        "tiers": [quantities[quantity] for quantity in sorted(quantities)],
        "packs": [
            {
                "code": pack.code,
                "contains": plain(pack.contains),
                "length": str(pack.length_mm),
                "width": str(pack.width_mm),
                "height": str(pack.height_mm),
                "gross": plain(pack.gross_kg),
            }
            for pack in draft.packs
        ],
        **{
            _attribute_field(code): ("yes" if value else "no") if isinstance(value, bool) else value
            for code, value in draft.attributes.items()
        },
        "version": version,
    }


def _status(data: Mapping[str, Any], language: str) -> str:
    return TextStatus.READY if data[f"ready_{language}"] and data[f"name_{language}"] else TextStatus.DRAFT


def _attribute_field(code: str) -> str:
    return f"attr_{code}"


def _field_for(attribute: CategoryAttribute, language: str) -> forms.Field:
    zh = language.startswith("zh")
    label = attribute.label_zh if zh else attribute.label_en
    match attribute.kind:
        case AttributeKind.CHOICE:
            return _choice_field(
                label, [_choice(choice, zh) for choice in attribute.choices], attribute.required
            )
        case AttributeKind.BOOL:
            return _choice_field(label, [("yes", _("Yes")), ("no", _("No"))], attribute.required)
        case AttributeKind.NUMBER:
            field = _text(label, needed=attribute.required, max_length=20)
            field.after = units.symbol(attribute.unit) if attribute.unit else ""  # type: ignore[attr-defined]
            return field
    return _text(label, needed=attribute.required, max_length=120)


def _choice_field(label: str, choices: list[tuple[str, Any]], needed: bool) -> forms.Field:
    blank: list[tuple[str, Any]] = [("", "–")]
    if needed:
        return ChosenLater(label=label, choices=blank + choices)
    return forms.ChoiceField(label=label, required=False, choices=blank + choices)


def _choice(stored: str, zh: bool) -> tuple[str, str]:
    code, _equals, words = stored.partition("=")
    english, _equals, chinese = words.partition("=")
    return code, (chinese if zh else english) or english or code


def _grouped(categories: Iterable[Category], language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Categories below their families, as a select shows them."""
    rows = list(categories)
    families = [row for row in rows if row.parent_id is None]
    return [
        (
            family.name_in(language),
            [(row.code, row.name_in(language)) for row in rows if row.parent_id == family.pk],
        )
        for family in families
    ]
