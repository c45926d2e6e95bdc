"""The columns of import and export files, and how a row becomes a draft and back."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.rules.drafts import PackDraft, ProductDraft, TierDraft, digits, line
from catalog.rules.quantities import plain
from kernel.errors import Refused


@dataclass(frozen=True)
class Column:
    """A column with what a seller should write in it."""

    name: str
    guide: Any
    example: str = ""


COLUMNS = (
    Column("sku", _("Your own number of the product. Needed in every row."), "GLV-NIT-M"),
    Column("category", _("Code of a category, see the list."), "hand-protection"),
    Column("name_en", _("Name in English."), "Nitrile gloves, M"),
    Column("name_zh", _("Name in Chinese."), "丁腈手套 M"),
    Column("description_en", _("Description in English."), "Powder-free gloves for work with oils."),
    Column("description_zh", _("Description in Chinese."), "无粉手套，适合接触油类的作业。"),
    Column("unspsc", _("UNSPSC, 8 digits."), "46181504"),
    Column("hs6", _("HS code, 6 digits, edition 2022."), "401519"),
    Column("hs_sg8", _("Singapore’s declaring code, 8 digits, where known."), "40151900"),
    Column("hs_cn10", _("China’s declaring code, 10 digits, where known."), "4015190000"),
    Column("brand", _("Brand."), "Straits"),
    Column("mpn", _("Manufacturer’s number."), "SN-100-M"),
    Column("gtin", _("GTIN with its check digit."), "4006381333931"),
    Column("unit", _("Unit of price and quantity, UN/ECE Recommendation 20."), "PR"),
    Column("moq", _("Minimum order, in units."), "10"),
    Column("multiple", _("Orders come in multiples of this."), "10"),
    Column("net_kg", _("Net weight of one unit in kg, without its packaging. Empty: not stated."), "0.05"),
    Column("lead_time_days", _("Days until you can hand the goods over."), "3"),
    Column("origin", _("Country of origin, two letters."), "SG"),
    Column("cas", _("CAS number of a chemical."), "67-63-0"),
    Column("un_number", _("UN number of dangerous goods."), "1219"),
    Column("ghs", _("GHS pictograms, separated by |."), "GHS02|GHS07"),
    Column("standards", _("Standards met, separated by |."), "EN 388:2016|EN ISO 374-1"),
    Column("hsa_class", _("HSA risk class of a medical device, A to D."), "A"),
    Column(
        "attributes",
        _("Attributes of the category as code=value, separated by ;."),
        "size=M;material=nitrile",
    ),
    Column(
        "packs",
        _("Packages as code:units:LxWxHmm:weightkg, smallest first, separated by |."),
        "XBX:100:240x120x80mm:0.65kg|XCT:1000:500x260x420mm:7.1kg",
    ),
    Column("tiers_sgd", _("Unit prices in SGD as from:price, separated by |."), "10:12.50|50:11.80"),
    Column("tiers_cny", _("Unit prices in CNY, written the same way."), "10:67.00|50:63.00"),
    Column("tiers_usd", _("Unit prices in USD, written the same way."), ""),
    Column("stock", _("Units you counted as free to sell. Empty: not counted."), "1000"),
    Column("status", _("published, paused or draft. Empty: as it is."), "published"),
)
NAMES = tuple(column.name for column in COLUMNS)

STATUSES = ("published", "paused", "draft")
_DRAFT_FIELDS = frozenset(field.name for field in dataclasses.fields(ProductDraft))


class NotANumber(Refused):
    code = "import.not_a_number"
    message = _("“%(value)s” is no number. Write it as 1234.50, without thousands separators.")


class NotAWholeNumber(Refused):
    code = "import.not_a_whole_number"
    message = _("“%(value)s” is no whole number.")


class PackMalformed(Refused):
    code = "import.pack_malformed"
    message = _("“%(value)s” is not written as XBX:100:240x120x80mm:0.65kg.")
    field = "packs"


class TierMalformed(Refused):
    code = "import.tier_malformed"
    message = _("“%(value)s” is not written as 50:11.80.")


class AttributeMalformed(Refused):
    code = "import.attribute_malformed"
    message = _("“%(value)s” is not written as code=value.")
    field = "attributes"


class StatusUnknown(Refused):
    code = "import.status_unknown"
    message = _("Write published, paused or draft.")
    field = "status"


@dataclass(frozen=True)
class Row:
    """What a row says: the fields of the draft whose columns the file has, and what is done besides."""

    sku: str
    fields: Mapping[str, Any]
    #: counted base units; None: not counted
    stock: Decimal | None
    #: one of `STATUSES`, or empty
    status: str


def read_row(cells: Mapping[str, str]) -> tuple[Row, list[Refused]]:
    """The row in these cells (column name → text), and what cannot be understood in it.

    Columns that the file lacks are absent from `fields`, so that a file of SKU and stock changes nothing else.
    """
    problems: list[Refused] = []

    def reading(column: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(cells[column])
        except Refused as refused:
            refused.field = column
            problems.append(refused)
            return None

    fields: dict[str, Any] = {}
    for name in cells:
        if name in _DRAFT_FIELDS:
            before = len(problems)
            value = reading(name, _READERS.get(name, str))
            if len(problems) == before:
                fields[name] = value
    if prices := [name for name in cells if name in _TIER_COLUMNS]:
        fields["tiers"] = {
            _TIER_COLUMNS[name]: reading(name, partial(read_tiers, currency=_TIER_COLUMNS[name])) or ()
            for name in prices
        }
    stock = (
        reading("stock", lambda text: read_decimal(text) if text.strip() else None)
        if "stock" in cells
        else None
    )
    status = reading("status", _read_status) if "status" in cells else ""
    return Row(line(cells.get("sku", "")), fields, stock, status or ""), problems


def merged(base: ProductDraft, row: Row) -> ProductDraft:
    """`base` with what the row says; prices in currencies without a column stay."""
    fields = dict(row.fields)
    if "tiers" in fields:
        by_currency = fields["tiers"]
        kept = [tier for tier in base.tiers if tier.currency not in by_currency]
        fields["tiers"] = (*kept, *(tier for tiers in by_currency.values() for tier in tiers))
    return dataclasses.replace(base, **fields)


def write_row(draft: ProductDraft, *, stock: Decimal, status: str) -> list[str]:
    """The row that `read_row` reads back as `draft`, in the order of `COLUMNS`."""
    cells = {
        **{name: str(getattr(draft, name)) for name in NAMES if name in _DRAFT_FIELDS},
        "moq": plain(draft.moq),
        "multiple": plain(draft.multiple),
        "net_kg": "" if draft.net_kg is None else plain(draft.net_kg),
        "ghs": "|".join(draft.ghs),
        "standards": "|".join(_escape(name, "|") for name in draft.standards),
        "attributes": ";".join(
            f"{code}={_escape(_attribute_text(value), ';')}" for code, value in draft.attributes.items()
        ),
        "packs": "|".join(write_pack(pack) for pack in draft.packs),
        **{
            column: "|".join(write_tier(tier) for tier in draft.tiers if tier.currency == currency)
            for column, currency in _TIER_COLUMNS.items()
        },
        "stock": plain(stock),
        "status": status,
    }
    return [cells[name] for name in NAMES]


def read_decimal(text: str) -> Decimal:
    """A plain decimal number. Raises `NotANumber`."""
    text = text.strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?", text):
        raise NotANumber(value=text[:40])
    return Decimal(text)


def read_whole(text: str) -> int:
    """A whole number; empty is 0. Raises `NotAWholeNumber`."""
    text = text.strip()
    if not text:
        return 0
    if not re.fullmatch(r"[+-]?[0-9]{1,9}(\.0+)?", text):
        raise NotAWholeNumber(value=text[:40])
    return int(text.split(".")[0])


def read_tiers(text: str, currency: str) -> tuple[TierDraft, ...]:
    """`10:12.50|50:11.80`. Raises `TierMalformed`."""
    tiers = []
    for part in _parts(text, "|"):
        found = re.fullmatch(r"\s*([0-9.]+)\s*[:：]\s*([0-9.]+)\s*", part)
        try:
            if not found:
                raise NotANumber(value=part)
            quantity, price = read_decimal(found[1]), read_decimal(found[2])
        except NotANumber as wrong:
            raise TierMalformed(value=part[:40]) from wrong
        tiers.append(TierDraft(currency=currency, min_quantity=quantity, unit_price=price))
    return tuple(tiers)


def write_tier(tier: TierDraft) -> str:
    return f"{plain(tier.min_quantity)}:{plain(tier.unit_price)}"


_PACK = re.compile(
    r"\s*(?P<code>[A-Za-z0-9]{2,3})\s*[:：]\s*(?P<contains>[0-9.]+)\s*[:：]"
    r"\s*(?P<length>[0-9]{1,6})\s*[x×*]\s*(?P<width>[0-9]{1,6})\s*[x×*]\s*(?P<height>[0-9]{1,6})\s*(?:mm)?\s*[:：]"
    r"\s*(?P<gross>[0-9.]+)\s*(?:kg)?\s*",
    re.IGNORECASE,
)


def read_packs(text: str) -> tuple[PackDraft, ...]:
    """`XBX:100:240x120x80mm:0.65kg|…`. Raises `PackMalformed`."""
    packs = []
    for part in _parts(text, "|"):
        found = _PACK.fullmatch(part)
        try:
            if not found:
                raise NotANumber(value=part)
            contains, gross = read_decimal(found["contains"]), read_decimal(found["gross"])
        except NotANumber as wrong:
            raise PackMalformed(value=part[:60]) from wrong
        packs.append(
            PackDraft(
                code=found["code"].upper(),
                contains=contains,
                length_mm=int(found["length"]),
                width_mm=int(found["width"]),
                height_mm=int(found["height"]),
                gross_kg=gross,
            )
        )
    return tuple(packs)


def write_pack(pack: PackDraft) -> str:
    sides = f"{pack.length_mm}x{pack.width_mm}x{pack.height_mm}mm"
    return f"{pack.code}:{plain(pack.contains)}:{sides}:{plain(pack.gross_kg)}kg"


def read_attributes(text: str) -> dict[str, str]:
    """`code=value;code=value`. Raises `AttributeMalformed`."""
    values = {}
    for part in _parts(text, ";"):
        code, equals, value = part.partition("=")
        if not equals or not code.strip():
            raise AttributeMalformed(value=part[:40])
        values[code.strip()] = value.strip()
    return values


def _attribute_text(value: str | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _read_status(text: str) -> str:
    status = text.strip().lower()
    if status and status not in STATUSES:
        raise StatusUnknown
    return status


def _parts(text: str, separator: str) -> Iterable[str]:
    """The parts of a list; a separator inside a part is written with a backslash."""
    for part in re.split(rf"(?<!\\){re.escape(separator)}", text):
        if part.strip():
            yield part.replace(f"\\{separator}", separator).strip()


def _escape(text: str, separator: str) -> str:
    return text.replace(separator, f"\\{separator}")


_TIER_COLUMNS = {"tiers_sgd": "SGD", "tiers_cny": "CNY", "tiers_usd": "USD"}
_READERS: dict[str, Callable[[str], Any]] = {
    "moq": lambda text: read_decimal(text or "1"),
    "multiple": lambda text: read_decimal(text or "1"),
    "net_kg": lambda text: read_decimal(text) if text.strip() else None,
    "lead_time_days": read_whole,
    "unit": lambda text: text.strip() or "H87",
    "hs6": digits,
    "ghs": lambda text: tuple(_parts(text, "|")),
    "standards": lambda text: tuple(_parts(text, "|")),
    "attributes": read_attributes,
    "packs": read_packs,
}
